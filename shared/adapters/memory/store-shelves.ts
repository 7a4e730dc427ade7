// Where everything stands: the table, its indexes, and what the global indexes have yet to learn.
import type { Instant } from '../../kernel/time.ts';
import type { IndexName } from '../../storage/table.ts';
import { createExpiry } from './store-expiry.ts';
import { createFolding } from './store-folding.ts';
import { type Image, indexes, remadeEntry, remadeImage } from './store-image.ts';
import { createRecent } from './store-recent.ts';
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

interface Replacement {
  before: Image | undefined;
  after: Image | undefined;
}

/** Bytes of rows that lie open, by DynamoDB's measure: the heap holds three times as much. What is beyond is laid away, the oldest first. */
const mostOpen = 40_000_000;

/** Empty shelves, derived from the description of the table. */
export function createShelves(open = mostOpen): Shelves {
  const folding = createFolding(open);
  const items: Shelf<Image> = createShelf(remadeImage, folding);
  const entries = indexes.map((index): { name: IndexName; local: boolean; shelf: Shelf } => {
    const shelf = createShelf((item, size) => remadeEntry(index, item, size), folding);
    return { name: index.name, local: index.spec.kind === 'local', shelf };
  });
  const recent = createRecent();
  const expiry = createExpiry();
  let lagging = false;
  let waiting: Replacement[] = [];

  function follow({ before, after }: Replacement, local: boolean): void {
    entries.forEach((index, at) => {
      if (index.local === local) index.shelf.swap(before?.entries[at], after?.entries[at]);
    });
  }

  function settle(changes = waiting.length): number {
    for (const replacement of waiting.slice(0, changes)) follow(replacement, false);
    waiting = waiting.slice(changes);
    return waiting.length;
  }

  return {
    find({ pk, sk }) {
      const known = recent.find(pk, sk);
      if (known) return known;
      const found = items.find({ partition: pk, sort: sk, pk, sk });
      if (found) recent.keep(found);
      return found;
    },
    rows: (index) => (index === undefined ? items : entries.find(({ name }) => name === index)?.shelf) ?? items,
    replace(before, after) {
      items.swap(before, after);
      if (after) recent.keep(after);
      else if (before) recent.drop(before);
      expiry.swap(before, after);
      follow({ before, after }, true);
      if (lagging) waiting.push({ before, after });
      else follow({ before, after }, false);
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
      recent.clear();
      for (const { shelf } of entries) shelf.clear();
      expiry.clear();
      waiting = [];
    },
  };
}
