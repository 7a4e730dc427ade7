import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { MemberItem } from '../../storage/items.ts';
import {
  definitionKey,
  everyShard,
  joinedUntil,
  listMemberKey,
  listsOfProfile,
  memberIndex,
  membersOfGroup,
  profileKey,
  profileOf,
} from '../../storage/patterns.ts';
import type { Check, Write } from '../../storage/store.ts';
import { everything, pagesOf } from '../../storage/pages.ts';
import { gathered, livingIds, refusePieces } from '../identity/index.ts';

/** How profiles join a list. */
export interface Joining {
  /** When they joined; default now. */
  at?: Instant;
  /** Starts no flow: consent that was given elsewhere, long ago. */
  quiet?: boolean;
}

/**
 * Puts profiles on a list; those that are on it stay as they are. Grants no consent. Refuses unknown profiles whole; one
 * that was merged away stands for the survivor.
 * Nobody stays on a list that was removed meanwhile: who empties it may have been there already.
 */
export async function addToList(
  ports: Ports,
  account: AccountId,
  list: string,
  profiles: readonly string[],
  joining: Joining = {},
): Promise<void> {
  const living = await livingIds(ports, account, profiles);
  const unknown = living.indexOf(undefined);
  if (unknown >= 0) throw refuse('invalid', `No profile has the id ${profiles[unknown]}.`, `/data/${unknown}/id`);
  const ids = living.filter((id) => id !== undefined);
  await joinList(ports, account, list, ids, joining);
}

/** The same for profiles that the caller has at hand. */
export async function joinList(
  ports: Ports,
  account: AccountId,
  list: string,
  profiles: readonly string[],
  { at = ports.clock.now(), quiet = false }: Joining = {},
): Promise<void> {
  const ids = [...new Set(profiles)];
  const members = await ports.store.getMany(ids.map((id) => listMemberKey(account, id, list)));
  const entering = ids.filter((_, i) => !members[i]);
  await ports.store.writeMany(
    entering.map((id) => ({ put: member(account, list, id, { joined: sortable(at), quiet }) })),
  );
  const there = await ports.store.get(definitionKey(account, 'list', list));
  if (!there) await removeFromList(ports, account, list, ids);
}

function member(
  account: AccountId,
  list: string,
  profile: string,
  { joined, quiet }: { joined: string; quiet: boolean },
): MemberItem {
  return {
    ...listMemberKey(account, profile, list),
    ...memberIndex(account, list, profile, joined),
    kind: 'list-member',
    group: list,
    profile,
    joined,
    ...(quiet && { built: true as const }),
  };
}

/**
 * The writes that put one profile on a list or take it off, for a transaction; none when nothing changes, or when there is
 * no such list. Grants no consent. Throws a conflict for taking off a person in pieces.
 */
export async function membershipChange(
  ports: Ports,
  account: AccountId,
  list: string,
  { profile, on }: { profile: string; on: boolean },
): Promise<(Write | Check)[]> {
  const key = listMemberKey(account, profile, list);
  const there = definitionKey(account, 'list', list);
  const [before, known] = await Promise.all([ports.store.get(key), ports.store.get(there)]);
  // What a merge has yet to move would put the person on the list again.
  if (!on) refusePieces((await ports.store.get(profileKey(account, profile))) ?? {});
  if (!known || (before !== undefined) === on) return [];
  if (!on) return [{ remove: key }];
  const joined = sortable(ports.clock.now());
  return [
    { put: member(account, list, profile, { joined, quiet: false }), if: { absent: true } },
    { check: there, if: { present: true } },
  ];
}

/** True when the profile is on the list. */
export async function isOnList(ports: Ports, account: AccountId, list: string, profile: string): Promise<boolean> {
  return (await ports.store.get(listMemberKey(account, profile, list))) !== undefined;
}

/**
 * Takes one profile off a list as of `at`: who joined after that stays. What a merge has yet to move comes first: it would
 * put them on the list again.
 */
export async function leaveList(
  ports: Ports,
  account: AccountId,
  list: string,
  { profile, at }: { profile: string; at: Instant },
): Promise<void> {
  const home = (await gathered(ports, account, profile)) ?? profile;
  const key = listMemberKey(account, home, list);
  await untilWon(async () => {
    const item = await ports.store.get(key);
    if (!item || instantOf(item.joined) > at) return;
    await ports.store.write({ remove: key, if: { equals: { joined: item.joined } } });
  });
}

/**
 * Takes profiles off a list; leaves consent as it is. Those that are not on it are passed over; one that was merged away,
 * or is meanwhile, stands for the survivor. Of whom a merge has yet to move something, that comes first.
 */
export async function removeFromList(
  ports: Ports,
  account: AccountId,
  list: string,
  profiles: readonly string[],
): Promise<void> {
  const ids = [...new Set(profiles)];
  await ports.store.writeMany(ids.map((id) => ({ remove: listMemberKey(account, id, list) })));
  const found = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  const pieces = ids.filter((_, place) => !found[place] || found[place].absorbing !== undefined);
  const moved = await Promise.all(pieces.map((id) => gathered(ports, account, id)));
  const homes = moved.filter((id) => id !== undefined);
  if (homes.length > 0) await removeFromList(ports, account, list, homes);
}

/** The ids of the lists that a profile is on. */
export async function listIdsOf(ports: Ports, account: AccountId, profile: string): Promise<string[]> {
  const members = await everything(ports.store, listsOfProfile(account, profile));
  return members.map((one) => one.group);
}

/** Walks all members of a removed list and takes them off it. */
export async function emptyList(ports: Ports, account: AccountId, list: string): Promise<void> {
  for (const shard of everyShard) {
    for await (const page of pagesOf(ports.store, membersOfGroup(account, list, shard))) {
      await removeFromList(ports, account, list, page.items.map(profileOf));
    }
  }
}

/**
 * How many profiles are in a list or segment, of those who joined at `until` (`sortable`) or before: counted by walking
 * the index, so it costs reads in proportion.
 */
export async function countMembers(ports: Ports, account: AccountId, group: string, until?: string): Promise<number> {
  const range = until === undefined ? {} : { to: joinedUntil(until) };
  let count = 0;
  for (const shard of everyShard) {
    const query = { ...membersOfGroup(account, group, shard), ...range };
    for await (const page of pagesOf(ports.store, query)) count += page.items.length;
  }
  return count;
}
