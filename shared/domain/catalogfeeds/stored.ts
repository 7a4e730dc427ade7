// Feeds of the catalog as they are stored.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Mapping } from './row.ts';

/** What becomes of an item that the feed does not name any more. */
export const vanishings = ['delete', 'keep', 'unpublish'] as const;

export interface CatalogFeedData {
  url: string;
  format: 'json' | 'xml';
  /** The way to the items: names separated by dots; null: the list that the JSON is, the children of the root of the XML. */
  items_path: string | null;
  mapping: Mapping;
  vanished: (typeof vanishings)[number];
  /** Hours from one pull to the next. */
  interval_hours: number;
  /** Whether it is pulled by itself. */
  active: boolean;
}

export const catalogFeedData = ({ data }: DefinitionItem): CatalogFeedData => JSON.parse(data) as CatalogFeedData;

export const allCatalogFeeds = ({ store }: Pick<Ports, 'store'>, account: AccountId): Promise<DefinitionItem[]> =>
  everything(store, definitionsOf(account, 'catalog-feed'));
