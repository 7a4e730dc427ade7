// Aggregates of the events of one metric, counted out of the events themselves: late, merged and erased ones are what they are.
import { own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import { type FeedMark, eventAt, eventsOfMetric, everyShard, partsOf, profileOf } from '../../storage/patterns.ts';
import { readEventBody } from '../events/index.ts';
import { type Interval, bucketOf, bucketStarts } from './buckets.ts';

export const measurements = ['count', 'sum_value', 'unique'] as const;
export type Measurement = (typeof measurements)[number];

/** What is asked of the events of a metric; their times lie in [from, to). */
export interface Question {
  metric: string;
  range: { from: Instant; to: Instant };
  interval: Interval;
  zone: string;
  measurements: readonly Measurement[];
  /** Names of properties that the answer is split by. */
  by: readonly string[];
  /** Whether an event counts; `value` reads its dimensions. Absent: all count. */
  counts?: (value: (dimension: string) => string) => boolean;
}

/** One combination of values of the dimensions, with a number for each interval. */
export interface Row {
  dimensions: readonly string[];
  measurements: Readonly<Record<string, readonly number[]>>;
}

/** What one call reads at most: index entries, and events where their values or properties matter. */
export const mostEvents = { keys: 200_000, whole: 20_000 } as const;

/** What is added up of one row. */
interface Sums {
  dimensions: readonly string[];
  count: number[];
  /** What was too small to show in `sum` is kept in `lost` (Neumaier), so that the order of events does not. */
  sum: number[];
  lost: number[];
  people: Set<string>[];
}

/** What is known of an event: everything, or what its index entry says. */
interface Seen {
  at: Instant;
  profile: string;
  event?: EventItem;
  value: (dimension: string) => string;
}

/** The rows of the answer and where its intervals begin. Refuses ranges with more events than one call may read. */
export async function aggregate(
  ports: Ports,
  account: AccountId,
  question: Question,
): Promise<{ starts: Instant[]; rows: Row[] }> {
  const starts = bucketStarts(question.range, question.interval, question.zone);
  const rows = new Map<string, Sums>();
  if (question.by.length === 0) rows.set('[]', emptySums([], starts.length));
  for await (const seen of eventsOf(ports, account, question)) {
    if (question.counts?.(seen.value) === false) continue;
    const dimensions = question.by.map(seen.value);
    const name = JSON.stringify(dimensions);
    const sums = rows.get(name) ?? emptySums(dimensions, starts.length);
    rows.set(name, sums);
    addTo(sums, bucketOf(starts, seen.at), seen);
  }
  return { starts, rows: [...rows.values()].map((sums) => rowOf(sums, question.measurements)) };
}

async function* eventsOf(ports: Ports, account: AccountId, question: Question): AsyncGenerator<Seen> {
  const { metric, range, measurements: wanted, by, counts } = question;
  const whole = wanted.includes('sum_value') || by.length > 0 || counts !== undefined;
  const most = whole ? mostEvents.whole : mostEvents.keys;
  const within = { from: sortable(range.from), to: sortable(range.to - 1) };
  let read = 0;
  for (const shard of everyShard) {
    for await (const { items } of pagesOf(ports.store, eventsOfMetric(account, metric, shard, within))) {
      read += items.length;
      if (read > most) throw tooMany(most);
      if (whole) yield* wholeEvents(ports, account, items, by.length > 0 || counts !== undefined);
      else yield* items.map(seenAs);
    }
  }
}

function seenAs(mark: FeedMark): Seen {
  return { at: instantOf(partsOf(mark.gsk)[0] ?? ''), profile: profileOf(mark), value: () => '' };
}

async function* wholeEvents(
  ports: Ports,
  account: AccountId,
  marks: readonly FeedMark[],
  withBodies: boolean,
): AsyncGenerator<Seen> {
  const events = await ports.store.getMany(marks.map((mark) => eventAt(account, profileOf(mark), mark.sk)));
  for (const event of events) {
    if (event === undefined) continue;
    const properties = withBodies ? await readEventBody(ports, event) : {};
    const value = (dimension: string) => dimensionOf(own(properties, dimension));
    yield { at: instantOf(event.at), profile: event.profile, event, value };
  }
}

/** A dimension as text; empty for events that lack it. */
function dimensionOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function tooMany(most: number) {
  const detail = `The time range holds more than ${most} events, which is what one call adds up; ask for a shorter one.`;
  return refuse('not_allowed', detail, '/data/attributes/filter');
}

function emptySums(dimensions: readonly string[], buckets: number): Sums {
  const zeros = () => Array.from({ length: buckets }, () => 0);
  const people = Array.from({ length: buckets }, () => new Set<string>());
  return { dimensions, count: zeros(), sum: zeros(), lost: zeros(), people };
}

function addTo({ count, sum, lost, people }: Sums, bucket: number, { profile, event }: Seen): void {
  count[bucket] = (count[bucket] ?? 0) + 1;
  people[bucket]?.add(profile);
  const [before = 0, value = 0] = [sum[bucket], event?.value];
  const after = before + value;
  const error = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
  sum[bucket] = after;
  lost[bucket] = (lost[bucket] ?? 0) + error;
}

function rowOf({ dimensions, count, sum, lost, people }: Sums, wanted: readonly Measurement[]): Row {
  const all: Readonly<Record<Measurement, () => number[]>> = {
    count: () => count,
    sum_value: () => sum.map((value, i) => value + (lost[i] ?? 0)),
    unique: () => people.map(({ size }) => size),
  };
  return { dimensions, measurements: Object.fromEntries(wanted.map((name) => [name, all[name]()])) };
}
