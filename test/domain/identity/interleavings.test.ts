// Interleavings of two racing upserts, call by call of the store: every one of them ends as one upsert after the other.
// All with up to so many interruptions of one by the other; INTERRUPTIONS=<number> takes more.
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type ProfileInput, emailsOf, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { Key, Store } from '../../../shared/storage/store.ts';
import { type Setting, known, setting } from '../setting.ts';
import { expectLegal, profilesIn } from './legal.ts';
import { heldCalls } from '../../support/held-calls.ts';

type Identifiers = ProfileInput['identifiers'];

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

interface Held {
  actor: number;
  go: () => void;
}

/** The store as one of the racers sees it: every call waits its turn, and of a read of many the last key comes first. */
function heldBack(store: Store, turn: () => Promise<unknown>): Store {
  const held = heldCalls(store, turn);
  return {
    ...held,
    async getMany<T>(keys: readonly Key<T>[]) {
      if (keys.length < 2) return held.getMany(keys);
      const last = await held.getMany(keys.slice(-1));
      return [...(await held.getMany(keys.slice(0, -1))), ...last];
    },
  };
}

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

/** Who of several went next: 0 is the one who went before, where it can go on. */
interface Decision {
  taken: number;
  of: number;
  /** Another choice than 0 interrupts one who could have gone on. */
  interrupts: boolean;
}

/**
 * Runs the racers, each of whom has met the people there, with these decisions on who goes next, then always 0; answers all
 * decisions that there were.
 */
async function raced(
  world: Setting,
  racers: readonly ((ports: Ports) => Promise<unknown>)[],
  { met, decided }: { met: readonly Identifiers[]; decided: readonly number[] },
): Promise<Decision[]> {
  const waiting: Held[] = [];
  let racing = false;
  const all = racers.map((race, actor) => {
    const turn = () => (racing ? new Promise<void>((go) => waiting.push({ actor, go })) : Promise.resolve());
    return { race, ports: { ...world.ports, store: heldBack(world.ports.store, turn) } };
  });
  for (const { ports } of all) for (const one of met) await upsertProfile(ports, world.account, known(one), 'leave');
  racing = true;
  let running = racers.length;
  const ends = all.map(({ race, ports }) => race(ports).finally(() => (running -= 1)));
  const finished = Promise.all(ends);
  const decisions: Decision[] = [];
  let before = 0;
  for (await setImmediate(); running > 0; await setImmediate()) {
    const actors = [...new Set(waiting.map(({ actor }) => actor))].sort((a, b) =>
      a === before ? -1 : b === before ? 1 : a - b,
    );
    const taken = actors.length === 1 ? 0 : (decided[decisions.length] ?? 0);
    if (actors.length > 1) decisions.push({ taken, of: actors.length, interrupts: actors[0] === before });
    before = actors[taken] ?? before;
    const next = waiting.findIndex(({ actor }) => actor === before);
    for (const { go } of waiting.splice(next, 1)) go();
  }
  await finished;
  return decisions;
}

/** The decisions of the run after this one, deepest first, with so many interruptions; undefined when there is none. */
function following(decisions: readonly Decision[], interruptions: number): number[] | undefined {
  const used = (upTo: number) =>
    decisions.slice(0, upTo).filter(({ taken, interrupts }) => taken > 0 && interrupts).length;
  const last = decisions.findLastIndex(
    ({ taken, of, interrupts }, at) => taken + 1 < of && (!interrupts || used(at) < interruptions),
  );
  if (last < 0) return undefined;
  return [...decisions.slice(0, last).map(({ taken }) => taken), (decisions[last]?.taken ?? 0) + 1];
}

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
