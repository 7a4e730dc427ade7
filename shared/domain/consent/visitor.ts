// What anyone may subscribe with nothing but a company id. The answer says nothing of the person, and comes before anything
// is looked up: it is a job like any other, with narrower rules (subscribe.ts) and caps before it.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { maybe } from '../../jsonapi/fields.ts';
import type { Operation } from '../../jsonapi/operation.ts';
import { command, linkage, requestDocument } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { countOrRefuse } from '../account/index.ts';
import {
  contactKindOf,
  importAttributes,
  largestProfile,
  profileExchanged,
  profileInput,
  profileMeta,
  seenIn,
} from '../identity/index.ts';
import { createJob } from '../jobs/index.ts';
import { caps, visitorName } from './caps.ts';
import { type Asked, askedIn, consentedAt, refuseTooYoung, refuseUnconfirmed, subscribeChannels } from './channels.ts';
import { readList } from './lists.ts';
import { type SubscriptionJob, identifiersOf } from './rows.ts';
import { isDouble, refuseLongSource } from './subscription-jobs.ts';

const body = requestDocument('subscription', {
  attributes: z.strictObject({
    custom_source: maybe(z.string()),
    profile: z.strictObject({
      data: z.strictObject({
        type: z.literal('profile'),
        id: maybe(z.string()),
        attributes: z.strictObject({
          ...importAttributes.shape,
          meta: z.optional(profileMeta),
          subscriptions: z.optional(subscribeChannels),
        }),
      }),
    }),
  }),
  relationships: z.strictObject({ list: z.strictObject({ data: z.optional(linkage('list')) }) }),
});

const pointer = '/data/attributes/profile/data';
const channelsAt = `${pointer}/attributes/subscriptions`;
type Visitor = z.infer<typeof body>['data']['attributes']['profile']['data'];

export const clientSubscriptionOperations: readonly Operation<Context>[] = [
  command({
    id: 'create_client_subscription',
    tag: 'Client',
    summary: 'Subscribe one person to a list; says nothing of who is known.',
    auth: 'public',
    scopes: ['subscriptions:write'],
    tier: { burst: '350/s', steady: '750/m' },
    path: '/client/subscriptions',
    body,
    status: 202,
    answers: { kind: 'empty' },
    run: async ({ body: asked }, context) => {
      const { ports, account } = context;
      const { custom_source: customSource, profile } = asked.data.attributes;
      const id = asked.data.relationships.list.data?.id;
      if (id === undefined) throw refuse('missing', 'Name the list.', '/data/relationships/list/data');
      refuseLongSource(customSource);
      const list = await readList(ports, account, id);
      const confirm = isDouble(list, context);
      const row = rowOf(profile.data, confirm, context);
      await profileExchanged(ports, account, row.told);
      await refuseTooMany(context);
      const source = customSource ? { customSource } : {};
      const input: SubscriptionJob = { rows: [row], list: id, confirm, byVisitor: true, ...source };
      await createJob(ports, account, { type: 'subscribe', total: 1, list: id, input });
      return { empty: true };
    },
  }),
];

function rowOf({ id, attributes }: Visitor, confirm: boolean, context: Context) {
  const { ports, owner } = context;
  const { meta, subscriptions, ...told } = attributes;
  if (!told.email && !told.phone_number) {
    throw refuse('missing', 'Give an email or a phone_number.', `${pointer}/attributes`);
  }
  if (subscriptions?.push) {
    throw refuse(
      'not_allowed',
      'Push is subscribed to with its token: POST /client/push-tokens.',
      `${channelsAt}/push`,
    );
  }
  const now = ports.clock.now();
  const asked = subscriptions ? askedIn(subscriptions, channelsAt) : marketingOf(told);
  for (const one of asked) {
    consentedAt(one, false, now);
    refuseUnnamed(one, told);
  }
  if (confirm) refuseUnconfirmed(asked);
  // There is no place for a date of birth here: where SMS is age-gated it is subscribed to with a private key.
  const { sms_minimum_age: minimumAge } = owner;
  refuseTooYoung(asked, { born: undefined, minimumAge, pointer: `${pointer}/attributes` }, now);
  return {
    ...identifiersOf({ id, attributes: told }, pointer),
    told: { ...profileInput({ id, attributes: told, meta }, { pointer, largest: largestProfile }), ...seenIn(context) },
    words: asked.map(({ kind }) => ({ kind })),
  };
}

/** A visitor subscribes the address or number that they give, not one that a profile happens to have. */
function refuseUnnamed(
  { kind, pointer: at }: Asked,
  told: Pick<Visitor['attributes'], 'email' | 'phone_number'>,
): void {
  const contact = contactKindOf(kind);
  if (contact === undefined || told[contact]) return;
  throw refuse('missing', `This needs the ${contact}.`, at);
}

/** Without `subscriptions`: marketing on each channel that an identifier is given for. */
function marketingOf({ email, phone_number }: Pick<Visitor['attributes'], 'email' | 'phone_number'>): Asked[] {
  return [
    ...(email ? [{ kind: 'email', pointer: `${pointer}/attributes/email` } as const] : []),
    ...(phone_number ? [{ kind: 'sms', pointer: `${pointer}/attributes/phone_number` } as const] : []),
  ];
}

/** Bounds what visitors ask for, all together and from each address of the internet. Whoever is asked about plays no part. */
async function refuseTooMany({ ports, account, ip }: Context): Promise<void> {
  const counts: readonly (readonly [string, { most: number; span: number }])[] = [
    ...(ip === undefined ? [] : [[await visitorName(ports, account, ip), caps.visitor] as const]),
    ['visitors', caps.visitors],
  ];
  for (const [what, cap] of counts) {
    const detail = (wait: number) => `Too many subscriptions were asked for. Try again in ${wait} seconds.`;
    await countOrRefuse(ports, account, what, cap, detail);
  }
}
