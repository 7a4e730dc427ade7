import type { Instant } from '../../shared/kernel/time.ts';
import type { QueueName } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import { FailedAt } from '../../shared/lambda/stream.ts';
import type { Change } from '../../shared/storage/store.ts';
import { consequencesOf } from './consequences.ts';
import type { Consequences } from './rule.ts';
import { grouped } from './group.ts';
import { type OpenQuarter, createOpenQuarter } from './open-quarters.ts';

/**
 * Sends what follows from a batch of changes; resolves when queues and bus have taken everything. A change that cannot
 * be read holds up only those behind it: what precedes it is sent, then `FailedAt` tells where to go on.
 */
export async function followUp(
  ports: Ports,
  changes: readonly Change[],
  open: OpenQuarter = createOpenQuarter(),
): Promise<void> {
  const now = ports.clock.now();
  const all: Consequences[] = [];
  for (const [index, change] of changes.entries()) {
    try {
      all.push(consequencesOf(change, now));
    } catch (error) {
      await send(ports, all, { open, now });
      throw new FailedAt(index, error);
    }
  }
  await send(ports, all, { open, now });
}

async function send(
  ports: Ports,
  all: readonly Consequences[],
  { open, now }: { open: OpenQuarter; now: Instant },
): Promise<void> {
  const follows = all.flatMap(({ work = [] }) => work.filter((one) => !open.isTold(one, now)));
  for (const [queue, work] of grouped(follows)) {
    // Grouped by queue: every body is one of this queue's.
    await ports.queue.send<QueueName>(queue, work);
    open.tell(work, now);
  }
  const events = all.flatMap(({ events = [] }) => events);
  if (events.length > 0) await ports.bus.publish(events);
}
