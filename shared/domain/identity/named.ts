import type { Literal } from '../../jsonapi/query/filter.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { type IdentifierKind, identifierKey, pushTokenClaimKey } from '../../storage/patterns.ts';
import { profileOfToken } from './exchange.ts';
import { normalise } from './normalise.ts';

/** Profiles by what they are called: their ids, identifiers as they were written, exchange or push tokens. */
export interface Names {
  kind: 'id' | '_kx' | 'push_token' | IdentifierKind;
  values: readonly Literal[];
}

/** The ids of the profiles that all of these mean; one consistent read for each identifier. Ids are taken as they come. */
export async function namedProfiles(ports: Ports, account: AccountId, names: readonly Names[]): Promise<string[]> {
  const [first, ...rest] = await Promise.all(names.map((one) => idsOf(ports, account, one)));
  return [...(first ?? [])].filter((id) => rest.every((ids) => ids.has(id)));
}

async function idsOf(ports: Ports, account: AccountId, { kind, values }: Names): Promise<Set<string>> {
  const texts = values.map(String);
  if (kind === 'id') return new Set(texts);
  if (kind === '_kx') {
    const named = await Promise.all(texts.map((token) => profileOfToken(ports, account, token)));
    return new Set(named.filter((id) => id !== undefined));
  }
  if (kind === 'push_token') {
    const claims = await ports.store.getMany(texts.map((token) => pushTokenClaimKey(account, token)));
    return new Set(claims.flatMap((claim) => (claim ? [claim.profile] : [])));
  }
  const known = new Set(texts.flatMap((value) => normalise(kind, value) ?? []));
  const claims = await ports.store.getMany([...known].map((value) => identifierKey(account, kind, value)));
  return new Set(claims.flatMap((claim) => (claim ? [claim.profile] : [])));
}
