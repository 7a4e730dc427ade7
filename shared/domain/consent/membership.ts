import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MemberItem } from '../../storage/items.ts';
import {
  definitionKey,
  everyShard,
  listMemberKey,
  listsOfProfile,
  memberIndex,
  membersOfGroup,
  profileOf,
} from '../../storage/patterns.ts';
import { everything, pagesOf } from '../../storage/pages.ts';
import { livingIds } from '../identity/index.ts';

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
): Promise<void> {
  const living = await livingIds(ports, account, profiles);
  const unknown = living.indexOf(undefined);
  if (unknown >= 0) throw refuse('invalid', `No profile has the id ${profiles[unknown]}.`, `/data/${unknown}/id`);
  const ids = [...new Set(living.filter((id) => id !== undefined))];
  const members = await ports.store.getMany(ids.map((id) => listMemberKey(account, id, list)));
  const joined = sortable(ports.clock.now());
  const entering = ids.filter((_, i) => !members[i]);
  await ports.store.writeMany(entering.map((id) => ({ put: member(account, list, id, joined) })));
  const there = await ports.store.get(definitionKey(account, 'list', list));
  if (!there) await removeFromList(ports, account, list, ids);
}

function member(account: AccountId, list: string, profile: string, joined: string): MemberItem {
  return {
    ...listMemberKey(account, profile, list),
    ...memberIndex(account, list, profile, joined),
    kind: 'list-member',
    group: list,
    profile,
    joined,
  };
}

/**
 * Takes profiles off a list; leaves consent as it is. Those that are not on it are passed over; one that was merged away,
 * or is meanwhile, stands for the survivor.
 */
export async function removeFromList(
  ports: Ports,
  account: AccountId,
  list: string,
  profiles: readonly string[],
): Promise<void> {
  const ids = [...new Set(profiles)];
  await ports.store.writeMany(ids.map((id) => ({ remove: listMemberKey(account, id, list) })));
  const living = await livingIds(ports, account, ids);
  const moved = living.flatMap((id) => (id === undefined || ids.includes(id) ? [] : id));
  if (moved.length > 0) await removeFromList(ports, account, list, moved);
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

/** How many profiles are in a list or segment: counted by walking the index, so it costs reads in proportion. */
export async function countMembers(ports: Ports, account: AccountId, group: string): Promise<number> {
  let count = 0;
  for (const shard of everyShard) {
    for await (const page of pagesOf(ports.store, membersOfGroup(account, group, shard))) count += page.items.length;
  }
  return count;
}
