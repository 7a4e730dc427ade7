import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { granted, withdrawn } from '../../../shared/domain/consent/standing.ts';
import { suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import {
  type Standing,
  readContact,
  readProfile,
  standingOf,
  upsertProfile,
} from '../../../shared/domain/identity/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { SuppressionReason } from '../../../shared/storage/items.ts';
import { consentRecords, identifierKey, known } from '../../../shared/storage/patterns.ts';

const how = { method: 'API' };
const nobody = standingOf(undefined);
const account = accountId('Acc001');
const address = 'ana@example.org';
const person = { identifiers: { email: address }, attributes: {} };

const grant = (standing: Standing, at: number, now: number) => granted(standing, { kind: 'email', at, how }, now);
const withdrawal = (standing: Standing, at: number, now: number) =>
  withdrawn(standing, { kind: 'email', at, how }, now);

describe('consent and suppression', () => {
  test.each([
    ['UNSUBSCRIBE', true],
    ['SPAM_COMPLAINT', true],
    ['USER_SUPPRESSED', true],
    ['HARD_BOUNCE', false],
    ['INVALID_EMAIL', false],
  ] as const)('a subscription treats %s as lifted: %s', (reason: SuppressionReason, lifted) => {
    const before: Standing = { ...nobody, suppressions: [{ reason, at: sortable(1000) }] };
    expect(grant(before, 2000, 2000)?.suppressions).toEqual(lifted ? [] : before.suppressions);
  });

  test('a grant that is older than the withdrawal changes nothing', () => {
    const out = withdrawal(nobody, 2000, 2000);
    expect(out && grant(out, 1999, 3000)).toBeUndefined();
    expect(out && grant(out, 2000, 3000)).toBeUndefined();
    expect(out && grant(out, 2001, 3000)?.consents.email?.state).toBe('SUBSCRIBED');
  });

  test('a withdrawal that is older than the grant changes nothing; at the same instant it wins', () => {
    const into = grant(nobody, 2000, 2000);
    expect(into && withdrawal(into, 1999, 3000)).toBeUndefined();
    expect(into && withdrawal(into, 2000, 3000)?.consents.email?.state).toBe('UNSUBSCRIBED');
  });

  test('in whatever order grants and withdrawals arrive, the latest decides', () => {
    const change = fc.record({ at: fc.integer({ min: 1, max: 20 }), grants: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const end = changes.reduce<Standing>((standing, { at, grants }) => {
          const next = grants ? grant(standing, at, 100) : withdrawal(standing, at, 100);
          return next ?? standing;
        }, nobody);
        const latest = Math.max(...changes.map(({ at }) => at));
        const refused = changes.some(({ at, grants }) => at === latest && !grants);
        expect(end.consents.email?.state).toBe(refused ? 'UNSUBSCRIBED' : 'SUBSCRIBED');
        expect(end.suppressions.some(({ reason }) => reason === 'UNSUBSCRIBE')).toBe(refused);
      }),
    );
  });
});

async function setting() {
  const { ports, store } = memoryPorts();
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.org', publicId: account });
  const contact = () => readContact(ports, account, { kind: 'email', value: address });
  return { ports, store, contact };
}

