// Timeframes: for the time of a fact, the span of `now` in which the fact lies within the timeframe. All in UTC, to the
// millisecond. The boundaries: in-the-last includes its boundary, at-least excludes it; between (relative) includes its
// start and excludes its end; before and after exclude their date; between-static includes both of its dates.
import { type Instant, day, hour, instantOf, week } from '../../kernel/time.ts';
import { type Anniversary, anniversaries, isAnniversary } from './anniversaries.ts';
import type { DateFilter } from './filters.ts';
import { type Span, type Spans, spanAfter, spanBefore } from './timeline.ts';

export type Timeframe = DateFilter;
/** Those that hold of a fact for one span of time; the anniversaries come again every year. */
type Operator = Exclude<Timeframe['operator'], Anniversary>;
type Of<O extends string, F = Timeframe> = F extends { operator: infer Own } ? (O extends Own ? F : never) : never;

const units = { hour, day, week } as const;
type Unit = keyof typeof units;

/** A relative length in milliseconds. */
const length = (quantity: number, unit: Unit) => quantity * units[unit];

const ever: Span = { from: -Infinity, to: Infinity };
const never: Span = { from: Infinity, to: Infinity };
const everIf = (holds: boolean) => (holds ? ever : never);

const spans = {
  alltime: () => ever,
  after: (at, { date }) => everIf(at > instantOf(date)),
  before: (at, { date }) => everIf(at < instantOf(date)),
  'between-static': (at, { start, end }) => everIf(at >= instantOf(start) && at <= instantOf(end)),
  'in-the-last': (at, { quantity, unit }) => spanAfter(at, length(quantity, unit)),
  'at-least': (at, { quantity, unit }) => ({ from: at + length(quantity, unit) + 1, to: Infinity }),
  'in-the-next': (at, { quantity, unit }) => spanBefore(at, length(quantity, unit)),
  between: (at, { start, end, unit }) => ({ from: at + length(start, unit), to: at + length(end, unit) }),
  'calendar-month': (at, { value }) => everIf(new Date(at).getUTCMonth() + 1 === value),
} as const satisfies { [O in Operator]: (at: Instant, filter: Of<O>) => Span };

/** When a date lies within the timeframe, as seen from `now` on. */
export function spansOfDate(filter: Timeframe, at: Instant, now: Instant): Spans {
  const { operator } = filter;
  if (isAnniversary(operator)) {
    const lasting = 'quantity' in filter ? length(filter.quantity, filter.unit) : 0;
    return anniversaries(operator, at, lasting, now);
  }
  // The operator chose the entry that takes this filter.
  return { spans: [(spans[operator] as (at: Instant, filter: Timeframe) => Span)(at, filter)], until: Infinity };
}

/** When an event counts within the timeframe: not before its time has come, but for what is asked of those to come. */
export function spansOfEvent(filter: Timeframe, at: Instant, now: Instant): Spans {
  const { spans: all, until } = spansOfDate(filter, at, now);
  if (filter.operator === 'in-the-next') return { spans: all, until };
  return { spans: all.map(({ from, to }) => ({ from: Math.max(from, at), to })), until };
}

/** When the joining of a list lies within the timeframe: here between-static excludes its end. */
export function spansOfJoining(filter: Timeframe, at: Instant, now: Instant): Spans {
  if (filter.operator === 'between-static' && at === instantOf(filter.end)) return { spans: [never], until: Infinity };
  return spansOfDate(filter, at, now);
}

/**
 * The events that can count now or later: their earliest and latest time, and the end to begin reading at. Events that
 * count longest come first, so that the first few decide whether there are enough.
 */
export interface Reach {
  from?: Instant;
  to?: Instant;
  first: 'newest' | 'oldest';
}

