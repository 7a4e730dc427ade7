// Batches: the database may leave part of one undone, which is then sent again.

/** What one round of a batch has done, and what it has left. */
export interface Round<Request, Result> {
  done: Result[];
  left: Request[];
}

/**
 * Sends requests in batches of `size`, and again what a batch has left, until nothing is left.
 * Throws when a batch makes no progress at all: the table is out of capacity, and whoever called may come again later.
 */
export async function inBatches<Request, Result>(
  requests: readonly Request[],
  size: number,
  send: (batch: Request[]) => Promise<Round<Request, Result>>,
): Promise<Result[]> {
  const results: Result[] = [];
  let waiting = [...requests];
  while (waiting.length > 0) {
    const batch = waiting.slice(0, size);
    const { done, left } = await send(batch);
    if (left.length >= batch.length) throw new Error('The database took nothing of a batch.');
    results.push(...done);
    waiting = [...left, ...waiting.slice(size)];
  }
  return results;
}
