// Ids of profiles stay good after a merge: where the profile was stands the way to the one that it became part of.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { mergedKey, profileKey } from '../../storage/patterns.ts';

/** Where an id leads. */
export interface Way {
  /** The profile that lives; undefined when there is none, or none any more. */
  profile: ProfileItem | undefined;
  /** The ids of the profiles on the way there, which were merged away: the nearest first. */
  gone: string[];
  /** Where it ends: the id of the profile, or of one that was forgotten or never was. */
  end: string;
}

/** Follows an id to the profile that lives. Costs one consistent read, and two more for each merge on the way. */
export async function wayFrom(ports: Pick<Ports, 'store'>, account: AccountId, id: string): Promise<Way> {
  const gone: string[] = [];
  for (let at = id; ;) {
    const profile = await ports.store.get(profileKey(account, at));
    if (profile) return { profile, gone, end: at };
    const merged = await ports.store.get(mergedKey(account, at));
    if (!merged) return { profile: undefined, gone, end: at };
    gone.push(at);
    at = merged.into;
  }
}

/** The profile that an id means, also after merges, read consistently. */
export async function livingProfile(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<ProfileItem | undefined> {
  return (await wayFrom(ports, account, id)).profile;
}

/** The ids under which the people with these ids live, in their order; undefined for those who do not. */
export async function livingIds(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  ids: readonly string[],
): Promise<(string | undefined)[]> {
  const items = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  return Promise.all(ids.map(async (id, place) => (items[place] ? id : (await livingProfile(ports, account, id))?.id)));
}
