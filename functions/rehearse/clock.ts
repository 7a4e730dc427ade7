import type { LocalClock } from '../../shared/adapters/memory/index.ts';

/** The machine's clock, turned forward by what `shared` holds: all threads of the rehearsal read it from there. */
export function createSharedClock(): LocalClock & { shared: SharedArrayBuffer } {
  const shared = new SharedArrayBuffer(8);
  const offset = new BigInt64Array(shared);
  return {
    shared,
    real: true,
    now: () => Date.now() + Number(Atomics.load(offset, 0)),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock cannot be advanced by ${ms} ms.`);
      Atomics.add(offset, 0, BigInt(Math.round(ms)));
    },
  };
}
