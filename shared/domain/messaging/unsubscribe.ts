// What unsubscribe links do.
import { nameOfError } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import { withdrawEmail } from '../consent/index.ts';
import { tell } from './engagement.ts';
import type { OpenedLink } from './link-owner.ts';

/** Withdraws consent to email marketing for the address that the link was sent to. Durable when it resolves. */
export async function unsubscribe(
  ports: Ports,
  { account, profile, address, message }: OpenedLink<'unsubscribe' | 'preferences'>,
  method: 'PREFERENCE_PAGE' | 'ONE_CLICK_UNSUBSCRIBE',
): Promise<void> {
  const at = ports.clock.now();
  await withdrawEmail(ports, account, { address, at, how: { method, detail: message } });
  for (const became of method === 'PREFERENCE_PAGE' ? byHand : oneClick) {
    // The withdrawal stands, whatever becomes of its events: nobody is shown an error because of them.
    await tell(ports, { account, profile, message }, { became, at, properties: { Method: method } }).catch(
      (error: unknown) => {
        ports.log.error('unsubscribe not told of', { account, message, error: nameOfError(error) });
      },
    );
  }
}

const oneClick = ['unsubscribed'] as const;
/** Only what people click themselves counts as a click (behaviour 2.4). */
const byHand = ['unsubscribed', 'clicked and unsubscribed'] as const;
