// How callers tell of devices: what apps may do behind the public company id, and the requests that others send too.
import * as z from 'zod/mini';
import { maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { type Input, type Operation, tiers } from '../../jsonapi/operation.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { deviceShape, enablement, platform } from './push-token.ts';
import { type Device, registerPushToken, unregisterPushToken } from './register-token.ts';
import { importAttributes, largestProfile, nameable, profileInput, profileMeta } from './request.ts';
import { seenIn } from './seen.ts';

const vendor = oneOf('apns', 'fcm');
const naming = {
  token: text({ min: 1, max: 1024 }),
  platform,
};

/** What callers tell of a device. */
const deviceAttributes = {
  ...naming,
  vendor,
  enablement_status: maybe(enablement),
  background: maybe(oneOf('AVAILABLE', 'DENIED', 'RESTRICTED')),
  device_metadata: z.optional(z.strictObject(deviceShape)),
};

/** A device by itself. */
export const deviceSchema = z.strictObject(deviceAttributes);

const attributesAt = '/data/attributes';
const profileAt = `${attributesAt}/profile/data`;
const { shape: ofPerson } = importAttributes;

export const registration = requestDocument('push-token', {
  attributes: z.strictObject({
    ...deviceAttributes,
    profile: z.strictObject({
      data: z.strictObject({
        type: z.literal('profile'),
        id: maybe(text()),
        attributes: z.strictObject({ ...ofPerson, meta: z.optional(profileMeta) }),
      }),
    }),
  }),
});

const unregistration = requestDocument('push-token-unregister', {
  attributes: z.strictObject({
    ...naming,
    vendor: maybe(vendor),
    profile: z.strictObject({
      data: z.strictObject({
        type: z.literal('profile'),
        id: maybe(text()),
        attributes: importAttributes,
        meta: z.optional(profileMeta),
      }),
    }),
  }),
});

const whole = { pointer: profileAt, largest: largestProfile, identified: nameable.imported } as const;

/** Control characters are in no token, and a slash would end it where it stands in a path. */
function tokenOf(token: string, pointer: string): string {
  if (token.trim() !== '' && token.isWellFormed() && !/[\p{Cc}/]/u.test(token)) return token;
  throw refuse(
    'invalid',
    'The token must have 1 to 1024 characters, none of them a slash or a control character.',
    `${pointer}/token`,
  );
}

/** The device that a caller tells of at `pointer`; refuses a bad token. */
export function deviceOf(told: z.infer<typeof deviceSchema>, pointer: string): Device {
  const { token, platform: runsOn, vendor: by, enablement_status, background, device_metadata: metadata } = told;
  return {
    token: tokenOf(token, pointer),
    platform: runsOn,
    vendor: by,
    enablement_status: enablement_status ?? 'AUTHORIZED',
    background: background ?? 'AVAILABLE',
    ...(metadata && { metadata }),
  };
}

/** Registers the device of a request for the person that it names. */
export async function register(
  { body }: Input<z.infer<typeof registration>>,
  context: Context,
  rule: 'leave' | 'keep',
): Promise<{ empty: true }> {
  const { profile, ...told } = body.data.attributes;
  const { meta, ...attributes } = profile.data.attributes;
  const device = deviceOf(told, attributesAt);
  const metaPointer = `${profileAt}/attributes/meta`;
  const named = profileInput({ id: profile.data.id, attributes, meta }, { ...whole, metaPointer });
  const { ports, account } = context;
  await registerPushToken(ports, account, device, { profile: { ...named, ...seenIn(context) }, rule });
  return { empty: true };
}

/** What apps do behind the public company id. Neither tells whose a token is, or whether it is known. */
export const clientTokenOperations: readonly Operation<Context>[] = [
  command({
    id: 'create_client_push_token',
    tag: 'Client',
    summary: 'Register a device for a person; identifiers of a known profile stay as they are.',
    auth: 'public',
    scopes: ['push-tokens:write'],
    tier: { burst: '150/s', steady: '1400/m' },
    path: '/client/push-tokens',
    body: registration,
    status: 202,
    answers: { kind: 'empty' },
    run: (input, context) => register(input, context, 'keep'),
  }),
  command({
    id: 'unregister_client_push_token',
    tag: 'Client',
    summary: 'Take a device away from a person who has it.',
    auth: 'public',
    scopes: ['push-tokens:write'],
    tier: tiers.M,
    path: '/client/push-token-unregister',
    body: unregistration,
    status: 202,
    answers: { kind: 'empty' },
    run: async ({ body }, { ports, account }) => {
      const { token, platform: runsOn, profile } = body.data.attributes;
      const input = profileInput(profile.data, whole);
      await unregisterPushToken(
        ports,
        account,
        { token: tokenOf(token, attributesAt), platform: runsOn },
        { profile: input },
      );
      return { empty: true };
    },
  }),
];
