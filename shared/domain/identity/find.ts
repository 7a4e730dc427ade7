import { notFound } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { type IdentifierKind, identifierKey, profileKey } from '../../storage/patterns.ts';
import { type Identifiers, type Reference, identifiersSet } from './input.ts';

export interface Claim {
  kind: IdentifierKind;
  value: string;
  /** The profile that holds the identifier, if any does. */
  owner: string | undefined;
}

/** Who holds each of the identifiers that are set, strongest first. One consistent read per identifier. */
export async function claimsOf(ports: Ports, account: AccountId, identifiers: Identifiers): Promise<Claim[]> {
  const wanted = identifiersSet(identifiers);
  const items = await ports.store.getMany(wanted.map(({ kind, value }) => identifierKey(account, kind, value)));
  return wanted.map((claim, at) => ({ ...claim, owner: items[at]?.profile }));
}

/** Who holds each of these addresses, in their order. */
export async function emailClaims(ports: Ports, account: AccountId, emails: readonly string[]): Promise<Claim[]> {
  const items = await ports.store.getMany(emails.map((value) => identifierKey(account, 'email', value)));
  return emails.map((value, at) => ({ kind: 'email', value, owner: items[at]?.profile }));
}

/** The profile that is meant: by its id, else by the strongest identifier that any profile holds. Read consistently. */
export async function findProfile(
  ports: Ports,
  account: AccountId,
  reference: Reference,
): Promise<ProfileItem | undefined> {
  const { id, ...identifiers } = reference;
  const owner = id ?? (await claimsOf(ports, account, identifiers)).find((claim) => claim.owner !== undefined)?.owner;
  return owner === undefined ? undefined : ports.store.get(profileKey(account, owner));
}

/** The profile, read consistently; refuses with 404 when there is none. */
export async function readProfile(ports: Ports, account: AccountId, id: string, at?: string): Promise<ProfileItem> {
  const item = await ports.store.get(profileKey(account, id));
  if (item === undefined) throw notFound('profile', id, at);
  return item;
}
