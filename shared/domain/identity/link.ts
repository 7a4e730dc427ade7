// A call that names two profiles may show that they are one person: a profile that is known only by weaker identifiers is
// part of the one that the call names by a stronger one (behaviour 1.5). Two that hold different values of one kind are not.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { type IdentifierKind, profileKey } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import { combined } from './combine.ts';
import type { Claim } from './find.ts';
import { precedence } from './input.ts';
import { isTooLarge } from './patch.ts';

/** How a call names profiles. */
export interface Naming {
  claims: readonly Claim[];
  /** It names the profile by its id, which outranks every identifier. */
  byId: boolean;
  /** It names the profile by an exchange token, which outranks the anonymous id. */
  exchanged?: boolean;
  /** Anyone may have sent it: it links nothing but a browser's anonymous history. */
  public: boolean;
}

/**
 * The profile that the call shows to be part of `into`, the one that it means; undefined when it shows none. Costs nothing
 * when all that it names is held by one; else a read of the account and one of each other holder. Throws a conflict when one
 * of them is gone since its claim was read.
 */
export async function linkedProfile(
  ports: Ports,
  account: AccountId,
  into: ProfileItem,
  naming: Naming,
): Promise<ProfileItem | undefined> {
  const others = new Set(naming.claims.flatMap(({ owner }) => (owner === into.id ? [] : (owner ?? []))));
  if (others.size === 0) return undefined;
  const { merge_on_external_id: byExternalId = false } = await readAccount(ports, account);
  const strength = strengthOf(into, naming, byExternalId);
  const items = await ports.store.getMany([...others].map((id) => profileKey(account, id)));
  return items.find((other) => {
    // Merged away since its claim was read: whoever holds the identifier by now is meant.
    if (other === undefined) throw new ConditionFailed();
    return isPartOf(other, into, { ...naming, strength, byExternalId }) && !isTooLarge(combined(into, other));
  });
}

/** How strongly the call names the profile: the place of the kind in the precedence, -1 for the id; Infinity: not at all. */
function strengthOf(into: ProfileItem, { claims, byId, exchanged = false }: Naming, byExternalId: boolean): number {
  const held = claims.filter(({ kind, owner }) => owner === into.id && (byExternalId || kind !== 'external_id'));
  if (byId) return -1;
  const places = held.map(({ kind }) => precedence.indexOf(kind));
  return Math.min(...places, exchanged ? precedence.length - 1.5 : Infinity);
}

interface Link extends Naming {
  strength: number;
  byExternalId: boolean;
}

function isPartOf(other: ProfileItem, into: ProfileItem, link: Link): boolean {
  const kinds = precedence.filter((kind) => other[kind] !== undefined);
  if (link.public && kinds.some((kind) => kind !== 'anonymous_id')) return false;
  if (!link.byExternalId && other.external_id !== undefined) return false;
  return kinds.every((kind) => precedence.indexOf(kind) > link.strength && !differs(kind, into, link.strength));
}

/** Both have an identifier of that kind, and one person cannot have two of them. */
function differs(kind: IdentifierKind, into: ProfileItem, strength: number): boolean {
  // Everyone has many browsers; and people who share an external id have all of their addresses (behaviour 1.4).
  if (kind === 'anonymous_id' || (kind === 'email' && strength === precedence.indexOf('external_id'))) return false;
  return into[kind] !== undefined;
}
