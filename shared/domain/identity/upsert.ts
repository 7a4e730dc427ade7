import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { profileKey } from '../../storage/patterns.ts';
import { notFound } from '../../kernel/errors.ts';
import { attempts, refuseTaken, storeChange } from './change.ts';
import { type Claim, claimsOf } from './find.ts';
import { type ProfileInput, precedence } from './input.ts';
import { applied } from './patch.ts';
import { newProfile, writeProfile } from './write.ts';

/**
 * What happens to identifiers that the profile cannot simply take. `refuse`: 409 when another profile holds one.
 * `leave`: it stays with its owner, and null clears no identifier: an event tells what it knows.
 * `keep`: as `leave`, and a known profile keeps its own identifiers as they are unless all it has is an anonymous id
 * (calls from browsers, where anyone can say anything).
 */
export type IdentifierRule = 'refuse' | 'leave' | 'keep';

/**
 * Creates or changes the profile that the input means: the one with its id, else the holder of its strongest known
 * identifier, else a new one. All supplied identifiers that nobody else holds are written to it. Racing calls converge.
 */
export async function upsertProfile(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  rule: IdentifierRule = 'refuse',
): Promise<{ profile: ProfileItem; created: boolean }> {
  return untilWon(async () => {
    const claims = await claimsOf(ports, account, input.identifiers);
    const before = await meant(ports, account, input, claims, rule);
    if (rule === 'refuse') refuseTaken(claims, before?.id);
    const told = { ...input, identifiers: writable(input, claims, before, rule) };
    if (before !== undefined) return { profile: await storeChange(ports, account, before, told), created: false };
    const next = applied(newProfile(ports, account), told);
    return { profile: await writeProfile(ports, account, { before, next }), created: true };
  }, attempts);
}

/**
 * The id of the profile that the input means, created or changed first when the input says something new. An input of
 * nothing but known identifiers costs one consistent read each and writes nothing.
 */
export async function resolveProfile(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  rule: IdentifierRule,
): Promise<string> {
  if (input.id === undefined && saysNothing(input)) {
    const claims = await claimsOf(ports, account, input.identifiers);
    const owner = claims.find((claim) => claim.owner !== undefined)?.owner;
    if (owner !== undefined && claims.every((claim) => claim.owner !== undefined)) return owner;
  }
  return (await upsertProfile(ports, account, input, rule)).profile.id;
}

/** True when the input names a profile and tells nothing of it. */
function saysNothing({ attributes, location = {}, properties = {}, patch = {} }: ProfileInput): boolean {
  return (
    properties !== null && [attributes, location, properties, patch].every((part) => Object.keys(part).length === 0)
  );
}

async function meant(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  claims: readonly Claim[],
  rule: IdentifierRule,
): Promise<ProfileItem | undefined> {
  if (input.id !== undefined) {
    const item = await ports.store.get(profileKey(account, input.id));
    if (item !== undefined) return item;
    // An event with a stale id and another identifier still finds its person.
    if (rule === 'refuse' || claims.length === 0) throw notFound('profile', input.id);
  }
  const owner = claims.find((claim) => claim.owner !== undefined)?.owner;
  return owner === undefined ? undefined : ports.store.get(profileKey(account, owner));
}

function writable(
  { identifiers }: ProfileInput,
  claims: readonly Claim[],
  before: ProfileItem | undefined,
  rule: IdentifierRule,
): ProfileInput['identifiers'] {
  if (rule === 'keep' && before !== undefined && !isAnonymous(before)) return {};
  const foreign = claims.filter((claim) => claim.owner !== undefined && claim.owner !== before?.id);
  const denied = new Set<string>(foreign.map((claim) => claim.kind));
  const mayWrite = ([kind, value]: [string, unknown]) => !denied.has(kind) && (rule === 'refuse' || value !== null);
  return Object.fromEntries(Object.entries(identifiers).filter(mayWrite));
}

function isAnonymous(item: ProfileItem): boolean {
  return precedence.every((kind) => kind === 'anonymous_id' || item[kind] === undefined);
}
