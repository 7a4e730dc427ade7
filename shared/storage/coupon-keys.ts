// Where the codes of coupons lie. Part of patterns.ts.
import { type AccountId, derivedId, shardOf } from '../kernel/ids.ts';
import type { CouponCodeItem, CouponGrantItem, CouponPoolItem, CouponStockItem } from './coupon-items.ts';
import { type FeedMark, type RecentMark, at, join, partsOf, person, shards } from './keys.ts';
import type { Key, Query } from './store.ts';

export const couponCodeKey = (account: AccountId, id: string): Key<CouponCodeItem> =>
  at(join(account, 'V', 'coupon-code', id), 'CODE');

const couponShard = (account: AccountId, uid: string, shard: number) => join(account, 'G', 'codes', uid, String(shard));

/** Index keys of a code: the codes of a coupon that has this uid, in the order of creation. */
export const couponCodeIndex = (account: AccountId, uid: string, id: string, created: string) => ({
  gpk: couponShard(account, uid, shardOf(id, shards)),
  gsk: join(created, id),
});

/** Index keys of a code that was given to a profile. */
export const holderIndex = (account: AccountId, profile: string, id: string, created: string) => ({
  upk: join(account, 'R', 'codes', profile),
  usk: join(created, id),
});

/** The codes of a coupon in one shard, in the order of creation; keys only (`codeIdOf`). */
export const codesOfCoupon = (account: AccountId, uid: string, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: couponShard(account, uid, shard),
});

/** The codes that a profile was given, in the order of creation; keys only (`codeIdOf`). */
export const codesOfProfile = (account: AccountId, profile: string): Query<RecentMark> => ({
  index: 'recent',
  partition: join(account, 'R', 'codes', profile),
});

/** Read off the key of a code. */
export const codeIdOf = ({ pk }: Pick<Key, 'pk'>): string => partsOf(pk)[3] ?? '';

const poolShard = (account: AccountId, uid: string, shard: number) => join(account, 'V', 'pool', uid, String(shard));

/** In an order that has nothing to do with the codes, so that who looks from a place of their own finds one of their own. */
export const couponPoolKey = (account: AccountId, uid: string, id: string): Key<CouponPoolItem> =>
  at(poolShard(account, uid, shardOf(id, shards)), join(derivedId(8, id), id));

/** The codes of a coupon in one shard that can be given, from a place in their order. */
export const couponPool = (
  account: AccountId,
  uid: string,
  shard: number,
  range: { from?: string; to?: string } = {},
): Query<CouponPoolItem> => ({ partition: poolShard(account, uid, shard), ...range });

/** `message` names what the code goes out with. */
export const couponGrantKey = (
  account: AccountId,
  profile: string,
  uid: string,
  message: string,
): Key<CouponGrantItem> => at(person(account, profile), join('V', uid, message));

export const couponStockKey = (account: AccountId, uid: string): Key<CouponStockItem> =>
  at(join(account, 'V', 'stock', uid), 'STOCK');
