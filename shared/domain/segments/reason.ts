// Why a profile is looked at, and by which definitions.
import type { TimeSpan } from '../../kernel/span.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Changed } from './affected.ts';
import type { Segment } from './segment.ts';

/** Why a profile is looked at, and so which segments are evaluated. */
export interface Reason {
  /** Facts that changed: the segments that mention them. */
  changed?: Changed;
  /** These segments, because they were built or edited. */
  segments?: readonly Segment[];
  /** These are looked at because they are built or were edited: entering them starts no flow, unless something came since. */
  built?: ReadonlySet<string>;
  /** Segments that are gone: the profile is not in them. */
  gone?: readonly string[];
  /** It was decided by older definitions: the profile is in no segment that is not there. */
  outdated?: boolean;
  /** Timers that fell due, `sortable`: if one is the pending one, all segments. */
  due?: readonly string[];
  /** The time of the newest event among the facts, `sortable`. */
  newest?: string;
  /** The times of all of these events lie within; undefined: nobody knows where. */
  span?: TimeSpan | undefined;
}

/** The definitions that a worker holds. */
export interface Held {
  /** All segments that are evaluated. */
  active: readonly Segment[];
  /** Those that are there at all. */
  ids: ReadonlySet<string>;
  stamp: number;
  /** These were the current definitions then. */
  asOf: Instant;
}
