// What a step looks at and what comes of it.
import type { Instant } from '../../kernel/time.ts';
import type { ProfileOperation } from './definition.ts';
import type { Arrival } from './delay.ts';
import type { Filter, TriggerFilter } from './filter.ts';

/** What is known of the person at the moment of the step. */
export interface Facts extends Arrival {
  /** The id of the profile. */
  profile: string;
  /** `salt` tells one drawing of lots from another. */
  passes: (filter: Filter, salt?: string) => boolean;
  /** Whether what let the person in passes. */
  passesTrigger: (filter: TriggerFilter) => boolean;
  /** False for someone who is no more in the list or segment that let it in. */
  belongs: boolean;
  /** Why what let the person in does not hold any more; absent when it does. */
  withdrawn?: string;
  /** False when the date that let the person in is not the person's any more. */
  dateHolds: boolean;
  /** Before a text: the end of the quiet hours that the person is in; absent: it may be sent. */
  quietUntil?: Instant;
  /** The compound id of the variant that let the person in; absent when none did, or it was not looked for. */
  variant?: string;
  /** The actions that did something in this enrolment: none does it again. */
  acted: readonly string[];
  /** Somebody has looked at the message and let it go. */
  reviewed?: true;
}

/** A message that the step makes: to be delivered, or kept as skipped with the reason. */
export interface Sending {
  action: string;
  skipped?: string;
  /** The experiment that it is a variation of. */
  trial?: string;
}

/** What the step changes of the person. */
export type Change =
  | { type: 'update-profile'; operations: readonly ProfileOperation[] }
  | { type: 'list-update'; list: string; on: boolean };

/** What the step does beside moving on. */
interface Deed {
  sending?: Sending;
  change?: Change;
  /** The action that did it. */
  acted?: string;
}

/** Where the person stands after the step; one who waits stands at the delay: until `due`, or for the variant `waits`. */
export type Next = Deed &
  (
    | { status: 'active'; step: string; due?: number; waits?: string }
    | { status: 'finished' }
    | { status: 'exited'; reason: string }
  );
