// Where everything stands: the table, its indexes, and what the global indexes have yet to learn.
import type { Instant } from '../../kernel/time.ts';
import type { IndexName } from '../../storage/table.ts';
import { createExpiry } from './store-expiry.ts';
import { type Image, indexes } from './store-image.ts';
import { find, type Row, type Shelf, swap } from './store-rows.ts';
import type { Runs } from './store-runs.ts';

export interface Shelves {
  find: (key: { pk: string; sk: string }) => Image | undefined;
  /** The rows of a partition of the table or of an index, in order. */
  rows: (index: IndexName | undefined, partition: string) => Runs<Row>;
  /** Puts an item in the place of another, in the table and (sooner or later) in the indexes. */
  replace: (before: Image | undefined, after: Image | undefined) => void;
  /** While on, global indexes learn of changes only by `settle`; turning it off settles. */
  lag: (on: boolean) => void;
  /** Tells the global indexes of the next so many changes (all unless given); how many are left. */
  settle: (changes?: number) => number;
  /** The items whose time to live has ended. */
  due: (now: Instant) => Image[];
  images: () => Image[];
  clear: () => void;
}

interface Replacement {
  before: Image | undefined;
  after: Image | undefined;
}

/** Empty shelves, derived from the description of the table. */
export function createShelves(): Shelves {
  const items: Shelf<Image> = new Map();
  const entries = indexes.map(({ name, spec }): { name: IndexName; local: boolean; shelf: Shelf } => {
    return { name, local: spec.kind === 'local', shelf: new Map() };
  });
  const expiry = createExpiry();
  let lagging = false;
  let waiting: Replacement[] = [];

  function follow({ before, after }: Replacement, local: boolean): void {
    entries.forEach((index, at) => {
      if (index.local === local) swap(index.shelf, before?.entries[at], after?.entries[at]);
    });
  }

  function settle(changes = waiting.length): number {
    for (const replacement of waiting.slice(0, changes)) follow(replacement, false);
    waiting = waiting.slice(changes);
    return waiting.length;
  }

  return {
    find: ({ pk, sk }) => find(items, pk, { sort: sk, pk, sk }),
    rows(index, partition) {
      const shelf: Shelf | undefined = index === undefined ? items : entries.find(({ name }) => name === index)?.shelf;
      return shelf?.get(partition) ?? [];
    },
    replace(before, after) {
      swap(items, before, after);
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
    images: () => [...items.values()].flat(2),
    clear() {
      items.clear();
      for (const { shelf } of entries) shelf.clear();
      expiry.clear();
      waiting = [];
    },
  };
}
