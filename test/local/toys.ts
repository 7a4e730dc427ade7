// Toy functions for the local runtime: every function does nothing unless a test says otherwise.
import { createWorld, type Functions, type World, type WorldOptions } from '../../functions/local/world.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { queueHandler } from '../../shared/lambda/queue.ts';
import { wakeHandler } from '../../shared/lambda/schedule.ts';
import { streamHandler } from '../../shared/lambda/stream.ts';
import type { Message } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';

const idle: Functions = {
  events: (ports) => httpHandler(ports, async () => ({ status: 202, headers: {} })),
  api: (ports) => httpHandler(ports, async () => ({ status: 200, headers: {} })),
  client: (ports) => httpHandler(ports, async () => ({ status: 202, headers: {} })),
  pages: (ports) => httpHandler(ports, async () => ({ status: 200, headers: {} })),
  changes: (ports) => streamHandler(ports, async () => undefined),
  segments: (ports) => queueHandler(ports, 'segments', async () => []),
  flows: (ports) => queueHandler(ports, 'flows', async () => []),
  messages: (ports) => queueHandler(ports, 'messages', async () => []),
  jobs: (ports) => queueHandler(ports, 'jobs', async () => []),
  tallies: (ports) => queueHandler(ports, 'tallies', async () => []),
  feedback: (ports) => queueHandler(ports, 'feedback', async () => []),
  wake: (ports) => wakeHandler(ports, async () => undefined),
};

/** The start of every toy world: 2026-01-01, midnight UTC. */
export const start = Date.UTC(2026, 0, 1);

/** A world of toys, some of them replaced. */
export function toyWorld(some: Partial<Functions> = {}, options: Partial<WorldOptions> = {}): World {
  return createWorld({ functions: { ...idle, ...some }, start, ...options });
}

/** A message that names itself. */
export const letter = (message: string): Message<'messages'> => ({
  type: 'deliver',
  account: 'a1',
  profile: 'p1',
  message,
});

/** A `messages` function that takes messages by their name; what `work` throws for fails alone. */
export function mailroom(work: (message: string, ports: Ports) => void | Promise<void>): Functions['messages'] {
  return (ports) =>
    queueHandler(ports, 'messages', async (deliveries) => {
      const failed: string[] = [];
      for (const { id, body } of deliveries) {
        try {
          await work(body.message, ports);
        } catch {
          failed.push(id);
        }
      }
      return failed;
    });
}
