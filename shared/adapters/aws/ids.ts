import { randomBytes } from 'node:crypto';
import { randomIds } from '../../kernel/random.ts';
import type { Clock, Ids } from '../../ports.ts';

/** Ids from the operating system's randomness, in the order of the clock. */
export function createIds({ clock }: { clock: Clock }): Ids {
  return randomIds({ now: () => clock.now(), bytes: (length) => Uint8Array.from(randomBytes(length)) });
}
