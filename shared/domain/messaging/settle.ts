import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MessageItem } from '../../storage/items.ts';
import { messageKey } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';

/** How a message ended. */
export interface Outcome {
  status: 'SENT' | 'SKIPPED' | 'FAILED' | 'UNKNOWN';
  reason?: string;
  provider_id?: string;
}

/** What names a message. */
export interface MessageName {
  account: AccountId;
  profile: string;
  message: string;
}

/** The message, wherever merges took it, under its present name; undefined when there is none. */
export function findMessage(
  ports: Pick<Ports, 'store'>,
  name: MessageName,
): Promise<{ name: MessageName; item: MessageItem } | undefined> {
  return aboutPerson(ports, name.account, name.profile, async (profile, settled) => {
    const item = await ports.store.get(messageKey(name.account, profile, name.message));
    if (!item && !settled) throw new ConditionFailed();
    return item && { name: { ...name, profile }, item };
  });
}

/** Writes the outcome if the message stands at one of `from`; answers whether it did. Twice is once. */
export async function settle(
  ports: Pick<Ports, 'store' | 'clock'>,
  { account, profile, message }: MessageName,
  outcome: Outcome,
  from: readonly MessageItem['status'][],
): Promise<boolean> {
  return aboutPerson(ports, account, profile, async (home, settled) => {
    const key = messageKey(account, home, message);
    const item = await ports.store.get(key);
    if (!item && !settled) throw new ConditionFailed();
    if (!item || !from.includes(item.status)) return false;
    await ports.store.write({
      update: key,
      set: { ...outcome, finished: sortable(ports.clock.now()) },
      if: { equals: { status: item.status } },
    });
    return true;
  });
}
