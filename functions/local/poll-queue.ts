import type { Received } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import { sqsRecord } from './events.ts';
import { failuresOf, type Invoke, type Source } from './source.ts';

/** The queue's side of a poller. */
export interface Polled {
  arn: string;
  /** Hands out up to `max` (at most 10) messages. */
  receive(max: number): Received[];
  remove(receipts: readonly string[]): void;
  dueAt(): Instant | undefined;
}

/**
 * Polls a queue for a function, as Lambda does: batches of up to `batch`, at most `concurrency` at a time. What the
 * function does not report as failed is deleted; the rest shows again when its visibility ends. A batch window only
 * makes batches fuller, at the price of waiting; here there is nothing to save.
 */
export function queueSource(options: { queue: Polled; batch: number; concurrency: number; invoke: Invoke }): Source {
  const { queue, batch, concurrency, invoke } = options;
  let running = 0;

  /** One receive brings 10 at most. */
  function receive(): Received[] {
    const received = queue.receive(Math.min(batch, 10));
    while (received.length > 0 && received.length % 10 === 0 && received.length < batch) {
      const more = queue.receive(Math.min(batch - received.length, 10));
      if (more.length === 0) break;
      received.push(...more);
    }
    return received;
  }

  async function work(received: readonly Received[]): Promise<void> {
    const ids = received.map((message) => message.id);
    const event = { Records: received.map((message) => sqsRecord(queue.arn, message)) };
    const failed = new Set(
      await invoke(event).then(
        (answer) => failuresOf(answer, ids),
        () => ids,
      ),
    );
    const done = received.filter((message) => !failed.has(message.id));
    queue.remove(done.map((message) => message.receipt));
  }

  return {
    next() {
      if (running >= concurrency) return undefined;
      const received = receive();
      if (received.length === 0) return undefined;
      running += 1;
      return async () => work(received).finally(() => (running -= 1));
    },
    dueAt: () => queue.dueAt(),
  };
}
