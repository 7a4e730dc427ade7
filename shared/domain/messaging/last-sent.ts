// What smart sending counts from: when something was last sent on a channel. Of texts it lies with the number, whosever that is.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, LastSentItem, PersonalChannel } from '../../storage/items.ts';
import { lastSentKey, lastTextKey } from '../../storage/patterns.ts';
import { type Key, type Put, isConflict } from '../../storage/store.ts';
import { contactKeyOf } from '../identity/index.ts';
import type { PersonalContent } from './content.ts';
import { smartSendingHours } from './decision.ts';

/** Of whom, on what: `number` is that of an SMS, as far as the person has one. */
export interface Recipient {
  account: AccountId;
  profile: string;
  channel: PersonalChannel;
  number?: string | undefined;
}

async function keyOf(ports: Ports, { account, profile, channel, number }: Recipient): Promise<Key<LastSentItem>> {
  if (channel !== 'sms' || number === undefined) return lastSentKey(account, profile, channel);
  return lastTextKey(await contactKeyOf(ports, account, { kind: 'phone_number', value: number }));
}

/** When the recipient was last written to, read strongly; undefined: never (behaviour 3.3: of SMS by number, across profiles). */
export async function lastSentOf(ports: Ports, recipient: Recipient): Promise<LastSentItem | undefined> {
  return ports.store.get(await keyOf(ports, recipient));
}

/**
 * The write that notes that something is sent now, with the window now in force; of two messages that look at the same last one
 * (`before`), one decides again.
 */
export async function lastSentPut(
  ports: Ports,
  recipient: Recipient,
  about: { owner: AccountItem; lastSent: LastSentItem | undefined; content: PersonalContent; now: Instant },
): Promise<Put> {
  const { owner, lastSent: before, content, now } = about;
  const item: LastSentItem = {
    ...(await keyOf(ports, recipient)),
    kind: 'last-sent',
    at: sortable(now),
    window_hours: smartSendingHours(owner, content.channel),
  };
  if (!content.smartSending) return { put: item };
  return { put: item, if: before ? { equals: { at: before.at } } : { absent: true } };
}

/** Smart sending must not count what was not sent at `at`; if another message was claimed meanwhile, that one counts. */
export async function restoreLastSent(
  ports: Ports,
  recipient: Recipient,
  at: Instant,
  before: LastSentItem | undefined,
): Promise<void> {
  const unchanged = { equals: { at: sortable(at) } };
  const key = await keyOf(ports, recipient);
  try {
    await ports.store.write(before ? { put: { ...before, ...key }, if: unchanged } : { remove: key, if: unchanged });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}
