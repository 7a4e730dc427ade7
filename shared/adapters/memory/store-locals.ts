// A local index: of partitions with few items, which are most, it is found among these; the others have rows in it.
import type { Entry } from './store-entry.ts';
import type { Image } from './store-image.ts';
import { comparePlaces, type Place } from './store-row.ts';
import type { Readable, Shelf } from './store-rows.ts';

/** What is needed of the items. */
type Items = Pick<Shelf<Image>, 'forward' | 'runsOf'>;

/** Follows the items, and so has to be told of what these know already. */
export interface Locals extends Readable<Entry> {
  swap: (before: Entry | undefined, after: Entry | undefined) => void;
  clear: () => void;
}

/** Of the `nth` local index. `shelf`, an empty one, takes all entries of a partition or none. */
export function createLocals(nth: number, items: Items, shelf: Shelf<Entry>): Locals {
  const hasRows = (partition: string) => shelf.runsOf(partition) > 0;

  function entriesIn(partition: string): Entry[] {
    const entries: Entry[] = [];
    for (const images of items.forward(partition, () => true)) {
      for (const { locals } of images) {
        const entry = locals[nth];
        if (entry) entries.push(entry);
      }
    }
    return entries;
  }

  /** The entries in order, and where those begin for which `holds`. */
  function parted(partition: string, holds: (place: Place) => boolean): { entries: Entry[]; from: number } {
    const entries = entriesIn(partition).sort(comparePlaces);
    const from = entries.findIndex(holds);
    return { entries, from: from < 0 ? entries.length : from };
  }

  return {
    swap(before, after) {
      const partition = (before ?? after)?.partition;
      if (partition === undefined) return;
      if (hasRows(partition)) shelf.swap(before, after);
      else if (items.runsOf(partition) > 1) for (const entry of entriesIn(partition)) shelf.swap(undefined, entry);
    },
    forward(partition, holds) {
      if (hasRows(partition)) return shelf.forward(partition, holds);
      const { entries, from } = parted(partition, holds);
      return [entries.slice(from)];
    },
    backward(partition, holds) {
      if (hasRows(partition)) return shelf.backward(partition, holds);
      const { entries, from } = parted(partition, holds);
      return [entries.slice(0, from).reverse()];
    },
    clear: shelf.clear,
  };
}
