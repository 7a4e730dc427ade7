import type { Query } from './store.ts';
import { malformed } from './values.ts';

const firstSurrogate = 0xd800;

/** The order of sort keys: by UTF-8 bytes, which is by code point. Negative, zero or positive, as `sort` wants it. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, though their code units are not the highest. */
function rank(unit: number): number {
  if (unit < firstSurrogate) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Throws when a query is not one that the database could answer. */
export function checkQuery(query: Query): void {
  const { partition, begins, from, to, limit } = query;
  if (begins !== undefined && (from !== undefined || to !== undefined)) {
    throw malformed('A query has either a beginning or a range.');
  }
  if ([partition, begins, from, to].includes('')) throw malformed('A query cannot compare with an empty text.');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw malformed('The limit of a query is a whole number from 1.');
  }
}

/** True for a range that ends before it begins: the database refuses it, we know that nothing is in it. */
export function isEmptyRange(query: Query): boolean {
  return query.from !== undefined && query.to !== undefined && compareText(query.from, query.to) > 0;
}
