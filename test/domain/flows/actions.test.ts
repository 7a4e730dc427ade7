import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowContentOf } from '../../../shared/domain/flows/content.ts';
import type { AbTest, Action } from '../../../shared/domain/flows/definition.ts';
import { setStatus } from '../../../shared/domain/flows/flow.ts';
import { draw } from '../../../shared/domain/flows/own-conditions.ts';
import { variationFor } from '../../../shared/domain/flows/sending.ts';
import { personOf } from '../../../shared/domain/identity/index.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { createDefinition, definitionItem } from '../../../shared/storage/definitions.ts';
import { listMemberKey, profileKey } from '../../../shared/storage/patterns.ts';
import { act, definition, email, split } from './building.ts';
import { account, openShop } from './world.ts';

const ana = 'ana@shop.test-mail.org';
const sent = (shop: Awaited<ReturnType<typeof openShop>>) => shop.emails().map(({ action }) => action);

describe('update-profile', () => {
  const update = (...profile_operations: object[]) =>
    act('update-profile', 'update', null, { profile_operations, status: 'live' });

  test('sets, adds, removes and deletes properties, in their order, once', async () => {
    const shop = await openShop(() => ({ times: 2, reversed: false }));
    shop.clock.advance(Date.parse('2026-05-01T12:00:00Z') - shop.clock.now());
    const set = (property_type: string, property_key: string, property_value: unknown, rest = {}) => ({
      operator: 'update',
      property_type,
      property_key,
      property_value,
      ...rest,
    });
    await shop.flow(
      definition([
        update(
          set('string', 'plan', 'gold'),
          set('numeric', 'visits', 3),
          set('boolean', 'vip', true),
          set('date', 'since', 'today'),
          set('list', 'tags', 'a', { property_operation: 'add' }),
          set('list', 'tags', 'b', { property_operation: 'add' }),
          set('list', 'tags', 'a', { property_operation: 'remove' }),
          set('string', 'first_name', 'Ana'),
          set('string', 'gone', 'x'),
          { operator: 'delete', property_key: 'gone' },
        ),
      ]),
    );
    const { profile } = await shop.order(ana);
    await shop.settle();
    const item = await shop.store.get(profileKey(account, profile));
    const person = personOf(item!);
    expect(person.properties).toEqual({ plan: 'gold', visits: 3, vip: true, since: '2026-05-01', tags: ['b'] });
    expect(person.first_name).toBe('Ana');
    expect(item?.version).toBe(2);
    expect(shop.enrolments()).toMatchObject([{ status: 'finished', acted: ['update'] }]);
  });
});

test('list-update puts on a list and takes off it; a list that is gone stops nobody', async () => {
  const shop = await openShop();
  const time = new Date(shop.clock.now()).toISOString();
  const list = { id: 'LIST01', version: 1, name: 'News', created: time, updated: time };
  await createDefinition(shop.ports.store, definitionItem(account, 'list', list, {}));
  const to = (id: string, next: string | null, list_id: string, on_execution: boolean) =>
    act('list-update', id, next, { name: '', list_id, on_execution, status: 'live' });
  const { id: puts } = await shop.flow(
    definition([to('on', 'lost', 'LIST01', true), to('lost', 'mail', 'NONE01', true), email('mail', null)]),
  );
  const { profile } = await shop.order(ana);
  await shop.settle();
  expect(await shop.store.get(listMemberKey(account, profile, 'LIST01'))).toMatchObject({ group: 'LIST01' });
  expect(sent(shop)).toEqual(['mail']);
  await setStatus(shop.ports, account, puts, 'draft');
  await shop.flow(definition([to('off', null, 'LIST01', false)]));
  shop.tick();
  await shop.order(ana);
  await shop.settle();
  expect(await shop.store.get(listMemberKey(account, profile, 'LIST01'))).toBeUndefined();
});

