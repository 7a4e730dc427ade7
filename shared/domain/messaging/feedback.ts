// What the mail provider reports of messages, as SNS wraps it or EventBridge carries it, to outcomes and suppressions.
import * as z from 'zod/mini';
import { type AccountId, accountId } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MessageItem } from '../../storage/items.ts';
import { arrive, askedOf, bounceSoftly, complainEmail, suppressEmail } from '../consent/index.ts';
import { findConfirmation, settleConfirmation } from './confirm.ts';
import { type TextAnswer, takeTextAnswer, textAnswerOf } from './keywords.ts';
import { type Outcome, findMessage, settle } from './settle.ts';

const moment = z.optional(z.string());
const tag = z.tuple([z.string()], z.string());

const report = z.object({
  /** `eventType` of event publishing; `notificationType` of the older notifications. */
  eventType: z.optional(z.string()),
  notificationType: z.optional(z.string()),
  mail: z.object({
    messageId: z.string(),
    timestamp: moment,
    tags: z.optional(
      z.looseObject({
        account: z.optional(tag),
        profile: z.optional(tag),
        contact: z.optional(tag),
        message: z.optional(tag),
      }),
    ),
  }),
  bounce: z.optional(z.object({ bounceType: z.string(), timestamp: moment })),
  complaint: z.optional(z.object({ timestamp: moment })),
  delivery: z.optional(z.object({ timestamp: moment })),
  open: z.optional(z.object({ timestamp: moment })),
  click: z.optional(z.object({ timestamp: moment })),
});
type Report = z.infer<typeof report>;

/** What a report comes in: an SNS envelope, an EventBridge event, or nothing around it. */
const envelopes = z.union([
  z.object({ Type: z.literal('Notification'), Message: z.string(), Timestamp: moment }),
  z.object({ 'detail-type': z.string(), detail: z.looseObject({}) }),
  z.looseObject({ mail: z.looseObject({}) }),
]);

