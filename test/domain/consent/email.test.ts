import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { granted, withdrawn } from '../../../shared/domain/consent/email.ts';
import type { Standing } from '../../../shared/domain/consent/change.ts';
import { grantEmail, suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { readProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { SuppressionReason } from '../../../shared/storage/items.ts';
import { contactKey } from '../../../shared/storage/patterns.ts';

const how = { method: 'API' };
const nobody: Standing = { consent: undefined, suppressions: [] };
const account = accountId('Acc001');
const address = 'ana@example.org';
const person = { identifiers: { email: address }, attributes: {} };

describe('consent and suppression', () => {
  test.each([
    ['UNSUBSCRIBE', true],
    ['SPAM_COMPLAINT', true],
    ['USER_SUPPRESSED', true],
    ['HARD_BOUNCE', false],
    ['INVALID_EMAIL', false],
  ] as const)('a subscription treats %s as lifted: %s', (reason: SuppressionReason, lifted) => {
    const before: Standing = { ...nobody, suppressions: [{ reason, at: sortable(1000) }] };
    expect(granted(before, { at: 2000, how }, 2000)?.suppressions).toEqual(lifted ? [] : before.suppressions);
  });

  test('a grant that is older than the withdrawal changes nothing', () => {
    const out = withdrawn(nobody, { at: 2000, how }, 2000);
    expect(out && granted(out, { at: 1999, how }, 3000)).toBeUndefined();
    expect(out && granted(out, { at: 2000, how }, 3000)).toBeUndefined();
    expect(out && granted(out, { at: 2001, how }, 3000)?.consent?.state).toBe('SUBSCRIBED');
  });

  test('a withdrawal that is older than the grant changes nothing; at the same instant it wins', () => {
    const into = granted(nobody, { at: 2000, how }, 2000);
    expect(into && withdrawn(into, { at: 1999, how }, 3000)).toBeUndefined();
    expect(into && withdrawn(into, { at: 2000, how }, 3000)?.consent?.state).toBe('UNSUBSCRIBED');
  });

  test('in whatever order grants and withdrawals arrive, the latest decides', () => {
    const change = fc.record({ at: fc.integer({ min: 1, max: 20 }), grant: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const end = changes.reduce<Standing>((standing, { at, grant }) => {
          const next = grant ? granted(standing, { at, how }, 100) : withdrawn(standing, { at, how }, 100);
          return next ?? standing;
        }, nobody);
        const latest = Math.max(...changes.map(({ at }) => at));
        const refused = changes.some(({ at, grant }) => at === latest && !grant);
        expect(end.consent?.state).toBe(refused ? 'UNSUBSCRIBED' : 'SUBSCRIBED');
        expect(end.suppressions.some(({ reason }) => reason === 'UNSUBSCRIBE')).toBe(refused);
      }),
    );
  });
});

describe('in the store', () => {
  test('the suppression stands on the address and, as a copy, on the profile that holds it', async () => {
    const { ports } = memoryPorts();
    const { profile } = await upsertProfile(ports, account, person);
    await withdrawEmail(ports, account, { address, at: ports.clock.now(), how });
    const contact = await ports.store.get(contactKey(account, 'email', address));
    const after = await readProfile(ports, account, profile.id);
    expect(contact?.suppressions).toEqual([{ reason: 'UNSUBSCRIBE', at: sortable(ports.clock.now()) }]);
    expect(after.email_suppressions).toEqual(contact?.suppressions);
    expect(after.email_consent?.state).toBe('UNSUBSCRIBED');
  });

  test('whoever takes a suppressed address later is suppressed', async () => {
    const { ports } = memoryPorts();
    await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at: ports.clock.now() });
    const { profile } = await upsertProfile(ports, account, person);
    expect(profile.email_suppressions?.map(({ reason }) => reason)).toEqual(['HARD_BOUNCE']);
  });

  test('grants and withdrawals that race end in a state that one order explains', async () => {
    const { ports } = memoryPorts();
    const { profile } = await upsertProfile(ports, account, person);
    const at = ports.clock.now();
    await Promise.all([
      grantEmail(ports, account, { address, at: at + 1, how }),
      withdrawEmail(ports, account, { address, at: at + 2, how }),
      suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at }),
    ]);
    const after = await readProfile(ports, account, profile.id);
    expect(after.email_consent?.state).toBe('UNSUBSCRIBED');
    expect(new Set(after.email_suppressions?.map(({ reason }) => reason))).toEqual(
      new Set(['UNSUBSCRIBE', 'HARD_BOUNCE']),
    );
  });
});
