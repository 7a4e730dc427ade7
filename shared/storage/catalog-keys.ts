// Where a catalog lies: a partition for each entry, and indexes for the orders in which they are read. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import type { AnyEntry, CatalogKind, CategoryLinkItem, EntryOf } from './catalog-items.ts';
import { type AddressMark, type FeedMark, type RecentMark, at, join, partsOf, shards } from './keys.ts';
import type { Key, Query } from './store.ts';

/** What tells an entry from others: its id, and when it was made under which uid. */
export type EntryPlace = Pick<AnyEntry, 'id' | 'uid' | 'created'>;

const entryPart = (account: AccountId, kind: CatalogKind, id: string) => join(account, 'V', kind, id);
const placeText = ({ created, id, uid }: EntryPlace) => join(created, id, uid);

export const catalogKey = <K extends CatalogKind>(account: AccountId, kind: K, id: string): Key<EntryOf<K>> =>
  at(entryPart(account, kind, id), 'A#ENTRY');

const kindShard = (account: AccountId, kind: CatalogKind, shard: number) => join(account, 'G', kind, String(shard));

/** Index keys of an entry: all of its kind in the order of creation. */
export const catalogIndex = (account: AccountId, kind: CatalogKind, place: EntryPlace) => ({
  gpk: kindShard(account, kind, shardOf(place.id, shards)),
  gsk: placeText(place),
});

/** Further index keys of a variant: by its SKU, and among the variants of its item, in the order of creation. */
export const variantIndex = (
  account: AccountId,
  { sku, item_uid, ...place }: EntryPlace & { sku: string; item_uid: string },
) => ({
  upk: join(account, 'R', 'sku', sku),
  usk: placeText(place),
  epk: join(account, 'E', 'variants', item_uid),
  esk: placeText(place),
});

/** The entries of a kind in one shard, in the order of creation; keys only. */
export const entriesByCreation = (account: AccountId, kind: CatalogKind, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: kindShard(account, kind, shard),
});

/** The variants with an SKU, in the order of creation; keys only. */
export const variantsWithSku = (account: AccountId, sku: string): Query<RecentMark> => ({
  index: 'recent',
  partition: join(account, 'R', 'sku', sku),
});

/** The variants of an item that has this uid, in the order of creation; keys only. */
export const variantsOfItem = (account: AccountId, uid: string): Query<AddressMark> => ({
  index: 'addresses',
  partition: join(account, 'E', 'variants', uid),
});

const categoryShard = (account: AccountId, uid: string, shard: number) =>
  join(account, 'G', 'category', uid, String(shard));

/** With its index keys: items of a category in the order of the items' creation. */
export const categoryLink = (
  account: AccountId,
  item: EntryPlace,
  category: Pick<EntryPlace, 'id' | 'uid'>,
): CategoryLinkItem => ({
  ...categoryLinkKey(account, item.id, category.id),
  kind: 'category-link',
  item: item.id,
  item_uid: item.uid,
  category: category.id,
  category_uid: category.uid,
  gpk: categoryShard(account, category.uid, shardOf(item.id, shards)),
  gsk: placeText(item),
});

export const categoryLinkKey = (account: AccountId, item: string, category: string): Key<CategoryLinkItem> =>
  at(entryPart(account, 'catalog-item', item), join('C', category));

export const categoryLinksOf = (account: AccountId, item: string): Query<CategoryLinkItem> => ({
  partition: entryPart(account, 'catalog-item', item),
  begins: 'C#',
});

/** The items of a category that has this uid in one shard, in the order of the items' creation; keys of the links only. */
export const itemsOfCategory = (account: AccountId, uid: string, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: categoryShard(account, uid, shard),
});

/** Read off a key of an entry, or of what lies beside it. */
export const entryIdOf = ({ pk }: Pick<Key, 'pk'>): string => partsOf(pk)[3] ?? '';

/** The uid of an entry, read off the sort key of any of its orders. */
export const entryUidOf = (sort: string): string => partsOf(sort)[2] ?? '';
