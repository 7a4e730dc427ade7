import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ProfileItem } from '../../storage/items.ts';
import type { Check, Put } from '../../storage/store.ts';
import { type Claim, claimsOf, emailClaims, readProfile } from './find.ts';
import { keepInMind } from './guess.ts';
import type { ProfileInput } from './input.ts';
import { applied, saysTheSame } from './patch.ts';
import { touched } from './touched.ts';
import { heldBy, newProfile, writeProfile } from './write.ts';

/** Many callers may tell of one person at once; each round one of them wins. */
export const attempts = 30;

/** A new profile; 409 `duplicate_profile` with `meta.duplicate_profile_id` when another holds one of its identifiers. */
export async function createProfile(ports: Ports, account: AccountId, input: ProfileInput): Promise<ProfileItem> {
  return untilWon(async () => {
    refuseTaken(await claimsOf(ports, account, input.identifiers), undefined);
    const next = applied(newProfile(ports, account), input);
    const profile = await writeProfile(ports, account, { before: undefined, next });
    keepInMind(ports, account, heldBy(profile), profile.id);
    return profile;
  }, attempts);
}

/** Changes the profile with this id; 404 when there is none, 409 when an identifier belongs to another profile. */
export async function updateProfile(
  ports: Ports,
  account: AccountId,
  id: string,
  input: ProfileInput,
): Promise<ProfileItem> {
  return untilWon(async () => {
    const before = await readProfile(ports, account, id);
    const [claims, added] = await Promise.all([
      claimsOf(ports, account, input.identifiers),
      emailClaims(ports, account, input.emails?.append ?? []),
    ]);
    refuseAllTaken(claims, added, id);
    return storeChange(ports, account, { before, input });
  }, attempts);
}

/** Writes the input into the profile unless it says nothing new; throws a conflict when one of `checks` fails. */
export async function storeChange(
  ports: Ports,
  account: AccountId,
  { before, input, checks }: { before: ProfileItem; input: ProfileInput; checks?: readonly Check[] },
): Promise<ProfileItem> {
  const next = applied(before, input);
  return saysTheSame(before, next) ? before : writeProfile(ports, account, { before, next, ...(checks && { checks }) });
}

/**
 * The write that makes changes of attributes and properties, one after the other, on the condition that the profile has not
 * changed meanwhile; undefined when they say nothing new. Refuses what would make the profile too large.
 */
export function propertyChange(
  before: ProfileItem,
  inputs: readonly Pick<ProfileInput, 'attributes' | 'properties' | 'patch'>[],
  now: string,
): Put | undefined {
  const next = inputs.reduce((item, input) => applied(item, { ...input, identifiers: {} }), before);
  if (saysTheSame(before, next)) return undefined;
  return { put: touched(next, now), if: { equals: { version: before.version } } };
}

/** Refuses identifiers that another profile than `id` holds, among those that are told and the addresses to be added. */
export function refuseAllTaken(told: readonly Claim[], added: readonly Claim[], id: string | undefined): void {
  refuseTaken(told, id);
  refuseTaken(added, id, '/data/meta/patch_identifiers/append');
}

function refuseTaken(claims: readonly Claim[], id: string | undefined, at = '/data/attributes'): void {
  const taken = claims.find((claim) => claim.owner !== undefined && claim.owner !== id);
  if (taken === undefined) return;
  throw refuse('duplicate_profile', 'A profile already exists with one of these identifiers.', `${at}/${taken.kind}`, {
    duplicate_profile_id: taken.owner,
  });
}
