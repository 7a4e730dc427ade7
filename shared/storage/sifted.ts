// Pages of what an index names and a closer look lets through.
import { type MergeOptions, type Placed, mergedPage } from './merge.ts';
import type { Query, Store } from './store.ts';

/** Pages of marks that one page of results may cost: then it is handed out unfilled, with where to go on. */
const mostRounds = 20;

/**
 * A page of what `look` makes of the marks of all `queries` (merged into one order): it answers what it lets through, in
 * their order. Fewer than `size` come at the end, and when so little is let through that more would cost too much.
 */
export async function siftedPage<T extends Placed, R>(
  store: Store,
  queries: readonly Query<T>[],
  { size, position, ...options }: MergeOptions,
  look: (marks: readonly T[]) => Promise<readonly R[]>,
): Promise<{ items: R[]; next?: string }> {
  const items: R[] = [];
  let next = position;
  for (let round = 0; round < mostRounds; round += 1) {
    const page = await mergedPage(store, queries, {
      ...options,
      size: size - items.length,
      ...(next !== undefined && { position: next }),
    });
    items.push(...(await look(page.items)));
    next = page.next;
    if (next === undefined || items.length >= size) break;
  }
  return { items, ...(next !== undefined && { next }) };
}
