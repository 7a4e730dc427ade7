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

/** All items of a query; only for what is known to be small. */
export async function everything<T>(store: Store, query: Query<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf(store, query)) items.push(...page.items);
  return items;
}
