import { describe, expect, test } from 'vitest';
import { joinList } from '../../../shared/domain/consent/index.ts';
import { createProfile, gathered, mergeProfiles, updateProfile } from '../../../shared/domain/identity/index.ts';
import type { Definition } from '../../../shared/domain/flows/definition.ts';
import { setStatus } from '../../../shared/domain/flows/flow.ts';
import { day, hour, sortable } from '../../../shared/kernel/time.ts';
import { definitionItem, createDefinition } from '../../../shared/storage/definitions.ts';
import type { MemberItem } from '../../../shared/storage/items.ts';
import { listMemberKey, memberIndex, segmentMemberKey } from '../../../shared/storage/patterns.ts';
import { act, dated, definition, delay, email } from './building.ts';
import { type Shop, account, openShop } from './world.ts';

const ana = 'ana@shop.test-mail.org';
const welcome = [email('first', 'pause'), delay('pause', 'last'), email('last', null)];

async function person({ ports }: Shop, properties: Record<string, unknown> = {}, timezone = 'UTC') {
  const input = { identifiers: { email: ana }, attributes: {}, properties, location: { timezone } };
  return (await createProfile(ports, account, input)).id;
}

async function list({ ports, clock }: Shop): Promise<string> {
  const now = sortable(clock.now());
  const made = { id: 'LIST01', version: 1, name: 'News', created: now, updated: now };
  await createDefinition(ports.store, definitionItem(account, 'list', made, {}));
  return made.id;
}

const of = (type: 'list' | 'segment', id: string, rest: Partial<Definition> = {}) =>
  definition(welcome, { triggers: [{ type, id }], reentry_criteria: { unit: 'alltime', duration: 1 }, ...rest });

const sent = (shop: Shop) => shop.emails().map(({ action }) => action);

describe('a list', () => {
  test('lets in who joins it, once, and nobody who is put on it quietly', async () => {
    const shop = await openShop(() => ({ times: 2, reversed: false }));
    const id = await list(shop);
    await shop.flow(of('list', id));
    const profile = await person(shop);
    const quiet = (
      await createProfile(shop.ports, account, { identifiers: { email: 'b@b.test-mail.org' }, attributes: {} })
    ).id;
    await joinList(shop.ports, account, id, [quiet], { quiet: true });
    await joinList(shop.ports, account, id, [profile]);
    await shop.pass(day);
    expect(shop.enrolments()).toMatchObject([{ profile, status: 'finished' }]);
    await shop.store.write({ remove: listMemberKey(account, profile, id) });
    shop.tick();
    await joinList(shop.ports, account, id, [profile]);
    await shop.pass(day);
    expect(shop.enrolments()).toHaveLength(1);
  });

  test('lets nobody in whom a merge brings along', async () => {
    const shop = await openShop();
    const id = await list(shop);
    const source = await person(shop);
    const other = { identifiers: { email: 'b@b.test-mail.org' }, attributes: {} };
    const into = (await createProfile(shop.ports, account, other)).id;
    await joinList(shop.ports, account, id, [source]);
    await shop.pass(day);
    await shop.flow(of('list', id));
    await mergeProfiles(shop.ports, account, { source, destination: into });
    await gathered(shop.ports, account, into);
    await shop.pass(day);
    expect(await shop.ports.store.get(listMemberKey(account, into, id))).toBeDefined();
    expect(shop.enrolments()).toEqual([]);
  });

  test('lets in again who comes again, where the flow says so', async () => {
    const shop = await openShop();
    const id = await list(shop);
    await shop.flow(of('list', id, { reentry_criteria: { unit: 'alltime', duration: 0 } }));
    const profile = await person(shop);
    await joinList(shop.ports, account, id, [profile]);
    await shop.pass(day);
    await shop.store.write({ remove: listMemberKey(account, profile, id) });
    await joinList(shop.ports, account, id, [profile]);
    await shop.pass(day);
    expect(sent(shop)).toEqual(['first', 'last', 'first', 'last']);
  });

  test('holds back what goes to someone who has left it meanwhile', async () => {
    const shop = await openShop();
    const id = await list(shop);
    await shop.flow(of('list', id));
    const profile = await person(shop);
    await joinList(shop.ports, account, id, [profile]);
    await shop.settle();
    await shop.store.write({ remove: listMemberKey(account, profile, id) });
    await shop.pass(day);
    expect(shop.emails()).toMatchObject([
      { action: 'first', status: 'QUEUED' },
      { action: 'last', status: 'SKIPPED', reason: 'Person No Longer in List' },
    ]);
  });
});

test('a segment lets in who came in and became part of somebody else, before anybody has looked at these', async () => {
  const shop = await openShop();
  const { ports } = shop;
  await shop.flow(of('segment', 'SEG001'));
  const source = await person(shop);
  const other = { identifiers: { email: 'b@b.test-mail.org' }, attributes: {} };
  const into = (await createProfile(ports, account, other)).id;
  const joined = sortable(shop.clock.now());
  const member: MemberItem = {
    ...segmentMemberKey(account, source, 'SEG001'),
    ...memberIndex(account, 'SEG001', source, joined),
    kind: 'segment-member',
    group: 'SEG001',
    profile: source,
    joined,
  };
  await shop.store.write({ put: member });
  await mergeProfiles(ports, account, { source, destination: into });
  await gathered(ports, account, into);
  expect(await shop.store.get(segmentMemberKey(account, into, 'SEG001'))).toBeUndefined();
  await shop.pass(day);
  expect(shop.enrolments()).toMatchObject([{ profile: into }]);
});

