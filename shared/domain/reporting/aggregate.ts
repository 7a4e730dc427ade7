// Aggregates of the events of one metric: out of what is counted of it by quarters of an hour, and where nothing is counted
// yet, out of the feed itself. Late, merged and erased events are what they are.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { profileOf } from '../../storage/patterns.ts';
import { dimensionsIn } from '../events/index.ts';
import { type Adding, type Measurement, type Row, createRows } from './aggregate-rows.ts';
import { type Interval, bucketStarts } from './buckets.ts';
import { personIn } from './details.ts';
import { type EventEntry, type Telling, entriesOf, tellingsOf, timeOfEntry } from './feed.ts';
import { quarter } from './quarters.ts';
import { type Counts, detailsOf, talliedOf } from './tallied.ts';

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

/**
 * What one call reads at most: entries of the index, events whose entries do not say what is asked, and people in the files
 * of days, again in each quarter of an hour.
 */
export const mostRead = { entries: 200_000, events: 20_000, people: 20_000_000 } as const;

/** The rows of the answer and where its intervals begin. Refuses ranges with more events than one call may read. */
export async function aggregate(
  ports: Ports,
  account: AccountId,
  question: Question,
): Promise<{ starts: Instant[]; rows: Row[] }> {
  const starts = bucketStarts(question.range, question.interval, question.zone);
  const rows = createRows(starts);
  if (question.by.length === 0) rows.row([]);
  const rowOf = chooser(question, (dimensions) => rows.row(dimensions));
  const { detailed, people } = needs(question);
  const counted = await countsOf(ports, account, question, starts);
  for await (const { entry, dims } of openTellings(ports, account, question, counted.open)) {
    const theirs = people ? [personIn(account, profileOf(entry))] : [];
    rowOf(dims)?.add(timeOfEntry(entry), { count: 1, sum: entry.value ?? 0, lost: 0 }, theirs);
  }
  if (!detailed) {
    for (const one of counted.quarters) rows.row([]).add(one.at, one, []);
    return { starts, rows: rows.rows(question.measurements) };
  }
  for await (const { until, details } of detailsOf(ports, account, question.metric, counted)) {
    for (const one of details) rowOf(one.dims)?.add(one.at, one, people ? one.people : []);
    rows.close(until);
  }
  return { starts, rows: rows.rows(question.measurements) };
}

/** Whether dimensions are asked about, whether people, and so whether counts and sums alone do not answer. */
function needs({ by, counts, measurements: wanted }: Question) {
  const [dimensions, people] = [by.length > 0 || counts !== undefined, wanted.includes('unique')];
  return { dimensions, people, detailed: dimensions || people };
}

/** The row for what an event says; none when it does not count. Decided once for what many say. */
function chooser({ by, counts }: Question, row: (dimensions: readonly string[]) => Adding) {
  const known = new Map<string, Adding | undefined>();
  return (dims: string): Adding | undefined => {
    if (known.has(dims)) return known.get(dims);
    const dimension = dimensionsIn(dims);
    const chosen = counts?.(dimension) === false ? undefined : row(by.map(dimension));
    known.set(dims, chosen);
    return chosen;
  };
}

/** What need not be counted for the question, and the stretches that must. */
async function countsOf(
  ports: Ports,
  account: AccountId,
  question: Question,
  starts: readonly Instant[],
): Promise<Counts> {
  const { metric, range } = question;
  // Hours have begun on quarters of an hour everywhere for long.
  if (starts.some((start) => start % quarter !== 0)) return { quarters: [], days: [], open: [range] };
  const { detailed } = needs(question);
  const counts = await talliedOf(ports, account, metric, { range, detailed });
  const people = counts.days.reduce((all, day) => all + (day.people ?? 0), 0);
  if (detailed && people > mostRead.people)
    throw tooMany(`${mostRead.people} people, each again in every quarter hour`);
  return counts;
}

/** The events that are counted one by one; what they said only where it matters. */
async function* openTellings(
  ports: Ports,
  account: AccountId,
  question: Question,
  stretches: Counts['open'],
): AsyncGenerator<Telling> {
  const { dimensions } = needs(question);
  const left = { entries: mostRead.entries as number, events: mostRead.events as number };
  const reading = (of: keyof typeof left) => (more: number) => {
    left[of] -= more;
    if (left[of] < 0) throw tooMany(`${mostRead[of]} events that are not counted beforehand`);
  };
  const silent = (entries: readonly EventEntry[]) => entries.map((entry): Telling => ({ entry, dims: '{}' }));
  for (const stretch of stretches) {
    for await (const entries of entriesOf(ports, account, question.metric, stretch)) {
      reading('entries')(entries.length);
      if (dimensions) yield* await tellingsOf(ports, account, entries, reading('events'));
      else yield* silent(entries);
    }
  }
}

function tooMany(what: string) {
  const detail = `The time range holds more than ${what}, which is what one call adds up; ask for a shorter one.`;
  return refuse('not_allowed', detail, '/data/attributes/filter');
}
