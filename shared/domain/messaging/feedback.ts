// What the mail provider reports of messages, as SNS wraps it or EventBridge carries it, to outcomes and suppressions.
import * as z from 'zod/mini';
import { accountId } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MessageItem, SuppressionReason } from '../../storage/items.ts';
import { suppressEmail } from '../consent/index.ts';
import { type MessageName, type Outcome, findMessage, settle } from './settle.ts';

const moment = z.optional(z.string());
const tag = z.tuple([z.string()], z.string());

const report = z.object({
  /** `eventType` of event publishing; `notificationType` of the older notifications. */
  eventType: z.optional(z.string()),
  notificationType: z.optional(z.string()),
  mail: z.object({
    messageId: z.string(),
    timestamp: moment,
    tags: z.optional(z.looseObject({ account: z.optional(tag), profile: z.optional(tag), message: z.optional(tag) })),
  }),
  bounce: z.optional(z.object({ bounceType: z.string(), timestamp: moment })),
  complaint: z.optional(z.object({ timestamp: moment })),
});
type Report = z.infer<typeof report>;

/** What a report comes in: an SNS envelope, an EventBridge event, or nothing around it. */
const envelopes = z.union([
  z.object({ Type: z.literal('Notification'), Message: z.string() }),
  z.object({ 'detail-type': z.string(), detail: z.looseObject({}) }),
  z.looseObject({ mail: z.looseObject({}) }),
]);

/** The report in a message of the feedback queue; undefined when it holds none. */
function reportOf(body: unknown): Report | undefined {
  const envelope = envelopes.safeParse(body);
  if (!envelope.success) return undefined;
  const found = report.safeParse(unwrapped(envelope.data));
  return found.success ? found.data : undefined;
}

function unwrapped(envelope: z.infer<typeof envelopes>): unknown {
  if ('detail-type' in envelope) return envelope.detail;
  if (!('Message' in envelope) || typeof envelope.Message !== 'string') return envelope;
  try {
    return JSON.parse(envelope.Message);
  } catch {
    return undefined;
  }
}

/** What follows from a report: an outcome for messages that stand at one of `from`, a suppression of the address. */
interface Effect {
  outcome: Outcome;
  from: readonly MessageItem['status'][];
  suppress?: { reason: SuppressionReason; at: string | undefined };
}

/** Nothing was known of these until now. */
const open = ['CLAIMED', 'UNKNOWN'] as const;

/** Whatever happens to a message behind the provider's door shows that the provider took it. */
const taken = ({ mail }: Report): Effect => ({ outcome: { status: 'SENT', provider_id: mail.messageId }, from: open });

const refusedLater =
  (reason: string) =>
  ({ mail }: Report): Effect => ({
    outcome: { status: 'FAILED', reason, provider_id: mail.messageId },
    from: [...open, 'SENT'],
  });

const effects: ReadonlyMap<string, (report: Report) => Effect> = new Map<string, (report: Report) => Effect>([
  ['Send', taken],
  ['Delivery', taken],
  ['DeliveryDelay', taken],
  ['Open', taken],
  ['Click', taken],
  ['Reject', refusedLater('Rejected by the provider')],
  ['Rendering Failure', refusedLater('Not rendered by the provider')],
  [
    'Bounce',
    (report) => {
      const { bounceType, timestamp } = report.bounce ?? {};
      if (bounceType !== 'Permanent') return taken(report);
      return { ...taken(report), suppress: { reason: 'HARD_BOUNCE', at: timestamp } };
    },
  ],
  [
    'Complaint',
    (report) => ({ ...taken(report), suppress: { reason: 'SPAM_COMPLAINT', at: report.complaint?.timestamp } }),
  ],
]);

function nameIn({ mail }: Report): MessageName | undefined {
  const { account, profile, message } = mail.tags ?? {};
  if (!account || !profile || !message) return undefined;
  return { account: accountId(account[0]), profile: profile[0], message: message[0] };
}

/**
 * Takes in one message of the feedback queue. The address that is suppressed is the one the message was claimed for,
 * not one that a report names. Reports of messages that we do not know are logged and dropped; twice is once.
 */
export async function takeFeedback(ports: Ports, body: unknown): Promise<void> {
  const found = reportOf(body);
  if (!found) return ports.log.info('feedback that is no report of a message');
  const type = found.eventType ?? found.notificationType ?? '';
  const effect = effects.get(type)?.(found);
  if (!effect) return ports.log.info('feedback of another kind', { type });
  const named = nameIn(found);
  const known = named && (await findMessage(ports, named));
  if (!known) return ports.log.info('feedback of an unknown message', { type });
  const { name, item } = known;
  if (effect.suppress && item.address !== undefined) {
    const { reason, at } = effect.suppress;
    await suppressEmail(ports, name.account, {
      address: item.address,
      reason,
      at: instantFrom(at, ports.clock.now()),
      how: { method: 'PROVIDER_FEEDBACK', detail: name.message },
    });
  }
  await settle(ports, name, effect.outcome, effect.from);
}

/** A reported time; the present when it is none or lies ahead. */
function instantFrom(text: string | undefined, now: Instant): Instant {
  const at = instantOf(text ?? '');
  return Number.isNaN(at) || at > now ? now : at;
}
