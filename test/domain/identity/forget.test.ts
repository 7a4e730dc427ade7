import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { addToList, suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { recordEvent } from '../../../shared/domain/events/index.ts';
import {
  erase,
  forget,
  forgetNamed,
  isForgotten,
  upsertProfile,
  upsertProfiles,
} from '../../../shared/domain/identity/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { erasedKey, identifierKey, known } from '../../../shared/storage/patterns.ts';

const account = accountId('Acc001');
const start = Date.UTC(2026, 5, 1, 12);
const how = { method: 'API', customDetail: 'canary-source' };
const address = 'canary.person@people.example';
const identifiers = { email: address, phone_number: '+14155552671', external_id: 'canary-external' };

/** A person with something of everything, and somebody else. */
async function setting() {
  const world = createWorld({ functions, start });
  const { ports } = world;
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.org', publicId: account });
  const input = { identifiers, attributes: { first_name: 'canary-name' }, properties: { note: 'canary-note' } };
  const { profile } = await upsertProfile(ports, account, input);
  const other = await upsertProfile(ports, account, { identifiers: { email: 'other@people.example' }, attributes: {} });
  await grantEmail(ports, account, { address, at: start, how });
  const event = (unique_id: string, properties: Record<string, unknown>) =>
    recordEvent(ports, account, {
      metric: { name: 'Order', service: 'api' },
      unique_id,
      properties,
      profile: { identifiers: { email: address }, attributes: {} },
    });
  await event('small', { Item: 'canary-item' });
  await event('large', { Item: `canary-large ${'x'.repeat(250_000)}` });
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  await addToList(ports, account, list, [profile.id]);
  await world.advance(hour);
  return { world, ports, id: profile.id, other: other.profile.id, event };
}

/** All that is kept, and what the bus was told from its event `since` on: what it told before that is with others. */
const everywhere = (world: Awaited<ReturnType<typeof setting>>['world'], since = 0) =>
  JSON.stringify([world.store.dump(), [...world.files.entries], world.bus.published.slice(since)]);

describe('forgetting a person', () => {
  it('leaves nothing in any item, index or file, and the bus is told nothing of the person any more', async () => {
    const { world, ports, id } = await setting();
    expect(everywhere(world)).toContain('canary');
    const told = world.bus.published.length;
    expect(await forget(ports, account, id)).toBe(true);
    await world.advance(hour);
    expect(everywhere(world, told)).not.toMatch(/canary|14155552671/);
    const left = world.store.dump().filter(({ pk }) => pk.includes(id));
    expect(left.map(({ kind }) => kind)).toEqual(['erased']);
  });

  it('takes effect at once: nobody finds the person', async () => {
    const { ports, id } = await setting();
    await forget(ports, account, id);
    expect(await ports.store.get(identifierKey(account, 'email', address))).toBeUndefined();
    expect(await forget(ports, account, id)).toBe(false);
  });

  it('keeps suppressions, under a keyed hash only, for whoever has the address later', async () => {
    const { world, ports, id } = await setting();
    await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at: start, how });
    await withdrawEmail(ports, account, { address, at: start + hour, how });
    await world.settle();
    const told = world.bus.published.length;
    await forget(ports, account, id);
    await world.advance(hour);
    expect(everywhere(world, told)).not.toContain('canary');
    const { profile } = await upsertProfile(ports, account, { identifiers: { email: address }, attributes: {} });
    expect(profile.email_suppressions?.map(({ reason }) => reason).sort()).toEqual(['HARD_BOUNCE', 'UNSUBSCRIBE']);
    expect(profile.consents).toEqual({});
  });

  it('forgets a grant: whoever comes back has never subscribed', async () => {
    const { world, ports, id } = await setting();
    await forget(ports, account, id);
    await world.advance(hour);
    const { profile } = await upsertProfile(ports, account, { identifiers: { email: address }, attributes: {} });
    expect(profile.consents?.email).toBeUndefined();
    expect(profile.id).not.toBe(id);
  });

  it('knows for sixty days whom it forgot, and only of what was told before', async () => {
    const { world, ports, id } = await setting();
    const told = ports.clock.now();
    await forget(ports, account, id);
    expect(await isForgotten(ports, account, { email: address }, told)).toBe(true);
    expect(await isForgotten(ports, account, { phone_number: identifiers.phone_number }, told)).toBe(true);
    expect(await isForgotten(ports, account, { email: 'other@people.example' }, told)).toBe(false);
    expect(await isForgotten(ports, account, { email: address }, told + 1)).toBe(false);
    await world.advance(62 * day);
    expect(await isForgotten(ports, account, { email: address }, told)).toBe(false);
  });

  it('what was told before gives nobody else what was theirs: a late event, told of somebody known', async () => {
    const { world, ports, id, other } = await setting();
    const told = ports.clock.now();
    await world.advance(hour);
    await forget(ports, account, id);
    const named = { identifiers: { email: 'other@people.example', phone_number: identifiers.phone_number } };
    const late = await upsertProfile(ports, account, { ...named, attributes: { title: 'Dr' } }, 'leave', told);
    expect(late.profile).toMatchObject({ id: other, attributes: '{"title":"Dr"}' });
    expect(late.profile.phone_number).toBeUndefined();
    const since = await upsertProfile(ports, account, { ...named, attributes: {} }, 'leave', ports.clock.now());
    expect(since.profile.phone_number).toBe(identifiers.phone_number);
  });

  it('what an import told of a forgotten person before is not given to whoever comes back (seed 25)', async () => {
    const { world, ports, id } = await setting();
    const told = ports.clock.now();
    await world.advance(hour);
    await forget(ports, account, id);
    await world.advance(hour);
    const { profile } = await upsertProfile(ports, account, { identifiers: { email: address }, attributes: {} });
    const row = { identifiers: { email: address }, attributes: {}, properties: { note: 'canary-late' } };
    expect(await upsertProfiles(ports, account, [row], told)).toMatchObject([{ refused: { status: 400 } }]);
    expect(await upsertProfiles(ports, account, [row], ports.clock.now())).toEqual([{ profile: profile.id }]);
  });

  it('somebody of whom there is no profile is forgotten too: what was told before brings nobody in', async () => {
    const { ports } = await setting();
    const nobody = { kind: 'email', value: 'nobody@people.example' } as const;
    await forgetNamed(ports, account, nobody);
    expect(await isForgotten(ports, account, { email: nobody.value }, ports.clock.now())).toBe(true);
    await expect(forgetNamed(ports, account, { kind: 'email', value: address })).rejects.toThrow();
  });

  it('removes what a call in flight wrote, when it is run again', async () => {
    const { world, ports, id } = await setting();
    await forget(ports, account, id);
    await world.advance(hour);
    await ports.store.write({ put: { ...erasedKey(account, id), sk: 'E#metric#hash', kind: 'event' } });
    await erase(ports, account, id);
    expect(world.store.dump().filter(({ pk }) => pk.includes(id))).toHaveLength(1);
  });

  it('touches nobody else, and erases nobody who was not forgotten', async () => {
    const { world, ports, id, other } = await setting();
    const of = (person: string) =>
      world.store
        .dump()
        .map(known)
        .filter(({ pk }) => pk.includes(person));
    const before = of(other);
    await forget(ports, account, id);
    await world.advance(hour);
    expect(of(other)).toEqual(before);
    await erase(ports, account, other);
    expect(of(other)).toEqual(before);
  });
});
