// What providers report of messages, as SNS wraps it or EventBridge carries it, to outcomes, suppressions and events.
import * as z from 'zod/mini';
import type { Ports } from '../../ports.ts';
import { takeEmailReport, emailReportOf } from './email-reports.ts';
import { takeTextAnswer, textAnswerOf } from './keywords.ts';
import { reportedAt } from './reported.ts';
import { takeTextReport, textReportOf } from './text-reports.ts';

const moment = z.optional(z.string());

/** What a report comes in: an SNS envelope, an EventBridge event, or nothing around it. */
const envelopes = z.union([
  z.object({ Type: z.literal('Notification'), Message: z.string(), Timestamp: moment }),
  z.object({ 'detail-type': z.string(), detail: z.looseObject({}) }),
  z.looseObject({}),
]);

function unwrapped(envelope: z.infer<typeof envelopes>): unknown {
  if ('detail-type' in envelope) return envelope.detail;
  if (!('Message' in envelope) || typeof envelope.Message !== 'string') return envelope;
  try {
    return JSON.parse(envelope.Message);
  } catch {
    return undefined;
  }
}

/**
 * Takes in one message of the feedback queue: a report of the provider of email or of texts, or an answer to a text. The
 * address that is suppressed is the one the message was claimed for, not one that a report names. Reports of messages
 * that we do not know are logged and dropped; twice is once.
 */
export async function takeFeedback(ports: Ports, body: unknown): Promise<void> {
  const envelope = envelopes.safeParse(body);
  const inside = envelope.success ? unwrapped(envelope.data) : undefined;
  const email = emailReportOf(inside);
  if (email) return takeEmailReport(ports, email);
  const text = textReportOf(inside);
  if (text) return takeTextReport(ports, text);
  const answer = textAnswerOf(inside);
  if (!answer) return ports.log.info('feedback that is no report of a message');
  const { Timestamp: at } = body as { Timestamp?: string };
  await takeTextAnswer(ports, answer, reportedAt(at, ports.clock.now()));
}
