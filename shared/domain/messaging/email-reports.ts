// What SES reports of emails.
import * as z from 'zod/mini';
import { type AccountId, accountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { arrive, askedOf, bounceSoftly, complainEmail, suppressEmail } from '../consent/index.ts';
import { findConfirmation, settleConfirmation } from './confirm.ts';
import { type Engagement, tell } from './engagement.ts';
import { type Effect, refusedLater, reportedAt, taken } from './reported.ts';
import { suppressFormer } from './former-address.ts';
import { watchReputation } from './reputation.ts';
import { type Outcome, findMessage, settle } from './settle.ts';

const moment = z.optional(z.string());
const tag = z.optional(z.tuple([z.string()], z.string()));
const happening = z.optional(z.object({ timestamp: moment }));

const report = z.object({
  /** `eventType` of event publishing; `notificationType` of the older notifications. */
  eventType: z.optional(z.string()),
  notificationType: z.optional(z.string()),
  mail: z.object({
    messageId: z.string(),
    timestamp: moment,
    destination: z.optional(z.array(z.string())),
    tags: z.optional(z.looseObject({ account: tag, profile: tag, contact: tag, message: tag })),
  }),
  bounce: z.optional(z.object({ bounceType: z.string(), timestamp: moment })),
  complaint: happening,
  delivery: happening,
  open: happening,
  click: happening,
});
export type EmailReport = z.infer<typeof report>;

/** The report in a notification; undefined when it is none. */
export function emailReportOf(notification: unknown): EmailReport | undefined {
  const found = report.safeParse(notification);
  return found.success ? found.data : undefined;
}

/** What a report says of the address that the message went to. */
type Word = 'arrived' | 'bounced' | 'bounced softly' | 'complained';

/** What follows from a report; `at`: when it happened. */
interface EmailEffect extends Effect {
  word?: Word;
  at?: string | undefined;
}

type Effects = Readonly<Record<string, (report: EmailReport) => EmailEffect>>;

const effects: Effects = {
  Send: ({ mail }) => taken(mail.messageId),
  DeliveryDelay: ({ mail }) => taken(mail.messageId),
  Delivery: ({ mail, delivery }) => ({
    ...taken(mail.messageId),
    ...{ word: 'arrived', at: delivery?.timestamp },
    became: { word: 'received' },
  }),
  Open: ({ mail, open }) => ({ ...taken(mail.messageId), word: 'arrived', at: open?.timestamp }),
  Click: ({ mail, click }) => ({ ...taken(mail.messageId), word: 'arrived', at: click?.timestamp }),
  // What these are as events follows from the outcome.
  Reject: ({ mail }) => refusedLater(mail.messageId, 'Rejected by the provider'),
  'Rendering Failure': ({ mail }) => refusedLater(mail.messageId, 'Not rendered by the provider'),
  Bounce: ({ mail, bounce }) => {
    const hard = bounce?.bounceType === 'Permanent';
    return {
      ...taken(mail.messageId),
      ...{ word: hard ? 'bounced' : 'bounced softly', at: bounce?.timestamp },
      became: { word: 'bounced', properties: { 'Bounce Type': hard ? 'Hard' : 'Soft' } },
    };
  },
  Complaint: ({ mail, complaint }) => ({
    ...taken(mail.messageId),
    ...{ word: 'complained', at: complaint?.timestamp },
    became: { word: 'complained' },
  }),
};

/** A message that a report is about: where it went, and how its outcome and its events are written. */
interface Told {
  account: AccountId;
  message: string;
  address: string | undefined;
  settle: (outcome: Outcome, from: Effect['from']) => Promise<unknown>;
  tell: (engagement: Engagement) => Promise<unknown>;
}

/** The message that a report names; undefined when it names none of ours. */
async function toldOf(ports: Ports, { mail }: EmailReport): Promise<Told | undefined> {
  const { account: owner, profile, contact, message: named } = mail.tags ?? {};
  if (!owner || !named) return undefined;
  const account = accountId(owner[0]);
  const message = named[0];
  if (contact) {
    const name = { account, contact: contact[0], message };
    const item = await findConfirmation(ports, name);
    const write: Told['settle'] = (outcome, from) => settleConfirmation(ports, name, outcome, from);
    // There is no person yet whose event it could be.
    const none = () => Promise.resolve();
    return item && { account, message, address: askedOf(item).address, settle: write, tell: none };
  }
  if (!profile) return undefined;
  const known = await findMessage(ports, { account, profile: profile[0], message });
  if (!known) return undefined;
  const { name, item } = known;
  return {
    ...{ account, message, address: item.address },
    settle: (outcome, from) => settle(ports, name, outcome, from),
    tell: (engagement) => tell(ports, name, engagement),
  };
}

/** Takes in what SES reports of an email. */
export async function takeEmailReport(ports: Ports, found: EmailReport): Promise<void> {
  const type = found.eventType ?? found.notificationType ?? '';
  const effect = Object.hasOwn(effects, type) ? effects[type]?.(found) : undefined;
  if (!effect) return ports.log.info('feedback of another kind', { type });
  const told = await toldOf(ports, found);
  const at = reportedAt(effect.at, ports.clock.now());
  if (!told) {
    if (await suppressFormer(ports, found.mail, { word: effect.word, at })) return;
    return ports.log.info('feedback of an unknown message', { type });
  }
  if (effect.word && told.address !== undefined) await takeIn(ports, told, told.address, { says: effect.word, at });
  await told.settle(effect.outcome, effect.from);
  const { word: became, properties = {} } = effect.became ?? {};
  if (!became) return;
  await told.tell({ became, at, properties });
  if (effect.word === 'bounced' || effect.word === 'complained')
    await watchReputation(ports, told.account, effect.word);
}

/** What a report says of an address changes what is known of it. */
async function takeIn(
  ports: Ports,
  { account, message }: Pick<Told, 'account' | 'message'>,
  address: string,
  { says, at }: { says: Word; at: Instant },
): Promise<void> {
  const cause = { address, at, how: { method: 'PROVIDER_FEEDBACK', detail: message } };
  if (says === 'arrived') return arrive(ports, account, cause);
  if (says === 'bounced softly') return bounceSoftly(ports, account, { ...cause, message });
  if (says === 'complained') {
    return complainEmail(ports, account, { ...cause, how: { method: 'SPAM_COMPLAINT', detail: message } });
  }
  await suppressEmail(ports, account, { ...cause, reason: 'HARD_BOUNCE' });
}
