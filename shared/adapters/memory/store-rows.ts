// Rows in order: the table and each index are shelves of rows, by partition, sort key and then the table's key.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';
import type { Folding, Paper } from './store-folding.ts';
import { createRuns, type Runs } from './store-runs.ts';

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
export type Shelf<R extends Row = Row> = Runs<R, Spot>;

/** A shelf to whoever only reads it. */
export type Readable = Pick<Shelf, 'forward' | 'backward'>;

/** The order of rows of a partition; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

/** Partitions have no order to anyone outside: any will do. */
export function comparePartitions(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareSpots(a: Spot, b: Spot): number {
  return comparePartitions(a.partition, b.partition) || comparePlaces(a, b);
}

/** A shelf whose rows can be made again out of what is kept there. */
export function createShelf<R extends Row>(remade: (item: Attributes, size: number) => R, folding: Folding): Shelf<R> {
  const paper: Paper<R, Spot> = {
    fold: (rows) => JSON.stringify(rows.map(({ item, size }) => [size, item])),
    unfold(folded) {
      const rows = JSON.parse(folded) as [number, Attributes][];
      return rows.map(([size, item]) => remade(item, size));
    },
    placeOf: ({ partition, sort, pk, sk }) => ({ partition, sort, pk, sk }),
    weightOf: ({ size }) => size,
  };
  return createRuns(compareSpots, { paper, folding });
}

/** The row at exactly this place. */
export function find<R extends Row>(shelf: Shelf<R>, spot: Spot): R | undefined {
  const row = shelf.first((other) => compareSpots(other, spot) >= 0);
  return row && compareSpots(row, spot) === 0 ? row : undefined;
}

/** Replaces a row by another; either may be missing. */
export function swap<R extends Row>(shelf: Shelf<R>, before: R | undefined, after: R | undefined): void {
  if (before && !(after && compareSpots(before, after) === 0)) shelf.take(before);
  if (after) shelf.place(after);
}
