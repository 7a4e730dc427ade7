// What a driver walks, shard by shard.
import type { AccountId } from '../../kernel/ids.ts';
import {
  type FeedMark,
  eventsOfMetric,
  everyShard,
  membersOfGroup,
  profilesByCreation,
} from '../../storage/patterns.ts';
import type { Ports } from '../../ports.ts';
import type { Query } from '../../storage/store.ts';
import { feedShards } from '../events/index.ts';
import type { Driver } from './driver.ts';

/** One shard of the index that names the people a driver is about, which is all that is asked; somebody may come more than once. */
export const shardOf = (account: AccountId, driver: Driver, shard: number): Query<FeedMark> => ({
  ...indexOf(account, driver, shard),
  keysOnly: true,
});

function indexOf(account: AccountId, driver: Driver, shard: number): Query<FeedMark> {
  if (driver.kind === 'list') return membersOfGroup(account, driver.list, shard);
  if (driver.kind === 'metric') return eventsOfMetric(account, driver.metric, shard, driver.range);
  return profilesByCreation(account, shard);
}

/** The shards of the index that a driver walks. */
export async function shardsOf(ports: Ports, account: AccountId, driver: Driver): Promise<readonly number[]> {
  return driver.kind === 'metric' ? feedShards(ports, account, driver.metric) : everyShard;
}
