// The bulk subscribe and unsubscribe operations. Checked whole before anything is written; then run by the jobs worker.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { instantOf } from '../../kernel/time.ts';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import type { Operation } from '../../jsonapi/operation.ts';
import { command, linkage, requestDocument } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { identifierOf } from '../identity/index.ts';
import { createJob } from '../jobs/index.ts';
import { type SubscriptionJob, type SubscriptionRow, rowPointer } from './jobs.ts';
import { readList } from './lists.ts';

const platforms = z.enum(['android', 'ios']);
const deviceMetadata = z.strictObject({
  device_id: maybe(z.string()),
  klaviyo_sdk: maybe(z.enum(['android', 'flutter', 'flutter_community', 'react_native', 'swift'])),
  sdk_version: maybe(z.string()),
  device_model: maybe(z.string()),
  os_name: maybe(z.enum(['android', 'ios', 'ipados', 'macos', 'tvos'])),
  os_version: maybe(z.string()),
  manufacturer: maybe(z.string()),
  app_name: maybe(z.string()),
  app_version: maybe(z.string()),
  app_build: maybe(z.string()),
  app_id: maybe(z.string()),
  environment: maybe(z.enum(['debug', 'release'])),
});
const pushToken = z.strictObject({
  token: z.string(),
  platform: platforms,
  vendor: z.enum(['apns', 'fcm']),
  enablement_status: maybe(z.enum(['AUTHORIZED', 'DENIED', 'NOT_DETERMINED', 'PROVISIONAL', 'UNAUTHORIZED'])),
  background: maybe(z.enum(['AVAILABLE', 'DENIED', 'RESTRICTED'])),
  device_metadata: z.optional(deviceMetadata),
});

const grant = z.strictObject({ consent: z.literal('SUBSCRIBED'), consented_at: maybe(timestamp()) });
const plainGrant = z.strictObject({ consent: z.literal('SUBSCRIBED') });
const withdrawal = z.strictObject({ consent: z.literal('UNSUBSCRIBED') });

const subscribeChannels = z.strictObject({
  email: z.optional(z.strictObject({ marketing: z.optional(grant), open_tracking: z.optional(plainGrant) })),
  sms: z.optional(z.strictObject({ marketing: z.optional(grant), transactional: z.optional(grant) })),
  whatsapp: z.optional(z.strictObject({ marketing: z.optional(grant), transactional: z.optional(grant) })),
  push: z.optional(
    z.strictObject({ marketing: grant, tokens: maybe(z.array(pushToken)), anonymous_id: maybe(z.string()) }),
  ),
});

const unsubscribeChannels = z.strictObject({
  email: z.optional(z.strictObject({ marketing: z.optional(withdrawal), open_tracking: z.optional(withdrawal) })),
  sms: z.optional(z.strictObject({ marketing: z.optional(withdrawal), transactional: z.optional(withdrawal) })),
  whatsapp: z.optional(
    z.strictObject({
      marketing: z.optional(withdrawal),
      transactional: z.optional(withdrawal),
      conversational: z.optional(withdrawal),
    }),
  ),
  push: z.optional(z.strictObject({ marketing: withdrawal, tokens: z.array(pushToken) })),
});

const list = z.optional(
  z.strictObject({
    list: z.optional(z.strictObject({ data: z.optional(linkage('list')) })),
  }),
);

const subscribeBody = requestDocument('profile-subscription-bulk-create-job', {
  attributes: z.strictObject({
    custom_source: maybe(z.string()),
    profiles: z.strictObject({
      data: z
        .array(
          z.strictObject({
            type: z.literal('profile'),
            id: maybe(z.string()),
            attributes: z.strictObject({
              email: maybe(z.string()),
              phone_number: maybe(z.string()),
              subscriptions: subscribeChannels,
              age_gated_date_of_birth: maybe(z.iso.date()),
            }),
          }),
        )
        .check(
          z.minLength(1, 'Name at least one profile.'),
          z.maxLength(1000, 'At most 1000 profiles fit in one job.'),
        ),
    }),
    historical_import: maybe(z.boolean()),
  }),
  relationships: list,
});

const unsubscribeBody = requestDocument('profile-subscription-bulk-delete-job', {
  attributes: z.strictObject({
    profiles: z.strictObject({
      data: z
        .array(
          z.strictObject({
            type: z.literal('profile'),
            attributes: z.strictObject({
              email: maybe(z.string()),
              phone_number: maybe(z.string()),
              subscriptions: unsubscribeChannels,
            }),
          }),
        )
        .check(z.minLength(1, 'Name at least one profile.'), z.maxLength(100, 'At most 100 profiles fit in one job.')),
    }),
  }),
  relationships: list,
});

type Channels = Partial<Record<'email' | 'sms' | 'whatsapp' | 'push', Readonly<Record<string, unknown>> | undefined>>;

