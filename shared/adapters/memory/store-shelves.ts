// Where everything stands: the table, its indexes, and what the global indexes have yet to learn.
import type { Instant } from '../../kernel/time.ts';
import type { IndexName } from '../../storage/table.ts';
import { createExpiry } from './store-expiry.ts';
import { createFolding } from './store-folding.ts';
import { type Entries, type Entry, indexes, localIndexes } from './store-entry.ts';
import { formOfEntries, formOfItems } from './store-forms.ts';
import type { Image } from './store-image.ts';
import { createLocals } from './store-locals.ts';
import { comparePlaces } from './store-row.ts';
import { createShelf, type Readable } from './store-rows.ts';

export interface Shelves {
  find: (key: { pk: string; sk: string }) => Image | undefined;
  /** The rows of the table or of an index, in order. */
  rows: (index: IndexName | undefined) => Readable;
  /** Puts an item in the place of another, in the table and (sooner or later) in the indexes. */
  replace: (before: Image | undefined, after: Image | undefined) => void;
  /** While on, global indexes learn of changes only by `settle`; turning it off settles. */
  lag: (on: boolean) => void;
  /** Tells the global indexes of the next so many changes (all unless given); how many are left. */
  settle: (changes?: number) => number;
  /** The items whose time to live has ended. */
  due: (now: Instant) => Image[];
  /** Every item, in order. */
  images: () => Iterable<Image>;
  clear: () => void;
}

/** Entries of an item that another takes the place of; each may be missing. */
interface Replacement {
  before: Entries | undefined;
  after: Entries | undefined;
}

/** About so many bytes of the heap rows take that lie open; what is beyond is laid away, the oldest first. */
const mostOpen = 44_000_000;

/** Empty shelves, derived from the description of the table. */
export function createShelves(open = mostOpen): Shelves {
  const folding = createFolding(open);
  const items = createShelf(formOfItems, folding);
  const entries = indexes.map((index, at) => {
    const local = localIndexes.findIndex((one) => one.at === at);
    const shelf = createShelf(formOfEntries(index), folding);
    return { name: index.name, isLocal: local >= 0, shelf: local >= 0 ? createLocals(local, items, shelf) : shelf };
  });
  const expiry = createExpiry();
  let lagging = false;
  let waiting: Replacement[] = [];

  function follow({ before, after }: Replacement, local: boolean): void {
    entries.forEach(({ isLocal, shelf }, at) => {
      const [was, is] = [before?.[at], after?.[at]];
      if (isLocal === local && !isSame(was, is)) shelf.swap(was, is);
    });
  }

  function settle(changes = waiting.length): number {
    for (const replacement of waiting.slice(0, changes)) follow(replacement, false);
    waiting = waiting.slice(changes);
    return waiting.length;
  }

  return {
    find: ({ pk, sk }) => items.find({ partition: pk, sort: sk, pk, sk }),
    rows: (index) => (index === undefined ? items : entries.find(({ name }) => name === index)?.shelf) ?? items,
    replace(before, after) {
      const replacement = { before: before?.entries, after: after?.entries };
      items.swap(before, after);
      expiry.swap(before, after);
      follow(replacement, true);
      if (lagging) waiting.push(replacement);
      else follow(replacement, false);
    },
    lag(on) {
      lagging = on;
      if (!on) settle();
    },
    settle,
    due: expiry.due,
    images: items.all,
    clear() {
      items.clear();
      folding.clear();
      for (const { shelf } of entries) shelf.clear();
      expiry.clear();
      waiting = [];
    },
  };
}

/** Whether two entries show the same at the same place. */
function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  if (!a || !b) return a === b;
  return a.rest === b.rest && a.partition === b.partition && comparePlaces(a, b) === 0;
}
