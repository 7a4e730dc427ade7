// Where everything stands: the table, its indexes, and what the global indexes have yet to learn.
import type { Instant } from '../../kernel/time.ts';
import type { IndexName } from '../../storage/table.ts';
import { createExpiry } from './store-expiry.ts';
import { createFolding } from './store-folding.ts';
import { Entry, Image, indexes } from './store-image.ts';
import { createShelf, type Readable, type Shelf } from './store-rows.ts';

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
  before: Image['entries'] | undefined;
  after: Image['entries'] | undefined;
}

/** About so many bytes of the heap rows take that lie open; what is beyond is laid away, the oldest first. */
const mostOpen = 48_000_000;

/** Empty shelves, derived from the description of the table. */
export function createShelves(open = mostOpen): Shelves {
  const folding = createFolding(open);
  const items: Shelf<Image> = createShelf((spot, size, laid) => new Image(spot, size, undefined, laid), folding);
  const entries = indexes.map((index): { name: IndexName; local: boolean; shelf: Shelf<Entry> } => {
    const shelf = createShelf((spot, size, laid) => new Entry(index, spot, size, undefined, laid), folding);
    return { name: index.name, local: index.spec.kind === 'local', shelf };
  });
  const expiry = createExpiry();
  let lagging = false;
  let waiting: Replacement[] = [];

  function follow({ before, after }: Replacement, local: boolean): void {
    entries.forEach((index, at) => {
      if (index.local === local) index.shelf.swap(before?.[at], after?.[at]);
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
