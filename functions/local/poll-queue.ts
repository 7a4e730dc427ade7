import type { MemoryQueue, Received } from '../../shared/adapters/memory/index.ts';
import type { QueueName } from '../../shared/messages.ts';
import { sqsRecord } from './events.ts';
import { failuresOf, type Invoke, type Source } from './source.ts';

/**
 * Polls a queue for a function, as Lambda does: batches of up to `batch`, at most `concurrency` at a time. What the
 * function does not report as failed is deleted; the rest shows again when its visibility ends. A batch window only
 * makes batches fuller, at the price of waiting; here there is nothing to save.
 */
export function queueSource(options: {
  queue: MemoryQueue;
  name: QueueName;
  batch: number;
  concurrency: number;
  invoke: Invoke;
}): Source {
  const { queue, name, batch, concurrency, invoke } = options;
  let running = 0;

  /** One receive brings 10 at most. */
  function receive(): Received[] {
    const received = queue.receive(name, Math.min(batch, 10));
    while (received.length > 0 && received.length % 10 === 0 && received.length < batch) {
      const more = queue.receive(name, Math.min(batch - received.length, 10));
      if (more.length === 0) break;
      received.push(...more);
    }
    return received;
  }

  async function work(received: readonly Received[]): Promise<void> {
    const ids = received.map((message) => message.id);
    const event = { Records: received.map((message) => sqsRecord(name, message)) };
    const failed = new Set(
      await invoke(event).then(
        (answer) => failuresOf(answer, ids),
        () => ids,
      ),
    );
    const done = received.filter((message) => !failed.has(message.id));
    queue.remove(
      name,
      done.map((message) => message.receipt),
    );
  }

  return {
    next() {
      if (running >= concurrency) return undefined;
      const received = receive();
      if (received.length === 0) return undefined;
      running += 1;
      return async () => work(received).finally(() => (running -= 1));
    },
    dueAt: () => queue.dueAt(name),
  };
}
