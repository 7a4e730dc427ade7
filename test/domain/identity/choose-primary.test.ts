// Which address of a person is the primary one (behaviour 1.4): the opted-in one, unless mail would go round a refusal.
import { beforeEach, describe, expect, it } from 'vitest';
import { suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { choosePrimary, readProfile, updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { SuppressionReason } from '../../../shared/storage/items.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { type Setting, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const [first, second, third] = ['first@people.example', 'second@people.example', 'third@people.example'];
const said = (address: string) => ({ address, at: world.ports.clock.now() - 1000, how: { method: 'API' } });
const subscribe = (address: string) => grantEmail(world.ports, world.account, said(address));
const withdraw = (address: string) => withdrawEmail(world.ports, world.account, said(address));
const suppress = (address: string, reason: SuppressionReason) =>
  suppressEmail(world.ports, world.account, { ...said(address), reason });

/** A person with three addresses; what was said of them; which one is the primary after that. */
async function chosen(say: () => Promise<unknown>): Promise<string | undefined> {
  const { ports, account } = world;
  const told = { identifiers: { email: first }, attributes: {}, emails: { append: [second, third], unappend: [] } };
  const { profile } = await upsertProfile(ports, account, told);
  await say();
  await choosePrimary(ports, account, profile.id);
  const after = await readProfile(ports, account, profile.id);
  expect([after.email, ...(after.other_emails ?? [])].sort()).toEqual([first, second, third]);
  return after.email;
}

describe('the primary address', () => {
  it('stays while no other is subscribed', async () => {
    expect(await chosen(async () => undefined)).toBe(first);
  });

  it('stays while it is subscribed itself', async () => {
    expect(await chosen(() => Promise.all([subscribe(first), subscribe(third)]))).toBe(first);
  });

  it('gives way to a subscribed one when nobody ever subscribed with it', async () => {
    expect(await chosen(() => subscribe(second))).toBe(second);
  });

  it('gives way to the subscribed one that was added last', async () => {
    expect(await chosen(() => Promise.all([subscribe(second), subscribe(third)]))).toBe(third);
  });

  it.each(['HARD_BOUNCE', 'INVALID_EMAIL'] as const)('gives way when nothing arrives there: %s', async (reason) => {
    const say = () => Promise.all([subscribe(second), subscribe(first)]).then(() => suppress(first, reason));
    expect(await chosen(say)).toBe(second);
  });

  it.each(['USER_SUPPRESSED', 'SPAM_COMPLAINT', 'UNSUBSCRIBE'] as const)(
    'stays when somebody said no by it: %s',
    async (reason) => {
      expect(await chosen(() => subscribe(second).then(() => suppress(first, reason)))).toBe(first);
    },
  );

  it('stays when it was unsubscribed', async () => {
    expect(await chosen(() => subscribe(second).then(() => withdraw(first)))).toBe(first);
  });

  it('does not give way to one that is subscribed and cannot be delivered to', async () => {
    expect(await chosen(() => subscribe(second).then(() => suppress(second, 'HARD_BOUNCE')))).toBe(first);
  });

  it('brings along what is known of it', async () => {
    const { ports, account } = world;
    await chosen(() => subscribe(second));
    const { profile } = await upsertProfile(ports, account, { identifiers: { email: second }, attributes: {} });
    expect(profile.consents?.email?.state).toBe('SUBSCRIBED');
    await updateProfile(ports, account, profile.id, { identifiers: { email: first }, attributes: {} });
    expect((await readProfile(ports, account, profile.id)).consents?.email?.state).toBeUndefined();
  });
});