describe('in the store', () => {
  test('what is known stands on the address and, as a copy, on the profile that holds it', async () => {
    const { ports, contact } = await setting();
    const { profile } = await upsertProfile(ports, account, person);
    await withdrawEmail(ports, account, { address, at: ports.clock.now(), how });
    const { item } = await contact();
    const after = await readProfile(ports, account, profile.id);
    expect(item?.suppressions).toEqual([{ reason: 'UNSUBSCRIBE', at: sortable(ports.clock.now()) }]);
    expect(after.email_suppressions).toEqual(item?.suppressions);
    expect(after.consents?.email?.state).toBe('UNSUBSCRIBED');
    expect(after.consents).toEqual(item?.consents);
  });

  test('no address stands in what is known of it', async () => {
    const { ports, store, contact } = await setting();
    await withdrawEmail(ports, account, { address, at: ports.clock.now(), how });
    expect((await contact()).item?.consents?.email?.state).toBe('UNSUBSCRIBED');
    expect(JSON.stringify(store.dump())).not.toContain(address);
  });

  test('whoever takes a suppressed address later is suppressed', async () => {
    const { ports } = await setting();
    await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at: ports.clock.now(), how });
    const { profile } = await upsertProfile(ports, account, person);
    expect(profile.email_suppressions?.map(({ reason }) => reason)).toEqual(['HARD_BOUNCE']);
  });

  test('every change is recorded beside the address: what, when, and how', async () => {
    const { ports, contact } = await setting();
    await grantEmail(ports, account, { address, at: 1000, how: { method: 'API', customDetail: 'Fair' } });
    await withdrawEmail(ports, account, { address, at: 2000, how: { method: 'PREFERENCE_PAGE', detail: 'message' } });
    await withdrawEmail(ports, account, { address, at: 2000, how });
    const { key } = await contact();
    const { items } = await ports.store.query(consentRecords(key));
    expect(items).toMatchObject([
      { what: 'email', to: 'SUBSCRIBED', at: sortable(1000), method: 'API', custom_method_detail: 'Fair' },
      { what: 'email', from: 'SUBSCRIBED', to: 'UNSUBSCRIBED', at: sortable(2000), method: 'PREFERENCE_PAGE' },
      { what: 'suppression', to: 'SUPPRESSED', reason: 'UNSUBSCRIBE', at: sortable(2000), method_detail: 'message' },
    ]);
  });

  test('an address that a profile holds beside its own keeps its standing to itself', async () => {
    const { ports, contact } = await setting();
    const own = { identifiers: { email: 'first@example.org' }, attributes: {} };
    const { profile } = await upsertProfile(ports, account, own);
    const claim = { ...identifierKey(account, 'email', address), kind: 'identifier', profile: profile.id };
    await ports.store.write({ put: claim });
    await withdrawEmail(ports, account, { address, at: ports.clock.now(), how });
    expect((await contact()).item?.consents?.email?.state).toBe('UNSUBSCRIBED');
    const after = await readProfile(ports, account, profile.id);
    expect([after.consents, after.email_suppressions]).toEqual([profile.consents, profile.email_suppressions]);
  });

  test('a consent event is recorded when the person was not subscribed before, and once', async () => {
    const { ports, store } = await setting();
    await upsertProfile(ports, account, person);
    const now = ports.clock.now();
    for (const at of [now, now, now + 1000]) await grantEmail(ports, account, { address, at, how });
    await withdrawEmail(ports, account, { address, at: now + 2000, how });
    await withdrawEmail(ports, account, { address, at: now + 3000, how });
    const names = new Map(
      store
        .dump()
        .map(known)
        .flatMap((item) => (item.kind === 'metric' ? [[item.id, item.name]] : [])),
    );
    const events = store
      .dump()
      .map(known)
      .flatMap((item) => (item.kind === 'event' ? names.get(item.metric) : []));
    expect(events.sort()).toEqual(['Subscribed to Email Marketing', 'Unsubscribed from Email Marketing']);
  });

  test('grants and withdrawals that race end in a state that one order explains', async () => {
    const { ports } = await setting();
    const { profile } = await upsertProfile(ports, account, person);
    const at = ports.clock.now();
    await Promise.all([
      grantEmail(ports, account, { address, at: at + 1, how }),
      withdrawEmail(ports, account, { address, at: at + 2, how }),
      suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at, how }),
    ]);
    const after = await readProfile(ports, account, profile.id);
    expect(after.consents?.email?.state).toBe('UNSUBSCRIBED');
    expect(new Set(after.email_suppressions?.map(({ reason }) => reason))).toEqual(
      new Set(['UNSUBSCRIBE', 'HARD_BOUNCE']),
    );
  });
});
