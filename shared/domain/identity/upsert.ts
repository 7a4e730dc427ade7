import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed } from '../../storage/store.ts';
import { notFound } from '../../kernel/errors.ts';
import { attempts, refuseAllTaken, storeChange } from './change.ts';
import { isSecondary } from './emails.ts';
import { readForgotten } from './forget.ts';
import { profileExchanged } from './exchange.ts';
import { type Claim, claimsOf, emailClaims } from './find.ts';
import { claimsWithProfile, keepInMind } from './guess.ts';
import { type ProfileInput, identifiersTold, precedence } from './input.ts';
import { linkedProfile } from './link.ts';
import { livingProfile } from './living.ts';
import { mergeInto } from './merge.ts';
import { applied } from './patch.ts';
import { hasMoved } from './seen.ts';
import { heldBy, newProfile, writeProfile } from './write.ts';

/**
 * What happens to identifiers that the profile cannot simply take. `refuse`: 409 when another profile holds one.
 * `leave`: it stays with its owner, and null clears no identifier: an event tells what it knows.
 * `keep`: as `leave`, and a known profile keeps its own identifiers as they are unless all it has is an anonymous id
 * (calls from browsers, where anyone can say anything).
 */
export type IdentifierRule = 'refuse' | 'leave' | 'keep';

/** The input would bring back somebody who was forgotten after it was told. */
export class Forgotten extends Error {}

/**
 * Creates or changes the profile that the input means: the one with its id, else the holder of its strongest known
 * identifier (an exchange token comes before an anonymous id), else a new one. Profiles that the call shows to be the same
 * person become one first (`linkedProfile`). All supplied identifiers that nobody else holds are written to it. Racing
 * calls converge. With `told`, when the input was told: throws `Forgotten` in the place of making a profile again for
 * somebody who was forgotten after that (with `refuse`, also of giving a known profile what was theirs), and says when such
 * a one was forgotten before it.
 */
export async function upsertProfile(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  rule: IdentifierRule = 'refuse',
  told?: Instant,
): Promise<{ profile: ProfileItem; created: boolean; forgotten?: Instant }> {
  const exchanged = await profileExchanged(ports, account, input);
  return untilWon(async () => {
    const { claims, added, before } = await meantByLinked(ports, account, { ...input, exchanged }, rule);
    if (rule === 'refuse') refuseAllTaken(claims, added, before?.id);
    const named = [...claims, ...added];
    const isLate = before !== undefined && told !== undefined;
    const { held, checks } = isLate
      ? await withoutForgotten(ports, account, named, { before, rule, told })
      : { held: named, checks: [] };
    const telling = tellable(input, held, before, rule);
    if (before !== undefined) {
      return { profile: await storeChange(ports, account, { before, input: telling, checks }), created: false };
    }
    const next = applied(newProfile(ports, account), telling);
    const forgotten = told === undefined ? undefined : await readForgotten(ports, account, identifiersTold(input));
    if (told !== undefined && isAfter(forgotten?.at, told)) throw new Forgotten();
    const profile = await writeProfile(ports, account, { before, next, checks: forgotten?.unchanged ?? [] });
    keepInMind(ports, account, heldBy(profile), profile.id);
    return { profile, created: true, ...(forgotten?.at !== undefined && { forgotten: forgotten.at }) };
  }, attempts);
}

/** True when what was told may have been told of somebody who was forgotten before this profile was made. */
export const mayBeAnother = ({ created }: ProfileItem, told: Instant): boolean => instantOf(created) > told;
const isFree = ({ owner }: Claim) => owner === undefined;
const isAfter = (forgotten: Instant | undefined, told: Instant) => forgotten !== undefined && forgotten > told;

/**
 * Somebody known gets nothing that was a forgotten person's by what was told before that: it is refused, or counts as held
 * by somebody else. With the checks that none of the free identifiers was anybody's who was forgotten since.
 * Of somebody who was forgotten and came back, what an import told before is refused too.
 */
async function withoutForgotten(
  ports: Ports,
  account: AccountId,
  claims: readonly Claim[],
  { before, rule, told }: { before: ProfileItem; rule: IdentifierRule; told: Instant },
): Promise<{ held: readonly Claim[]; checks: readonly Check[] }> {
  const asked = claims.filter((one) => isFree(one) || (rule === 'refuse' && mayBeAnother(before, told)));
  const { times, unchanged } = await readForgotten(ports, account, asked);
  const gone = new Set(asked.filter((_, i) => isAfter(times[i], told)));
  if (rule === 'refuse' && gone.size > 0) throw new Forgotten();
  return { held: claims.map((one) => (gone.has(one) ? { ...one, owner: 'forgotten' } : one)), checks: unchanged };
}

const heldAmong = (claims: readonly Claim[], id: string) => claims.filter(({ owner }) => owner === id);

/**
 * The id of the profile that the input means, created or changed first when the input says something new. An input of
 * nothing but known identifiers of one profile costs one consistent read each and writes nothing. `told` and `forgotten`
 * as `upsertProfile` has them.
 */
