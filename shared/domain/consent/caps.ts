// How much may be asked for with a public key, and how many confirmations may go out.
import { type AccountId, keyedId } from '../../kernel/ids.ts';
import { day, hour, minute } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { type Cap, secretOf } from '../account/index.ts';

export const caps = {
  /** Confirmation messages of an account. */
  confirmations: { most: 10_000, span: day },
  /** Subscriptions of an account with its public key: the steady rate of the operation. */
  visitors: { most: 750, span: minute },
  /** The same, from one address of the internet. */
  visitor: { most: 60, span: hour },
} as const satisfies Record<string, Cap>;

/** What an address of the internet is counted under: no address is kept. */
export async function visitorName(ports: Ports, account: AccountId, ip: string): Promise<string> {
  return `visitor ${keyedId(await secretOf(ports, account), 22, 'visitor', ip)}`;
}
