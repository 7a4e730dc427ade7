// The random numbers of a seed: a stream for each thing that is drawn, by name, so that what one draws changes no other.
import { numbersFrom } from '../../shared/adapters/memory/index.ts';

/** What is drawn. A new name goes to the end: the numbers of the others stay what they are. */
const names = [
  /** Which turn is taken, and what is in it. */
  'workload',
  /** What befalls a call. */
  'faults',
  /** Who goes on next, and whether workers go on beside a request. */
  'order',
  /** What befalls whole invocations: overtaken, frozen, timed out, delivered twice. */
  'invocations',
  /** When those who stand still go on. */
  'thaw',
  /** What the services behind the ports do. */
  'services',
  /** When the run begins, and how long callers wait. */
  'clock',
  /** The ids that the system makes. */
  'ids',
  /** What the seed knows of all this, and how often. */
  'swarm',
  /** Which containers run the release before. */
  'versions',
  /** How far the clock of a container is off, and when it steps. */
  'clocks',
  /** What befalls the world around calls. */
  'surroundings',
] as const;

export type StreamName = (typeof names)[number];

/** Numbers from 0 to 1 of one stream of a seed, or of one place in it. */
export const stream = (seed: number, name: StreamName, ...place: number[]): (() => number) =>
  numbersFrom(
    [names.indexOf(name), ...place].reduce(
      (mixed, one) => Math.imul(mixed ^ (one + 1), 0x9e3779b1),
      seed * 0x85ebca6b + 1,
    ),
  );

/** Numbers in the shapes that turns need. */
export interface Dice {
  /** 0 to `sides` - 1. */
  upTo: (sides: number) => number;
  chance: (probability: number) => boolean;
  oneOf: <T>(all: readonly T[]) => T | undefined;
}

export function dice(draw: () => number): Dice {
  return {
    upTo: (sides) => Math.floor(draw() * sides),
    chance: (probability) => draw() < probability,
    oneOf: (all) => all[Math.floor(draw() * all.length)],
  };
}
