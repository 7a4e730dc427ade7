import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MessageItem } from '../../storage/items.ts';
import { messageKey } from '../../storage/patterns.ts';
import { ConditionFailed, type Write } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';
import { type Became, engagementWrites } from './engagement.ts';
import type { MessageName } from './message-name.ts';
import { countingTrial } from './trial-counts.ts';

/** How a message ended. */
export interface Outcome {
  status: 'SENT' | 'SKIPPED' | 'FAILED' | 'UNKNOWN';
  reason?: string;
  provider_id?: string;
}

/** The message, wherever merges took it, under its present name; undefined when there is none. */
export function findMessage(
  ports: Pick<Ports, 'store' | 'clock'>,
  name: MessageName,
): Promise<{ name: MessageName; item: MessageItem } | undefined> {
  return aboutPerson(ports, name.account, name.profile, async (profile, settled) => {
    const item = await ports.store.get(messageKey(name.account, profile, name.message));
    if (!item && !settled) throw new ConditionFailed();
    return item && { name: { ...name, profile }, item };
  });
}

type Ends = { readonly [C in MessageItem['channel']]?: { readonly [S in Outcome['status']]?: Became } };

/** Outcomes that are events of the person: there is no later report of them. */
const ends: Ends = {
  email: { FAILED: 'dropped' },
  sms: { FAILED: 'failed' },
  push: { SENT: 'received', FAILED: 'bounced' },
};

/** Writes the outcome if the message stands at one of `from`, with the event that it is. Twice is once. */
export async function settle(
  ports: Ports,
  { account, profile, message }: MessageName,
  outcome: Outcome,
  from: readonly MessageItem['status'][],
): Promise<void> {
  return aboutPerson(ports, account, profile, async (home, settled) => {
    const key = messageKey(account, home, message);
    const item = await ports.store.get(key);
    if (!item && !settled) throw new ConditionFailed();
    if (!item || !from.includes(item.status)) return;
    const now = ports.clock.now();
    const end: Write = {
      update: key,
      set: { ...outcome, finished: sortable(now) },
      if: { equals: { status: item.status } },
    };
    const became = ends[item.channel]?.[outcome.status];
    const counts = outcome.status === 'SENT' ? countingTrial(item, 'sent', now) : [];
    if (became === undefined) {
      await (counts.length === 0 ? ports.store.write(end) : ports.store.transact([end, ...counts]));
      return;
    }
    const properties = outcome.reason === undefined ? {} : { 'Failure Type': outcome.reason };
    const event = await engagementWrites(ports, item, { became, at: now, properties }, settled);
    await ports.store.transact([end, ...event, ...counts]);
  });
}
