// Where the feeds of a catalog keep what they know. Part of patterns.ts.
import { type AccountId, shardOf } from '../kernel/ids.ts';
import type { CatalogFeedEntryItem, CatalogFeedStateItem } from './feed-items.ts';
import { at, join } from './keys.ts';
import type { Key, Query } from './store.ts';

/** A document of 100 MB falls into so many parts, each of which is compared and applied at once. */
export const feedParts = 32;

/** The part of a feed that an item of this id belongs to. */
export const feedPartOf = (id: string): number => shardOf(id, feedParts);

export const feedStateKey = (account: AccountId, feed: string): Key<CatalogFeedStateItem> =>
  at(join(account, 'A', 'catalog-feed-state'), join(feed));

const entriesPart = (account: AccountId, feed: string, part: number) => join(account, 'V', 'feed', feed, String(part));

export const feedEntryKey = (account: AccountId, feed: string, id: string): Key<CatalogFeedEntryItem> =>
  at(entriesPart(account, feed, feedPartOf(id)), join(id));

/** What a feed made of the items of one part. */
export const feedEntries = (account: AccountId, feed: string, part: number): Query<CatalogFeedEntryItem> => ({
  partition: entriesPart(account, feed, part),
});
