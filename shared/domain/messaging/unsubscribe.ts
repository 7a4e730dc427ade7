// What unsubscribe links do.
import type { Ports } from '../../ports.ts';
import { withdrawEmail } from '../consent/index.ts';
import type { OpenedLink } from './link-owner.ts';

/** Withdraws consent to email marketing for the address that the link was sent to. Durable when it resolves. */
export async function unsubscribe(
  ports: Ports,
  { account, address, message }: OpenedLink<'unsubscribe'>,
  method: 'PREFERENCE_PAGE' | 'ONE_CLICK_UNSUBSCRIBE',
): Promise<void> {
  await withdrawEmail(ports, account, { address, at: ports.clock.now(), how: { method, detail: message } });
}
