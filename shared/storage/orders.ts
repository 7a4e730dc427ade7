// The orders in which the people of an account and their devices are read, across profiles. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import type { PushTokenClaimItem, PushTokenItem, SuppressedItem, SuppressionReason } from './items.ts';
import { type AddressMark, type FeedMark, type RecentMark, at, join, partsOf, person, shards } from './keys.ts';
import type { Key, Query } from './store.ts';

const peopleShard = (account: AccountId, shard: number) => join(account, 'G', 'profiles', String(shard));
const recentShard = (account: AccountId, shard: number) => join(account, 'R', 'profiles', String(shard));
const addressShard = (account: AccountId, shard: number) => join(account, 'E', 'profiles', String(shard));

/**
 * Index keys of a profile: all profiles of an account in the order of creation, of their last change, and of their email
 * addresses, those without one before the others. An address stands there as it is: escaped it would sort otherwise, and
 * none goes on with a `#` where another one ends. Times are `sortable`.
 */
export function profileIndex(
  account: AccountId,
  profile: string,
  created: string,
  { updated = created, email = ' ' }: { updated?: string; email?: string | undefined } = {},
) {
  const shard = shardOf(profile, shards);
  return {
    gpk: peopleShard(account, shard),
    gsk: join(created, profile),
    upk: recentShard(account, shard),
    usk: join(updated, profile),
    epk: addressShard(account, shard),
    esk: `${email}#${profile}`,
  };
}

/** The profiles of one shard, in the order of creation; keys only (`joinedOf`, `profileOf`). */
export const profilesByCreation = (account: AccountId, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: peopleShard(account, shard),
});

/** The profiles of one shard, in the order of their last change; keys only (`profileOf`). */
export const profilesByUpdate = (account: AccountId, shard: number): Query<RecentMark> => ({
  index: 'recent',
  partition: recentShard(account, shard),
});

/** The profiles of one shard, in the order of their email addresses; keys only (`profileOf`). */
export const profilesByAddress = (account: AccountId, shard: number): Query<AddressMark> => ({
  index: 'addresses',
  partition: addressShard(account, shard),
});

/** A suppression of a profile's address, of all email or (`list`) of one list. */
export interface SuppressionName {
  list?: string;
  reason: SuppressionReason;
}

/** `~` is the id of no list. */
const suppressedShard = (account: AccountId, { list = '~', reason }: SuppressionName, shard: number) =>
  join(account, 'U', list, reason, String(shard));

/** With its index keys: suppressions of a kind in the order of suppressing. `since` is `sortable`. */
export const suppressedItem = (
  account: AccountId,
  profile: string,
  name: SuppressionName,
  since: string,
): SuppressedItem => ({
  ...at<SuppressedItem>(person(account, profile), join('U', name.list ?? '~', name.reason)),
  kind: 'suppressed',
  gpk: suppressedShard(account, name, shardOf(profile, shards)),
  gsk: join(since, profile),
});

export const suppressionsOfProfile = (account: AccountId, profile: string): Query<SuppressedItem> => ({
  partition: person(account, profile),
  begins: 'U#',
});

/** The reason of a suppression, read off the key of its item. */
export const reasonOf = ({ sk }: Key): string => partsOf(sk)[2] ?? '';

/** Profiles with a suppression of this kind in one shard, in the order of suppressing; keys only (`joinedOf`, `reasonOf`). */
export const suppressedInOrder = (account: AccountId, name: SuppressionName, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: suppressedShard(account, name, shard),
});

/** `token` stands for the device. */
export const pushTokenKey = (account: AccountId, profile: string, token: string): Key<PushTokenItem> =>
  at(person(account, profile), join('K', token));

/** The claim on a push token. */
export const pushTokenClaimKey = (account: AccountId, token: string): Key<PushTokenClaimItem> =>
  at(join(account, 'K', token), 'CLAIM');

const tokenShard = (account: AccountId, shard: number) => join(account, 'G', 'push-tokens', String(shard));

/** Index keys of a push token: all tokens of an account in the order of creation. */
export const pushTokenIndex = (account: AccountId, profile: string, token: string, created: string) => ({
  gpk: tokenShard(account, shardOf(profile, shards)),
  gsk: join(created, token),
});

/** The push tokens of one shard, in the order of creation; keys only, those of the items. */
export const pushTokensByCreation = (account: AccountId, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: tokenShard(account, shard),
});

export const pushTokensOfProfile = (account: AccountId, profile: string): Query<PushTokenItem> => ({
  partition: person(account, profile),
  begins: 'K#',
});
