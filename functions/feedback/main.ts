import { takeFeedback } from '../../shared/domain/messaging/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import type { Ports } from '../../shared/ports.ts';

/** Takes in what the mail provider reports of messages, in the order in which it came. Reports hold addresses: none is logged. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'feedback', (deliveries) =>
    eachByItself(ports, deliveries, { abreast: 1, shown: [] }, (body) => takeFeedback(ports, body)),
  );
}
