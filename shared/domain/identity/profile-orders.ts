// The orders of the profiles of an account, and the pages that are read in them.
import type { AccountId } from '../../kernel/ids.ts';
import type { ParsedQuery } from '../../jsonapi/operation.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import type { Placed } from '../../storage/merge.ts';
import {
  type FeedMark,
  everyShard,
  joinedOf,
  profileKey,
  profileOf,
  profilesByAddress,
  profilesByCreation,
  profilesByUpdate,
  reasonOf,
  suppressedInOrder,
} from '../../storage/patterns.ts';
import { siftedPage } from '../../storage/sifted.ts';
import type { Key, Query } from '../../storage/store.ts';
import { type Suppressions, suppressionsMeant } from './suppressed.ts';

/** One of the sorts of get_profiles. */
export type Sort = NonNullable<ParsedQuery['sort']>;

type Range = { from?: string; to?: string };

/** Which profiles are listed, and in which order. */
export interface Listing {
  sort: Sort;
  /** What filters leave of the times of creation and of the last change. */
  created: Range;
  updated: Range;
  suppressions?: Suppressions;
  /** True for profiles that fulfil all conditions. */
  keeps: (item: ProfileItem) => boolean;
}

/** What an index names, and whether a profile belongs to this mark of it: it may have several. */
interface Order<T> {
  queries: readonly Query<T>[];
  isAt?: (mark: T, item: ProfileItem) => boolean;
}

/** One page of the listing: the index is read from the position on, and every profile consistently. */
export async function pageInOrder(
  ports: Ports,
  account: AccountId,
  listing: Listing,
  page: ParsedQuery['page'],
): Promise<{ items: ProfileItem[]; next?: string }> {
  const { sort, created, updated, suppressions } = listing;
  const read = <T extends Key & Placed>(order: Order<T>) => pageOf(ports, account, listing, page, order);
  if (sort.field === 'updated') return read({ queries: inShards(profilesByUpdate, account, updated) });
  if (sort.field === 'email') return read({ queries: inShards(profilesByAddress, account, {}) });
  // Ids rise with the time of creation.
  if (suppressions === undefined || sort.field === 'created' || sort.field === 'id') {
    return read({ queries: inShards(profilesByCreation, account, created) });
  }
  return read(suppressionOrder(account, suppressions, sort));
}

/** The queries of an order whose sort keys begin with a time in the range. */
function inShards<T>(
  of: (account: AccountId, shard: number) => Query<T>,
  account: AccountId,
  { from, to }: Range,
): Query<T>[] {
  return everyShard.map((shard) => ({
    ...of(account, shard),
    ...(from !== undefined && { from }),
    // ~ sorts behind every id, so that the last instant is in.
    ...(to !== undefined && { to: `${to}#~` }),
  }));
}

/** A profile with several of the suppressions stands where it comes first. */
function suppressionOrder(account: AccountId, asked: Suppressions, sort: Sort): Order<FeedMark> {
  const { list, reasons, range } = asked;
  const queries = reasons.flatMap((reason) => {
    const name = { reason, ...(list !== undefined && { list }) };
    return inShards((of, shard) => suppressedInOrder(of, name, shard), account, range);
  });
  const isAt = (mark: FeedMark, item: ProfileItem) => {
    const first = foremost(item, asked, sort);
    return joinedOf(mark) === first?.since && reasonOf(mark) === first.name.reason;
  };
  return { queries, isAt };
}

/** Of the suppressions of a profile that are meant the one that comes first in the order. */
const foremost = (item: ProfileItem, asked: Suppressions, { descending }: Sort) =>
  suppressionsMeant(item, asked).at(descending ? -1 : 0);

async function pageOf<T extends Key & Placed>(
  ports: Ports,
  account: AccountId,
  { sort, keeps }: Listing,
  { size, position }: ParsedQuery['page'],
  { queries, isAt = () => true }: Order<T>,
): Promise<{ items: ProfileItem[]; next?: string }> {
  const seen = new Set<string>();
  const options = { size, newestFirst: sort.descending, ...(position !== undefined && { position }) };
  return siftedPage(ports.store, queries, options, async (marks) => {
    const items = await ports.store.getMany(marks.map((mark) => profileKey(account, profileOf(mark))));
    return marks.flatMap((mark, i) => {
      const item = items[i];
      // One that moves on meanwhile may be named twice.
      if (!item || seen.has(item.id) || !isAt(mark, item) || !keeps(item)) return [];
      seen.add(item.id);
      return [item];
    });
  });
}

/** What a profile is sorted by in the listing. */
export function placeOf(item: ProfileItem, { sort, suppressions }: Listing): string {
  if (sort.field === 'updated' || sort.field === 'created' || sort.field === 'id') return item[sort.field];
  if (sort.field === 'email') return item.email ?? '';
  return suppressions === undefined ? '' : (foremost(item, suppressions, sort)?.since ?? '');
}
