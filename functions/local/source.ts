import type { Instant } from '../../shared/kernel/time.ts';

/** Something that invokes a function: a queue, a lane of the stream, the schedules. */
export interface Source {
  /** Claims the next piece of work that can start now, and gives the invocation that does it (which never throws). */
  next(): (() => Promise<void>) | undefined;
  /** When there is work next: now or earlier when there is some already, undefined when none is in sight. */
  dueAt(): Instant | undefined;
}

/** Calls a function with an event, in its container. */
export type Invoke = (event: unknown) => Promise<unknown>;

/** Work that was given up after its last attempt. */
export interface GivenUp {
  function: string;
  at: Instant;
  /** The record of the stream, or the payload of the schedule. */
  work: unknown;
}

/** The items that a function reports as failed, in order; all of `ids` when it answers with anything else. */
export function failuresOf(answer: unknown, ids: readonly string[]): string[] {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return [...ids];
  const failures = answer.batchItemFailures as readonly { itemIdentifier: string }[];
  return failures.map((failure) => failure.itemIdentifier);
}
