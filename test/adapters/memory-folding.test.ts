// However much of the memory store lies open, it answers, refuses, charges and tells the same.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFolding } from '../../shared/adapters/memory/store-folding.ts';
import { createMemoryStore, type MemoryStore, type StreamedChange } from '../../shared/adapters/memory/store.ts';
import { everything } from '../../shared/storage/pages.ts';
import type { Consumed, Item, Query } from '../../shared/storage/store.ts';
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

/** Numbers below `count`, shuffled. */
const shuffled = (count: number) => Array.from({ length: count }, (_, n) => (n * 37 + 11) % count);
const keyed = (n: number) => String(n).padStart(3, '0');

/** An item of a partition; every third is not in the local index, which has the others in the opposite order, by twos. */
const listed = (n: number): Item => ({
  pk: 'p',
  sk: keyed(n),
  kind: 'probe',
  ...(n % 3 > 0 && { lsk: keyed((999 - n) >> 1), value: n }),
});

/** What the local index tells of the numbers whose key there is at most `to`. */
const expected = (numbers: readonly number[], to: number) =>
  numbers
    .filter((n) => n % 3 > 0 && (999 - n) >> 1 <= to)
    .sort((a, b) => ((999 - a) >> 1) - ((999 - b) >> 1) || a - b)
    .map((n) => ({ pk: 'p', sk: keyed(n), lsk: keyed((999 - n) >> 1), value: n }));

it.each(budgets)(
  'finds the local index of a partition that grows long and short again, %d bytes open',
  async (open) => {
    const { store } = watched(open);
    const there = new Set<number>();
    const byLocal: Query<Item> = { index: 'byMetricTime', partition: 'p', to: keyed(450), limit: 7 };
    const same = async () => {
      const all = expected([...there], 450);
      expect(await everything(store, byLocal)).toEqual(all);
      expect(await everything(store, { ...byLocal, newestFirst: true })).toEqual(all.toReversed());
    };
    for (const [at, n] of shuffled(200).entries()) {
      there.add(n);
      await store.write({ put: listed(n) });
      if (at % 9 === 0) await same();
    }
    // Into the index, out of it, and to another place there.
    await store.write({ update: { pk: 'p', sk: keyed(3) }, set: { lsk: keyed(600) } });
    await store.write({ update: { pk: 'p', sk: keyed(3) }, remove: ['lsk'] });
    for (const [at, n] of shuffled(200).entries()) {
      there.delete(n);
      await store.write({ remove: { pk: 'p', sk: keyed(n) } });
      if (at % 9 === 0) await same();
    }
    await same();
  },
);

it('keeps open what is asked for again and again, whoever walks through all the rest', () => {
  const folding = createFolding(1000);
  const folded = new Set<number>();
  const opened = (name: number) => {
    folding.open({ name, isAsked: true, fold: () => (folded.add(name), 1) });
    folding.grew(1);
    folding.rest();
  };
  for (let name = 0; name < 5000; name += 1) opened(name);
  const early = Array.from({ length: 500 }, (_, name) => 4000 + name).filter((name) => folded.has(name));
  // Asked for again soon after they were folded up.
  for (const name of early) opened(name);
  folded.clear();
  for (let name = 5000; name < 50_000; name += 1) opened(name);
  expect(early.length).toBeGreaterThan(300);
  expect(early.filter((name) => folded.has(name))).toEqual([]);
});