describe('splits', () => {
  const about = (value: string) => ({
    condition_groups: [
      {
        conditions: [
          {
            type: 'metric-property' as const,
            metric_id: null,
            field: 'size',
            filter: { type: 'string' as const, operator: 'equals' as const, value },
          },
        ],
      },
    ],
  });
  const order = (shop: Awaited<ReturnType<typeof openShop>>, size: string, to = ana) =>
    shop.order(to, { properties: { size }, unique_id: size });

  test('on the trigger go by what the event says', async () => {
    const shop = await openShop();
    const fork = act('trigger-split', 'fork', null, {
      trigger_filter: about('L'),
      trigger_id: '',
      trigger_type: 'metric',
    });
    const links = { next_if_true: 'yes', next_if_false: 'no' };
    await shop.flow(definition([{ ...fork, links } as Action, email('yes', null), email('no', null)]));
    await order(shop, 'L');
    await order(shop, 'S', 'ben@shop.test-mail.org');
    await shop.settle();
    expect(sent(shop).toSorted()).toEqual(['no', 'yes']);
  });

  test('of many branches take the first that holds, or the one for everyone else', async () => {
    const shop = await openShop();
    const branch = (branch_id: string, filter: object | null, next: string | null) => ({
      branch_id,
      order: 0,
      is_else: filter === null,
      branch_filter: filter,
      links: { next },
      name: null,
    });
    const branches = [branch('1', about('L'), 'large'), branch('2', about('L'), 'never'), branch('3', null, 'other')];
    const many = { id: 'many', type: 'multi-branch-split', data: { name: '', branches } } as unknown as Action;
    await shop.flow(definition([many, email('large', null), email('never', null), email('other', null)]));
    await order(shop, 'L');
    await order(shop, 'S', 'ben@shop.test-mail.org');
    await shop.settle();
    expect(sent(shop).toSorted()).toEqual(['large', 'other']);
  });

  test('of a sample take so many people in a hundred, and each person always the same way', async () => {
    const shop = await openShop();
    const half = { condition_groups: [{ conditions: [{ type: 'profile-sample' as const, percentage: 50 }] }] };
    await shop.flow(definition([split('fork', 'yes', 'no', half), email('yes', null), email('no', null)]));
    for (let n = 0; n < 60; n += 1) {
      for (const unique_id of ['1', '2']) await shop.order(`p${n}@shop.test-mail.org`, { unique_id });
    }
    await shop.settle();
    const ways = Map.groupBy(shop.enrolments(), ({ profile }) => profile);
    const taken = [...ways.values()].map((two) => new Set(two.flatMap(({ acted }) => acted ?? [])));
    expect(taken.every(({ size }) => size === 1)).toBe(true);
    const yes = taken.filter((one) => one.has('yes')).length;
    expect(yes).toBeGreaterThan(15);
    expect(yes).toBeLessThan(45);
  });

  test('on what an action answered hold for what is not there', async () => {
    const shop = await openShop();
    const missing = {
      condition_groups: [{ conditions: [{ field: 'x', filter: { type: 'existence', operator: 'not-set' } }] }],
    };
    const fork = {
      ...act('action-output-split', 'fork', null, { action_output_filter: missing }),
      links: { next_if_true: 'yes', next_if_false: null },
    };
    await shop.flow(definition([fork as Action, email('yes', null)]));
    await shop.order(ana);
    await shop.settle();
    expect(sent(shop)).toEqual(['yes']);
  });
});

test('chance spreads evenly', () => {
  const places = Array.from({ length: 20_000 }, (_, n) => draw('some action', `P${n}`));
  const below = (limit: number) => places.filter((place) => place < limit).length / places.length;
  for (const limit of [10, 25, 50, 90]) expect(Math.abs(below(limit) - limit / 100)).toBeLessThan(0.015);
});

const trial = (stage: AbTest['data']['experiment_status'], allocations: Record<string, number> = {}): AbTest =>
  act('ab-test', 'test', null, {
    status: 'live',
    experiment_status: stage,
    main_action: email('main', null),
    current_experiment: {
      id: 'EXP',
      name: null,
      variations: [email('other', null)],
      allocations,
      started: null,
      winner_metric: null,
    },
  }) as AbTest;

describe('an experiment', () => {
  test('gives each person one variation for good, in the shares that it states', () => {
    const shares = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(shares, fc.string(), (share, profile) => {
        const test = trial('live', { main: share, other: 100 - share });
        const got = variationFor(test, profile).id;
        expect(variationFor(test, profile).id).toBe(got);
        if (share === 0) expect(got).toBe('other');
        if (share === 100) expect(got).toBe('main');
        // More for one variation never takes it from somebody who has it.
        if (got === 'main') expect(variationFor(trial('live', { main: 100, other: 0 }), profile).id).toBe('main');
      }),
    );
    const got = Array.from(
      { length: 5000 },
      (_, n) => variationFor(trial('live', { main: 20, other: 80 }), `P${n}`).id,
    );
    expect(Math.abs(got.filter((id) => id === 'main').length / 5000 - 0.2)).toBeLessThan(0.03);
  });

  test('gives everyone the main action before it begins and when it is completed', async () => {
    expect(variationFor(trial('draft', { main: 0, other: 100 }), 'P').id).toBe('main');
    expect(variationFor(trial('completed', { main: 0, other: 100 }), 'P').id).toBe('main');
    const shop = await openShop();
    await shop.flow(definition([trial('live', { main: 0, other: 100 })]));
    await shop.order(ana);
    await shop.settle();
    expect(sent(shop)).toEqual(['other']);
  });
});

