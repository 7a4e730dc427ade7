// How much an account may ask for in a span of time: counted in items that end by themselves. Calls that count at the same
// instant may each find the last place free: a cap is not an account balance.
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { addingTo, expiryOf } from '../../storage/counters.ts';
import { counterKey } from '../../storage/patterns.ts';

/** At most `most` within each `span`, milliseconds, counted from 1970. */
export interface Cap {
  most: number;
  span: number;
}

/** Counts one more of `what`; false, and not counted, when the cap is reached. Costs a read and a write. */
export async function countsWithin(ports: Ports, account: AccountId, what: string, cap: Cap): Promise<boolean> {
  const span = Math.floor(ports.clock.now() / cap.span);
  const key = counterKey(account, what, String(span));
  const counted = await ports.store.get(key);
  if (counted && counted.n >= cap.most) return false;
  await ports.store.write(addingTo(key, 1, expiryOf(span, cap.span)));
  return true;
}

/** Milliseconds until the cap's span is over. */
export const untilNext = ({ span }: Cap, now: Instant): number => span - (now % span);
