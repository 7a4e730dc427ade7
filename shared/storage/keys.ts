// What keys are made of; which keys there are stands in patterns.ts and orders.ts.
import { type AccountId, derivedId } from '../kernel/ids.ts';
import type { Key } from './store.ts';

/** Index partitions are split this many ways, so that no big account makes one of them hot. */
export const shards = 8;

/** Numbers 0 to `shards` - 1. */
export const everyShard: readonly number[] = shardsUpTo(shards);

/** Numbers 0 to `count` - 1. Of a power of two more shards hold what half of them held, under the same names. */
export function shardsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, shard) => shard);
}

/** Bytes of one part: more than any identifier has, and few enough that no key is too long for the database. */
const longestPart = 900;

/** Joins key parts so that different parts never make the same key: `%` and `#` inside a part are escaped. */
export function join(...parts: readonly string[]): string {
  return parts.map(escaped).join('#');
}

/** Callers may ask for ids of any length: what is too long for a key stands there by its digest, and finds nothing. */
function escaped(part: string): string {
  const text = part.includes('#') || part.includes('%') ? part.replaceAll('%', '%25').replaceAll('#', '%23') : part;
  return text.length * 3 > longestPart && Buffer.byteLength(text) > longestPart ? `%~${derivedId(22, part)}` : text;
}

/** The parts that `join` joined. */
export function partsOf(key: string): string[] {
  const parts = key.split('#');
  return key.includes('%') ? parts.map(unescaped) : parts;
}

const unescaped = (part: string) => part.replaceAll('%23', '#').replaceAll('%25', '%');

/** An empty sort key is none to the database; `%` alone is made by no part. */
export const at = <T>(pk: string, sk: string): Key<T> => ({ pk, sk: sk === '' ? '%' : sk });

/** The partition of a person. */
export const person = (account: AccountId, profile: string) => join(account, 'P', profile);

/** What the feed index holds of an item. */
export interface FeedMark extends Key {
  gpk: string;
  gsk: string;
}

/** What the index `recent` holds of a profile. */
export interface RecentMark extends Key {
  upk: string;
  usk: string;
}

/** What the index `addresses` holds of a profile. */
export interface AddressMark extends Key {
  epk: string;
  esk: string;
}
