// The bulk subscribe and unsubscribe operations. Checked whole before anything is written; then run by the jobs worker.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { maybe } from '../../jsonapi/fields.ts';
import type { Operation } from '../../jsonapi/operation.ts';
import { command, linkage, requestDocument } from '../../jsonapi/verbs/index.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { defaultOptIn } from '../account/index.ts';
import type { Context } from '../context.ts';
import { createJob } from '../jobs/index.ts';
import {
  type Asked,
  askedIn,
  consentedAt,
  devicesIn,
  refuseTooYoung,
  refuseUnconfirmed,
  subscribeChannels,
  unsubscribeChannels,
} from './channels.ts';
import { optInOf, readList } from './lists.ts';
import { type SubscriptionJob, type SubscriptionRow, identifiersOf, rowPointer } from './rows.ts';

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

/** It is kept with every consent: what fits in no contact would fail the job after its 202. */
export function refuseLongSource(source: string | null | undefined): void {
  if (source === null || source === undefined || source.length <= 255) return;
  throw refuse('invalid', 'custom_source has at most 255 characters.', '/data/attributes/custom_source');
}

const stated = {
  tag: 'Profiles',
  scopes: ['lists:write', 'profiles:write', 'subscriptions:write'],
  tier: { burst: '75/s', steady: '750/m' },
  status: 202,
  answers: { kind: 'empty' },
} as const;

/** The list that the job names; refuses with a 404 when it is not there. */
async function listOf(relationships: z.infer<typeof list>, { ports, account }: Context) {
  const id = relationships?.list?.data?.id;
  return id === undefined ? undefined : readList(ports, account, id);
}

/** Double opt-in applies where the list says so; without a list, where the account does. */
export const isDouble = (to: DefinitionItem | undefined, { owner }: Context): boolean =>
  (to ? optInOf(to) : defaultOptIn(owner)) === 'double_opt_in';

type SubscribedProfile = z.infer<typeof subscribeBody>['data']['attributes']['profiles']['data'][number];

/** How a job's rows are read. */
interface Reading {
  historical: boolean;
  confirm: boolean;
  now: number;
  minimumAge: number | undefined;
}

function subscribedRow(profile: SubscribedProfile, row: number, reading: Reading): SubscriptionRow {
  const { historical, confirm, now, minimumAge } = reading;
  const pointer = rowPointer(row);
  const { subscriptions, age_gated_date_of_birth: born } = profile.attributes;
  const channelsAt = `${pointer}/attributes/subscriptions`;
  const asked = askedIn(subscriptions, channelsAt);
  const words = asked.map((one) => {
    const at = consentedAt(one, historical, now);
    return { kind: one.kind, ...(at !== undefined && { at }) };
  });
  if (confirm) refuseUnconfirmed(asked);
  const place = `${pointer}/attributes/age_gated_date_of_birth`;
  refuseTooYoung(asked, { born, minimumAge, pointer: place }, now);
  return {
    ...identifiersOf(profile, pointer, subscriptions.push?.anonymous_id),
    words,
    devices: devicesIn(subscriptions, channelsAt),
  };
}

export const subscriptionOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'bulk_subscribe_profiles',
    summary: 'Subscribe up to 1000 people to email, SMS, WhatsApp or push, and to a list if one is named.',
    path: '/api/profile-subscription-bulk-create-jobs',
    body: subscribeBody,
    run: async ({ body }, context) => {
      const { ports, account, owner, key } = context;
      const { custom_source: customSource, historical_import: imported, profiles } = body.data.attributes;
      refuseLongSource(customSource);
      const historical = imported === true;
      const to = await listOf(body.data.relationships, context);
      const confirm = !historical && isDouble(to, context);
      const reading: Reading = { historical, confirm, now: ports.clock.now(), minimumAge: owner.sms_minimum_age };
      const input: SubscriptionJob = {
        rows: profiles.data.map((profile, row) => subscribedRow(profile, row, reading)),
        confirm,
        historical,
        ...(to && { list: to.id }),
        ...(customSource && { customSource }),
        ...(key !== undefined && { key }),
      };
      const about = to && { list: to.id };
      await createJob(ports, account, { type: 'subscribe', total: input.rows.length, input, ...about });
      return { empty: true };
    },
  }),
  command({
    ...stated,
    id: 'bulk_unsubscribe_profiles',
    summary: 'Unsubscribe up to 100 people from email, SMS, WhatsApp or push.',
    path: '/api/profile-subscription-bulk-delete-jobs',
    body: unsubscribeBody,
    run: async ({ body }, context) => {
      const { ports, account, owner, key } = context;
      const rows = body.data.attributes.profiles.data.map((profile, row): SubscriptionRow => {
        const pointer = rowPointer(row);
        const channelsAt = `${pointer}/attributes/subscriptions`;
        const { subscriptions } = profile.attributes;
        const words = askedIn(subscriptions, channelsAt).map(({ kind }: Asked) => ({ kind }));
        return { ...identifiersOf(profile, pointer), words, devices: devicesIn(subscriptions, channelsAt) };
      });
      const from = await listOf(body.data.relationships, context);
      const about = from && { list: from.id };
      const listAlone = owner.unsubscribe_is_global === false;
      const input: SubscriptionJob = { rows, listAlone, ...about, ...(key !== undefined && { key }) };
      await createJob(ports, account, { type: 'unsubscribe', total: rows.length, input, ...about });
      return { empty: true };
    },
  }),
];
