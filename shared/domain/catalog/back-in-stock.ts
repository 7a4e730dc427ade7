// Back in stock: somebody wants to hear of a variant. What they asked for is an event, which flows are triggered by; it
// gives no consent to marketing (behaviour 7).
import * as z from 'zod/mini';
import { list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import { command, linkage } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import { iso } from '../../kernel/time.ts';
import type { Context } from '../context.ts';
import { internalService, recordEvent } from '../events/index.ts';
import { largestEventProfile, nameable, profileInput, seenIn } from '../identity/index.ts';
import { findEntry, readEntry } from './entries.ts';
import { soldProperties } from './stock.ts';

/** What flows that wait for a restock are triggered by. */
export const backInStockMetric = { name: 'Subscribed to Back in Stock', service: internalService };

const profile = z.strictObject({
  data: z.strictObject({
    type: z.literal('profile'),
    id: maybe(text()),
    attributes: z.strictObject({ email: maybe(text()), phone_number: maybe(text()), external_id: maybe(text()) }),
  }),
});

const bodyWith = <Profile extends z.ZodMiniType>(told: Profile) =>
  z.strictObject({
    data: z.strictObject({
      type: z.literal('back-in-stock-subscription'),
      attributes: z.strictObject({
        channels: list(oneOf('EMAIL', 'PUSH', 'SMS', 'WHATSAPP'), { min: 1, max: 4 }),
        profile: told,
      }),
      relationships: z.strictObject({
        variant: z.strictObject({ data: z.optional(linkage('catalog-variant')) }),
      }),
    }),
  });

const ofServer = bodyWith(maybe(profile));
const ofClient = bodyWith(profile);

/** Records that somebody wants to hear of a variant, once a second at most. A 404 when there is no such variant. */
async function subscribe(
  context: Context,
  { attributes, relationships }: z.infer<typeof ofServer>['data'],
  byVisitor: boolean,
): Promise<{ empty: true }> {
  const { ports, account } = context;
  const id = relationships.variant.data?.id;
  if (id === undefined) throw refuse('missing', 'Name the variant.', '/data/relationships/variant/data');
  const at = '/data/attributes/profile/data';
  if (!attributes.profile) throw refuse('missing', 'Name the profile.', '/data/attributes/profile');
  const who = profileInput(attributes.profile.data, {
    pointer: at,
    largest: largestEventProfile,
    identified: nameable.waiting,
  });
  const variant = await readEntry(ports, account, 'catalog-variant', id, '/data/relationships/variant/data/id');
  const item = await findEntry(ports, account, 'catalog-item', variant.item);
  const event = {
    metric: backInStockMetric,
    properties: { ...soldProperties(variant, item), Channels: attributes.channels },
    unique_id: `${variant.id} ${iso(ports.clock.now())}`,
    profile: byVisitor ? { ...who, ...seenIn(context) } : who,
  };
  await recordEvent(ports, account, event, { public: byVisitor });
  return { empty: true };
}

const stated = {
  scopes: ['catalogs:write', 'profiles:write'],
  tier: tiers.XL,
  status: 202,
  answers: { kind: 'empty' },
} as const;

/** For holders of a private key. */
export const backInStockOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'create_back_in_stock_subscription',
    tag: 'Catalogs',
    summary: 'Note that somebody wants to hear when a variant is back in stock.',
    path: '/api/back-in-stock-subscriptions',
    body: ofServer,
    run: ({ body }, context) => subscribe(context, body.data, false),
  }),
];

/** For browsers, behind the public company id. */
export const clientBackInStockOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'create_client_back_in_stock_subscription',
    tag: 'Client',
    summary: 'Note that a visitor wants to hear when a variant is back in stock.',
    auth: 'public',
    path: '/client/back-in-stock-subscriptions',
    body: ofClient,
    run: ({ body }, context) => subscribe(context, body.data, true),
  }),
];
