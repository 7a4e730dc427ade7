// Whom a campaign is for: who is in one of the included lists and segments and in none of the excluded (behaviour 6).
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import { everyShard, listMemberKey, membersOfGroup, profileOf, segmentMemberKey } from '../../storage/patterns.ts';
import type { Campaign } from './campaign.ts';

type Audiences = Campaign['audiences'];

/** The ids among these that are lists, and those that are segments. */
async function kindsOf(ports: Pick<Ports, 'store'>, account: AccountId, ids: readonly string[]) {
  const [lists, segments] = await Promise.all([
    definitionsWith(ports.store, account, 'list', ids),
    definitionsWith(ports.store, account, 'segment', ids),
  ]);
  return { lists: new Set(lists.map(({ id }) => id)), segments: new Set(segments.map(({ id }) => id)) };
}

/** Refuses ids that are neither of a list nor of a segment: a 404 that points at the first, or `at` where the body does not name them. */
export async function refuseUnknownAudiences(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  audiences: Audiences,
  at?: string,
): Promise<void> {
  const { lists, segments } = await kindsOf(ports, account, [...audiences.included, ...audiences.excluded]);
  for (const side of ['included', 'excluded'] as const) {
    const place = audiences[side].findIndex((id) => !lists.has(id) && !segments.has(id));
    if (place < 0) continue;
    const detail = `There is no list or segment with id ${audiences[side][place]}.`;
    throw refuse('not_found', detail, at ?? `/data/attributes/audiences/${side}/${place}`);
  }
}

/** The stretches that a walk over the audience begins with: each included group, shard by shard. */
export const partsOfAudience = ({ included }: Audiences): string[] =>
  included.flatMap((_, group) => everyShard.map((shard) => partName(group, shard)));

export const partName = (group: number, shard: number): string => `${group}:${shard}`;

export function placeOfPart(part: string): { group: number; shard: number } {
  const [group = 0, shard = 0] = part.split(':').map(Number);
  return { group, shard };
}

/** What one stretch looks at. */
const stretchLength = 200;

/**
 * The people of one stretch who are in the audience, each only in the first of the included groups that they are in,
 * and where the stretch ended; absent when it was the last. Memberships are read consistently.
 */
export async function audienceStretch(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  { included, excluded }: Audiences,
  { group, shard, after }: { group: number; shard: number; after?: string },
): Promise<{ profiles: string[]; next?: string }> {
  const id = included[group];
  if (id === undefined) return { profiles: [] };
  const page = await ports.store.query({
    ...membersOfGroup(account, id, shard),
    limit: stretchLength,
    ...(after !== undefined && { after }),
  });
  const { lists } = await kindsOf(ports, account, [...included, ...excluded]);
  const keyOf = (profile: string, of: string) =>
    lists.has(of) ? listMemberKey(account, profile, of) : segmentMemberKey(account, profile, of);
  const others = [...included.slice(0, group), ...excluded];
  const people = [...new Set(page.items.map(profileOf))];
  const held = await ports.store.getMany(people.flatMap((profile) => [id, ...others].map((of) => keyOf(profile, of))));
  const width = others.length + 1;
  const profiles = people.filter((_, at) => {
    const [own, ...elsewhere] = held.slice(at * width, (at + 1) * width);
    return own !== undefined && elsewhere.every((one) => one === undefined);
  });
  return { profiles, ...(page.next !== undefined && { next: page.next }) };
}