/** What a message of the feedback queue holds, a report or what somebody answered to a text; else undefined. */
function feedbackIn(body: unknown): { report: Report } | { answer: TextAnswer; at?: string } | undefined {
  const envelope = envelopes.safeParse(body);
  if (!envelope.success) return undefined;
  const inside = unwrapped(envelope.data);
  const found = report.safeParse(inside);
  if (found.success) return { report: found.data };
  const answer = textAnswerOf(inside);
  if (!answer) return undefined;
  const { Timestamp: at } = envelope.data as { Timestamp?: string };
  return { answer, ...(at !== undefined && { at }) };
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

/** What a report says of the address that the message went to, and when. */
interface Word {
  says: 'arrived' | 'bounced' | 'bounced softly' | 'complained';
  at: string | undefined;
}

/** What follows from a report: an outcome for messages that stand at one of `from`, a word on the address. */
interface Effect {
  outcome: Outcome;
  from: readonly MessageItem['status'][];
  word?: Word;
}

/** Nothing was known of these until now. */
const open = ['CLAIMED', 'UNKNOWN'] as const;

/** Whatever happens to a message behind the provider's door shows that the provider took it. */
const taken = ({ mail }: Report): Effect => ({ outcome: { status: 'SENT', provider_id: mail.messageId }, from: open });

/** The same, and what became of it. */
const tells =
  (says: Word['says'], at: (report: Report) => string | undefined) =>
  (report: Report): Effect => ({ ...taken(report), word: { says, at: at(report) } });

const refusedLater =
  (reason: string) =>
  ({ mail }: Report): Effect => ({
    outcome: { status: 'FAILED', reason, provider_id: mail.messageId },
    from: [...open, 'SENT'],
  });

const effects: ReadonlyMap<string, (report: Report) => Effect> = new Map<string, (report: Report) => Effect>([
  ['Send', taken],
  ['Delivery', tells('arrived', ({ delivery }) => delivery?.timestamp)],
  ['DeliveryDelay', taken],
  ['Open', tells('arrived', ({ open: opened }) => opened?.timestamp)],
  ['Click', tells('arrived', ({ click }) => click?.timestamp)],
  ['Reject', refusedLater('Rejected by the provider')],
  ['Rendering Failure', refusedLater('Not rendered by the provider')],
  [
    'Bounce',
    (report) =>
      tells(
        report.bounce?.bounceType === 'Permanent' ? 'bounced' : 'bounced softly',
        ({ bounce }) => bounce?.timestamp,
      )(report),
  ],
  ['Complaint', tells('complained', ({ complaint }) => complaint?.timestamp)],
]);

/** A message that a report is about: where it went, and how its outcome is written. */
interface Told {
  account: AccountId;
  message: string;
  address: string | undefined;
  settle: (outcome: Outcome, from: Effect['from']) => Promise<unknown>;
}

/** The message that a report names; undefined when it names none of ours. */
async function toldOf(ports: Ports, { mail }: Report): Promise<Told | undefined> {
  const { account: owner, profile, contact, message: named } = mail.tags ?? {};
  if (!owner || !named) return undefined;
  const account = accountId(owner[0]);
  const message = named[0];
  if (contact) {
    const name = { account, contact: contact[0], message };
    const item = await findConfirmation(ports, name);
    const write: Told['settle'] = (outcome, from) => settleConfirmation(ports, name, outcome, from);
    return item && { account, message, address: askedOf(item).address, settle: write };
  }
  if (!profile) return undefined;
  const known = await findMessage(ports, { account, profile: profile[0], message });
  if (!known) return undefined;
  const write: Told['settle'] = (outcome, from) => settle(ports, known.name, outcome, from);
  return { account, message, address: known.item.address, settle: write };
}

/**
 * Takes in one message of the feedback queue: a report of the mail provider, or an answer to a text. The address that is suppressed is the one the message was claimed for,
 * not one that a report names. Reports of messages that we do not know are logged and dropped; twice is once.
 */
export async function takeFeedback(ports: Ports, body: unknown): Promise<void> {
  const told = feedbackIn(body);
  if (!told) return ports.log.info('feedback that is no report of a message');
  if ('answer' in told) return takeTextAnswer(ports, told.answer, instantFrom(told.at, ports.clock.now()));
  return takeReport(ports, told.report);
}

async function takeReport(ports: Ports, found: Report): Promise<void> {
  const type = found.eventType ?? found.notificationType ?? '';
  const effect = effects.get(type)?.(found);
  if (!effect) return ports.log.info('feedback of another kind', { type });
  const told = await toldOf(ports, found);
  if (!told) return ports.log.info('feedback of an unknown message', { type });
  if (effect.word && told.address !== undefined) await takeIn(ports, told, told.address, effect.word);
  await told.settle(effect.outcome, effect.from);
}

/** What a report says of an address changes what is known of it. */
async function takeIn(
  ports: Ports,
  { account, message }: Pick<Told, 'account' | 'message'>,
  address: string,
  { says, at: reported }: Word,
): Promise<void> {
  const at = instantFrom(reported, ports.clock.now());
  const cause = { address, at, how: { method: 'PROVIDER_FEEDBACK', detail: message } };
  if (says === 'arrived') return arrive(ports, account, cause);
  if (says === 'bounced softly') return bounceSoftly(ports, account, { ...cause, message });
  if (says === 'complained') {
    return complainEmail(ports, account, { ...cause, how: { method: 'SPAM_COMPLAINT', detail: message } });
  }
  await suppressEmail(ports, account, { ...cause, reason: 'HARD_BOUNCE' });
}

/** A reported time; the present when it is none or lies ahead. */
function instantFrom(text: string | undefined, now: Instant): Instant {
  const at = instantOf(text ?? '');
  return Number.isNaN(at) || at > now ? now : at;
}
