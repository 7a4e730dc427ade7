import type { Store } from './store.ts';

/** What a container has learned for good, by name: forgotten with the container, and never shared between two stores. */
export function perStore<T>(): (store: Store) => Map<string, T> {
  const known = new WeakMap<Store, Map<string, T>>();
  return (store) => {
    const held = known.get(store) ?? new Map<string, T>();
    known.set(store, held);
    return held;
  };
}
