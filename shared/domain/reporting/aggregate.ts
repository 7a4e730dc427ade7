// Aggregates of the events of one metric: out of the counts that are kept of it where nothing but counts and sums is asked,
// else, and where nothing is counted yet, out of the events themselves. Late, merged and erased ones are what they are.
import { own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { eventAt, partsOf, profileOf } from '../../storage/patterns.ts';
import { readEventBody } from '../events/index.ts';
import { type Interval, bucketOf, bucketStarts } from './buckets.ts';
import { type EventEntry, type Stretch, entriesOf } from './feed.ts';
import { quarter } from './quarters.ts';
import { type Sum, add, nothing, totalOf } from './sums.ts';
import { type Tallied, talliedOf } from './tallied.ts';

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
  /** Whether an event counts; `dimension` reads what it says. Absent: all count. */
  counts?: (dimension: (name: string) => string) => boolean;
}

/** One combination of values of the dimensions, with a number for each interval. */
export interface Row {
  dimensions: readonly string[];
  measurements: Readonly<Record<string, readonly number[]>>;
}

/** What one call reads at most: index entries, and events where their properties matter. */
export const mostEvents = { keys: 200_000, whole: 20_000 } as const;

/** What is added up of one row, for each interval. */
interface Sums {
  dimensions: readonly string[];
  sums: readonly Sum[];
  people: readonly Set<string>[];
}

/** What is known of an event. */
interface Seen {
  at: Instant;
  profile: string;
  worth: number;
  dimension: (name: string) => string;
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
  const { quarters, open } = await countedOf(ports, account, question, starts);
  for (const counted of quarters) {
    const sum = rows.get('[]')?.sums[bucketOf(starts, counted.at)];
    if (sum) add(sum, counted);
  }
  for await (const seen of eventsOf(ports, account, question, open)) {
    if (question.counts?.(seen.dimension) === false) continue;
    const dimensions = question.by.map(seen.dimension);
    const name = JSON.stringify(dimensions);
    const row = rows.get(name) ?? emptySums(dimensions, starts.length);
    rows.set(name, row);
    addTo(row, bucketOf(starts, seen.at), seen);
  }
  return { starts, rows: [...rows.values()].map((row) => rowOf(row, question.measurements)) };
}

/** What need not be counted for the question, and the stretches that must. People add up from no parts. */
async function countedOf(
  ports: Ports,
  account: AccountId,
  { metric, range, measurements: wanted, by, counts }: Question,
  starts: readonly Instant[],
): Promise<{ quarters: readonly Tallied[]; open: readonly Stretch[] }> {
  const isPlain = by.length === 0 && counts === undefined && !wanted.includes('unique');
  // Hours have begun on quarters of an hour everywhere for long.
  if (!isPlain || starts.some((start) => start % quarter !== 0)) return { quarters: [], open: [range] };
  return talliedOf(ports, account, metric, range);
}

async function* eventsOf(
  ports: Ports,
  account: AccountId,
  { metric, by, counts }: Question,
  stretches: readonly Stretch[],
): AsyncGenerator<Seen> {
  const whole = by.length > 0 || counts !== undefined;
  const most = whole ? mostEvents.whole : mostEvents.keys;
  let read = 0;
  for (const stretch of stretches) {
    for await (const entries of entriesOf(ports, account, metric, stretch)) {
      read += entries.length;
      if (read > most) throw tooMany(most);
      if (whole) yield* wholeEvents(ports, account, entries);
      else yield* entries.map(seenAs);
    }
  }
}

function seenAs(entry: EventEntry): Seen {
  const at = instantOf(partsOf(entry.gsk)[0] ?? '');
  return { at, profile: profileOf(entry), worth: entry.value ?? 0, dimension: () => '' };
}

async function* wholeEvents(ports: Ports, account: AccountId, entries: readonly EventEntry[]): AsyncGenerator<Seen> {
  const events = await ports.store.getMany(entries.map((entry) => eventAt(account, profileOf(entry), entry.sk)));
  for (const event of events) {
    if (event === undefined) continue;
    const properties = await readEventBody(ports, event);
    const dimension = (name: string) => dimensionOf(own(properties, name));
    yield { at: instantOf(event.at), profile: event.profile, worth: event.value ?? 0, dimension };
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
  const each = <T>(make: () => T) => Array.from({ length: buckets }, make);
  return { dimensions, sums: each(nothing), people: each(() => new Set<string>()) };
}

function addTo({ sums, people }: Sums, bucket: number, { profile, worth }: Seen): void {
  const sum = sums[bucket];
  if (sum) add(sum, { count: 1, sum: worth, lost: 0 });
  people[bucket]?.add(profile);
}

function rowOf({ dimensions, sums, people }: Sums, wanted: readonly Measurement[]): Row {
  const all: Readonly<Record<Measurement, () => number[]>> = {
    count: () => sums.map(({ count }) => count),
    sum_value: () => sums.map(totalOf),
    unique: () => people.map(({ size }) => size),
  };
  return { dimensions, measurements: Object.fromEntries(wanted.map((name) => [name, all[name]()])) };
}
