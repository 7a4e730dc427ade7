import { campaignContentOf } from '../../shared/domain/campaigns/index.ts';
import { flowContentOf } from '../../shared/domain/flows/index.ts';
import { deliver, deliverConfirmation, expire, expireConfirmation } from '../../shared/domain/messaging/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import { readingOnce } from '../../shared/storage/read-once.ts';

/** Delivers messages, each by itself: one that fails holds up no other. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'messages', (deliveries) => {
    const how = { abreast: deliveries.length, shown: ['type', 'account', 'message'] } as const;
    const batch = { ...ports, store: readingOnce(ports.store) };
    return eachByItself(ports, deliveries, how, (body) => workOff(batch, body));
  });
}

async function workOff(ports: Ports, body: Message<'messages'>): Promise<void> {
  const account = accountId(body.account);
  const { message } = body;
  if ('contact' in body) {
    const name = { account, contact: body.contact, message };
    return body.type === 'confirm' ? deliverConfirmation(ports, name) : expireConfirmation(ports, name);
  }
  const name = { account, profile: body.profile, message };
  if (body.type === 'expire') return expire(ports, name);
  return deliver(ports, name, (item, owner) =>
    item.campaign === undefined
      ? flowContentOf(ports, account, item, owner)
      : campaignContentOf(ports, account, item, owner),
  );
}
