// Rows in order: the table and each index are shelves of rows, by partition and there by sort key and then the table's key.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';
import type { Folding, Paper } from './store-folding.ts';
import { Runs } from './store-runs.ts';

/** What stands at a place: the attributes kept there and their bytes. Never changed, only replaced. */
export interface Row extends Spot {
  readonly item: Attributes;
  readonly size: number;
}

/** Where a row stands within its partition. */
export interface Place {
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
}

/** Where a row stands. */
export interface Spot extends Place {
  readonly partition: string;
}

/** All rows of the table or of an index. */
export interface Shelf<R extends Row = Row> {
  /** The row at exactly this place. */
  find: (spot: Spot) => R | undefined;
  /** Replaces a row by another; either may be missing. */
  swap: (before: Spot | undefined, after: R | undefined) => void;
  /** The rows of a partition from the first for which `holds`, in order; whatever follows such a row must hold as well. */
  forward: (partition: string, holds: (place: Place) => boolean) => Iterable<R>;
  /** The rows of a partition before the first for which `holds`, last first. */
  backward: (partition: string, holds: (place: Place) => boolean) => Iterable<R>;
  /** Every row, by partition and in order, with nothing unfolded for longer than it takes. */
  all: () => Generator<R>;
  clear: () => void;
}

/** A shelf to whoever only reads it. */
export type Readable = Pick<Shelf, 'forward' | 'backward'>;

/** The order of rows of a partition; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

const isSameSpot = (a: Spot, b: Spot) => a.partition === b.partition && comparePlaces(a, b) === 0;

/** A shelf whose rows can be made again out of what is kept there. */
export function createShelf<R extends Row>(remade: (item: Attributes, size: number) => R, folding: Folding): Shelf<R> {
  const paper: Paper<R, Place> = {
    fold: (rows) => JSON.stringify(rows.map(({ item, size }) => [size, item])),
    unfold(folded) {
      const rows = JSON.parse(folded) as [number, Attributes][];
      return rows.map(([size, item]) => remade(item, size));
    },
    placeOf: ({ sort, pk, sk }) => ({ sort, pk, sk }),
    weightOf: ({ size }) => size,
  };
  const kind = { compare: comparePlaces, paper, folding };
  const partitions = new Map<string, Runs<R, Place>>();

  function take(spot: Spot): void {
    const rows = partitions.get(spot.partition);
    rows?.take(spot);
    if (rows?.isEmpty() === true) partitions.delete(spot.partition);
  }

  function place(row: R): void {
    const rows = partitions.get(row.partition);
    if (rows) return rows.place(row);
    const fresh = new Runs(kind);
    partitions.set(row.partition, fresh);
    return fresh.place(row);
  }

  return {
    find(spot) {
      const row = partitions.get(spot.partition)?.first((other) => comparePlaces(other, spot) >= 0);
      return row && comparePlaces(row, spot) === 0 ? row : undefined;
    },
    swap(before, after) {
      if (before && !(after && isSameSpot(before, after))) take(before);
      if (after) place(after);
    },
    forward: (partition, holds) => partitions.get(partition)?.forward(holds) ?? [],
    backward: (partition, holds) => partitions.get(partition)?.backward(holds) ?? [],
    *all() {
      for (const partition of [...partitions.keys()].sort()) yield* partitions.get(partition)?.all() ?? [];
    },
    clear() {
      for (const rows of partitions.values()) rows.clear();
      partitions.clear();
    },
  };
}
