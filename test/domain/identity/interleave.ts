// Interleavings of racers, call by call of the store: all of them, with up to so many interruptions of one by another.
import { setImmediate } from 'node:timers/promises';
import { type ProfileInput, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { Key, Store } from '../../../shared/storage/store.ts';
import { type Setting, known } from '../setting.ts';
import { heldCalls } from '../../support/held-calls.ts';

export type Identifiers = ProfileInput['identifiers'];
export type Racer = (ports: Ports) => Promise<unknown>;

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

/** Who of several went next: 0 is the one who went before, where it can go on. */
export interface Decision {
  taken: number;
  of: number;
  /** Another choice than 0 interrupts one who could have gone on. */
  interrupts: boolean;
}

/**
 * Runs the racers, each of whom has met the people there, with these decisions on who goes next, then always 0; answers all
 * decisions that there were.
 */
export async function raced(
  world: Setting,
  racers: readonly Racer[],
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
export function following(decisions: readonly Decision[], interruptions: number): number[] | undefined {
  const used = (upTo: number) =>
    decisions.slice(0, upTo).filter(({ taken, interrupts }) => taken > 0 && interrupts).length;
  const last = decisions.findLastIndex(
    ({ taken, of, interrupts }, at) => taken + 1 < of && (!interrupts || used(at) < interruptions),
  );
  if (last < 0) return undefined;
  return [...decisions.slice(0, last).map(({ taken }) => taken), (decisions[last]?.taken ?? 0) + 1];
}
