// Whoever is forgotten while an import is at work: every interleaving of the two, call by call of the store.
import { expect, it } from 'vitest';
import {
  Forgotten,
  type ProfileInput,
  erase,
  forget,
  forgetNamed,
  upsertProfile,
  upsertProfiles,
} from '../../../shared/domain/identity/index.ts';
import { subscribeRow } from '../../../shared/domain/consent/subscribe.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import { known as itemOf } from '../../../shared/storage/patterns.ts';
import { type Setting, known, setting } from '../setting.ts';
import { type Racer, following, raced } from './interleave.ts';
import { expectLegal, profilesIn } from './legal.ts';

const gone = { email: 'gone@example.com', phone_number: '+14155552671' };
const told = (identifiers: ProfileInput['identifiers']): ProfileInput => ({
  identifiers,
  attributes: {},
  properties: { note: 'canary' },
});

/** The rows of an import that was accepted before: of the person alone, and told of somebody else too. */
const rows = [told({ email: gone.email }), told({ external_id: 'known', phone_number: gone.phone_number })];

const imports: Record<string, (world: Setting, at: number) => Racer> = {
  'an import of many': (world, at) => (ports) => upsertProfiles(ports, world.account, rows, at),
  'imports of one, told before': (world, at) => async (ports) => {
    for (const row of rows) {
      await upsertProfile(ports, world.account, row, 'refuse', at).catch((error: unknown) => {
        if (!(error instanceof Forgotten) && !(error instanceof ApiError)) throw error;
      });
    }
  },
  'events that tell of the person, from before': (world, at) => async (ports) => {
    for (const row of rows) {
      await upsertProfile(ports, world.account, row, 'leave', at).catch((error: unknown) => {
        if (!(error instanceof Forgotten) && !(error instanceof ApiError)) throw error;
      });
    }
  },
};

const subscription = { email: gone.email, words: [{ kind: 'email' as const }], devices: [] };
imports['a subscription, told before'] = (world, at) => (ports) =>
  subscribeRow(ports, world.account, { job: { rows: [] }, person: subscription, at }).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });

/** Somebody who is there or not, and how they are forgotten. */
async function begun(isThere: boolean): Promise<{ world: Setting; forgetting: Racer }> {
  const world = await setting();
  const { ports, account } = world;
  await upsertProfile(ports, account, known({ external_id: 'known' }));
  if (!isThere) {
    return {
      world,
      forgetting: (own) =>
        // What the operation does: whoever has the address by then is forgotten.
        forgetNamed(own, account, { kind: 'email', value: gone.email }).catch(async () => {
          const holder = profilesIn(world).find(({ email }) => email === gone.email);
          await forget(own, account, holder?.id ?? '');
        }),
    };
  }
  const { profile } = await upsertProfile(ports, account, { ...told(gone), properties: { note: 'canary' } });
  return { world, forgetting: (own) => forget(own, account, profile.id) };
}

const cases = Object.entries(imports).flatMap(([name, race]) => [
  { name: `${name} and somebody who is there`, race, isThere: true },
  { name: `${name} and an address that nobody has yet`, race, isThere: false },
]);

it.each(cases)(
  'in every interleaving nothing is left of whoever was forgotten, and nobody else gets what was theirs: $name',
  async ({ race, isThere }) => {
    let runs = 0;
    for (let decided: number[] | undefined = []; decided !== undefined;) {
      const { world, forgetting } = await begun(isThere);
      const at = world.clock.now();
      world.clock.advance(1000);
      const decisions = await raced(world, [race(world, at), forgetting], { met: [], decided });
      for (const item of world.store.dump().map(itemOf)) {
        if (item.kind === 'erased') await erase(world.ports, world.account, item.profile);
      }
      await expectLegal(world);
      const others = profilesIn(world).filter(({ external_id }) => external_id === 'known');
      expect(others).toHaveLength(1);
      expect(profilesIn(world)).toHaveLength(1);
      // Nor is it known any more that they subscribed.
      expect(JSON.stringify(world.store.dump())).not.toMatch(/gone@example.com|"SUBSCRIBED"/);
      // The row of somebody else may have come first; the number is theirs only where it was nobody's.
      if (isThere) expect(others[0]?.phone_number).toBeUndefined();
      runs += 1;
      decided = following(decisions, 2);
    }
    console.log(`${runs} interleavings`);
  },
);
