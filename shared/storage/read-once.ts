// Reads that the messages of a batch share: what an account, a campaign, a flow and a template are is read once for all of them.
import { keyText } from './actions.ts';
import { partsOf } from './keys.ts';
import type { Key, Store } from './store.ts';

/** Kinds of definitions that no claim rests on: a cancellation, a consent and the person are checked where it is made. */
const shared: ReadonlySet<string> = new Set(['account', 'campaign', 'flow', 'template', 'template-body']);

function isShared({ pk }: Key): boolean {
  const [, of, kind = ''] = partsOf(pk);
  return of === 'A' && shared.has(kind);
}

/**
 * The store, for one invocation: these definitions are read once in it, and are the same object to all. They are read anew
 * after a transaction that failed: that may have been the news.
 */
export function readingOnce(store: Store): Store {
  const reads = new Map<string, Promise<unknown>>();
  function once<T>(key: Key<T>): Promise<T | undefined> {
    const text = keyText(key);
    const known = reads.get(text);
    if (known) return known as Promise<T | undefined>;
    const reading = store.get(key);
    reads.set(text, reading);
    // One that failed says nothing to the others.
    reading.catch(() => reads.delete(text));
    return reading;
  }
  return {
    ...store,
    get: (key, options) => (options === undefined && isShared(key) ? once(key) : store.get(key, options)),
    async transact(actions) {
      try {
        await store.transact(actions);
      } catch (error) {
        reads.clear();
        throw error;
      }
    },
  };
}
