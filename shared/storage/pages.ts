import type { Page, Query, Store } from './store.ts';

/** Walks a query to its end, page by page. */
export async function* pagesOf<T>(store: Store, query: Query<T>): AsyncGenerator<Page<T>> {
  let after = query.after;
  do {
    const page: Page<T> = await store.query<T>({ ...query, ...(after !== undefined && { after }) });
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** All items of a query; only for what is known to be small, most of which is one page. */
export async function everything<T>(store: Store, query: Query<T>): Promise<T[]> {
  const { items, next } = await store.query<T>(query);
  if (next === undefined) return items;
  for await (const page of pagesOf<T>(store, { ...query, after: next })) items.push(...page.items);
  return items;
}
