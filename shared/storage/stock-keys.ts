// Where those are found who wait for a variant. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import { type RecentMark, at, join, person, shards } from './keys.ts';
import type { RestockItem, ToldItem } from './stock-items.ts';
import type { Key, Query } from './store.ts';

/** `variant` is its compound id: whoever waits for it also waits for its successor of the same id. */
export const restockKey = (account: AccountId, variant: string): Key<RestockItem> =>
  at(join(account, 'V', 'restock', variant), 'RESTOCK');

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
