import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { MessageItem } from '../../storage/items.ts';
import { messageKey } from '../../storage/patterns.ts';

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

/** Writes the outcome if the message stands at one of `from`; answers whether it did. Twice is once. */
export async function settle(
  ports: Pick<Ports, 'store' | 'clock'>,
  { account, profile, message }: MessageName,
  outcome: Outcome,
  from: readonly MessageItem['status'][],
): Promise<boolean> {
  const key = messageKey(account, profile, message);
  return untilWon(async () => {
    const item = await ports.store.get(key);
    if (!item || !from.includes(item.status)) return false;
    await ports.store.write({
      update: key,
      set: { ...outcome, finished: sortable(ports.clock.now()) },
      if: { equals: { status: item.status } },
    });
    return true;
  });
}
