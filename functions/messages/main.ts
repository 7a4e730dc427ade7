import { emailContentOf } from '../../shared/domain/flows/index.ts';
import { deliver, expire } from '../../shared/domain/messaging/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** Delivers messages, each by itself: one that fails holds up no other. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'messages', (deliveries) => {
    const how = { abreast: deliveries.length, shown: ['type', 'account', 'message'] } as const;
    return eachByItself(ports, deliveries, how, (body) => workOff(ports, body));
  });
}

async function workOff(ports: Ports, { type, account, profile, message }: Message<'messages'>): Promise<void> {
  const name = { account: accountId(account), profile, message };
  if (type === 'expire') return expire(ports, name);
  return deliver(ports, name, (item, owner) => emailContentOf(ports, name.account, item, owner));
}
