// How people go through a funnel: what happened, told in the order of time, moves their attempts from stage to stage. Only
// the newest attempt at a stage matters, as it began last; so what is known of any number of events is a few times.
import { type Instant, day, hour } from '../../kernel/time.ts';
import type { MetricFunnel } from './definition.ts';
import { type Occurrence, passes } from './occurrence.ts';

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

/** A thing to do, and what must not be done between it and the one before: steps by their index. */
interface Stage {
  step: number;
  unless: readonly number[];
}

/** A funnel taken apart; `after` is what must not follow the last stage until `longest` has passed since the first. */
export interface Course {
  stages: readonly Stage[];
  after: readonly number[];
  longest: number;
}

/** What happened at one instant, by the steps that it passes: what happens at the same time has no order. */
export interface Happening {
  at: Instant;
  steps: readonly number[];
}

/** An attempt that has come to some stage: when it began, and when it came there. */
export interface Attempt {
  start: Instant;
  end: Instant;
}

/** An attempt that came to the end, and the time of what spoiled it afterwards. */
export interface Completed extends Attempt {
  spoiled?: Instant;
}

/** How far somebody has come at some time. */
export interface Progress {
  /** The newest attempt at each stage but the last; null: none, or what must not be done was done since. */
  reached: readonly (Attempt | null)[];
  /** Attempts that came to the end and can still be spoiled, ascending. */
  open: readonly Attempt[];
}

export const nowhere: Progress = { reached: [], open: [] };

export function courseOf({ steps, completion_window_seconds: window }: MetricFunnel): Course {
  const stages: Stage[] = [];
  let unless: number[] = [];
  for (const [i, { metric_exists: exists }] of steps.entries()) {
    if (exists) stages.push({ step: i, unless });
    unless = exists ? [] : [...unless, i];
  }
  return { stages, after: unless, longest: window ? completionWindows[window] : Infinity };
}

/** The events that pass a step of the funnel, ascending. */
export function happeningsOf(
  { steps }: Pick<MetricFunnel, 'steps'>,
  events: ReadonlyMap<string, readonly Occurrence[]>,
): Happening[] {
  const passed = steps.flatMap((step, i) =>
    (events.get(step.metric_id) ?? []).flatMap((one) => (passes(step, one) ? { at: one.at, step: i } : [])),
  );
  const times = Map.groupBy(passed, ({ at }) => at);
  return [...times].map(([at, group]) => ({ at, steps: group.map(({ step }) => step) })).sort((a, b) => a.at - b.at);
}

/**
 * Goes on from `before` through what happened next. Each stage has to come later than the one before, the last within
 * the longest time from the first, none after what must not be done in between. Of the attempts that end at the same
 * time the one that began last counts. `completed` are all that came to the end or were there and open, ascending.
 */
export function wentOn(
  { stages, after, longest }: Course,
  before: Progress,
  happenings: readonly Happening[],
): { reached: (Attempt | null)[]; completed: Completed[] } {
  const last = stages.length - 1;
  let reached = stages.slice(0, last).map((_, i) => before.reached[i] ?? null);
  const completed: Completed[] = before.open.map((one) => ({ ...one }));
  for (const { at, steps } of happenings) {
    const next = stages.map(({ step }, i): Attempt | null => {
      if (!steps.includes(step)) return null;
      if (i === 0) return { start: at, end: at };
      const earlier = reached[i - 1];
      return earlier ? { start: earlier.start, end: at } : null;
    });
    if (after.some((one) => steps.includes(one))) spoil(completed, at, longest);
    reached = reached.map((one, i) => {
      const spoiled = stages[i + 1]?.unless.some((unless) => steps.includes(unless)) === true;
      return next[i] ?? (spoiled ? null : one);
    });
    const end = next[last];
    if (end && end.end - end.start <= longest) completed.push(end);
  }
  return { reached, completed };
}

/** What must not follow came at `at`; whatever was spoiled before had all before it spoiled as well. */
function spoil(completed: Completed[], at: Instant, longest: number): void {
  for (let i = completed.length - 1; i >= 0; i -= 1) {
    const one = completed[i];
    if (!one || one.spoiled !== undefined || at - one.start > longest) return;
    one.spoiled = at;
  }
}

/**
 * What is worth knowing at `upTo` of attempts that went on: what can still be spoiled, and of what no longer can the one
 * that began last, as it counts longest.
 */
export function summary(
  { after, longest }: Course,
  { reached, completed }: ReturnType<typeof wentOn>,
  upTo: Instant,
): { progress: Progress; done: Attempt | null } {
  const good = completed.flatMap(({ start, end, spoiled }) => (spoiled === undefined ? { start, end } : []));
  const isSafe = ({ start }: Attempt) => after.length === 0 || upTo - start >= longest;
  const safe = good.findLast(isSafe) ?? null;
  const open = good.filter((one) => !isSafe(one));
  // Without a longest time all are spoiled together.
  return { progress: { reached, open: longest === Infinity ? open.slice(-1) : open }, done: safe };
}
