// Types that profiles point at and that Millrace has none of yet: what may be asked about them is described, the answer
// is empty.
import * as z from 'zod/mini';
import { maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';

const ofProfile = { profile: { type: 'profile', many: false, served: false } } as const;

export const conversationResource: ResourceType = {
  type: 'conversation',
  path: 'conversations',
  attributes: z.object({ channel: oneOf('instagram', 'sms', 'whatsapp') }),
  relationships: ofProfile,
};

export const pushTokenResource: ResourceType = {
  type: 'push-token',
  path: 'push-tokens',
  attributes: z.object({
    created: timestamp(),
    token: text(),
    enablement_status: oneOf('AUTHORIZED', 'DENIED', 'NOT_DETERMINED', 'PROVISIONAL', 'UNAUTHORIZED'),
    platform: oneOf('android', 'ios'),
    vendor: text(),
    background: text(),
    recorded_date: text(),
    metadata: z.optional(
      z.object({
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
      }),
    ),
  }),
  relationships: ofProfile,
};
