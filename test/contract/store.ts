// What every store must do: run on the memory store and, through the AWS adapter, on a database.
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Consumed, Item, Key, Store, Value } from '../../shared/storage/store.ts';
import { capacityOfStore } from './store-capacity.ts';
import { readingOfStore } from './store-reading.ts';
import { transactionsOfStore } from './store-transactions.ts';
import { writingOfStore } from './store-writing.ts';

/** A store that reports its costs to `meter`, and how to end it. */
export type MakeStore = (meter: (consumed: Consumed) => void) => Promise<{ store: Store; stop?: () => Promise<void> }>;

/** An item with whatever attributes a test wants. */
export type Probe = Item & { [name: string]: Value };

/** What a test works with: the store, a part of it that no other test touches, and what calls cost. */
export interface Bench {
  store: Store;
  /** The key of an item in this test's own partition, or in another of its partitions. */
  key: (sk: string, partition?: string) => Key<Probe>;
  item: (sk: string, attributes?: Record<string, Value | undefined>, partition?: string) => Probe;
  /** A partition name, of the table or of an index, that only this test uses. */
  partition: (name?: string) => string;
  /** The cost of what `work` does. */
  cost: (work: () => Promise<unknown>) => Promise<{ read: number; write: number }>;
}

export type Tests = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

const suites: Readonly<Record<string, Tests>> = {
  writing: writingOfStore,
  transactions: transactionsOfStore,
  reading: readingOfStore,
  capacity: capacityOfStore,
};

/** Declares the contract's tests for one store. A test may be skipped for a reason only. */
export function describeStore(
  name: string,
  makeStore: MakeStore,
  { skip = [] }: { skip?: readonly { test: string; reason: string }[] } = {},
): void {
  describe(`${name} keeps the store's contract`, () => {
    const consumed: Consumed[] = [];
    let made: Awaited<ReturnType<MakeStore>>;
    let runs = 0;

    beforeAll(async () => (made = await makeStore((cost) => consumed.push(cost))));
    afterAll(async () => made.stop?.());

    function bench(): Bench {
      runs += 1;
      const prefix = `t${runs}`;
      const partition = (of = 'own') => `${prefix}#${of}`;
      const key = (sk: string, of?: string) => ({ pk: partition(of), sk });
      return {
        store: made.store,
        key,
        partition,
        item: (sk, attributes = {}, of) => ({ ...key(sk, of), kind: 'probe', ...attributes }),
        async cost(work) {
          consumed.length = 0;
          await work();
          const sum = (kind: 'read' | 'write') => consumed.reduce((total, call) => total + call[kind], 0);
          return { read: sum('read'), write: sum('write') };
        },
      };
    }

    for (const [topic, tests] of Object.entries(suites)) {
      describe(topic, () => {
        for (const [title, test] of Object.entries(tests)) {
          const skipped = skip.find((entry) => entry.test === title);
          if (skipped) it.skip(`${title} (${skipped.reason})`);
          else it(title, () => test(bench()));
        }
      });
    }
  });
}
