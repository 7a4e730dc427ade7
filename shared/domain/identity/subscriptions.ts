// What a profile's `subscriptions` and `predictive_analytics` say.
import * as z from 'zod/mini';
import { bag, flag, integer, list, maybe, number, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { isoOf } from '../../kernel/time.ts';
import type { ConsentState, ProfileItem } from '../../storage/items.ts';
import { acceptsEmail, acceptsPush, acceptsSms, isSubscribed } from './reachable.ts';

const dated = { consent_timestamp: maybe(timestamp()), last_updated: maybe(timestamp()) };
const explained = { method: maybe(text()), method_detail: maybe(text()) };

const emailMarketing = z.object({
  can_receive_email_marketing: flag(),
  consent: text(),
  ...dated,
  ...explained,
  custom_method_detail: maybe(text()),
  double_optin: maybe(flag()),
  suppression: maybe(
    list(
      z.object({
        reason: oneOf('HARD_BOUNCE', 'INVALID_EMAIL', 'SPAM_COMPLAINT', 'UNSUBSCRIBE', 'USER_SUPPRESSED'),
        timestamp: timestamp(),
      }),
    ),
  ),
  list_suppressions: maybe(list(z.object({ list_id: text(), reason: text(), timestamp: timestamp() }))),
});

/** The shape of the newer channels. */
const channel = {
  consent: text(),
  ...dated,
  created_timestamp: maybe(timestamp()),
  metadata: maybe(bag()),
  can_receive: flag(),
  valid_until: maybe(timestamp()),
};
const whatsapp = z.optional(z.object({ ...channel, phone_number: maybe(text()) }));

export const subscriptionsSchema = z.object({
  email: z.optional(z.object({ marketing: z.optional(emailMarketing), open_tracking: z.optional(z.object(channel)) })),
  sms: z.optional(
    z.object({
      marketing: z.optional(z.object({ can_receive_sms_marketing: flag(), consent: text(), ...dated, ...explained })),
      transactional: z.optional(
        z.object({ can_receive_sms_transactional: flag(), consent: text(), ...dated, ...explained }),
      ),
    }),
  ),
  mobile_push: z.optional(
    z.object({
      marketing: z.optional(
        z.object({ can_receive_push_marketing: flag(), consent: text(), consent_timestamp: maybe(timestamp()) }),
      ),
    }),
  ),
  whatsapp: z.optional(z.object({ marketing: whatsapp, transactional: whatsapp, conversational: whatsapp })),
});

export const predictiveAnalyticsSchema = z.object({
  historic_clv: maybe(number()),
  predicted_clv: maybe(number()),
  total_clv: maybe(number()),
  historic_number_of_orders: maybe(integer()),
  predicted_number_of_orders: maybe(number()),
  average_days_between_orders: maybe(number()),
  average_order_value: maybe(number()),
  churn_probability: maybe(number()),
  expected_date_of_next_order: maybe(timestamp()),
  ranked_channel_affinity: maybe(list(oneOf('email', 'push', 'sms', 'whatsapp'))),
});

const never = 'NEVER_SUBSCRIBED';

/** The `subscriptions` attribute. Email may be sent unless withdrawn or suppressed; other channels need a consent. */
export function subscriptionsOf(item: ProfileItem): Readonly<Record<string, unknown>> {
  const { consents = {}, phone_number = null } = item;
  const whatsappOf = (consent: ConsentState | undefined) => ({ ...newerChannel(consent), phone_number });
  return {
    email: {
      marketing: emailMarketingOf(item),
      ...(consents.open_tracking && { open_tracking: newerChannel(consents.open_tracking) }),
    },
    sms: {
      marketing: { can_receive_sms_marketing: acceptsSms(consents), ...explainedBy(consents.sms) },
      transactional: {
        can_receive_sms_transactional: acceptsSms(consents, true),
        ...explainedBy(consents.sms_transactional),
      },
    },
    mobile_push: {
      marketing: { can_receive_push_marketing: acceptsPush(consents), ...statedBy(consents.push) },
    },
    whatsapp: {
      marketing: whatsappOf(consents.whatsapp),
      transactional: whatsappOf(consents.whatsapp_transactional),
      conversational: whatsappOf(consents.whatsapp_conversational),
    },
  };
}

const statedBy = (consent: ConsentState | undefined) => ({
  consent: consent?.state ?? never,
  consent_timestamp: consent === undefined ? null : isoOf(consent.at),
});

const datedBy = (consent: ConsentState | undefined) => ({
  ...statedBy(consent),
  last_updated: consent === undefined ? null : isoOf(consent.updated),
});

const explainedBy = (consent: ConsentState | undefined) => ({
  ...datedBy(consent),
  method: consent?.method ?? null,
  method_detail: consent?.method_detail ?? '',
});

const newerChannel = (consent: ConsentState | undefined) => ({
  ...datedBy(consent),
  created_timestamp: consent === undefined ? null : isoOf(consent.at),
  metadata: null,
  can_receive: isSubscribed(consent),
  valid_until: null,
});

function emailMarketingOf(item: ProfileItem) {
  const { email, consents, email_suppressions: suppressions = [], email_list_suppressions: lists = [] } = item;
  const consent = consents?.email;
  return {
    can_receive_email_marketing: email !== undefined && acceptsEmail({ consents, suppressions }),
    ...explainedBy(consent),
    custom_method_detail: consent?.custom_method_detail ?? null,
    double_optin: consent?.double_optin ?? null,
    suppression: suppressions.map(({ reason, at }) => ({ reason, timestamp: isoOf(at) })),
    list_suppressions: lists.map(({ list: id, reason, at }) => ({ list_id: id, reason, timestamp: isoOf(at) })),
  };
}

/** The `predictive_analytics` attribute: Millrace predicts nothing. */
export const nothingPredicted: Readonly<Record<string, null>> = {
  historic_clv: null,
  predicted_clv: null,
  total_clv: null,
  historic_number_of_orders: null,
  predicted_number_of_orders: null,
  average_days_between_orders: null,
  average_order_value: null,
  churn_probability: null,
  expected_date_of_next_order: null,
  ranked_channel_affinity: null,
};
