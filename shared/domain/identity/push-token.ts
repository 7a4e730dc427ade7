// A push token: a device that one person takes push messages on. The token names itself; the claim on it says whose it is.
import * as z from 'zod/mini';
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import { maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import type { PushTokenClaimItem, PushTokenItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { pushTokenClaimKey, pushTokenKey, pushTokensOfProfile } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import { notFound } from '../../kernel/errors.ts';

export const deviceShape = {
  device_id: maybe(text()),
  klaviyo_sdk: maybe(oneOf('android', 'flutter', 'flutter_community', 'react_native', 'swift')),
  sdk_version: maybe(text()),
  device_model: maybe(text()),
  os_name: maybe(oneOf('android', 'ios', 'ipados', 'macos', 'tvos')),
  os_version: maybe(text()),
  manufacturer: maybe(text()),
  app_name: maybe(text()),
  app_version: maybe(text()),
  app_build: maybe(text()),
  app_id: maybe(text()),
  environment: maybe(oneOf('debug', 'release')),
};

export const enablement = oneOf('AUTHORIZED', 'DENIED', 'NOT_DETERMINED', 'PROVISIONAL', 'UNAUTHORIZED');
export const platform = oneOf('android', 'ios');

export const pushTokenResource: ResourceType = {
  type: 'push-token',
  path: 'push-tokens',
  attributes: z.object({
    created: timestamp(),
    token: text(),
    enablement_status: enablement,
    platform,
    vendor: text(),
    background: text(),
    recorded_date: text(),
    metadata: z.optional(z.object(deviceShape)),
  }),
  relationships: { profile: { type: 'profile', many: false } },
};

/** The token as the API shows it; its id is the token. */
export function pushTokenDocument(item: PushTokenItem): Resource {
  const { token, enablement_status, platform: runsOn, vendor, background, created, recorded, metadata } = item;
  return {
    type: 'push-token',
    id: token,
    attributes: {
      created: isoOf(created),
      token,
      enablement_status,
      platform: runsOn,
      vendor,
      background,
      recorded_date: isoOf(recorded),
      ...(metadata !== undefined && { metadata: JSON.parse(metadata) as unknown }),
    },
    relationships: { profile: { type: 'profile', id: item.profile } },
  };
}

/** The claim of `profile` on a token that nobody holds, or that `from` holds. */
export function pushTokenClaim(account: AccountId, profile: string, token: string, from?: string): Put {
  const item: PushTokenClaimItem = { ...pushTokenClaimKey(account, token), kind: 'push-token-claim', profile };
  return { put: item, if: from === undefined ? { absent: true } : { equals: { profile: from } } };
}

/** The token of whoever holds it, read consistently. */
export async function findPushToken(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  token: string,
): Promise<PushTokenItem | undefined> {
  const claim = await store.get(pushTokenClaimKey(account, token));
  return claim && store.get(pushTokenKey(account, claim.profile, token));
}

/** The same; refuses with 404 when nobody holds it. */
export async function readPushToken(ports: Ports, account: AccountId, token: string): Promise<PushTokenItem> {
  const item = await findPushToken(ports, account, token);
  if (item === undefined) throw notFound('push-token', token);
  return item;
}

/** The tokens of a profile, the first told of first. */
export async function tokensOf(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  profile: string,
): Promise<PushTokenItem[]> {
  const items = await everything(store, pushTokensOfProfile(account, profile));
  return items.sort((a, b) => (a.created < b.created ? -1 : 1));
}
