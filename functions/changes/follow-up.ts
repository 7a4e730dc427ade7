import type { QueueName } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import type { Change } from '../../shared/storage/store.ts';
import { consequencesOf } from './consequences.ts';
import { grouped } from './group.ts';

/** Sends what follows from a batch of changes. Resolves when queues and bus have taken everything. */
export async function followUp(ports: Ports, changes: readonly Change[]): Promise<void> {
  const now = ports.clock.now();
  const all = changes.map((change) => consequencesOf(change, now));
  for (const [queue, work] of grouped(all.flatMap(({ work = [] }) => work))) {
    // Grouped by queue: every body is one of this queue's.
    await ports.queue.send<QueueName>(queue, work);
  }
  const events = all.flatMap(({ events = [] }) => events);
  if (events.length > 0) await ports.bus.publish(events);
}
