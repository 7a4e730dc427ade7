// GET /api/profiles: named profiles by their claims, all others in one of the orders that indexes keep.
import type { AccountId } from '../../kernel/ids.ts';
import type { ParsedQuery, QuerySpec } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import { type Filter, type FilterSpec, isWithin, rangeOf } from '../../jsonapi/query/filter.ts';
import type { ResourcePage } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { profileKey } from '../../storage/patterns.ts';
import { type Names, namedProfiles } from './named.ts';
import { type Listing, type Sort, pageInOrder, placeOf } from './profile-orders.ts';
import { profileDocument } from './resource.ts';
import { suppressionFilters, suppressionSorts, suppressionsAsked, suppressionsMeant } from './suppressed.ts';

const byName = ['id', 'email', 'phone_number', 'external_id'] as const;

/** What may be asked of get_profiles. */
export const profilesQuery = {
  filter: {
    ...(Object.fromEntries(
      byName.map((field) => [field, { operators: ['any', 'equals'], type: 'string' }]),
    ) as FilterSpec),
    _kx: { operators: ['equals'], type: 'string' },
    created: { operators: ['greater-than', 'less-than'], type: 'datetime' },
    updated: { operators: ['greater-than', 'less-than'], type: 'datetime' },
    ...suppressionFilters,
  },
  sort: ['created', 'email', 'id', 'updated', ...suppressionSorts],
  page: { default: 20, max: 100 },
} as const satisfies QuerySpec;

/** One page of profiles. Without a sort: `defaultSort`. */
export async function listProfiles(ports: Ports, account: AccountId, query: ParsedQuery): Promise<ResourcePage> {
  const { filters, additional, page } = query;
  const listing = listingOf(filters, query.sort);
  const names = filters.flatMap(namesIn);
  const { items, next } =
    names.length > 0
      ? await pageOfNamed(ports, account, names, { ...query, listing })
      : await pageInOrder(ports, account, listing, page);
  const resources = items.map((item) => profileDocument(item, { additional }));
  return { resources, ...(next !== undefined && { next }) };
}

function listingOf(filters: readonly Filter[], asked: Sort | undefined): Listing {
  const suppressions = suppressionsAsked(filters, asked?.field);
  const rangeIn = (field: string) => rangeOf(filters.filter((filter) => filter.field === field));
  const [created, updated] = [rangeIn('created'), rangeIn('updated')];
  return {
    sort: asked ?? defaultSort(filters, suppressions !== undefined),
    created,
    updated,
    ...(suppressions && { suppressions }),
    keeps: (item) =>
      isWithin(created, item.created) &&
      isWithin(updated, item.updated) &&
      (suppressions === undefined || suppressionsMeant(item, suppressions).length > 0),
  };
}

/**
 * The order that answers the filters at least cost: the latest suppressions first; changes as they came, so that who
 * changes meanwhile comes again and is not passed over; else the newest profiles first.
 */
function defaultSort(filters: readonly Filter[], suppressed: boolean): Sort {
  if (suppressed) return { field: 'suppression', descending: true };
  if (filters.some(({ field }) => field === 'updated')) return { field: 'updated', descending: false };
  return { field: 'created', descending: true };
}

function namesIn({ field, values }: Filter): Names[] {
  const kind = [...byName, '_kx' as const].find((name) => name === field);
  return kind === undefined ? [] : [{ kind, values }];
}

async function pageOfNamed(
  ports: Ports,
  account: AccountId,
  names: readonly Names[],
  { listing, page, ...query }: ParsedQuery & { listing: Listing },
): Promise<{ items: ProfileItem[]; next?: string }> {
  const ids = await namedProfiles(ports, account, names);
  const found = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  const items = new Map(found.flatMap((item) => (item && listing.keeps(item) ? [[item.id, item]] : [])));
  const places = [...items.values()].map((item) => ({
    type: 'profile',
    id: item.id,
    attributes: { place: placeOf(item, listing) },
  }));
  const sort = { field: 'place', descending: listing.sort.descending };
  const { resources, next } = pageInMemory(places, { ...query, page, filters: [], sort });
  return { items: resources.flatMap(({ id }) => items.get(id) ?? []), ...(next !== undefined && { next }) };
}
