// Who probably holds an identifier: whoever did when it was last looked at here. Only a guess as to which profile is worth
// reading along with the claims, in one round trip; the claims decide.
import type { AccountId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/newest.ts';
import type { Ports } from '../../ports.ts';
import type { IdentifierItem, ProfileItem } from '../../storage/items.ts';
import { identifierKey, profileKey } from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import type { Claim } from './find.ts';
import { type Identifiers, identifiersSet } from './input.ts';
import type { Held } from './write.ts';

/** How many identifiers one container keeps in mind: the latest. */
const most = 10_000;

const holders = perStore<string>();

/** Keeps in mind that the profile holds these identifiers. */
export function keepInMind(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  held: readonly Held[],
  id: string,
): void {
  const known = holders(store);
  for (const { kind, value } of held) keepNewest(known, identifierKey(account, kind, value).pk, id, most);
}

/**
 * Who holds each of the identifiers that are set, strongest first, and the profile with the id, or else the one that
 * probably holds the strongest of them. One consistent read each, in one round trip; the profile may be older than the
 * claims, as its version says to whoever writes it.
 */
export async function claimsWithProfile(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  { id, identifiers }: { id?: string; identifiers: Identifiers },
): Promise<{ claims: Claim[]; profile: ProfileItem | undefined }> {
  const wanted = identifiersSet(identifiers);
  const keys = wanted.map(({ kind, value }) => identifierKey(account, kind, value));
  const known = holders(store);
  const guess = id ?? keys.map(({ pk }) => known.get(pk)).find((one) => one !== undefined);
  const along = guess === undefined ? [] : [profileKey(account, guess)];
  const items = await store.getMany<IdentifierItem | ProfileItem>([...keys, ...along]);
  const claims = wanted.map((one, at) => ({ ...one, owner: claimIn(items[at])?.profile }));
  return { claims, profile: profileIn(items[keys.length]) };
}

const claimIn = (item: IdentifierItem | ProfileItem | undefined) => (item?.kind === 'identifier' ? item : undefined);
const profileIn = (item: IdentifierItem | ProfileItem | undefined) => (item?.kind === 'profile' ? item : undefined);