test('every channel is queued as such, says what its action says, and what nothing sends is kept with the reason', async () => {
  const shop = await openShop();
  const gated = { id: 'm', name: null, smart_sending_enabled: true, additional_filters: null };
  const message = (type: Action['type'], id: string, next: string | null, said: object) =>
    act(type, id, next, { status: 'live', message: { ...gated, ...said } });
  const sms = {
    body: 'Hi {{ first_name }}',
    sms_quiet_hours_enabled: true,
    add_org_prefix: true,
    transactional: false,
  };
  const alert = {
    to_emails: ['us@shop.example'],
    subject_line: 'New',
    template_id: 'T',
    from_email: null,
    from_label: null,
  };
  const { id } = await shop.flow(
    definition([
      message('send-sms', 'sms', 'push', { ...sms, add_opt_out_language: false, shorten_links: true }),
      message('send-mobile-push', 'push', 'hook', {
        title: 'T',
        body: 'B',
        web_url: 'https://a.example',
        kv_pairs: { k: 1 },
      }),
      message('send-webhook', 'hook', 'alert', { url: 'https://a.example', headers: { a: 'b' }, body: '{}' }),
      message('send-internal-alert', 'alert', 'wa', alert),
      message('send-whatsapp', 'wa', 'code', {}),
      { id: 'code', type: 'code', links: { next: null } },
    ]),
  );
  await shop.order(ana);
  await shop.pass(hour);
  const found = Object.fromEntries<unknown>(
    shop.messages().map((one) => [one.action ?? '', [one.channel, one.status, one.reason]]),
  );
  expect(found).toEqual({
    sms: ['sms', 'QUEUED', undefined],
    push: ['push', 'QUEUED', undefined],
    hook: ['webhook', 'QUEUED', undefined],
    alert: ['alert', 'QUEUED', undefined],
    wa: ['whatsapp', 'SKIPPED', 'Channel not available'],
    code: ['code', 'SKIPPED', 'Not run here'],
  });
  const owner = { sender_name: 'Shop', sender_email: 'shop@example.com' };
  const said = (action: string) => flowContentOf(shop.ports, account, { flow: id, action, profile: 'p' }, owner);
  expect(await said('sms')).toMatchObject({
    channel: 'sms',
    body: 'Hi {{ first_name }}',
    quietHours: true,
    orgPrefix: true,
  });
  expect(await said('push')).toMatchObject({ title: 'T', data: { k: '1', web_url: 'https://a.example' } });
  expect(await said('hook')).toMatchObject({
    url: 'https://a.example',
    headers: { a: 'b' },
    transactional: true,
    flow: id,
  });
  expect(await said('alert')).toMatchObject({
    to: ['us@shop.example'],
    from: { name: 'Shop', address: 'shop@example.com' },
  });
  expect(await said('wa')).toBeUndefined();
});

test('who was in the flow a short while ago, or was sent something, can be left out', async () => {
  const shop = await openShop();
  const recently = {
    condition_groups: [
      {
        conditions: [
          {
            type: 'profile-not-in-flow' as const,
            timeframe_filter: {
              type: 'date' as const,
              operator: 'in-the-last' as const,
              unit: 'day' as const,
              quantity: 7,
            },
          },
        ],
      },
    ],
  };
  // At entry it is about entries before: what it sends is not held back by its own.
  await shop.flow(
    definition([email('mail', null, 'live', { smart_sending_enabled: false })], { profile_filter: recently }),
  );
  await shop.order(ana, { unique_id: '1' });
  await shop.pass(day);
  await shop.order(ana, { unique_id: '2' });
  await shop.pass(7 * day);
  await shop.order(ana, { unique_id: '3' });
  await shop.pass(day);
  expect(shop.enrolments()).toHaveLength(2);
  expect(shop.emails().map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED']);
});
