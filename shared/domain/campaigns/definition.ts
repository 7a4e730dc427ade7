// A table: what a campaign is made of, as requests and answers spell it.
import * as z from 'zod/mini';
import { bag, flag, integer, list, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { linkage } from '../../jsonapi/verbs/index.ts';
import { dynamicValues } from '../messaging/index.ts';

const ids = list(text(), { max: 100 });

export const audiences = z.strictObject({ included: ids, excluded: maybe(ids) });
export const changedAudiences = z.strictObject({ included: maybe(ids), excluded: maybe(ids) });

export const throttlePercentages = [1, 2, 5, 10, 11, 13, 14, 17, 20, 25, 33, 50] as const;

const staticSend = z.strictObject({
  method: z.literal('static'),
  datetime: timestamp(),
  options: maybe(
    z.union([
      z.strictObject({ is_local: z.literal(true), send_past_recipients_immediately: z.optional(flag()) }),
      z.strictObject({ is_local: z.literal(false) }),
    ]),
  ),
});
const throttledSend = z.strictObject({
  method: z.literal('throttled'),
  datetime: timestamp(),
  throttle_percentage: z.literal(throttlePercentages),
});
const immediateSend = z.strictObject({ method: z.literal('immediate') });
const date = z
  .string()
  .register(z.globalRegistry, { format: 'date' })
  .check(z.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a date such as 2026-01-31'));
const smartSend = z.strictObject({ method: z.literal('smart_send_time'), date });

export const sendStrategy = z.discriminatedUnion('method', [staticSend, throttledSend, immediateSend, smartSend]);
export type SendStrategy = z.infer<typeof sendStrategy>;

/** Also the ways of sending that only answers can name. */
export const anySendStrategy = z.discriminatedUnion('method', [
  staticSend,
  throttledSend,
  immediateSend,
  smartSend,
  z.strictObject({ method: z.literal('ab_test_campaign') }),
  z.strictObject({ method: z.literal('unsupported') }),
]);

export const sendOptions = z.strictObject({ use_smart_sending: maybe(flag()) });

const trackingParam = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dynamic'), value: oneOf(...dynamicValues.campaign), name: text() }),
  z.strictObject({ type: z.literal('static'), value: text(), name: text() }),
]);
export const trackingOptions = z.strictObject({
  add_tracking_params: maybe(flag()),
  custom_tracking_params: maybe(list(trackingParam, { max: 50 })),
  is_tracking_clicks: maybe(flag()),
  is_tracking_opens: maybe(flag()),
});
export type TrackingOptions = z.infer<typeof trackingOptions>;

const emailContent = z.strictObject({
  subject: maybe(text({ max: 998 })),
  preview_text: maybe(text({ max: 1000 })),
  from_email: maybe(text({ max: 320 })),
  from_label: maybe(text({ max: 200 })),
  reply_to_email: maybe(text({ max: 320 })),
  cc_email: maybe(text({ max: 320 })),
  bcc_email: maybe(text({ max: 320 })),
});
const email = z.strictObject({
  channel: z.literal('email'),
  label: maybe(text({ max: 255 })),
  content: z.optional(emailContent),
});

const optionalFlag = maybe(flag());
export const renderOptions = z.strictObject({
  shorten_links: optionalFlag,
  add_org_prefix: optionalFlag,
  add_info_link: optionalFlag,
  add_opt_out_language: optionalFlag,
});
const smsBody = { body: maybe(text({ max: 1600 })) };
const smsOf = <Content extends z.ZodMiniType>(content: Content) =>
  z.strictObject({
    channel: z.literal('sms'),
    content: z.optional(content),
    render_options: z.optional(renderOptions),
  });
const shownSms = z.strictObject({ ...smsBody, media_url: maybe(text()) });
const sms = smsOf(z.strictObject(smsBody));

/** What a message says, as the answer to an assignment shows it. */
export const flatContent = z.union([emailContent, shownSms]);

const badge = z.discriminatedUnion('badge_config', [
  z.strictObject({ badge_config: z.literal('increment_one') }),
  z.strictObject({ badge_config: z.literal('set_count'), value: text() }),
  z.strictObject({ badge_config: z.literal('set_property'), set_from_property: text() }),
]);
const pushOptions = z.strictObject({
  on_open: maybe(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('open_app') }),
      z.strictObject({
        type: z.literal('deep_link'),
        ios_deep_link: maybe(text()),
        android_deep_link: maybe(text()),
      }),
      z.strictObject({ type: z.literal('open_web_url'), web_url: maybe(text()) }),
    ]),
  ),
  badge: maybe(
    z.union([
      z.strictObject({ display: z.literal(true), badge_options: maybe(badge) }),
      z.strictObject({ display: z.literal(false) }),
    ]),
  ),
  play_sound: optionalFlag,
});
const actionButton = z.strictObject({
  label: text(),
  action_type: text(),
  position: maybe(integer()),
  url: maybe(text()),
});
const pushContentOf = <Body extends z.ZodMiniType>(body: Body) =>
  z.strictObject({
    title: maybe(text({ max: 1000 })),
    body,
    dynamic_image: maybe(text()),
    action_buttons: maybe(list(actionButton, { max: 3 })),
  });
const kv = maybe(bag());
const standardPush = <Content extends z.ZodMiniType>(content: Content) =>
  z.strictObject({
    channel: z.literal('mobile_push'),
    content,
    kv_pairs: kv,
    options: z.optional(pushOptions),
    notification_type: z.optional(z.literal('standard')),
  });
const silent = { channel: z.literal('mobile_push'), notification_type: z.literal('silent') };
const pushText = text({ max: 4000 });

/** A message as it is made. */
export const newMessage = z.union([
  email,
  sms,
  standardPush(pushContentOf(pushText)),
  z.strictObject({ ...silent, notification_type: z.optional(silent.notification_type), kv_pairs: kv }),
]);
/** A message as it is changed. */
export const changedMessage = z.union([
  email,
  sms,
  standardPush(z.optional(pushContentOf(maybe(pushText)))),
  z.strictObject({ ...silent, notification_type: z.optional(silent.notification_type), kv_pairs: z.optional(bag()) }),
]);
/** A message as it is shown. */
export const shownMessage = z.union([
  email,
  smsOf(shownSms),
  z.extend(standardPush(pushContentOf(maybe(pushText))), { notification_type: z.literal('standard') }),
  z.strictObject({ ...silent, kv_pairs: kv }),
]);
export type MessageDefinition = z.infer<typeof changedMessage>;

export const imageLink = z.strictObject({ image: z.optional(z.strictObject({ data: z.optional(linkage('image')) })) });
