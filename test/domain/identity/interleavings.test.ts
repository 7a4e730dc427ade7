// Interleavings of two racing upserts, call by call of the store: every one of them ends as one upsert after the other.
// All with up to so many interruptions of one by the other; INTERRUPTIONS=<number> takes more, WRITE=1 records how many there were.
import { afterAll, expect, it } from 'vitest';
import { emailsOf, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import { record } from '../../simulation/recorded.ts';
import { type Setting, known, setting } from '../setting.ts';
import { type Identifiers, following, raced } from './interleave.ts';
import { expectLegal, profilesIn } from './legal.ts';

const all = { external_id: '9', email: 'a@example.com', phone_number: '+14155552671' } as const;
const interruptions = Number(process.env['INTERRUPTIONS'] ?? 2);
const kinds = Object.keys(all) as (keyof typeof all)[];

/** Every choice of one to three of the identifiers. */
const choices: Identifiers[] = Array.from({ length: 7 }, (_, at) =>
  Object.fromEntries(kinds.filter((_kind, bit) => ((at + 1) >> bit) & 1).map((kind) => [kind, all[kind]])),
);

/** What there is beforehand: nobody; a number and an address of two people, whom a call may show to be one. */
const beginnings: readonly (readonly Identifiers[])[] = [
  [],
  [{ phone_number: all.phone_number }, { email: all.email }],
];

async function begun(beginning: readonly Identifiers[]): Promise<Setting> {
  const world = await setting();
  for (const one of beginning) await upsertProfile(world.ports, world.account, known(one));
  return world;
}

/** Who holds what, without the ids. */
const outcome = (world: Setting) =>
  profilesIn(world)
    .map((item) => [item.external_id, item.phone_number, ...emailsOf(item)].join())
    .sort()
    .join(' | ');

/** That a call shows two people to be one is decided first, by itself: another call may come before the rest of it. */
function between(beginning: readonly Identifiers[], linking: Identifiers, other: Identifiers): Identifiers[][] {
  const { external_id, ...linked } = linking;
  const links = beginning.length > 0 && external_id !== undefined && Object.keys(linked).length === 2;
  return links ? [[linked, other, linking]] : [];
}

const pairs = choices.flatMap((a, at) => choices.slice(at).map((b) => [a, b] as const));
const named = (identifiers: Identifiers) => Object.keys(identifiers).join('+');
const cases = beginnings.flatMap((beginning) =>
  pairs.map(([a, b]) => ({ name: `${named(a)} and ${named(b)}, ${beginning.length} people there`, beginning, a, b })),
);

let explored = 0;
afterAll(() => record('interleavings', { pairs: cases.length, interruptions, explored }));

it.each(cases)('every interleaving ends as one after the other: $name', async ({ beginning, a, b }) => {
  const upsert = (identifiers: Identifiers, account: Setting['account']) => (ports: Ports) =>
    upsertProfile(ports, account, known(identifiers), 'leave');
  const legal = new Set<string>();
  for (const order of [[a, b], [b, a], ...between(beginning, a, b), ...between(beginning, b, a)]) {
    const world = await begun([...beginning]);
    for (const one of order) await upsertProfile(world.ports, world.account, known(one), 'leave');
    legal.add(outcome(world));
  }
  let runs = 0;
  for (let decided: number[] | undefined = []; decided !== undefined;) {
    const world = await begun(beginning);
    const decisions = await raced(world, [upsert(a, world.account), upsert(b, world.account)], {
      met: beginning,
      decided,
    });
    await expectLegal(world);
    expect([...legal]).toContain(outcome(world));
    runs += 1;
    decided = following(decisions, interruptions);
  }
  explored += runs;
  console.log(`${runs} interleavings`);
});

it('in no interleaving is one refused whom another, who tells the same, brings together meanwhile', async () => {
  const same = known({ email: all.email, phone_number: all.phone_number });
  const beginning = beginnings[1] ?? [];
  for (let decided: number[] | undefined = []; decided !== undefined;) {
    const world = await begun(beginning);
    const upsert = (ports: Ports) => upsertProfile(ports, world.account, same, 'refuse');
    const decisions = await raced(world, [upsert, upsert], { met: beginning, decided });
    expect(profilesIn(world)).toHaveLength(1);
    decided = following(decisions, interruptions);
  }
});
