import { expiryAt } from './expiry.ts';
import type { CounterItem } from './items.ts';
import type { Key, Store, Update } from './store.ts';

/** What counters come to together; one that is not there counts nothing. */
export async function sumOfCounters(store: Store, keys: readonly Key<CounterItem>[]): Promise<number> {
  const items = await store.getMany(keys);
  return items.reduce((total, item) => total + (item?.n ?? 0), 0);
}

/** The write that adds to a counter, which may go at `expires`, in seconds as the table's TTL wants it. */
export const addingTo = (key: Key<CounterItem>, n: number, expires: number): Update => ({
  update: key,
  set: { kind: 'counter', expires },
  add: { n },
});

/** Adds to a counter and answers what it has come to, with what others have added by then: a write and a read. */
export async function addUp(store: Store, key: Key<CounterItem>, n: number, expires: number): Promise<number> {
  await store.write(addingTo(key, n, expires));
  return (await store.get(key))?.n ?? 0;
}

/** When the counter of a span may go, as `expires`: spans of `length` milliseconds, counted from 1970. */
export const expiryOf = (span: number, length: number): number => expiryAt((span + 2) * length);
