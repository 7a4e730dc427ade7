// Whose a push token is: registering it for somebody takes it from whoever had it before.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon, writeIfStill } from '../../storage/conflict.ts';
import type { PushTokenItem } from '../../storage/items.ts';
import { profileKey, pushTokenClaimKey, pushTokenIndex, pushTokenKey } from '../../storage/patterns.ts';
import type { Remove } from '../../storage/store.ts';
import { attempts } from './change.ts';
import { profileExchanged } from './exchange.ts';
import { claimsOf } from './find.ts';
import type { ProfileInput } from './input.ts';
import { findPushToken, pushTokenClaim, tokensOf } from './push-token.ts';
import { type IdentifierRule, upsertProfile } from './upsert.ts';

/** What an app tells of a device. */
export interface Device extends Pick<
  PushTokenItem,
  'token' | 'platform' | 'vendor' | 'enablement_status' | 'background'
> {
  metadata?: Readonly<Record<string, unknown>>;
}

/** Devices of one person. One more drops the one that was told of longest ago: nobody has as many, but anyone may tell. */
const mostTokens = 100;

/** Who tells of a device. */
interface Telling {
  profile: ProfileInput;
  rule: IdentifierRule;
  /** When it was told of, if that was a while ago: what was told later stays. */
  at?: Instant;
}

/**
 * Registers a device for the profile that the input means, which is created or changed first. A token belongs to one
 * profile: another one that had it has it no more. Telling the same again changes when it was recorded, and no more.
 */
export async function registerPushToken(
  ports: Ports,
  account: AccountId,
  device: Device,
  { profile: input, rule, at }: Telling,
): Promise<void> {
  await untilWon(async () => {
    const { profile } = await upsertProfile(ports, account, input, rule);
    await registerDevice(ports, account, profile.id, { device, at });
  }, attempts);
}

/** The same for a profile by its id. Throws a conflict when it is gone, or somebody told of the token meanwhile. */
async function registerDevice(
  ports: Ports,
  account: AccountId,
  profile: string,
  { device, at }: { device: Device; at: Instant | undefined },
): Promise<void> {
  const { token, metadata, ...told } = device;
  const before = await findPushToken(ports, account, token);
  if (before && isLater(before, at)) return;
  const recorded = sortable(at ?? ports.clock.now());
  const created = before?.created ?? recorded;
  const item: PushTokenItem = {
    ...pushTokenKey(account, profile, token),
    ...pushTokenIndex(account, profile, token, created),
    kind: 'push-token',
    profile,
    token,
    ...told,
    ...(metadata && { metadata: JSON.stringify(metadata) }),
    created,
    recorded,
  };
  const isOwn = before?.profile === profile;
  await ports.store.transact([
    { check: profileKey(account, profile), if: { present: true } },
    { put: item },
    pushTokenClaim(account, profile, token, before?.profile),
    ...(before && !isOwn ? [itemRemoved(account, before)] : []),
    ...(isOwn ? [] : await oldest(ports, account, profile)),
  ]);
}

/** Nobody compares times where somebody tells of a device just now: the clocks of two machines differ. */
const isLater = ({ recorded }: PushTokenItem, at: Instant | undefined) => at !== undefined && recorded > sortable(at);

/** The removal of the token that makes room for one more; none while there is room. */
async function oldest(ports: Ports, account: AccountId, profile: string): Promise<Remove[]> {
  const tokens = await tokensOf(ports, account, profile);
  if (tokens.length < mostTokens) return [];
  const [first] = tokens.sort((a, b) => (a.recorded < b.recorded ? -1 : 1));
  return first ? removals(account, first) : [];
}

const itemRemoved = (account: AccountId, { profile, token }: PushTokenItem): Remove => ({
  remove: pushTokenKey(account, profile, token),
});

const removals = (account: AccountId, item: PushTokenItem): Remove[] => [
  itemRemoved(account, item),
  { remove: pushTokenClaimKey(account, item.token), if: { equals: { profile: item.profile } } },
];

/** Removes a token and the claim on it; done again it changes nothing. */
export async function removePushToken(ports: Ports, account: AccountId, token: string): Promise<void> {
  await untilWon(async () => {
    const item = await findPushToken(ports, account, token);
    if (item) await ports.store.transact(removals(account, item));
  }, attempts);
}

/**
 * Removes a token from the profile that the input names; nothing happens when it is not there, another one's, or was told
 * of after `at`.
 */
export async function unregisterPushToken(
  ports: Ports,
  account: AccountId,
  device: Pick<Device, 'token' | 'platform'>,
  { profile: input, at }: Pick<Telling, 'profile' | 'at'>,
): Promise<void> {
  const owners = await ownersNamed(ports, account, input);
  await untilWon(async () => {
    const item = await findPushToken(ports, account, device.token);
    if (item?.platform !== device.platform || item.profile !== owners[0] || isLater(item, at)) return;
    await ports.store.transact(removals(account, item));
  }, attempts);
}

/** The ids of the profiles that an input names, the strongest name first. */
async function ownersNamed(ports: Ports, account: AccountId, input: ProfileInput): Promise<string[]> {
  const exchanged = await profileExchanged(ports, account, input);
  const claims = await claimsOf(ports, account, input.identifiers);
  return [input.id, ...claims.map(({ owner }) => owner), exchanged].filter((id) => id !== undefined);
}

/** Removes the claim on a token that lay in the partition of somebody who was forgotten, unless somebody else has it now. */
export async function releasePushToken(ports: Ports, account: AccountId, item: PushTokenItem): Promise<void> {
  const remove = pushTokenClaimKey(account, item.token);
  await writeIfStill(ports.store, { remove, if: { equals: { profile: item.profile } } });
}
