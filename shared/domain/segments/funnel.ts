// Funnels: that somebody did one thing after the other, and did not do others in between or afterwards.
import { type Instant, day, hour } from '../../kernel/time.ts';
import type { MetricFunnel } from './definition.ts';
import { type Occurrence, passes } from './occurrence.ts';
import { type Span, type Truth, within } from './timeline.ts';
import { type Timeframe, spansOfEvent } from './windows.ts';

type Step = MetricFunnel['steps'][number];

export const completionWindows = {
  HOURS_1: hour,
  DAYS_1: day,
  DAYS_3: 3 * day,
  DAYS_5: 5 * day,
  WEEKS_1: 7 * day,
  DAYS_30: 30 * day,
  DAYS_90: 90 * day,
  DAYS_180: 180 * day,
  YEARS_1: 365 * day,
} as const satisfies Record<NonNullable<MetricFunnel['completion_window_seconds']>, number>;

/** A thing to do, and what must not be done between it and the one before; of the last, what must not be done after it. */
interface Stage {
  step: Step;
  unless: readonly Step[];
}

/** An attempt that came to its last step: when that was, and its latest beginning. */
interface Attempt {
  end: Instant;
  start: Instant;
}

/**
 * The truth of a funnel: an attempt in the timeframe went through all steps that are wanted, each later than the one
 * before (events of one second have no order), the last within the completion window from the first, and through none
 * that are not. Of the attempts that end with the same event the one that began last counts. What must not follow the
 * last step must not until the window ends. Only events in the timeframe are looked at.
 */
export function ofFunnel(
  condition: MetricFunnel,
  events: ReadonlyMap<string, readonly Occurrence[]>,
  now: Instant,
): Truth {
  const { stages, after } = stagesOf(condition.steps);
  const longest = condition.completion_window_seconds
    ? completionWindows[condition.completion_window_seconds]
    : Infinity;
  const timesOf = (steps: readonly Step[]) =>
    [...new Set(steps.flatMap((step) => (events.get(step.metric_id) ?? []).filter((one) => passes(step, one))))]
      .map(({ at }) => at)
      .sort((a, b) => a - b);
  const spoilers = timesOf(after);
  const spanAt = (at: Instant) => spanOf(condition.timeframe_filter, at, now);
  const spans = attemptsOf(stages.map(({ step, unless }) => [timesOf([step]), timesOf(unless)]))
    .filter(({ start, end }) => end - start <= longest)
    .map(({ start, end }): Span => {
      const next = firstAfter(spoilers, end);
      const spoiled = next !== undefined && next - start <= longest;
      const to = Math.min(spanAt(start).to, spoiled ? spanAt(next).from : Infinity);
      return { from: Math.max(spanAt(start).from, spanAt(end).from), to };
    });
  return within({ spans, until: Infinity }, now);
}

/** In the timeframes of funnels every event is for one span of time. */
const spanOf = (filter: Timeframe, at: Instant, now: Instant): Span =>
  spansOfEvent(filter, at, now).spans[0] ?? { from: Infinity, to: Infinity };

function stagesOf(steps: readonly Step[]): { stages: Stage[]; after: Step[] } {
  const stages: Stage[] = [];
  let unless: Step[] = [];
  for (const step of steps) {
    if (!step.metric_exists) unless.push(step);
    else {
      stages.push({ step, unless });
      unless = [];
    }
  }
  return { stages, after: unless };
}

/** For every last step that was reached, the latest start; from the times, ascending, of each step and its spoilers. */
function attemptsOf(stages: readonly (readonly [readonly Instant[], readonly Instant[]])[]): Attempt[] {
  let reached: Attempt[] = [];
  for (const [i, [times, spoilers]] of stages.entries()) {
    if (i === 0) reached = times.map((at) => ({ start: at, end: at }));
    else reached = continued(reached, times, spoilers);
  }
  return reached;
}

/**
 * The attempts that go on at one of these times with no spoiler in between. The later an attempt came this far the later
 * it began, so the last one before a time is the one that counts. Everything ascends.
 */
function continued(reached: readonly Attempt[], times: readonly Instant[], spoilers: readonly Instant[]): Attempt[] {
  return times.flatMap((at) => {
    const last = reached[indexAfter(reached, (one) => one.end >= at) - 1];
    if (last === undefined) return [];
    const spoiler = firstAfter(spoilers, last.end);
    return spoiler !== undefined && spoiler < at ? [] : [{ start: last.start, end: at }];
  });
}

const firstAfter = (times: readonly Instant[], at: Instant): Instant | undefined =>
  times[indexAfter(times, (one) => one > at)];

/** The index of the first that is beyond, by halving; the length when none is. */
function indexAfter<T>(ascending: readonly T[], isBeyond: (one: T) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = ascending[middle];
    if (one !== undefined && isBeyond(one)) high = middle;
    else low = middle + 1;
  }
  return low;
}
