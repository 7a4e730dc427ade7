// How many rows of a sending have which status: counted in the transactions that change rows, so that the counts are exact
// whatever happens, and reading them takes as long for a million rows as for ten.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { RecipientItem } from '../../storage/items.ts';
import { everything, pagesOf } from '../../storage/pages.ts';
import { campaignCounts, campaignCountsKey, everyShard, recipientKey, recipientsOf } from '../../storage/patterns.ts';
import type { Update } from '../../storage/store.ts';
import { inParallel } from '../../kernel/parallel.ts';

type Status = RecipientItem['status'];

/** How many rows have which status. */
export type Tally = Record<Status, number>;

/** A sending. */
export interface Of {
  campaign: string;
  run: string;
}

/** The count of no rows. */
export const noRows = (): Tally => ({
  waiting: 0,
  queued: 0,
  sent: 0,
  skipped: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
});

/** Workers that count at the same time seldom meet in one of so many places. */
const places = 16;

/** A row that gets another status. */
export interface Move {
  id: string;
  from: Status;
  to: Status;
}

/** The writes that count rows elsewhere than before; to be made in the transaction that moves them. */
export function countMoves(account: AccountId, of: Of, moves: readonly Move[]): Update[] {
  const add: Partial<Tally> = {};
  for (const { from, to } of moves) {
    add[from] = (add[from] ?? 0) - 1;
    add[to] = (add[to] ?? 0) + 1;
  }
  // All others wait.
  delete add.waiting;
  const changed = Object.fromEntries(Object.entries(add).filter(([, n]) => n !== 0));
  const [first] = moves;
  if (!first || Object.keys(changed).length === 0) return [];
  const place = shardOf(first.id, places);
  return [{ update: campaignCountsKey(account, of, place), set: { kind: 'campaign-counts' }, add: changed }];
}

/** An outcome of a row. */
export type Outcome = Pick<RecipientItem, 'status' | 'reason'>;

/**
 * The writes of rows that have an outcome; after it nothing names the person. A row that is not as it was seen makes the
 * transaction fail.
 */
export function settle(
  account: AccountId,
  of: Of,
  rows: readonly { row: Pick<RecipientItem, 'id' | 'status'>; outcome: Outcome }[],
): Update[] {
  const moves = rows.map(({ row, outcome }): Move => ({ id: row.id, from: row.status, to: outcome.status }));
  return [
    ...rows.map(({ row, outcome: { status, reason } }): Update => ({
      update: recipientKey(account, of, row.id),
      set: { status, ...(reason !== undefined && { reason }) },
      remove: ['profile', ...(reason === undefined ? ['reason'] : [])],
      if: { equals: { status: row.status } },
    })),
    ...countMoves(account, of, moves),
  ];
}

/** The rows of a sending by status, `all` of them, as they are counted: a page of at most 16 items. */
export async function countsOf(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  of: Of,
  all: number,
): Promise<Tally> {
  const counts = noRows();
  const statuses = Object.keys(counts) as Status[];
  for (const item of await everything(store, campaignCounts(account, of)))
    for (const status of statuses) counts[status] += item[status] ?? 0;
  return { ...counts, waiting: all - statuses.reduce((sum, status) => sum + counts[status], 0) };
}

/** The same, read off every row. */
export async function recount({ store }: Pick<Ports, 'store'>, account: AccountId, of: Of): Promise<Tally> {
  const counts = noRows();
  await inParallel(everyShard, everyShard.length, async (shard) => {
    for await (const { items } of pagesOf(store, recipientsOf(account, of, shard)))
      for (const { status } of items) counts[status] += 1;
  });
  return counts;
}

/** Removes the counts of a sending whose rows are cleared away. */
export async function clearCounts({ store }: Pick<Ports, 'store'>, account: AccountId, of: Of): Promise<void> {
  const keys = Array.from({ length: places }, (_, place) => campaignCountsKey(account, of, place));
  await store.writeMany(keys.map((remove) => ({ remove })));
}
