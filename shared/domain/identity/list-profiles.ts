// GET /api/profiles: named profiles by their claims, all others in the order of their creation.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { instantOf, sortable } from '../../kernel/time.ts';
import type { ParsedQuery, QuerySpec } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import { type Filter, type FilterSpec, instantOfFilter } from '../../jsonapi/query/filter.ts';
import type { ResourcePage } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { everyShard, profileKey, profileOf, profilesByCreation } from '../../storage/patterns.ts';
import { namedProfiles } from './named.ts';
import { profileDocument } from './resource.ts';

const byName = ['id', 'email', 'phone_number', 'external_id'] as const;

const suppressions = ['subscriptions.email.marketing.list_suppressions', 'subscriptions.email.marketing.suppression'];

/** What may be asked of get_profiles. Filters on suppressions and sorts other than by creation are refused. */
export const profilesQuery = {
  filter: {
    ...(Object.fromEntries(
      byName.map((field) => [field, { operators: ['any', 'equals'], type: 'string' }]),
    ) as FilterSpec),
    created: { operators: ['greater-than', 'less-than'], type: 'datetime' },
    updated: { operators: ['greater-than', 'less-than'], type: 'datetime' },
  },
  sort: ['created', 'email', 'id', 'updated', ...suppressions.map((name) => `${name}.timestamp`)],
  page: { default: 20, max: 100 },
} as const satisfies QuerySpec;

/** One page of profiles, newest first unless `sort=created`. */
export async function listProfiles(ports: Ports, account: AccountId, query: ParsedQuery): Promise<ResourcePage> {
  const { sort = { field: 'created', descending: true }, filters, additional } = query;
  if (sort.field !== 'created') {
    throw refuse('not_allowed', `Profiles are sorted by created or -created; ${sort.field} is not built.`, 'sort');
  }
  const names = filters.flatMap(({ field, values }) => (isName(field) ? { kind: field, values } : []));
  if (names.length === 0) return pageByCreation(ports, account, { ...query, sort });
  const ids = await namedProfiles(ports, account, names);
  const items = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  const rest = filters.filter(({ field }) => !isName(field));
  const resources = items.flatMap((item) => (item ? [profileDocument(item, { additional })] : []));
  return pageInMemory(resources, { ...query, sort, filters: rest });
}

function isName(field: string): field is (typeof byName)[number] {
  return byName.some((name) => name === field);
}

/** Profiles that a filter on `updated` passes over before a page is handed out unfilled. */
const mostRounds = 20;

async function pageByCreation(
  ports: Ports,
  account: AccountId,
  { filters, additional, page, sort }: ParsedQuery,
): Promise<ResourcePage> {
  const range = creationRange(filters.filter(({ field }) => field === 'created'));
  const queries = everyShard.map((shard) => ({ ...profilesByCreation(account, shard), ...range }));
  const wanted = (item: ProfileItem) => filters.every((filter) => filter.field !== 'updated' || passes(filter, item));
  const found: ProfileItem[] = [];
  let position = page.position;
  for (let round = 0; round < mostRounds; round += 1) {
    const marks = await mergedPage(ports.store, queries, {
      size: page.size - found.length,
      newestFirst: sort?.descending ?? false,
      ...(position !== undefined && { position }),
    });
    const items = await ports.store.getMany(marks.items.map((mark) => profileKey(account, profileOf(mark))));
    found.push(...items.filter((item) => item !== undefined).filter(wanted));
    position = marks.next;
    if (position === undefined || found.length >= page.size) break;
  }
  const resources = found.map((item) => profileDocument(item, { additional }));
  return { resources, ...(position !== undefined && { next: position }) };
}

/** Bounds on the index's sort key, which begins with the time of creation to the millisecond. */
function creationRange(filters: readonly Filter[]): { from?: string; to?: string } {
  const after = filters.filter(({ operator }) => operator === 'greater-than').map((one) => instantOfFilter(one) + 1);
  const before = filters.filter(({ operator }) => operator === 'less-than').map((one) => instantOfFilter(one) - 1);
  return {
    ...(after.length > 0 && { from: sortable(Math.max(...after)) }),
    // ~ sorts behind every id, so that profiles created at that very instant are in.
    ...(before.length > 0 && { to: `${sortable(Math.min(...before))}#~` }),
  };
}

function passes(filter: Filter, item: ProfileItem): boolean {
  const updated = instantOf(item.updated);
  return filter.operator === 'greater-than' ? updated > instantOfFilter(filter) : updated < instantOfFilter(filter);
}
