// When memberships change by time alone, by brute force.
import { day, second } from '../../shared/kernel/time.ts';
import { candidates } from '../domain/segments/agree.ts';
import { belongs } from '../support/segment-oracle.ts';
import type { Model } from './segment-steps.ts';

/**
 * The instants after now, to the second, around which somebody comes or goes though nothing happens; ascending. As far as a
 * year with all anniversaries goes, less far where the sweeps of every hour go on.
 */
export function turnsAfter({ world, people, segments }: Model, lateness: number): number[] {
  const horizon = lateness > second ? 40 * day : 400 * day;
  const now = world.clock.now();
  const turns = new Set<number>();
  for (const definition of segments.values()) {
    for (const { facts } of people) {
      let last = belongs(definition, facts, now);
      for (const at of tried(wholeSeconds(candidates(definition, facts, now), now + horizon), lateness === second)) {
        const next = belongs(definition, facts, at + second);
        if (next !== last) turns.add(at);
        last = next;
      }
    }
  }
  return [...turns].sort((a, b) => a - b);
}

/** What lies within a second of an instant is told by it. */
const wholeSeconds = (all: readonly number[], until: number) => [
  ...new Set(all.flatMap((at) => (at < until ? Math.floor(at / second) * second : []))),
];

/** Those that brute force tries, where everything is told at once; where it is not, all must be known. */
const mostTried = 600;
const tried = (all: readonly number[], exact: boolean) =>
  exact ? all.filter((_, i) => i % Math.ceil(all.length / mostTried) === 0) : all;
