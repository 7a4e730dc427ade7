import type { Clock, Ids, Sms, TextMessage } from '../../ports.ts';
import { type Outbox, createOutbox } from './outbox.ts';

export interface MemorySms extends Sms, Pick<Outbox<TextMessage>, 'inbox' | 'fail'> {}

/** A provider that keeps text messages instead of sending them. */
export function createSms(options: { clock: Clock; ids: Ids; keep?: number }): MemorySms {
  const { inbox, fail, take } = createOutbox<TextMessage>(options);
  return { inbox, fail, send: async (message) => take(message, [message.to]) };
}
