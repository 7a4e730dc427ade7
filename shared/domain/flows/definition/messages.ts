// A table: the messages that actions send.
import * as z from 'zod/mini';
import { bag, flag, integer, list, maybe, oneOf, text } from '../../../jsonapi/fields.ts';
import { peopleFilter } from './conditions.ts';
import { messageHierarchy } from './rich-messages.ts';

const named = { name: maybe(text({ max: 200 })), id: maybe(text()) };
const optionalFlag = z.optional(flag());
/** Messages that the frequency cap holds back, and that have conditions of their own. */
const gated = { smart_sending_enabled: optionalFlag, additional_filters: maybe(peopleFilter) };
const trackingParams = maybe(list(z.strictObject({ param: text(), value: text() })));

export const flowEmail = z.strictObject({
  from_email: maybe(text()),
  from_label: maybe(text({ max: 200 })),
  reply_to_email: maybe(text()),
  cc_email: maybe(text()),
  bcc_email: maybe(text()),
  subject_line: maybe(text({ max: 998 })),
  preview_text: maybe(text({ max: 1000 })),
  template_id: maybe(text()),
  ...gated,
  transactional: optionalFlag,
  add_tracking_params: optionalFlag,
  custom_tracking_params: trackingParams,
  ...named,
});

export const flowSms = z.strictObject({
  body: text(),
  image_id: maybe(text()),
  dynamic_image: maybe(text()),
  message_hierarchy: maybe(messageHierarchy),
  shorten_links: optionalFlag,
  include_contact_card: optionalFlag,
  add_org_prefix: optionalFlag,
  add_info_link: optionalFlag,
  add_opt_out_language: optionalFlag,
  sms_quiet_hours_enabled: optionalFlag,
  transactional: optionalFlag,
  add_tracking_params: optionalFlag,
  custom_tracking_params: trackingParams,
  template_id: maybe(text()),
  ...gated,
  ...named,
});

/** How the number on the app's icon changes. */
const badge = z.discriminatedUnion('badge_config', [
  z.strictObject({ badge_config: z.literal('increment_one') }),
  z.strictObject({ badge_config: z.literal('set_count'), value: text() }),
  z.strictObject({ badge_config: z.literal('set_property'), set_from_property: text() }),
]);

const pushButton = z.strictObject({
  label: text(),
  action_type: oneOf('deep_link', 'dismiss', 'open_app', 'open_url'),
  position: maybe(integer()),
  url: maybe(text()),
  icon: maybe(text()),
  custom_action_id: maybe(text()),
});

export const flowPush = z.strictObject({
  title: maybe(text()),
  body: text(),
  sound: optionalFlag,
  badge: optionalFlag,
  badge_options: z.optional(badge),
  image_id: maybe(text()),
  dynamic_image: maybe(text()),
  video_asset_id: maybe(text()),
  on_open: z.optional(oneOf('home', 'link', 'open_url')),
  ios_link: maybe(text()),
  android_link: maybe(text()),
  web_url: maybe(text()),
  push_type: maybe(oneOf('silent', 'standard')),
  kv_pairs: maybe(bag()),
  conversion_metric_id: maybe(text()),
  action_buttons: maybe(list(pushButton)),
  ...gated,
  ...named,
});

export const flowWhatsApp = z.strictObject({
  vendor_id: maybe(text()),
  transactional: optionalFlag,
  add_tracking_params: optionalFlag,
  ...gated,
  ...named,
});

export const flowWebhook = z.strictObject({
  url: z.nullable(text()),
  headers: maybe(bag()),
  body: maybe(text()),
  ...named,
});

export const flowAlert = z.strictObject({
  from_email: z.nullable(text()),
  from_label: z.nullable(text()),
  to_emails: list(text()),
  subject_line: z.nullable(text()),
  template_id: maybe(text()),
  ...named,
});

/** The message of any action, as it is shown. */
export const flowMessage = z.union([flowEmail, flowAlert, flowPush, flowSms, flowWebhook, flowWhatsApp]);
