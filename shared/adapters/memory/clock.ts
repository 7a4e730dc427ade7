import type { Instant } from '../../kernel/time.ts';
import type { Clock } from '../../ports.ts';

/** A clock that can be turned forward. */
export interface LocalClock extends Clock {
  /** True when it also runs by itself. */
  readonly real: boolean;
  /** Turns it forward by `ms` milliseconds (never back). */
  advance(ms: number): void;
}

/**
 * A clock that runs by itself from `start` (default: the machine's time), or with `real: false` one that stands still
 * between calls of `advance`.
 */
export function createClock({ start, real = true }: { start?: Instant; real?: boolean } = {}): LocalClock {
  const machine = real ? () => Date.now() : () => 0;
  let offset = start === undefined ? Date.now() - machine() : start - machine();
  return {
    real,
    now: () => machine() + offset,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot be advanced by ${ms} ms.`);
      offset += ms;
    },
  };
}
