// What is kept of the feeds that fill a catalog; see items.ts.
import type { Item } from './store.ts';

/** Which run of a feed is under way, and when the next one begins by itself. */
export interface CatalogFeedStateItem extends Item {
  kind: 'catalog-feed-state';
  /** The id of the newest run, and the version of the feed that it reads by; absent before the first. */
  run?: string;
  run_version?: number;
  /** The version of the feed that the next time was set by. */
  version: number;
  /** `sortable`; absent: it is not pulled by itself. */
  next?: string;
}

export type FeedChange = 'created' | 'updated' | 'unpublished' | 'deleted';

/** What a feed made of one item: what the next document is compared with. */
export interface CatalogFeedEntryItem extends Item {
  kind: 'catalog-feed-entry';
  /** The feed's own id of the item. */
  id: string;
  /** Of what the feed said; empty while that is being done, and once the item is gone from the feed. */
  hash: string;
  /** The run that changed it last, and how. */
  run: string;
  change: FeedChange;
}
