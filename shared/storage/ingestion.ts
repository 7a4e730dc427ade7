// What was told and not recorded, in the order of time. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import type { DroppedItem, JobItem, RepeatedItem } from './items.ts';
import { type FeedMark, at, join, person, shards } from './keys.ts';
import type { Key, Query } from './store.ts';

/** Times of a range, `sortable`, both inclusive. */
interface Range {
  from?: string;
  to?: string;
}

const within = (partition: string, { from, to }: Range): Query<FeedMark> => ({
  index: 'feed',
  partition,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to: `${to}#~` }),
});

const repeatedShard = (account: AccountId, metric: string, shard: number) =>
  join(account, 'V', 'repeated', metric, String(shard));
const droppedShard = (account: AccountId, shard: number) => join(account, 'V', 'dropped', String(shard));
const rowShard = (account: AccountId, shard: number) => join(account, 'V', 'rows', String(shard));

/** Beside the event of the same metric and hash. */
export const repeatedKey = (account: AccountId, profile: string, metric: string, hash: string): Key<RepeatedItem> =>
  at(person(account, profile), join('V', metric, hash));

/** Index keys of an event that was told again: by metric and the time that it was told with, in the shard of the event. */
export const repeatedIndex = (
  account: AccountId,
  profile: string,
  metric: string,
  hash: string,
  time: string,
  shard = shardOf(profile, shards),
) => ({
  gpk: repeatedShard(account, metric, shard),
  gsk: join(time, profile, hash),
});

/** The events of one metric that were told again, in one shard, in the order of time; keys only. */
export const repeatedOfMetric = (account: AccountId, metric: string, shard: number, range: Range = {}) =>
  within(repeatedShard(account, metric, shard), range);

/** With its index keys: an event that was not recorded. `time` is when it happened, `id` makes it unique. */
export const droppedKey = (
  account: AccountId,
  time: string,
  id: string,
): Key<DroppedItem> & { gpk: string; gsk: string } => {
  const partition = droppedShard(account, shardOf(id, shards));
  const place = join(time, id);
  return { ...at<DroppedItem>(partition, place), gpk: partition, gsk: place };
};

/** The events that were not recorded, in one shard, in the order of time. */
export const droppedInOrder = (account: AccountId, shard: number, range: Range = {}) =>
  within(droppedShard(account, shard), range);

/** Index keys of the error of a row: the refused rows of all jobs by the time at which their job was accepted. */
export const refusedRowIndex = (
  account: AccountId,
  { type, id, created }: Pick<JobItem, 'type' | 'id' | 'created'>,
  row: number,
) => ({
  gpk: rowShard(account, shardOf(`${id} ${row}`, shards)),
  gsk: join(created, type, id, String(row).padStart(6, '0')),
});

/** The refused rows of all jobs, in one shard, in that order; keys only. */
export const refusedRows = (account: AccountId, shard: number, range: Range = {}) =>
  within(rowShard(account, shard), range);