test('a segment lets in whom a change of facts brings in, and nobody whom its building finds', async () => {
  const shop = await openShop();
  await shop.flow(of('segment', 'SEG001'));
  const profile = await person(shop);
  const member = (built?: true): MemberItem => ({
    ...segmentMemberKey(account, profile, 'SEG001'),
    ...memberIndex(account, 'SEG001', profile, sortable(shop.clock.now())),
    kind: 'segment-member',
    group: 'SEG001',
    profile,
    joined: sortable(shop.clock.now()),
    ...(built && { built }),
  });
  await shop.store.write({ put: member(true) });
  await shop.settle();
  expect(shop.enrolments()).toEqual([]);
  await shop.store.write({ remove: segmentMemberKey(account, profile, 'SEG001') });
  shop.tick();
  await shop.store.write({ put: member() });
  await shop.pass(day);
  expect(sent(shop)).toEqual(['first', 'last']);
});

describe('a date', () => {
  const start = Date.parse('2026-02-20T12:00:00Z');
  const shopAt = async () => {
    const shop = await openShop();
    shop.clock.advance(start - shop.clock.now());
    return shop;
  };
  const hello = [email('hello', null)];

  test('lets its person in every year, at its hour, also across a change of the clocks', async () => {
    const shop = await shopAt();
    await shop.flow(definition(hello, dated()));
    await person(shop, { birthday: '1990-03-11' }, 'America/New_York');
    await shop.pass(2 * 365 * day);
    expect(shop.emails().map(({ created }) => created)).toEqual([
      sortable(Date.parse('2026-03-08T13:00:00Z')),
      sortable(Date.parse('2027-03-08T14:00:00Z')),
    ]);
  });

  test('that is there when the flow goes live counts, and no longer when the flow is a draft again', async () => {
    const shop = await shopAt();
    await person(shop, { birthday: '1990-03-11' });
    await shop.settle();
    const { id } = await shop.flow(definition(hello, dated({ recurrence_frequency: 'monthly' })));
    await shop.pass(40 * day);
    expect(shop.emails()).toHaveLength(1);
    await setStatus(shop.ports, account, id, 'draft');
    await shop.pass(40 * day);
    expect(shop.emails()).toHaveLength(1);
    await setStatus(shop.ports, account, id, 'live');
    await shop.pass(40 * day);
    expect(shop.emails().length).toBeGreaterThanOrEqual(2);
  });

  test('that changes lets in by the new one alone, and out who came in by the old one', async () => {
    const shop = await shopAt();
    const wait = act('target-date', 'wait', 'there', { timezone: 'UTC', target_time: '10:00:00', target_days: null });
    await shop.flow(definition([email('hello', 'wait'), wait, email('there', null)], dated()));
    const id = await person(shop, { birthday: '1990-03-11' });
    await shop.pass(17 * day);
    expect(sent(shop)).toEqual(['hello']);
    await updateProfile(shop.ports, account, id, {
      identifiers: {},
      attributes: {},
      properties: { birthday: '1990-05-01' },
    });
    await shop.pass(30 * day);
    expect(sent(shop)).toEqual(['hello']);
    expect(shop.enrolments()).toMatchObject([{ status: 'exited', reason: 'Date Changed' }]);
    await shop.pass(30 * day);
    expect(sent(shop)).toEqual(['hello', 'hello', 'there']);
  });

  test('that is told late puts its person in where it would be by now', async () => {
    const shop = await shopAt();
    const until = { timezone: 'UTC', delay_until_time: '10:00:00', delay_until_weekdays: null };
    const countdown = act('countdown-delay', 'count', 'soon', { unit: 'days', value: 1, ...until });
    const target = act('target-date', 'wait', 'there', { timezone: 'UTC', target_time: '10:00:00', target_days: null });
    const actions = [email('early', 'count'), countdown, email('soon', 'wait'), target, email('there', null)];
    await shop.flow(definition(actions, dated({ timedelta_value_before_date: 7 })));
    // Five days ahead: the beginning is past, the countdown is not.
    await person(shop, { birthday: '1990-02-25' });
    await shop.pass(10 * day);
    expect(shop.emails()).toMatchObject([
      { action: 'soon', created: sortable(Date.parse('2026-02-24T10:00:00Z')) },
      { action: 'there', created: sortable(Date.parse('2026-02-25T10:00:00Z')) },
    ]);
  });

  test('puts in whom it would have put in then, also where nobody looked for days', async () => {
    const shop = await shopAt();
    const until = { timezone: 'UTC', delay_until_time: '10:00:00', delay_until_weekdays: null };
    const countdown = act('countdown-delay', 'count', 'soon', { unit: 'days', value: 1, ...until });
    await shop.flow(definition([email('early', 'count'), countdown, email('soon', null)], dated()));
    await shop.settle();
    await person(shop, { birthday: '1990-02-22' });
    shop.clock.advance(9 * day);
    await shop.pass(hour);
    expect(sent(shop)).toEqual(['soon']);
  });

  test('lets in once whatever arrives how often', async () => {
    const shop = await openShop(() => ({ times: 3, reversed: true }));
    await shop.flow(definition(hello, dated({ recurrence_frequency: 'never' })));
    const soon = new Date(shop.clock.now() + 10 * day).toISOString().slice(0, 10);
    await person(shop, { birthday: soon });
    await shop.pass(20 * day + hour);
    expect(shop.emails()).toHaveLength(1);
  });
});
