// A table: a flow's definition as callers write it. All of the API is declared; what is built is said here, the rest is
// `later` and refused by its name.
import * as z from 'zod/mini';
import { integer, later, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { code, internalService, listUpdate, updateProfile } from './definition/changing.ts';
import { entryFilter } from './definition/conditions.ts';
import {
  abTest,
  contentExperiment,
  sendAlert,
  sendEmail,
  sendPush,
  sendSms,
  sendWebhook,
  sendWhatsApp,
} from './definition/sending.ts';
import { actionOutputSplit, conditionalSplit, multiBranchSplit, triggerSplit } from './definition/splitting.ts';
import { trigger } from './definition/triggers.ts';
import { backInStockDelay, countdownDelay, targetDate, timeDelay } from './definition/waiting.ts';

/** The most actions that one flow may have. */
export const mostActions = 100;

export const requestedAction = z.discriminatedUnion('type', [
  timeDelay,
  conditionalSplit,
  sendEmail,
  later('ab-test', abTest),
  later('action-output-split', actionOutputSplit),
  later('back-in-stock-delay', backInStockDelay),
  later('code', code),
  later('content-experiment', contentExperiment),
  later('countdown-delay', countdownDelay),
  later('internal-service', internalService),
  later('list-update', listUpdate),
  later('multi-branch-split', multiBranchSplit),
  later('send-internal-alert', sendAlert),
  later('send-mobile-push', sendPush),
  later('send-sms', sendSms),
  later('send-webhook', sendWebhook),
  later('send-whatsapp', sendWhatsApp),
  later('target-date', targetDate),
  later('trigger-split', triggerSplit),
  later('update-profile', updateProfile),
]);

export const requestedDefinition = z.strictObject({
  triggers: list(trigger),
  profile_filter: maybe(entryFilter),
  actions: list(requestedAction, { max: mostActions }),
  entry_action_id: z.nullable(text()),
  reentry_criteria: z.optional(
    z.strictObject({ duration: integer({ min: 0, max: 10_000 }), unit: oneOf('alltime', 'day', 'hour', 'week') }),
  ),
});

export type RequestedDefinition = z.infer<typeof requestedDefinition>;
export type RequestedAction = z.infer<typeof requestedAction>;
export type RequestedDelay = z.infer<typeof timeDelay>;
export type RequestedSplit = z.infer<typeof conditionalSplit>;
export type RequestedEmail = z.infer<typeof sendEmail>;
