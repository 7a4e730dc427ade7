// How much an account may ask for in a span of time: counted in items that end by themselves. Calls that count at the same
// instant may each find the last place free: a cap is not an account balance.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { second } from '../../kernel/time.ts';
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

/** Counts one more of `what`; a 429 when the cap is reached, with the seconds until its span is over, which `detail` tells. */
export async function countOrRefuse(
  ports: Ports,
  account: AccountId,
  what: string,
  cap: Cap,
  detail: (wait: number) => string,
): Promise<void> {
  if (await countsWithin(ports, account, what, cap)) return;
  const wait = Math.ceil((cap.span - (ports.clock.now() % cap.span)) / second);
  throw refuse('throttled', detail(wait), undefined, { retry_after: wait });
}
