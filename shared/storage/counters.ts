import type { CounterItem } from './items.ts';
import type { Key, Store } from './store.ts';

/** What counters come to together; one that is not there counts nothing. */
export async function sumOfCounters(store: Store, keys: readonly Key<CounterItem>[]): Promise<number> {
  const items = await store.getMany(keys);
  return items.reduce((total, item) => total + (item?.n ?? 0), 0);
}
