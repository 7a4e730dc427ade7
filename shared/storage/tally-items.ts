// Counts of events that are kept beside them. Part of items.ts.
import type { Item } from './store.ts';

/** What the events of one metric come to in each quarter of an hour of one day, UTC; quarters without events have no entry. */
export interface TallyItem extends Item {
  kind: 'tally';
  /** By the number of the quarter in the day, from `q0`. JSON: count, sum of values, what the sum lost to rounding. */
  [quarter: `q${number}`]: string;
}

/** Events of a quarter of an hour came or went since it was counted last: its entry in the tally says nothing. */
export interface UntalliedItem extends Item {
  kind: 'untallied';
  /** When we last learned of one. */
  at: string;
  /** Another one each time: whoever has counted removes only what was there before. */
  token: string;
}
