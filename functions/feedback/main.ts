import { noteInteraction, notePushOpened, takeFeedback } from '../../shared/domain/messaging/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import { type Message, interactions } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

/** A report of a provider, or what our own functions tell of opens and clicks. */
async function take(ports: Ports, body: Message<'feedback'>): Promise<void> {
  const ours = interactions.safeParse(body);
  if (!ours.success) return takeFeedback(ports, body);
  await (ours.data.type === 'interaction' ? noteInteraction(ports, ours.data) : notePushOpened(ports, ours.data));
}

/** Takes in what becomes of messages, in the order in which it came. Reports hold addresses: none is logged. */
export function create(ports: Ports): LambdaHandler {
  return queueHandler(ports, 'feedback', (deliveries) =>
    eachByItself(ports, deliveries, { abreast: 1, shown: [] }, (body) => take(ports, body)),
  );
}
