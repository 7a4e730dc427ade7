// Reading a partition in order, page by page.
import { compareText } from '../../storage/range.ts';
import type { Query } from '../../storage/store.ts';
import { table } from '../../storage/table.ts';
import { positionOf } from '../../storage/token.ts';
import { malformed } from '../../storage/values.ts';
import { comparePlaces, firstWhere, type Place, type Row } from './store-rows.ts';

const largestPage = 1024 * 1024;

/** The rows that a page reads, their bytes, and whether the page ended because it was full. */
export interface Reading {
  rows: Row[];
  bytes: number;
  full: boolean;
}

/** Reads up to `most` rows of a partition (all of it given in `rows`), but no more than 1 MB. */
export function read(rows: readonly Row[], query: Query, most: number): Reading {
  const [start, end] = boundsOf(rows, query);
  const step = query.newestFirst ? -1 : 1;
  const reading: Reading = { rows: [], bytes: 0, full: false };
  for (let at = query.newestFirst ? end - 1 : start; at >= start && at < end; at += step) {
    const row = rows[at];
    if (!row || reading.rows.length === most) break;
    if (reading.rows.length > 0 && reading.bytes + row.size > largestPage) return { ...reading, full: true };
    reading.rows.push(row);
    reading.bytes += row.size;
  }
  return reading;
}

/** The half-open stretch of rows that lies in the query's range and behind the page before. */
function boundsOf(rows: readonly Row[], query: Query): [start: number, end: number] {
  const start = firstWhere(rows, (row) => !isBefore(row, query));
  const end = firstWhere(rows, (row) => isBehind(row, query));
  if (query.after === undefined) return [start, end];
  const place = placeOf(query.after, query);
  if (query.newestFirst) {
    return [
      start,
      Math.min(
        end,
        firstWhere(rows, (row) => comparePlaces(row, place) >= 0),
      ),
    ];
  }
  return [
    Math.max(
      start,
      firstWhere(rows, (row) => comparePlaces(row, place) > 0),
    ),
    end,
  ];
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
