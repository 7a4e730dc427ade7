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
type Counted = Exclude<Status, 'waiting'>;

const countedStatuses: readonly Counted[] = ['queued', 'sent', 'skipped', 'failed', 'unknown', 'cancelled'];

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

/** How many rows were counted. */
export const rowsIn = (counts: Tally): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Workers that count at the same time seldom meet in one of so many places. */
const places = 16;

/** A row that gets another status. */
export interface Move {
  row: Pick<RecipientItem, 'id' | 'variation'>;
  from: Status;
  to: Status;
}

/** The writes that count rows elsewhere than before; to be made in the transaction that moves them. */
export function countMoves(account: AccountId, of: Of, moves: readonly Move[]): Update[] {
  const add: Record<string, number> = {};
  const count = (status: Status, variation: string | undefined, n: number) => {
    // All others wait.
    if (status === 'waiting') return;
    for (const name of [status, ...(variation === undefined ? [] : [`${variation} ${status}`])])
      add[name] = (add[name] ?? 0) + n;
  };
  for (const { row, from, to } of moves) {
    count(from, row.variation, -1);
    count(to, row.variation, 1);
  }
  const changed = Object.fromEntries(Object.entries(add).filter(([, n]) => n !== 0));
  const [first] = moves;
  if (!first || Object.keys(changed).length === 0) return [];
  const place = shardOf(first.row.id, places);
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
  rows: readonly { row: Pick<RecipientItem, 'id' | 'status' | 'variation'>; outcome: Outcome }[],
): Update[] {
  const moves = rows.map(({ row, outcome }): Move => ({ row, from: row.status, to: outcome.status }));
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

/** The rows of a sending by status, and those of each variation. */
export interface Counts {
  all: Tally;
  variations: Record<string, Tally>;
}

/** How many rows there are, in all and of each variation. */
export interface Sizes {
  all: number;
  variations: Readonly<Record<string, number>>;
}

/** The rows of a sending as they are counted: a page of at most 16 items. */
export async function countsOf(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  of: Of,
  sizes: Sizes,
): Promise<Counts> {
  const items = await everything(store, campaignCounts(account, of));
  const summed = (rows: number, nameOf: (status: Counted) => Counted | `${string} ${Counted}`): Tally => {
    const counts = noRows();
    for (const status of countedStatuses)
      counts[status] = items.reduce((sum, item) => sum + (item[nameOf(status)] ?? 0), 0);
    return { ...counts, waiting: rows - countedStatuses.reduce((sum, status) => sum + counts[status], 0) };
  };
  const each = Object.entries(sizes.variations).map(
    ([id, rows]) => [id, summed(rows, (status) => `${id} ${status}`)] as const,
  );
  return { all: summed(sizes.all, (status) => status), variations: Object.fromEntries(each) };
}

/** The same, read off every row. */
export async function recount({ store }: Pick<Ports, 'store'>, account: AccountId, of: Of): Promise<Counts> {
  const all = noRows();
  const variations: Record<string, Tally> = {};
  await inParallel(everyShard, everyShard.length, async (shard) => {
    for await (const { items } of pagesOf(store, recipientsOf(account, of, shard)))
      for (const { status, variation } of items) {
        all[status] += 1;
        if (variation !== undefined) (variations[variation] ??= noRows())[status] += 1;
      }
  });
  return { all, variations };
}

/** True when there are rows, all of which were skipped for this reason. */
export async function allSkippedFor(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  of: Of,
  reason: string,
): Promise<boolean> {
  for (const shard of everyShard)
    for await (const { items } of pagesOf(store, recipientsOf(account, of, shard)))
      if (items.some((row) => row.status !== 'skipped' || row.reason !== reason)) return false;
  return true;
}

/** Removes the counts of a sending whose rows are cleared away. */
export async function clearCounts({ store }: Pick<Ports, 'store'>, account: AccountId, of: Of): Promise<void> {
  const keys = Array.from({ length: places }, (_, place) => campaignCountsKey(account, of, place));
  await store.writeMany(keys.map((remove) => ({ remove })));
}
