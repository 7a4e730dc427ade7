// What calls cost, by the database's rules.
import { sameValue } from '../../storage/values.ts';
import type { Attempt } from './store-attempt.ts';
import type { Row } from './store-row.ts';
import { indexes } from './store-entry.ts';
import type { Image } from './store-image.ts';

/** Read units of so many bytes: one per 4 KB begun, at least one; half of it when the read may be stale. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Write units of actions, also of those whose condition failed. A transaction costs twice as much in the table, not in
 * the indexes. A check costs what a write of the item that it looks at would.
 */
export function writeCost(attempts: readonly Attempt[], options: { transaction?: boolean } = {}): number {
  let sum = 0;
  eachWrite(attempts, options, (_, units) => (sum += units));
  return sum;
}

/** The same by the key that units go to: a partition of the table (local indexes lie in it) or of a global index. */
export function eachWrite(
  attempts: readonly Attempt[],
  { transaction = false }: { transaction?: boolean },
  see: (key: string, units: number) => void,
): void {
  for (const { holds, before, after } of attempts) {
    const partition = (before ?? after)?.partition ?? '';
    see(partition, (transaction ? 2 : 1) * writeUnits(before, after));
    if (holds) eachEntry(before, after, partition, see);
  }
}

/** Write units in the table: one per KB begun of the larger of the images, at least one. */
function writeUnits(before: Row | undefined, after: Row | undefined): number {
  return Math.max(1, Math.ceil(Math.max(before?.size ?? 0, after?.size ?? 0) / 1024));
}

/** Write units in the indexes: an entry that comes, goes or changes is a write, one that moves is two. */
function eachEntry(
  before: Image | undefined,
  after: Image | undefined,
  partition: string,
  see: (key: string, units: number) => void,
): void {
  const [was, is] = [before?.entries, after?.entries];
  for (let at = 0; at < indexes.length; at += 1) eachOf(at, was?.[at], is?.[at], partition, see);
}

/** The same in one index. */
function eachOf(
  at: number,
  was: Row | undefined,
  is: Row | undefined,
  partition: string,
  see: (key: string, units: number) => void,
): void {
  const index = indexes[at];
  if (!index || (!was && !is)) return;
  const keyOf = (row: Row) => (index.spec.kind === 'local' ? partition : `${index.name} ${row.partition}`);
  const stays = was && is && was.partition === is.partition && was.sort === is.sort;
  if (stays && sameValue(was.item, is.item)) return;
  if (stays) return see(keyOf(is), writeUnits(was, is));
  if (was) see(keyOf(was), writeUnits(was, undefined));
  if (is) see(keyOf(is), writeUnits(is, undefined));
}
