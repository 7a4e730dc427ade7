// A table: a flow's definition as callers write it. Types that are not built are named, so that they can be refused by name.
import * as z from 'zod/mini';
import { flag, integer, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { weekdays } from './definition.ts';
import { requestedFilter, requestedTriggerFilter } from './filter.ts';

/** The most actions that one flow may have. */
export const mostActions = 100;

const name = { id: maybe(text()), temporary_id: maybe(text({ min: 1, max: 100 })) };
const link = maybe(z.strictObject({ next: maybe(text()) }));
const actionStatus = z.optional(oneOf('disabled', 'draft', 'live', 'manual'));

const timeDelay = z.strictObject({
  ...name,
  type: z.literal('time-delay'),
  links: link,
  data: z.strictObject({
    unit: z.optional(oneOf('days', 'hours', 'minutes')),
    value: integer({ min: 0, max: 525_600 }),
    secondary_value: maybe(integer({ min: 0, max: 59 })),
    timezone: z.optional(text()),
    delay_until_time: maybe(text().register(z.globalRegistry, { format: 'time' })),
    delay_until_weekdays: maybe(list(oneOf(...weekdays), { max: 7 })),
  }),
});

const conditionalSplit = z.strictObject({
  ...name,
  type: z.literal('conditional-split'),
  links: maybe(z.strictObject({ next_if_true: z.nullable(text()), next_if_false: z.nullable(text()) })),
  data: maybe(z.strictObject({ profile_filter: z.nullable(requestedFilter) })),
});

/** The message of a sending action. */
export const flowEmail = z.strictObject({
  from_email: maybe(text()),
  from_label: maybe(text({ max: 200 })),
  reply_to_email: maybe(text()),
  cc_email: maybe(text()),
  bcc_email: maybe(text()),
  subject_line: maybe(text({ max: 998 })),
  preview_text: maybe(text({ max: 1000 })),
  template_id: maybe(text()),
  smart_sending_enabled: z.optional(flag()),
  transactional: z.optional(flag()),
  add_tracking_params: z.optional(flag()),
  custom_tracking_params: maybe(list(z.strictObject({ param: text(), value: text() }))),
  additional_filters: maybe(requestedFilter),
  name: maybe(text({ max: 200 })),
  id: maybe(text()),
});

const sendEmail = z.strictObject({
  ...name,
  type: z.literal('send-email'),
  links: link,
  data: maybe(z.strictObject({ message: maybe(flowEmail), status: actionStatus })),
});

/** The actions that are built. */
export const builtAction = z.discriminatedUnion('type', [timeDelay, conditionalSplit, sendEmail]);

const laterAction = z.looseObject({
  type: oneOf(
    'ab-test',
    'action-output-split',
    'back-in-stock-delay',
    'code',
    'content-experiment',
    'countdown-delay',
    'internal-service',
    'list-update',
    'multi-branch-split',
    'send-internal-alert',
    'send-mobile-push',
    'send-sms',
    'send-webhook',
    'send-whatsapp',
    'target-date',
    'trigger-split',
    'update-profile',
  ),
});

const metricTrigger = z.strictObject({
  type: z.literal('metric'),
  id: maybe(text()),
  trigger_filter: maybe(requestedTriggerFilter),
});
const laterTrigger = z.looseObject({ type: oneOf('date', 'list', 'low-inventory', 'price-drop', 'segment') });

export const requestedDefinition = z.strictObject({
  triggers: list(z.discriminatedUnion('type', [metricTrigger, laterTrigger])),
  profile_filter: maybe(requestedFilter),
  actions: list(z.discriminatedUnion('type', [timeDelay, conditionalSplit, sendEmail, laterAction]), {
    max: mostActions,
  }),
  entry_action_id: z.nullable(text()),
  reentry_criteria: z.optional(
    z.strictObject({ duration: integer({ min: 0, max: 10_000 }), unit: oneOf('alltime', 'day', 'hour', 'week') }),
  ),
});

export type RequestedDefinition = z.infer<typeof requestedDefinition>;
export type RequestedAction = RequestedDefinition['actions'][number];
export type RequestedDelay = z.infer<typeof timeDelay>;
export type RequestedSplit = z.infer<typeof conditionalSplit>;
export type RequestedEmail = z.infer<typeof sendEmail>;
export type RequestedTrigger = z.infer<typeof metricTrigger>;
