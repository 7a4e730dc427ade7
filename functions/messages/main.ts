import { emailContentOf } from '../../shared/domain/flows/index.ts';
import { deliver, expire } from '../../shared/domain/messaging/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** Delivers messages, each by itself: one that fails holds up no other. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'messages', async (deliveries) => {
    const failed = await Promise.all(
      deliveries.map(async ({ id, body }) => {
        try {
          await workOff(ports, body);
          return [];
        } catch (error) {
          const { type, account, message } = body;
          ports.log.error('message work failed', { id, type, account, message, error });
          return [id];
        }
      }),
    );
    return failed.flat();
  });
}

async function workOff(ports: Ports, { type, account, profile, message }: Message<'messages'>): Promise<void> {
  const name = { account: accountId(account), profile, message };
  if (type === 'expire') return expire(ports, name);
  return deliver(ports, name, (item) => emailContentOf(ports, name.account, item));
}
