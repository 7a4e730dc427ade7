// What calls cost, by the database's rules.
import { sameValue } from '../../storage/values.ts';
import type { Attempt } from './store-attempt.ts';
import type { Row } from './store-rows.ts';
import type { Image } from './store-image.ts';

/** Read units of so many bytes: one per 4 KB begun, at least one; half of it when the read may be stale. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Write units of actions, also of those whose condition failed. A transaction costs twice as much in the table, not in
 * the indexes. A check costs what a write of the item that it looks at would.
 */
export function writeCost(attempts: readonly Attempt[], { transaction = false } = {}): number {
  const factor = transaction ? 2 : 1;
  return attempts.reduce((sum, { holds, before, after }) => {
    return sum + factor * writeUnits(before, after) + (holds ? indexUnits(before, after) : 0);
  }, 0);
}

/** Write units in the table: one per KB begun of the larger of the images, at least one. */
function writeUnits(before: Row | undefined, after: Row | undefined): number {
  return Math.max(1, Math.ceil(Math.max(before?.size ?? 0, after?.size ?? 0) / 1024));
}

/** Write units in the indexes: an entry that comes, goes or changes is a write, one that moves is two. */
function indexUnits(before: Image | undefined, after: Image | undefined): number {
  const entries = before?.entries ?? after?.entries ?? [];
  return entries.reduce((sum, _, at) => sum + entryUnits(before?.entries[at], after?.entries[at]), 0);
}

function entryUnits(before: Row | undefined, after: Row | undefined): number {
  if (!before && !after) return 0;
  if (!before || !after) return writeUnits(before, after);
  const moved = before.partition !== after.partition || before.sort !== after.sort;
  if (moved) return writeUnits(before, undefined) + writeUnits(undefined, after);
  return sameValue(before.item, after.item) ? 0 : writeUnits(before, after);
}
