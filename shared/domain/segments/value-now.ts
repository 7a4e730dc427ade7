// Filters on a value as of one moment: what flows ask of an event, which nobody asks again when time has passed.
import type * as z from 'zod/mini';
import { instantIn } from '../../jsonapi/instant.ts';
import type { Instant } from '../../kernel/time.ts';
import { type ValueFilter, matches } from './compare.ts';
import type { dateFilter, numericRangeFilter } from './filters.ts';
import { within } from './timeline.ts';
import { spansOfDate } from './windows.ts';

/** A filter on a value, which may be a date; numbers may lie between two. */
export type MomentFilter = ValueFilter | z.infer<typeof dateFilter> | z.infer<typeof numericRangeFilter>;

/** Whether a value matches at `now`; undefined is a value that is not set. Between two numbers includes both, as with two dates. */
export function matchesAt(value: unknown, filter: MomentFilter, now: Instant): boolean {
  if (filter.type === 'date') {
    const at = typeof value === 'string' ? instantIn(value) : undefined;
    return at !== undefined && within(spansOfDate(filter, at, now), now).holds;
  }
  if (filter.operator === 'between') {
    return typeof value === 'number' && value >= filter.start && value <= filter.end;
  }
  return matches(value, filter);
}
