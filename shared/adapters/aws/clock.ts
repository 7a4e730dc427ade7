import type { Clock } from '../../ports.ts';

/** The clock of the machine. */
export function createClock(): Clock {
  return { now: () => Date.now() };
}
