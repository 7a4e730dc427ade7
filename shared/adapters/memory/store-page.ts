// Reading a partition in order, page by page.
import { compareText } from '../../storage/range.ts';
import type { Query } from '../../storage/store.ts';
import { table } from '../../storage/table.ts';
import { positionOf } from '../../storage/token.ts';
import { malformed } from '../../storage/values.ts';
import { comparePlaces, type Place, type Row } from './store-row.ts';
import type { Readable } from './store-rows.ts';

const largestPage = 1024 * 1024;

/** The rows that a page reads, their bytes, and whether the page ended because it was full. */
export interface Reading {
  rows: Row[];
  bytes: number;
  full: boolean;
}

/** Reads up to `most` rows of the query's partition, but no more than 1 MB. */
export function read(shelf: Readable, query: Query, most: number): Reading {
  const reading: Reading = { rows: [], bytes: 0, full: false };
  const isOver = query.newestFirst ? isBefore : isBehind;
  for (const rows of rowsFrom(shelf, query)) {
    for (const row of rows) {
      if (reading.rows.length === most || isOver(row, query)) return reading;
      if (reading.rows.length > 0 && reading.bytes + row.size > largestPage) return { ...reading, full: true };
      reading.rows.push(row);
      reading.bytes += row.size;
    }
  }
  return reading;
}

/** The rows from the beginning of the query's range, or behind the page before, in the query's order and beyond its end. */
function rowsFrom(shelf: Readable, query: Query): Iterable<readonly Row[]> {
  const last = query.after === undefined ? undefined : placeOf(query.after, query);
  const { partition } = query;
  return query.newestFirst
    ? shelf.backward(partition, (row) => isBehind(row, query) || (last !== undefined && comparePlaces(row, last) >= 0))
    : shelf.forward(partition, (row) => !isBefore(row, query) && (last === undefined || comparePlaces(row, last) > 0));
}

function isBefore(row: Place, query: Query): boolean {
  const first = query.begins ?? query.from;
  return first !== undefined && compareText(row.sort, first) < 0;
}

function isBehind(row: Place, query: Query): boolean {
  if (query.begins !== undefined) return compareText(row.sort.slice(0, query.begins.length), query.begins) > 0;
  return query.to !== undefined && compareText(row.sort, query.to) > 0;
}

function placeOf(token: string, query: Query): Place {
  const names = query.index === undefined ? table : table.indexes[query.index];
  const position = positionOf(token, query.index);
  const place = {
    sort: position[names.sort] ?? '',
    pk: position[table.partition] ?? '',
    sk: position[table.sort] ?? '',
  };
  const inside = position[names.partition] === query.partition && !isBefore(place, query) && !isBehind(place, query);
  if (!inside) throw malformed('The page token is not one of this query.');
  return place;
}
