// What is kept of one person has to fit into one item, however many segments ask for it.
import { type Kept, only } from './heads.ts';
import { countOf } from './blocks.ts';
import { textOf } from './totals-text.ts';
import { textOfTrails } from './trails-text.ts';

/** Bytes: three quarters of what an item may have. */
const mostText = 300_000;

/**
 * As much of it as fits: what was kept before stays, so that it is not measured in vain; then what counts the most events.
 * Of the rest the events are read with each look.
 */
export function fitting(kept: Kept, before: Kept, most: number = mostText): Kept {
  const all = [...measuredOf(kept)];
  if (all.reduce((sum, { size }) => sum + size, 0) <= most) return kept;
  const isOld = ({ key }: { key: string }) => Number(before.totals.has(key) || before.trails.has(key));
  all.sort((a, b) => isOld(b) - isOld(a) || b.events - a.events);
  let left = most;
  const keys = new Set(all.flatMap(({ key, size }) => ((left -= size) >= 0 ? key : [])));
  return only(kept, keys);
}

function* measuredOf({ totals, trails }: Kept) {
  for (const [key, one] of totals) {
    const events = countOf(one.blocks) + (one.leaving?.amounts.length ?? 0);
    yield { key, size: textOf(new Map([[key, one]])).length, events };
  }
  for (const [key, one] of trails) {
    yield { key, size: textOfTrails(new Map([[key, one]])).length, events: countOf(one.legs) };
  }
}
