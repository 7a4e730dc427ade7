// Where those are found who wait for a variant, or had to do with an item. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import { type FeedMark, type RecentMark, at, join, person, shards } from './keys.ts';
import type { DropsItem, RestockItem, ToldItem, Touch, TouchItem } from './stock-items.ts';
import type { Key, Query } from './store.ts';

/** `variant` is its compound id: whoever waits for it also waits for its successor of the same id. */
export const restockKey = (account: AccountId, variant: string): Key<RestockItem> =>
  at(join(account, 'V', 'restock', variant), 'RESTOCK');

/** `item` is its compound id. */
export const dropsKey = (account: AccountId, item: string): Key<DropsItem> =>
  at(join(account, 'V', 'drops', item), 'DROPS');

export const toldKey = (account: AccountId, profile: string, flow: string, variant: string): Key<ToldItem> =>
  at(person(account, profile), join('F', flow, variant));

const waitingShard = (account: AccountId, variant: string, shard: number) =>
  join(account, 'R', 'waiting', variant, String(shard));

/** Further index keys of an enrolment that waits for a variant: in the order of entering. `entered` is `sortable`. */
export const waitingIndex = (account: AccountId, variant: string, profile: string, entered: string, id: string) => ({
  upk: waitingShard(account, variant, shardOf(profile, shards)),
  usk: join(entered, id),
});

/** The enrolments that wait for a variant in one shard, in the order of entering; keys only (`enrolmentAt`). */
export const waitingFor = (account: AccountId, variant: string, shard: number): Query<RecentMark> => ({
  index: 'recent',
  partition: waitingShard(account, variant, shard),
});

export const touchKey = (account: AccountId, profile: string, item: string, how: Touch): Key<TouchItem> =>
  at(person(account, profile), join('J', item, how));

/** What a person had to do with an item. */
export const touchesOf = (account: AccountId, profile: string, item: string): Query<TouchItem> => ({
  partition: person(account, profile),
  begins: `${join('J', item)}#`,
});

const touchedShard = (account: AccountId, item: string, how: Touch, shard: number) =>
  join(account, 'G', 'touched', item, how, String(shard));

/** Index keys of a touch: who did so with the item, in the order of time. `time` is `sortable`. */
export const touchIndex = (account: AccountId, item: string, how: Touch, profile: string, time: string) => ({
  gpk: touchedShard(account, item, how, shardOf(profile, shards)),
  gsk: join(time, profile),
});

/** Who did so with the item since `from` (`sortable`) in one shard, in the order of time; keys only (`profileOf`). */
export const touchedSince = (
  account: AccountId,
  item: string,
  how: Touch,
  shard: number,
  from: string,
): Query<FeedMark> => ({ index: 'feed', partition: touchedShard(account, item, how, shard), from: join(from) });
