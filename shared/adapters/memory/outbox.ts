// A provider of messages that keeps them instead of sending them: what mail, SMS and push have in common in memory.
import type { Instant } from '../../kernel/time.ts';
import { type Clock, HandoverPostponed, HandoverRefused, type Ids } from '../../ports.ts';

/** How the provider fails. */
export type Failure = 'refuse' | 'postpone' | 'lose';

export interface Outbox<Message> {
  /** Every message taken, newest last. */
  readonly inbox: readonly (Message & { id: string; at: Instant })[];
  /** From now on the provider refuses or postpones what goes to `address`, or its answer is lost; without `how` all is well. */
  fail: (address: string, how?: Failure) => void;
  /** Takes a message that goes to these addresses, or fails as the first of them that fails says. */
  take: (message: Message, addresses: readonly string[]) => { id: string };
}

/** Keeps the latest `keep` messages. */
export function createOutbox<Message>(options: { clock: Clock; ids: Ids; keep?: number }): Outbox<Message> {
  const { clock, ids, keep = 10_000 } = options;
  const inbox: (Message & { id: string; at: Instant })[] = [];
  const failing = new Map<string, Failure>();
  return {
    inbox,
    take(message, addresses) {
      const failure = addresses.map((address) => failing.get(address)).find((one) => one !== undefined);
      if (failure === 'refuse') throw new HandoverRefused('The provider refuses messages to this address.');
      if (failure === 'postpone') throw new HandoverPostponed('The provider is too busy for messages to this address.');
      const id = ids.uuid();
      inbox.push({ ...message, id, at: clock.now() });
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