export async function resolveProfile(
  ports: Ports,
  account: AccountId,
  input: ProfileInput,
  rule: IdentifierRule,
  told: Instant,
): Promise<{ id: string; forgotten?: Instant }> {
  if (input.id === undefined && input.exchange === undefined && saysNothing(input)) {
    const claims = await claimsOf(ports, account, input.identifiers);
    const owner = claims[0]?.owner;
    const isOne = owner !== undefined && claims.every((claim) => claim.owner === owner);
    if (isOne) keepInMind(ports, account, claims, owner);
    if (isOne && !(await hasMoved(ports, account, owner, input.seen))) return { id: owner };
  }
  const { profile, forgotten } = await upsertProfile(ports, account, input, rule, told);
  return { id: profile.id, ...(forgotten !== undefined && { forgotten }) };
}

/** True when the input names a profile and tells nothing of it. */
function saysNothing({ attributes, location = {}, properties = {}, patch = {}, emails }: ProfileInput): boolean {
  if (properties === null || emails !== undefined) return false;
  return [attributes, location, properties, patch].every((part) => Object.keys(part).length === 0);
}

/** An input with the id of the profile that its exchange token names. */
type Meant = ProfileInput & { exchanged: string | undefined };

/** The profile that the input means, with all that the call shows to be part of it, and who holds what by then. */
async function meantByLinked(
  ports: Ports,
  account: AccountId,
  input: Meant,
  rule: IdentifierRule,
): Promise<{ claims: Claim[]; added: Claim[]; before: ProfileItem | undefined }> {
  for (;;) {
    const [{ claims, profile }, added] = await Promise.all([
      claimsWithProfile(ports, account, input),
      emailClaims(ports, account, input.emails?.append ?? []),
    ]);
    const { item, byId, exchanged } = await meant(ports, account, input, { claims, profile, rule });
    if (item === undefined) return { claims, added, before: undefined };
    keepInMind(ports, account, heldAmong(claims, item.id), item.id);
    const source = await linkedProfile(ports, account, item, { claims, byId, exchanged, public: rule === 'keep' });
    if (source === undefined) return { claims, added, before: item };
    await mergeInto(ports, account, { source, destination: item });
  }
}

async function meant(
  ports: Ports,
  account: AccountId,
  input: Meant,
  { claims, profile, rule }: { claims: readonly Claim[]; profile: ProfileItem | undefined; rule: IdentifierRule },
): Promise<{ item: ProfileItem | undefined; byId: boolean; exchanged: boolean }> {
  if (input.id !== undefined) {
    const item = profile ?? (await livingProfile(ports, account, input.id));
    if (item !== undefined) return { item, byId: true, exchanged: false };
    // An event with a stale id and another identifier still finds its person.
    if (rule === 'refuse' || (claims.length === 0 && input.exchanged === undefined))
      throw notFound('profile', input.id);
  }
  const first = claims.find((claim) => claim.owner !== undefined);
  if (input.exchanged !== undefined && (first === undefined || first.kind === 'anonymous_id')) {
    const item = await livingProfile(ports, account, input.exchanged);
    if (item !== undefined) return { item, byId: false, exchanged: true };
  }
  const owner = first?.owner;
  if (owner !== undefined && owner === profile?.id) return { item: profile, byId: false, exchanged: false };
  const item = owner === undefined ? undefined : await ports.store.get(profileKey(account, owner));
  // Merged away since its claim was read: whoever holds the identifier by now is meant.
  if (owner !== undefined && item === undefined) throw new ConditionFailed();
  return { item, byId: false, exchanged: false };
}

/** The input without the identifiers that the profile cannot take, or that only name it. */
function tellable(
  input: ProfileInput,
  claims: readonly Claim[],
  before: ProfileItem | undefined,
  rule: IdentifierRule,
): ProfileInput {
  const { identifiers, emails, ...rest } = input;
  if (rule === 'keep' && before !== undefined && !isAnonymous(before)) return { ...rest, identifiers: {} };
  const foreign = claims.filter((claim) => claim.owner !== undefined && claim.owner !== before?.id);
  const isFree = (kind: string, value: unknown) => !foreign.some((one) => one.kind === kind && one.value === value);
  const mayWrite = ([kind, value]: [string, unknown]) =>
    isFree(kind, value) && (rule === 'refuse' || value !== null) && !isOtherEmail(kind, value, before);
  return {
    ...rest,
    identifiers: Object.fromEntries(Object.entries(identifiers).filter(mayWrite)),
    ...(emails && { emails: { ...emails, append: emails.append.filter((email) => isFree('email', email)) } }),
  };
}

/** A person who is named by a secondary address keeps the primary one. */
const isOtherEmail = (kind: string, value: unknown, before: ProfileItem | undefined): boolean =>
  kind === 'email' && before !== undefined && isSecondary(before, value);

function isAnonymous(item: ProfileItem): boolean {
  return precedence.every((kind) => kind === 'anonymous_id' || item[kind] === undefined);
}
