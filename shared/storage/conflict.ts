import { ConditionFailed, type Item, type Store, type Write, isConflict } from './store.ts';

/**
 * Runs read-decide-write work until its conditional write wins: work that lost sees the world anew and decides again.
 * No waiting in between: whoever won has made progress. Gives up with the last conflict after `attempts`.
 */
export async function untilWon<T>(work: () => Promise<T>, attempts = 8): Promise<T> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error) || left <= 1) throw error;
    }
  }
}

/** Puts an item where there is none; answers the one that stands there, if one does. */
export async function putIfAbsent<T extends Item>(store: Pick<Store, 'write'>, item: T): Promise<T | undefined> {
  try {
    await store.write({ put: item, if: { absent: true } });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionFailed) || error.current === undefined) throw error;
    return error.current as T;
  }
}

/**
 * Writes, unless the write's condition fails: then somebody was faster or what it is about has moved on, and nothing is
 * left to do. False: it was so.
 */
export async function writeIfStill(store: Pick<Store, 'write'>, write: Write): Promise<boolean> {
  try {
    await store.write(write);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
