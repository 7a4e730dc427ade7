import type { Store } from '../../shared/storage/store.ts';

/** The store, with every call held back until its `turn` has come. */
export function heldCalls(store: Store, turn: () => Promise<unknown>): Store {
  return {
    get: (key, options) => turn().then(() => store.get(key, options)),
    getMany: (keys, options) => turn().then(() => store.getMany(keys, options)),
    query: (query) => turn().then(() => store.query(query)),
    write: (write) => turn().then(() => store.write(write)),
    writeMany: (writes) => turn().then(() => store.writeMany(writes)),
    transact: (actions) => turn().then(() => store.transact(actions)),
  };
}
