// What AWS End User Messaging reports of text messages: the events of a configuration set (aws-sms event types).
import * as z from 'zod/mini';
import { accountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { tell } from './engagement.ts';
import { type Effect, refusedLater, reportedAt, taken } from './reported.ts';
import { findMessage, settle } from './settle.ts';

const report = z.object({
  eventType: z.string().check(z.startsWith('TEXT_')),
  /** Milliseconds. */
  eventTimestamp: z.optional(z.number()),
  messageId: z.string(),
  context: z.object({ account: z.string(), profile: z.string(), message: z.string() }),
});
export type TextReport = z.infer<typeof report>;

/** The report in a notification; undefined when it is none. */
export function textReportOf(notification: unknown): TextReport | undefined {
  const found = report.safeParse(notification);
  return found.success ? found.data : undefined;
}

const arrived = (id: string): Effect => ({ ...taken(id), became: { word: 'received' } });

/** What it is as an event follows from the outcome. */
const failed = (reason: string) => (id: string) => refusedLater(id, reason);

/** SUCCESSFUL: the carrier took it and says no more. DELIVERED: the phone has it. */
const effects: Readonly<Record<string, (id: string) => Effect>> = {
  TEXT_QUEUED: taken,
  TEXT_SENT: taken,
  TEXT_PENDING: taken,
  TEXT_SUCCESSFUL: arrived,
  TEXT_DELIVERED: arrived,
  TEXT_INVALID: failed('Invalid number'),
  TEXT_INVALID_MESSAGE: failed('Invalid message'),
  TEXT_UNREACHABLE: failed('Unreachable'),
  TEXT_CARRIER_UNREACHABLE: failed('Carrier unreachable'),
  TEXT_BLOCKED: failed('Blocked'),
  TEXT_CARRIER_BLOCKED: failed('Blocked by the carrier'),
  TEXT_PROTECT_BLOCKED: failed('Blocked by the provider'),
  TEXT_SPAM: failed('Taken for spam'),
  TEXT_TTL_EXPIRED: failed('Not delivered in time'),
  TEXT_UNKNOWN: failed('Failed for an unknown reason'),
};

/** Takes in what is reported of a text message. */
export async function takeTextReport(ports: Ports, { eventType: type, ...found }: TextReport): Promise<void> {
  const effect = Object.hasOwn(effects, type) ? effects[type]?.(found.messageId) : undefined;
  if (!effect) return ports.log.info('feedback of another kind', { type });
  const { account, ...named } = found.context;
  const known = await findMessage(ports, { account: accountId(account), ...named });
  if (known?.item.channel !== 'sms') return ports.log.info('feedback of an unknown message', { type });
  await settle(ports, known.name, effect.outcome, effect.from);
  const at = reportedAt(found.eventTimestamp, ports.clock.now());
  if (effect.became) await tell(ports, known.name, { became: effect.became.word, at });
}
