// A table: the actions that send, and the experiments that find out what is best sent.
import * as z from 'zod/mini';
import { bag, component, flag, list, maybe, oneOf, text, timestamp } from '../../../jsonapi/fields.ts';
import { flowAlert, flowEmail, flowPush, flowSms, flowWebhook, flowWhatsApp } from './messages.ts';
import { status, step } from './step.ts';

export const sendEmail = component(
  'SendEmail',
  z.strictObject({
    ...step,
    type: z.literal('send-email'),
    data: maybe(z.strictObject({ message: maybe(flowEmail), ...status })),
  }),
);

/** What goes to the person may still be without a message. */
const toPerson = <Name extends string, Message extends z.ZodMiniType>(name: Name, message: Message) =>
  z.strictObject({
    ...step,
    type: z.literal(name),
    data: z.optional(z.strictObject({ message: z.optional(message), ...status })),
  });

/** What goes elsewhere has its message from the start. */
const elsewhere = <Name extends string, Message extends z.ZodMiniType>(name: Name, message: Message) =>
  z.strictObject({ ...step, type: z.literal(name), data: z.optional(z.strictObject({ message, ...status })) });

export const sendSms = component('SendSms', toPerson('send-sms', flowSms));
export const sendPush = component('SendPush', toPerson('send-mobile-push', flowPush));
export const sendWhatsApp = component('SendWhatsApp', toPerson('send-whatsapp', flowWhatsApp));
export const sendWebhook = component('SendWebhook', elsewhere('send-webhook', flowWebhook));
export const sendAlert = component('SendAlert', elsewhere('send-internal-alert', flowAlert));

const stage = oneOf('completed', 'draft', 'live');

/** An experiment with variations of its main action, decided by one of the metrics. */
const experiment = <Variation extends z.ZodMiniType>(variation: Variation, metrics: z.ZodMiniType, rest = {}) =>
  maybe(
    z.strictObject({
      id: maybe(text()),
      name: maybe(text()),
      variations: list(variation),
      allocations: maybe(bag()),
      started: maybe(timestamp()),
      winner_metric: maybe(metrics),
      ...rest,
    }),
  );

const winnerSelection = z.strictObject({
  enabled: flag(),
  automatic_end_date: maybe(timestamp()),
  automatic_end_statistical_certainty: flag(),
});

const emailOrSms = z.discriminatedUnion('type', [sendEmail, sendSms]);
const pushOrWhatsApp = z.discriminatedUnion('type', [sendPush, sendWhatsApp]);

export const abTest = component(
  'AbTest',
  z.strictObject({
    ...step,
    type: z.literal('ab-test'),
    data: z.strictObject({
      ...status,
      experiment_status: z.optional(stage),
      main_action: emailOrSms,
      current_experiment: experiment(
        emailOrSms,
        oneOf('submission', 'unique-clicks', 'unique-opens', 'unique-placed-orders'),
        { automatic_winner_selection_settings: z.optional(winnerSelection) },
      ),
    }),
  }),
);

export const contentExperiment = component(
  'ContentExperiment',
  z.strictObject({
    ...step,
    type: z.literal('content-experiment'),
    data: z.strictObject({
      ...status,
      experiment_status: maybe(stage),
      main_action: pushOrWhatsApp,
      current_experiment: experiment(pushOrWhatsApp, oneOf('click-rate', 'open-rate')),
    }),
  }),
);
