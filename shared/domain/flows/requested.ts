// A table: a flow's definition as callers write it: all of the API.
import * as z from 'zod/mini';
import { integer, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
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
  abTest,
  actionOutputSplit,
  backInStockDelay,
  code,
  contentExperiment,
  countdownDelay,
  internalService,
  listUpdate,
  multiBranchSplit,
  sendAlert,
  sendPush,
  sendSms,
  sendWebhook,
  sendWhatsApp,
  targetDate,
  triggerSplit,
  updateProfile,
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
/** An action of one type as callers write it. */
export type Requested<Type extends string> = Extract<RequestedAction, { type: Type }>;