const reaches = {
  alltime: () => ({ first: 'newest' }),
  after: ({ date }) => ({ from: instantOf(date) + 1, first: 'newest' }),
  before: ({ date }) => ({ to: instantOf(date) - 1, first: 'oldest' }),
  'between-static': ({ start, end }) => ({ from: instantOf(start), to: instantOf(end), first: 'newest' }),
  'in-the-last': ({ quantity, unit }, now) => ({ from: now - length(quantity, unit), first: 'newest' }),
  'at-least': () => ({ first: 'oldest' }),
  'in-the-next': (_, now) => ({ from: now, first: 'newest' }),
  between: ({ end, unit }, now) => ({ from: now - length(end, unit) + 1, first: 'newest' }),
  'calendar-month': () => ({ first: 'newest' }),
} as const satisfies { [O in Operator]: (filter: Of<O>, now: Instant) => Reach };

/** What of a metric must be read to know, from `now` on, which events lie in the timeframe. */
export function reachOf(filter: Timeframe, now: Instant): Reach {
  // Any event has anniversaries.
  if (isAnniversary(filter.operator)) return { first: 'newest' };
  return (reaches[filter.operator] as (filter: Timeframe, now: Instant) => Reach)(filter, now);
}

/** The events that count now: later than `after`, up to `upTo`. None later than `end` ever does. */
export interface Edges {
  after: Instant;
  upTo: Instant;
  end: Instant;
  /** Whether time takes events out again. */
  moving: boolean;
}

type EventOperator = Exclude<Timeframe['operator'], 'calendar-month' | 'anniversary' | 'anniversary-month'>;

const still = (after: Instant, end: Instant, now: Instant): Edges => ({
  after,
  end,
  upTo: Math.min(now, end),
  moving: false,
});
const open = { end: Infinity, moving: true };
const last = ({ quantity, unit }: { quantity: number; unit: Unit }, now: Instant): Edges => ({
  ...open,
  after: now - length(quantity, unit) - 1,
  upTo: now,
});
const next = ({ quantity, unit }: { quantity: number; unit: Unit }, now: Instant): Edges => ({
  ...open,
  after: now - 1,
  upTo: now + length(quantity, unit),
});

const edges = {
  alltime: (_, now) => still(-Infinity, Infinity, now),
  after: ({ date }, now) => still(instantOf(date), Infinity, now),
  before: ({ date }, now) => still(-Infinity, instantOf(date) - 1, now),
  'between-static': ({ start, end }, now) => still(instantOf(start) - 1, instantOf(end), now),
  'at-least': ({ quantity, unit }, now) => ({
    ...still(-Infinity, Infinity, now),
    upTo: now - length(quantity, unit) - 1,
  }),
  'in-the-last': last,
  'in-the-next': next,
  between: ({ start, end, unit }, now) => ({
    ...open,
    after: now - length(end, unit),
    upTo: now - length(start, unit),
  }),
  // Of anniversaries, which come and go like events.
  'anniversary-last': last,
  'anniversary-next': next,
} as const satisfies { [O in EventOperator]: (filter: Of<O>, now: Instant) => Edges };

/** Whether events, or their anniversaries, lie in the timeframe for one span of time each: `edgesOf` knows it. */
export const hasEdges = (filter: Timeframe): boolean =>
  Object.hasOwn(edges, filter.operator) && (!isAnniversary(filter.operator) || isYearly(filter));

/** Of a timeframe about anniversaries: it never holds two of the same event. */
const isYearly = (
  filter: Timeframe,
): filter is Extract<Timeframe, { operator: 'anniversary-last' | 'anniversary-next' }> =>
  'quantity' in filter && length(filter.quantity, filter.unit) < 365 * day;

/** When an anniversary lies in the timeframe; undefined: the timeframe is not about anniversaries. */
export function spanOfAnniversary(filter: Timeframe, at: Instant): Span | undefined {
  if (filter.operator === 'anniversary-last') return spanAfter(at, length(filter.quantity, filter.unit));
  if (filter.operator === 'anniversary-next') return spanBefore(at, length(filter.quantity, filter.unit));
  return undefined;
}

/** Where the timeframe begins and ends as seen from `now`; only of those that `hasEdges` is true of. */
export function edgesOf(filter: Timeframe, now: Instant): Edges {
  return (edges[filter.operator as EventOperator] as (filter: Timeframe, now: Instant) => Edges)(filter, now);
}
