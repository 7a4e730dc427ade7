// Funnels: that somebody did one thing after the other, and did not do others in between or afterwards.
import type { Instant } from '../../kernel/time.ts';
import { keyOf } from './amounts.ts';
import { type Completed, courseOf, happeningsOf, nowhere, wentOn } from './attempts.ts';
import type { MetricFunnel } from './definition.ts';
import type { Snapshot } from './snapshot.ts';
import { type Span, type Truth, within } from './timeline.ts';
import { type Timeframe, spansOfEvent } from './windows.ts';

/**
 * The truth of a funnel: an attempt in the timeframe went through all steps that are wanted, each later than the one
 * before (events of one second have no order), the last within the completion window from the first, and through none
 * that are not. Of the attempts that end with the same event the one that began last counts. What must not follow the
 * last step must not until the window ends. Only events in the timeframe are looked at.
 */
export function ofFunnel(condition: MetricFunnel, { events, funnels }: Snapshot, now: Instant): Truth {
  const known = funnels?.get(keyOf(condition));
  const { completed } = known ?? wentOn(courseOf(condition), nowhere, happeningsOf(condition, events));
  const spans = completed.map((one) => spanOf(condition, one, now));
  return within({ spans, until: known?.until ?? Infinity }, now);
}

/** When an attempt that came to the end counts. */
function spanOf({ timeframe_filter: filter }: MetricFunnel, { start, end, spoiled }: Completed, now: Instant): Span {
  const [first, last] = [spanAt(filter, start, now), spanAt(filter, end, now)];
  const to = spoiled === undefined ? Infinity : spanAt(filter, spoiled, now).from;
  return { from: Math.max(first.from, last.from), to: Math.min(first.to, to) };
}

/** In the timeframes of funnels every event is for one span of time. */
const spanAt = (filter: Timeframe, at: Instant, now: Instant): Span =>
  spansOfEvent(filter, at, now).spans[0] ?? { from: Infinity, to: Infinity };
