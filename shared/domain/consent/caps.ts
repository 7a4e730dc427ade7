// How much may be asked for with a public key, and how many confirmations may go out: counted in items that end by
// themselves. Calls that count at the same instant may each find the last place free: a cap is not an account balance.
import { type AccountId, keyedId } from '../../kernel/ids.ts';
import { type Instant, day, hour, minute } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { addingTo, expiryOf } from '../../storage/counters.ts';
import { counterKey } from '../../storage/patterns.ts';
import { secretOf } from '../account/index.ts';

/** At most `most` within each `span`, milliseconds, counted from 1970. */
interface Cap {
  most: number;
  span: number;
}

export const caps = {
  /** Confirmation messages of an account. */
  confirmations: { most: 10_000, span: day },
  /** Subscriptions of an account with its public key: the steady rate of the operation. */
  visitors: { most: 750, span: minute },
  /** The same, from one address of the internet. */
  visitor: { most: 60, span: hour },
} as const satisfies Record<string, Cap>;

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

/** What an address of the internet is counted under: no address is kept. */
export async function visitorName(ports: Ports, account: AccountId, ip: string): Promise<string> {
  return `visitor ${keyedId(await secretOf(ports, account), 22, 'visitor', ip)}`;
}
