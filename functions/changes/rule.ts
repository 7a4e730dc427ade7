// What a rule of the change feed is told, and what it answers.
import type { Instant } from '../../shared/kernel/time.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { type Look, lookAt } from '../../shared/domain/segments/index.ts';
import type { Message, QueueName } from '../../shared/messages.ts';
import type { accountOf } from '../../shared/storage/patterns.ts';

/** A message for a queue. */
export type Work = { [Q in QueueName]: { queue: Q; body: Message<Q>; delaySeconds?: number } }[QueueName];

/** What follows from one change. */
export interface Consequences {
  work?: readonly Work[];
  events?: readonly DomainEvent[];
}

/** A change whose items are known to be of one kind. */
export interface Turn<T> {
  before: T | undefined;
  after: T | undefined;
  account: ReturnType<typeof accountOf>;
  /** When the change was made, milliseconds. */
  at: Instant;
  now: Instant;
}

/** What follows from a change of one kind of item. */
export type Rule<T> = (turn: Turn<T>) => Consequences;

/** Nothing follows. */
export const nothing: Consequences = {};

/** Work for the segments worker: look at a profile because of these facts. */
export const look = (account: string, person: string, facts: Partial<Look>): Work => ({
  queue: 'segments',
  body: lookAt(account, person, facts),
});
