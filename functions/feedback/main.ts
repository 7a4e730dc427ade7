import { takeFeedback } from '../../shared/domain/messaging/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import type { Ports } from '../../shared/ports.ts';

/** Takes in what the mail provider reports of messages. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'feedback', async (deliveries) => {
    const failed: string[] = [];
    for (const { id, body } of deliveries) {
      try {
        await takeFeedback(ports, body);
      } catch (error) {
        ports.log.error('feedback was not taken in', { id, error });
        failed.push(id);
      }
    }
    return failed;
  });
}
