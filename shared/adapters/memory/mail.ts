import { type Clock, type Email, type Ids, type Mail } from '../../ports.ts';
import { type Failure, type Outbox, createOutbox } from './outbox.ts';
import type { Instant } from '../../kernel/time.ts';

/** An email that the provider took. */
export interface Sent extends Email {
  id: string;
  at: Instant;
}

export interface MemoryMail extends Mail {
  /** Every email taken, newest last. */
  readonly inbox: readonly Sent[];
  /** From now on the provider refuses or postpones mail to `address`, or its answer is lost; without `how` all is well. */
  fail(address: string, how?: Failure): void;
}

/** A provider that keeps the latest `keep` emails instead of sending them. */
export function createMail(options: { clock: Clock; ids: Ids; keep?: number }): MemoryMail {
  const { inbox, fail, take }: Outbox<Email> = createOutbox(options);
  return { inbox, fail, send: async (email) => take(email, [email.to]) };
}
