import type { Instant } from '../../kernel/time.ts';
import { type Clock, type Email, HandoverPostponed, HandoverRefused, type Ids, type Mail } from '../../ports.ts';

/** An email that the provider took. */
export interface Sent extends Email {
  id: string;
  at: Instant;
}

/** How the provider fails. */
export type Failure = 'refuse' | 'postpone' | 'lose';

export interface MemoryMail extends Mail {
  /** Every email taken, newest last. */
  readonly inbox: readonly Sent[];
  /** From now on the provider refuses or postpones mail to `address`, or its answer is lost; without `how` all is well. */
  fail(address: string, how?: Failure): void;
}

/** A provider that keeps the latest `keep` emails instead of sending them. */
export function createMail(options: { clock: Clock; ids: Ids; keep?: number }): MemoryMail {
  const { clock, ids, keep = 10_000 } = options;
  const inbox: Sent[] = [];
  const failing = new Map<string, Failure>();
  return {
    inbox,
    async send(email) {
      const failure = failing.get(email.to);
      if (failure === 'refuse') throw new HandoverRefused('The provider refuses mail to this address.');
      if (failure === 'postpone') throw new HandoverPostponed('The provider is too busy for mail to this address.');
      const id = ids.uuid();
      inbox.push({ ...email, id, at: clock.now() });
      if (inbox.length > 2 * keep) inbox.splice(0, inbox.length - keep);
      if (failure === 'lose') throw new Error("The provider's answer was lost.");
      return { id };
    },
    fail(address, how) {
      if (how) failing.set(address, how);
      else failing.delete(address);
    },
  };
}
