// However much of the memory store lies open, it answers, refuses, charges and tells the same.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryStore, type MemoryStore, type StreamedChange } from '../../shared/adapters/memory/store.ts';
import type { Consumed } from '../../shared/storage/store.ts';
import { type Outcome, outcome } from '../contract/store-differences.ts';
import { type Call, history } from '../contract/store-history.ts';

/** Bytes that lie open: nothing for longer than it is asked for, a few rows, some, everything. */
const budgets = [3, 1500, 20_000, Infinity];

interface Watched {
  store: MemoryStore;
  spent: Consumed[];
  changes: StreamedChange[];
}

function watched(open: number): Watched {
  const [spent, changes]: [Consumed[], StreamedChange[]] = [[], []];
  const store = createMemoryStore({
    clock: { now: () => 0 },
    meter: (cost) => spent.push(cost),
    onChange: (change) => changes.push(change),
    open,
  });
  return { store, spent, changes };
}

/** Every third item is so long that it is laid away by itself. */
const longer = (call: Call, at: number): Call =>
  at % 3 === 0 && 'write' in call && 'put' in call.write
    ? { write: { ...call.write, put: { ...call.write.put, ...{ long: 'x'.repeat(600 + at) } } } }
    : call;

async function told({ store, spent, changes }: Watched, calls: readonly Call[]) {
  const reader = { store };
  const outcomes: Outcome[] = [];
  for (const [at, call] of calls.entries()) {
    outcomes.push(await outcome(reader, call, spent));
    if (at === calls.length >> 1) store.load(store.dump());
  }
  return { outcomes, changes, all: store.dump() };
}

it('is the same store, however much of it lies open', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (makes) => {
      const calls = [...makes, ...makes].map((make, at) => longer(make('f'), at));
      const [first, ...others] = await Promise.all(budgets.map((open) => told(watched(open), calls)));
      for (const other of others) expect(other).toEqual(first);
    }),
    { numRuns: 100 },
  );
});
