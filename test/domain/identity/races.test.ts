import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppressEmail } from '../../../shared/domain/consent/index.ts';
import { type ProfileInput, updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import type { Store } from '../../../shared/storage/store.ts';
import { known, setting } from '../setting.ts';
import { expectLegal } from './legal.ts';
import { heldCalls } from '../../support/held-calls.ts';

const emails = ['a@example.com', 'b@example.com'];
const optional = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const identifiers = fc
  .record({ email: optional(...emails), external_id: optional('1', '2'), phone_number: optional('+14155552671') })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
  .filter((all) => Object.keys(all).length > 0) as fc.Arbitrary<ProfileInput['identifiers']>;

const act = fc.oneof(
  fc.record({ type: fc.constant('upsert'), identifiers, rule: fc.constantFrom('refuse', 'leave', 'keep') } as const),
  fc.record({ type: fc.constant('update'), identifiers } as const),
  fc.record({ type: fc.constant('suppress'), email: fc.constantFrom(...emails) } as const),
);

/** The store, with every call held back until the scheduler lets it go. */
function scheduled(store: Store, s: fc.Scheduler): Store {
  return heldCalls(store, () => s.schedule(Promise.resolve()));
}

describe('whatever happens to people at once', () => {
  it('an identifier belongs to one profile, which says so, and suppressions follow their address', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(act, { minLength: 2, maxLength: 6 }), async (s, acts) => {
        const world = await setting();
        const { account } = world;
        const first = await upsertProfile(world.ports, account, known({ external_id: '1' }));
        const ports = { ...world.ports, store: scheduled(world.ports.store, s) };
        const runs = acts.map(async (one) => {
          if (one.type === 'upsert') await upsertProfile(ports, account, known(one.identifiers), one.rule);
          if (one.type === 'update') await updateProfile(ports, account, first.profile.id, known(one.identifiers));
          if (one.type === 'suppress') {
            const at = world.clock.now();
            await suppressEmail(ports, account, {
              address: one.email,
              reason: 'HARD_BOUNCE',
              at,
              how: { method: 'API' },
            });
          }
        });
        const ends = Promise.allSettled(runs);
        await s.waitFor(ends);
        // Nobody loses against the others for ever: what is refused is refused for a reason.
        for (const end of await ends) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(ApiError);
        await expectLegal(world);
      }),
      { numRuns: 300 },
    );
  });
});
