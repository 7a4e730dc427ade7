// Rows in order: the table and each index are partitions of rows, sorted by sort key and then by the table's key.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';

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
export type Shelf<R extends Row = Row> = Map<string, R[]>;

/** The order of rows; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

/** The first index at which `holds`, or the length; whatever follows such a member must hold as well. */
export function firstWhere<T>(sorted: readonly T[], holds: (member: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const member = sorted[middle];
    if (member !== undefined && !holds(member)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row at exactly this place of a partition. */
export function find<R extends Row>(shelf: Shelf<R>, partition: string, place: Place): R | undefined {
  const rows = shelf.get(partition) ?? [];
  const row = rows[indexIn(rows, place)];
  return row && comparePlaces(row, place) === 0 ? row : undefined;
}

/** Replaces a row by another; either may be missing. */
export function swap<R extends Row>(shelf: Shelf<R>, before: R | undefined, after: R | undefined): void {
  if (before && after && before.partition === after.partition && comparePlaces(before, after) === 0) {
    const rows = shelf.get(after.partition) ?? [];
    rows[indexIn(rows, after)] = after;
    return;
  }
  if (before) drop(shelf, before);
  if (after) insert(shelf, after);
}

function insert<R extends Row>(shelf: Shelf<R>, row: R): void {
  const rows = shelf.get(row.partition);
  if (!rows) {
    shelf.set(row.partition, [row]);
    return;
  }
  const last = rows.at(-1);
  // Most of what grows long grows in the order of time.
  if (last && comparePlaces(last, row) < 0) rows.push(row);
  else rows.splice(indexIn(rows, row), 0, row);
}

function drop<R extends Row>(shelf: Shelf<R>, row: R): void {
  const rows = shelf.get(row.partition) ?? [];
  rows.splice(indexIn(rows, row), 1);
  if (rows.length === 0) shelf.delete(row.partition);
}

function indexIn(rows: readonly Row[], place: Place): number {
  return firstWhere(rows, (row) => comparePlaces(row, place) >= 0);
}
