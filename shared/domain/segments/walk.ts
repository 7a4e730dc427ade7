// What a driver walks, shard by shard.
import type { AccountId } from '../../kernel/ids.ts';
import { type FeedMark, eventsOfMetric, membersOfGroup, profilesByCreation } from '../../storage/patterns.ts';
import type { Query } from '../../storage/store.ts';
import type { Driver } from './driver.ts';

/** One shard of the index that names the people a driver is about; somebody may come more than once. */
export function shardOf(account: AccountId, driver: Driver, shard: number): Query<FeedMark> {
  if (driver.kind === 'list') return membersOfGroup(account, driver.list, shard);
  if (driver.kind === 'metric') return eventsOfMetric(account, driver.metric, shard, driver.range);
  return profilesByCreation(account, shard);
}
