// Rows in order: the table and each index are partitions of rows, sorted by sort key and then by the table's key.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';
import { first, place, type Runs, take } from './store-runs.ts';

/** What stands at a place: the attributes kept there and their bytes. Never changed, only replaced. */
export interface Row {
  readonly partition: string;
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
  readonly item: Attributes;
  readonly size: number;
}

/** Where a row stands within its partition. */
export type Place = Pick<Row, 'sort' | 'pk' | 'sk'>;

/** Partitions by name. */
export type Shelf<R extends Row = Row> = Map<string, Runs<R>>;

/** The order of rows; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

/** The row at exactly this place of a partition. */
export function find<R extends Row>(shelf: Shelf<R>, partition: string, spot: Place): R | undefined {
  const row = first(shelf.get(partition) ?? [], (other) => comparePlaces(other, spot) >= 0);
  return row && comparePlaces(row, spot) === 0 ? row : undefined;
}

/** Replaces a row by another; either may be missing. */
export function swap<R extends Row>(shelf: Shelf<R>, before: R | undefined, after: R | undefined): void {
  if (before && !(after && isSamePlace(before, after))) drop(shelf, before);
  if (!after) return;
  const runs = shelf.get(after.partition);
  if (runs) place(runs, after, comparePlaces);
  else shelf.set(after.partition, [[after]]);
}

function drop<R extends Row>(shelf: Shelf<R>, row: R): void {
  const runs = shelf.get(row.partition) ?? [];
  take(runs, row, comparePlaces);
  if (runs.length === 0) shelf.delete(row.partition);
}

function isSamePlace(a: Row, b: Row): boolean {
  return a.partition === b.partition && comparePlaces(a, b) === 0;
}
