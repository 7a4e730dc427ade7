import type { Clock, Ids, Push, PushMessage } from '../../ports.ts';
import { type Outbox, createOutbox } from './outbox.ts';

export interface MemoryPush extends Push, Pick<Outbox<PushMessage>, 'inbox' | 'fail'> {}

/** A provider that keeps push messages instead of sending them. Addresses are tokens. */
export function createPush(options: { clock: Clock; ids: Ids; keep?: number }): MemoryPush {
  const { inbox, fail, take } = createOutbox<PushMessage>(options);
  const tokens = ({ devices }: PushMessage) => devices.map(({ token }) => token);
  return { inbox, fail, send: async (message) => ({ ...take(message, tokens(message)), gone: [] }) };
}
