// Anniversaries as things that happen: an event comes again every year, so that its anniversaries in a timeframe are one
// stretch of time, like events. Where they lie, its events lie in each year before.
import { type Instant, day, instantOf, sortable } from '../../kernel/time.ts';
import { type EventMark, eventsOfProfile, timeOfMark } from '../../storage/patterns.ts';
import { anniversaryIn } from './anniversaries.ts';
import { type Whose, eventsAfter } from './read-events.ts';
import type { Range } from './total.ts';

/** Which anniversaries count: those of events of these years, the day itself (0) or the first (1) and later ones. */
export interface Echo {
  years: readonly number[];
  least: 0 | 1;
}

/** An event, and when it happened or comes again. */
export interface Told {
  at: Instant;
  mark: EventMark;
}

export const yearOf = (at: Instant): number => new Date(at).getUTCFullYear();

/** The stretches of a year that move to any other as they are: around 29 February, which is kept on the 28th. */
const parts = (year: number): [Instant, Instant][] => {
  const [leap, march] = [Date.UTC(year, 1, 29), Date.UTC(year, 2, 1)];
  return [
    [Date.UTC(year, 0), leap],
    [leap, march],
    [march, Date.UTC(year + 1, 0)],
  ];
};

/** The end of the stretch that an instant lies in, so that few of the events' stretches meet it. */
export function partEnd(at: Instant): Instant {
  const year = yearOf(at);
  const ends = [Date.UTC(year, 1, 28), Date.UTC(year, 2, 1), Date.UTC(year + 1, 0)];
  return (ends.find((end) => end > at) ?? at + 1) - 1;
}

/** Where the events lie whose anniversaries come after `after`, up to `upTo`, so much later (`by`) than they. */
export function piecesOf(
  after: Instant,
  upTo: Instant,
  { years, least }: Echo,
): { after: Instant; upTo: Instant; by: number }[] {
  const pieces = [];
  for (let year = yearOf(after + 1); year <= yearOf(upTo); year += 1) {
    for (const [start, end] of years.filter((one) => year - one >= least).flatMap(parts)) {
      const by = anniversaryIn(year, start) - start;
      const piece = { after: Math.max(after - by, start - 1), upTo: Math.min(upTo - by, end - 1), by };
      if (piece.after < piece.upTo) pieces.push(piece);
    }
  }
  return pieces;
}

/** As `eventsAfter`, of anniversaries. */
export async function echoesAfter(
  whose: Whose,
  metric: string,
  { after, beyond, end, limit }: { after: Instant; beyond: Instant; end: Instant; limit: number },
  echo: Echo,
): Promise<{ upTo: Instant; told: readonly Told[] }> {
  const reads = await Promise.all(
    piecesOf(after, end, echo).map(async ({ by, ...piece }) => {
      const stretch = { after: piece.after, beyond: beyond - by, end: piece.upTo, limit };
      const { upTo, marks } = await eventsAfter(whose, metric, stretch);
      const told = marks.map((mark): Told => ({ at: instantOf(timeOfMark(mark)) + by, mark }));
      return { upTo: upTo < piece.upTo ? upTo + by : Infinity, told };
    }),
  );
  const upTo = Math.min(end, ...reads.map((read) => read.upTo));
  const told = reads.flatMap((read) => read.told).filter(({ at }) => at <= upTo);
  return { upTo, told: told.sort((a, b) => a.at - b.at) };
}

/** Events, as `eventsAfter`, or their anniversaries. */
export async function toldAfter(
  whose: Whose,
  metric: string,
  stretch: Parameters<typeof eventsAfter>[2],
  echo: Echo | undefined,
): Promise<{ upTo: Instant; told: readonly Told[] }> {
  if (echo) return echoesAfter(whose, metric, stretch, echo);
  const { upTo, marks } = await eventsAfter(whose, metric, stretch);
  return { upTo, told: marks.map((mark) => ({ at: instantOf(timeOfMark(mark)), mark })) };
}

/** The years that a person's events of a metric lie in. */
export async function yearsWith({ ports, account, profile }: Whose, metric: string): Promise<readonly number[]> {
  const years = new Set<number>();
  let [to, limit]: [Instant | undefined, number] = [undefined, 25];
  for (;;) {
    const range = to === undefined ? {} : { to: sortable(to) };
    const query = { ...eventsOfProfile(account, profile, metric, range), newestFirst: true, limit };
    const { items, next } = await ports.store.query(query);
    for (const mark of items) years.add(yearOf(instantOf(timeOfMark(mark))));
    if (next === undefined || items.length === 0) return [...years];
    // Of a long history the newest of each year tells.
    [to, limit] = [Date.UTC(Math.min(...years), 0) - 1, 1];
  }
}

const withoutEnd: Range = { from: -Infinity, to: Infinity };
const isFinite = ({ from, to }: Range) => Number.isFinite(from) && Number.isFinite(to);

/** Where the anniversaries of events within `late` can lie, between these instants and a little around. */
export function lateEchoes(late: Range, from: Instant, upTo: Instant, least: 0 | 1): readonly Range[] {
  if (!isFinite(late) || late.to - late.from > 330 * day) return [withoutEnd];
  const [first, last] = [yearOf(late.from), yearOf(late.to)];
  const isPlain = parts(first).some(([start, end]) => start <= late.from && late.to < end);
  const around = isPlain ? 0 : day;
  const ranges: Range[] = [];
  for (let year = Math.max(yearOf(from) - 1, first); year <= yearOf(upTo); year += 1) {
    if (first === last && year - first < least) continue;
    const to = anniversaryIn(year + last - first, late.to);
    ranges.push({ from: anniversaryIn(year, late.from) - around, to: to + around });
  }
  return ranges;
}

/** The years known of, and those that changed events may lie in; undefined: nobody knows. */
export function yearsAfter(
  years: readonly number[] | undefined,
  late: Range | undefined,
): readonly number[] | undefined {
  if (!years || !late) return years;
  if (!isFinite(late)) return undefined;
  const [first, last] = [yearOf(late.from), yearOf(late.to)];
  const told = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((year) => !years.includes(year));
  return told.length === 0 ? years : [...years, ...told];
}
