// Feeds as they are stored.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';

export interface FeedData {
  url: string;
  request_method: 'get' | 'post';
  content_type: 'json' | 'xml';
}

export const feedData = ({ data }: DefinitionItem): FeedData => JSON.parse(data) as FeedData;

export const allFeeds = ({ store }: Pick<Ports, 'store'>, account: AccountId): Promise<DefinitionItem[]> =>
  everything(store, definitionsOf(account, 'web-feed'));
