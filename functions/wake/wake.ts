import { accountId } from '../../shared/kernel/ids.ts';
import { instantOf } from '../../shared/kernel/time.ts';
import type { WakeUp } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import { listAccounts } from '../../shared/domain/account/index.ts';
import { sendMinute, sweepAccount } from '../../shared/domain/timers/index.ts';

/** Sends what is due in one minute of one account to its queues; or, hourly, what was left behind in any account. */
export async function wake(ports: Ports, wakeUp: WakeUp): Promise<void> {
  if ('minute' in wakeUp) {
    const sent = await sendMinute(ports, accountId(wakeUp.account), wakeUp.minute);
    ports.log.info('minute sent', { account: wakeUp.account, minute: wakeUp.minute, sent });
    return;
  }
  for (const { id, created } of await listAccounts(ports)) {
    const found = await sweepAccount(ports, accountId(id), instantOf(created));
    if (found > 0) ports.log.info('left behind, sent', { account: id, found });
  }
}
