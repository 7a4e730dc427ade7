// The people of a list or segment, in the order in which they joined.
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { ParsedQuery, QuerySpec } from '../../jsonapi/operation.ts';
import { type Filter, isWithin, rangeOf } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Linkage, Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import type { MemberItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { everyShard, joinedOf, joinedUntil, membersOfGroup, profileKey, profileOf } from '../../storage/patterns.ts';
import type { Key } from '../../storage/store.ts';
import { type Names, namedProfiles, profileDocument } from '../identity/index.ts';

/** One person of a group and when they joined, `sortable`. */
export interface GroupMember {
  profile: string;
  joined: string;
}

/** What may be asked of the members of a group. */
export const memberQuery = {
  filter: {
    email: { operators: ['any', 'equals'], type: 'string' },
    phone_number: { operators: ['any', 'equals'], type: 'string' },
    push_token: { operators: ['any', 'equals'], type: 'string' },
    _kx: { operators: ['equals'], type: 'string' },
    joined_group_at: {
      operators: ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'],
      type: 'datetime',
    },
  },
  sort: ['joined_group_at'],
  page: { default: 20, max: 100 },
} as const satisfies QuerySpec;

/** How a group's memberships are filed. */
export type MembershipKey = (profile: string) => Key<MemberItem>;

/** One page of the members of a group, oldest first unless the query's sort says otherwise. */
export async function membersOf(
  ports: Ports,
  account: AccountId,
  group: { id: string; key: MembershipKey },
  query: ParsedQuery,
): Promise<{ members: GroupMember[]; next?: string }> {
  const range = rangeOf(query.filters.filter(({ field }) => field === 'joined_group_at'));
  const named = query.filters.filter(({ field }) => field !== 'joined_group_at');
  if (named.length > 0) {
    const members = await namedMembers(ports, account, group.key, named);
    return pageOfNamed(
      members.filter(({ joined }) => isWithin(range, joined)),
      query,
    );
  }
  const queries = everyShard.map((shard) => ({
    ...membersOfGroup(account, group.id, shard),
    ...(range.from !== undefined && { from: range.from }),
    ...(range.to !== undefined && { to: joinedUntil(range.to) }),
  }));
  const page = await mergedPage(ports.store, queries, {
    size: query.page.size,
    newestFirst: query.sort?.descending ?? false,
    ...(query.page.position !== undefined && { position: query.page.position }),
  });
  const members = page.items.map((mark) => ({ profile: profileOf(mark), joined: joinedOf(mark) }));
  return { members, ...(page.next !== undefined && { next: page.next }) };
}

/** The members as profiles with `joined_group_at`; people deleted meanwhile are left out. */
export async function memberDocuments(
  ports: Ports,
  account: AccountId,
  members: readonly GroupMember[],
  additional: ReadonlySet<string>,
): Promise<Resource[]> {
  const items = await ports.store.getMany(members.map(({ profile }) => profileKey(account, profile)));
  return members.flatMap(({ joined }, i) => {
    const item = items[i];
    if (!item) return [];
    const document = profileDocument(item, { additional });
    return [{ ...document, attributes: { ...document.attributes, joined_group_at: isoOf(joined) } }];
  });
}

export const memberLinkage = (members: readonly GroupMember[]): Linkage[] =>
  members.map(({ profile }) => ({ type: 'profile', id: profile }));

/** The members that filters on ids and identifiers name; they are found by their claims, not by walking the group. */
async function namedMembers(
  ports: Ports,
  account: AccountId,
  key: MembershipKey,
  filters: readonly Filter[],
): Promise<GroupMember[]> {
  const ids = await namedProfiles(ports, account, filters.map(namesOf));
  const items = await ports.store.getMany(ids.map(key));
  return items.flatMap((item) => (item ? [{ profile: item.profile, joined: item.joined }] : []));
}

/** One page of few members, in the order and from the place that the query says. */
function pageOfNamed(members: readonly GroupMember[], { page, sort }: ParsedQuery) {
  const found = new Map(members.map((one) => [one.profile, one]));
  const resources = members.map(({ profile, joined }) => ({
    type: 'profile',
    id: profile,
    attributes: { joined_group_at: joined },
  }));
  const order = sort ?? { field: 'joined_group_at', descending: false };
  const { resources: shown, next } = pageInMemory(resources, { filters: [], sort: order, page });
  return { members: shown.flatMap(({ id }) => found.get(id) ?? []), ...(next !== undefined && { next }) };
}

const named = ['email', 'phone_number', 'push_token', '_kx'] as const;

/** `profile_id` and the filters of `named`: all that there are beside the time of joining. */
function namesOf({ field, values }: Filter): Names {
  return { kind: named.find((name) => name === field) ?? 'id', values };
}
