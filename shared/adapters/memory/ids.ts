import { randomFillSync } from 'node:crypto';
import { randomIds } from '../../kernel/random.ts';
import type { Clock, Ids } from '../../ports.ts';

/** Bytes that depend on the seed alone (splitmix32): the same run makes the same ids. Not for secrets. */
function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 1) bytes[at] = next() >>> 24;
    return bytes;
  };
}

const secureBytes = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** Random ids in the order of the clock; with a `seed` the same ones in every run. */
export function createIds({ clock, seed }: { clock: Clock; seed?: number }): Ids {
  return randomIds({ now: () => clock.now(), bytes: seed === undefined ? secureBytes : seededBytes(seed) });
}
