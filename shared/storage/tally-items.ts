// Counts of events that are kept beside them. Part of items.ts.
import type { Item } from './store.ts';

/** What the events of one metric come to in each quarter of an hour of one day, UTC; quarters without events have no entry. */
export interface TallyItem extends Item {
  kind: 'tally';
  /**
   * By the number of the quarter in the day, from `q0`. JSON: count, sum of values, what the sum lost to rounding, and a 1
   * when `file` tells more of it.
   */
  [quarter: `q${number}`]: string;
  /** The file that tells, of its quarters, what events said and whose they were (`domain/reporting/details.ts`). */
  file?: string;
  /** People in `file`, again in each quarter and with each thing that events said. */
  people?: number;
  /** The file before, which may still be there. */
  old?: string;
  /** The file that somebody has been about to write, `since` when: until they are done, nobody else counts the day. */
  draft?: string;
  since?: string;
  /** Files that others were about to write and did not come back from, and since when: what stood still may go on. */
  strays?: readonly string[];
  strayed?: string;
  /** A day of which too much would have to be told: there is no file any more. */
  crowded?: true;
}

/** Events of a quarter of an hour came or went since it was counted last: its entry in the tally says nothing. */
export interface UntalliedItem extends Item {
  kind: 'untallied';
  /** When we last learned of one. */
  at: string;
  /** Another one each time: whoever has counted removes only what was there before. */
  token: string;
}
