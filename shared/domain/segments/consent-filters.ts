// A table: how the API writes conditions on consent. Nothing in here decides anything.
import * as z from 'zod/mini';
import { list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { booleanFilter, dateFilter, dateOrSetFilter } from './filters.ts';

const oneOfTexts = z.strictObject({ type: z.literal('string'), operator: z.literal('in'), value: list(text()) });
const thatText = z.strictObject({
  type: z.literal('string'),
  operator: z.literal('equals'),
  value: z.nullable(text()),
});
const fromPlatform = <Name extends string>(name: Name) =>
  z.strictObject({ type: z.literal('string'), operator: z.literal('in'), value: list(z.literal(name)) });

// --- how it was given or withdrawn ----------------------------------------------------------------------------------

const ofMethod = z.literal('method');
/** A method without detail. */
const by = <Name extends string>(name: Name) => z.strictObject({ field: ofMethod, method: z.literal(name) });
/** A method with some of its sources. */
const byOneOf = <Name extends string>(name: Name) =>
  z.strictObject({ field: ofMethod, method: z.literal(name), filter: maybe(oneOfTexts) });
const byIntegration = <Name extends string>(name: Name) =>
  z.strictObject({ field: ofMethod, method: z.literal('integration'), filter: fromPlatform(name) });
const byPreferencePage = z.strictObject({
  field: ofMethod,
  method: z.literal('preference_page'),
  filter: maybe(thatText),
});

// --- when, and what else is known -----------------------------------------------------------------------------------

const onDate = z.strictObject({ field: z.literal('status_date'), filter: dateFilter });
const bounced = z.strictObject({ field: z.literal('bounce_date'), filter: dateOrSetFilter });
const suppressedByHand = z.strictObject({ field: z.literal('manual_suppression_date'), filter: dateOrSetFilter });
const foundInvalid = z.strictObject({ field: z.literal('invalid_email_date'), filter: dateOrSetFilter });
const twiceConfirmed = z.strictObject({ field: z.literal('is_double_opt_in'), filter: booleanFilter });
const fromSource = z.strictObject({ field: z.literal('custom_source'), filter: thatText });
const capableOfRcs = z.strictObject({ field: z.literal('is_rcs_capable'), filter: booleanFilter });

const suppressions = list(z.discriminatedUnion('field', [bounced, suppressedByHand, foundInvalid]));

// --- email ----------------------------------------------------------------------------------------------------------

const any = z.literal('any');
const subscribed = z.literal('subscribed');
const unsubscribed = z.literal('unsubscribed');
const neverSubscribed = z.literal('never_subscribed');

const emailGrants = list(
  z.discriminatedUnion('field', [
    twiceConfirmed,
    onDate,
    fromSource,
    z.discriminatedUnion('method', [
      byOneOf('form'),
      byPreferencePage,
      byOneOf('api'),
      by('inbound_message'),
      by('back_in_stock'),
      by('sftp'),
      byOneOf('manual_import'),
      byOneOf('manual_add'),
      byIntegration('shopify'),
    ]),
  ]),
);

const emailWithdrawals = list(
  z.discriminatedUnion('field', [
    onDate,
    z.discriminatedUnion('method', [
      byOneOf('api'),
      by('inbound_message'),
      by('preference_page'),
      by('manual_remove'),
      by('spam_complaint'),
      by('mailbox_provider'),
      by('one_click_unsubscribe'),
      by('manual_import'),
      by('sftp'),
      by('data_warehouse_import'),
      by('profile_modification'),
      byIntegration('constant_contact'),
    ]),
  ]),
);

const email = z.literal('email');

const emailConsent = z.discriminatedUnion('can_receive_marketing', [
  z.strictObject({
    channel: email,
    can_receive_marketing: z.literal(true),
    consent_status: z.discriminatedUnion('subscription', [
      z.strictObject({ subscription: any, filters: maybe(z.unknown()) }),
      z.strictObject({ subscription: subscribed, filters: maybe(emailGrants) }),
      z.strictObject({ subscription: neverSubscribed, filters: maybe(z.unknown()) }),
    ]),
  }),
  z.strictObject({
    channel: email,
    can_receive_marketing: z.literal(false),
    consent_status: z.discriminatedUnion('subscription', [
      z.strictObject({ subscription: any, filters: maybe(suppressions) }),
      z.strictObject({ subscription: unsubscribed, filters: maybe(z.union([emailWithdrawals, suppressions])) }),
      z.strictObject({ subscription: neverSubscribed, filters: suppressions }),
      z.strictObject({ subscription: subscribed, filters: suppressions }),
    ]),
  }),
]);

// --- sms and push ---------------------------------------------------------------------------------------------------

const textedIn = [
  byOneOf('form'),
  byOneOf('manual_import'),
  byOneOf('manual_add'),
  by('checkout'),
  by('inbound_message'),
  by('preference_page'),
  by('sftp'),
  byIntegration('shopify'),
] as const;

const smsGrants = list(
  z.discriminatedUnion('field', [onDate, z.discriminatedUnion('method', [...textedIn]), capableOfRcs]),
);
const smsWithdrawals = list(
  z.discriminatedUnion('field', [
    onDate,
    z.discriminatedUnion('method', [
      ...textedIn,
      by('manual_remove'),
      by('bulk_remove'),
      by('carrier_deactivation'),
      by('provided_landline'),
      by('message_blocked'),
      by('provided_no_age'),
      by('failed_age_gate'),
    ]),
  ]),
);

const sms = z.literal('sms');

const smsConsent = z.discriminatedUnion('can_receive_marketing', [
  z.strictObject({
    channel: sms,
    can_receive_marketing: z.literal(true),
    consent_status: z.strictObject({ subscription: subscribed, filters: maybe(smsGrants) }),
  }),
  z.strictObject({
    channel: sms,
    can_receive_marketing: z.literal(false),
    consent_status: z.discriminatedUnion('subscription', [
      z.strictObject({ subscription: any }),
      z.strictObject({ subscription: unsubscribed, filters: maybe(smsWithdrawals) }),
      z.strictObject({ subscription: neverSubscribed }),
    ]),
  }),
]);

const push = z.literal('push');

const pushConsent = z.discriminatedUnion('can_receive_marketing', [
  z.strictObject({
    channel: push,
    can_receive_marketing: z.literal(true),
    consent_status: z.strictObject({ subscription: any, filters: maybe(list(onDate)) }),
  }),
  z.strictObject({
    channel: push,
    can_receive_marketing: z.literal(false),
    consent_status: z.strictObject({ subscription: any }),
  }),
]);

export const marketingConsent = z.discriminatedUnion('channel', [emailConsent, smsConsent, pushConsent]);

// --- reachability on WhatsApp ---------------------------------------------------------------------------------------

const dated = <Name extends string>(field: Name) => z.strictObject({ field: z.literal(field), filter: dateFilter });

const subscribeMethods = oneOf(
  'api',
  'back_in_stock',
  'bigcommerce',
  'bulk_remove',
  'campaign_monitor',
  'carrier_deactivation',
  'checkout',
  'constant_contact',
  'exact_target',
  'facebook',
  'failed_age_gate',
  'inbound_message',
  'integration',
  'mad_mimi',
  'magento_two',
  'mailbox_provider',
  'manual_add',
  'manual_import',
  'manual_remove',
  'message_blocked',
  'netsuite',
  'preference_page',
  'provided_landline',
  'provided_no_age',
  'sftp',
  'shopify',
  'social_instagram_message',
  'spam_complaint',
  'square',
  'wix',
  'woocommerce',
);

const subscribeMethod = z.literal('subscribe_method');
const reachability = list(
  z.discriminatedUnion('field', [
    dated('effective_date'),
    dated('recorded_date'),
    z.discriminatedUnion('method', [
      z.strictObject({ field: subscribeMethod, method: subscribeMethods }),
      z.strictObject({ field: subscribeMethod, method: z.literal('form'), filter: maybe(oneOfTexts) }),
    ]),
  ]),
);

const reachable = <Status extends string>(status: Status) => z.strictObject({ reachable_status: z.literal(status) });
const reachableSince = <Status extends string>(status: Status) =>
  z.strictObject({ reachable_status: z.literal(status), filters: reachability });

export const permission = z.discriminatedUnion('reachable_status', [
  reachableSince('explicitly_reachable'),
  reachable('implicitly_reachable'),
  reachable('implicitly_or_explicitly_reachable'),
  reachableSince('explicitly_unreachable'),
  reachable('implicitly_unreachable'),
  reachable('implicitly_or_explicitly_unreachable'),
]);