/** Channels that are not built are refused by name: a 202 must never be followed by a loss. */
function refuseOtherChannels(channels: Channels, row: number): void {
  const at = `${rowPointer(row)}/attributes/subscriptions`;
  for (const channel of ['sms', 'whatsapp', 'push'] as const) {
    if (channels[channel]) throw refuse('not_allowed', `Consent for ${channel} is not built yet.`, `${at}/${channel}`);
  }
  if (channels.email?.['open_tracking']) {
    throw refuse('not_allowed', 'Consent for open tracking is not built yet.', `${at}/email/open_tracking`);
  }
}

interface Named {
  id?: string | null | undefined;
  attributes: { email?: string | null | undefined; phone_number?: string | null | undefined };
}

/** The identifiers of a row, normalised; refuses a row without any, at its pointer. */
function identifiersOf({ id, attributes }: Named, row: number): Pick<SubscriptionRow, 'id' | 'email' | 'phone_number'> {
  const at = `${rowPointer(row)}/attributes`;
  const { email, phone_number: phone } = attributes;
  if (!id && !email && !phone) throw refuse('invalid', 'A profile needs an id, an email or a phone_number.', at);
  return {
    ...(id && { id }),
    ...(email && { email: identifierOf('email', email, `${at}/email`) }),
    ...(phone && { phone_number: identifierOf('phone_number', phone, `${at}/phone_number`) }),
  };
}

/** When consent was given elsewhere: required and past for historical imports, refused otherwise. */
function consentedAt(text: string | null | undefined, historical: boolean, row: number, now: number) {
  const at = `${rowPointer(row)}/attributes/subscriptions/email/marketing/consented_at`;
  if (!text) {
    if (historical) throw refuse('missing', 'A historical import needs consented_at.', at);
    return undefined;
  }
  if (!historical) throw refuse('invalid', 'consented_at is only for jobs with historical_import.', at);
  const instant = instantOf(text);
  if (instant >= now) throw refuse('invalid', 'consented_at must be in the past.', at);
  return Math.max(instant, earliestConsent);
}

/** It is kept with every consent: what fits in no contact would fail the job after its 202. */
function refuseLongSource(source: string | null | undefined): void {
  if (source === null || source === undefined || source.length <= 255) return;
  throw refuse('invalid', 'custom_source has at most 255 characters.', '/data/attributes/custom_source');
}

/** No consent is older than this; older times are lifted to it. */
const earliestConsent = Date.UTC(1990, 0, 1);

const stated = {
  tag: 'Profiles',
  scopes: ['lists:write', 'profiles:write', 'subscriptions:write'],
  tier: { burst: '75/s', steady: '750/m' },
  status: 202,
  answers: { kind: 'empty' },
} as const;

/** Refuses with a 404 when the job names a list that is not there; answers its id otherwise. */
async function listOf(relationships: z.infer<typeof list>, { ports, account }: Context): Promise<string | undefined> {
  const id = relationships?.list?.data?.id;
  if (id !== undefined) await readList(ports, account, id);
  return id;
}

const listed = (list: string | undefined) => (list === undefined ? {} : { list });

export const subscriptionOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'bulk_subscribe_profiles',
    summary: 'Subscribe up to 1000 people to email marketing, and to a list if one is named.',
    path: '/api/profile-subscription-bulk-create-jobs',
    body: subscribeBody,
    run: async ({ body }, context) => {
      const { ports, account } = context;
      const { custom_source: customSource, historical_import: historical, profiles } = body.data.attributes;
      refuseLongSource(customSource);
      const now = ports.clock.now();
      const rows = profiles.data.map((profile, row): SubscriptionRow => {
        const { subscriptions } = profile.attributes;
        refuseOtherChannels(subscriptions, row);
        const marketing = subscriptions.email?.marketing;
        const at = marketing && consentedAt(marketing.consented_at, historical === true, row, now);
        const emailMarketing = marketing !== undefined;
        return { ...identifiersOf(profile, row), emailMarketing, ...(at !== undefined && { consentedAt: at }) };
      });
      const to = await listOf(body.data.relationships, context);
      const job: SubscriptionJob = {
        rows,
        ...listed(to),
        ...(customSource && { customSource }),
      };
      await createJob(ports, account, { type: 'subscribe', total: rows.length, input: job, ...listed(to) });
      return { empty: true };
    },
  }),
  command({
    ...stated,
    id: 'bulk_unsubscribe_profiles',
    summary: 'Unsubscribe up to 100 people from email marketing.',
    path: '/api/profile-subscription-bulk-delete-jobs',
    body: unsubscribeBody,
    run: async ({ body }, context) => {
      const { ports, account } = context;
      const rows = body.data.attributes.profiles.data.map((profile, row): SubscriptionRow => {
        const { subscriptions } = profile.attributes;
        refuseOtherChannels(subscriptions, row);
        return { ...identifiersOf(profile, row), emailMarketing: subscriptions.email?.marketing !== undefined };
      });
      const from = await listOf(body.data.relationships, context);
      const job: SubscriptionJob = { rows, ...listed(from) };
      await createJob(ports, account, { type: 'unsubscribe', total: rows.length, input: job, ...listed(from) });
      return { empty: true };
    },
  }),
];
