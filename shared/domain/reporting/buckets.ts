// How a stretch of time falls into the hours, days, weeks and months of a time zone.
import { type Instant, day, hour } from '../../kernel/time.ts';
import { type Wall, dayOf, instantOfWall, wallOf, weekdayOf } from '../../kernel/zone.ts';

export const intervals = ['day', 'hour', 'month', 'week'] as const;
export type Interval = (typeof intervals)[number];

/** Weeks begin on Monday (ISO 8601). */
const sinceMonday = (wall: Wall) => (weekdayOf(wall) + 6) % 7;

function monthAfter(wall: Wall, months: number): Wall {
  const at = new Date(wall);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months);
}

/** The first reading of the interval that a reading lies in, and that of the next interval. */
const spans: Readonly<Record<Exclude<Interval, 'hour'>, { first: (wall: Wall) => Wall; next: (wall: Wall) => Wall }>> =
  {
    day: { first: dayOf, next: (wall) => wall + day },
    week: { first: (wall) => dayOf(wall) - sinceMonday(wall) * day, next: (wall) => wall + 7 * day },
    month: { first: (wall) => monthAfter(wall, 0), next: (wall) => monthAfter(wall, 1) },
  };

/**
 * The instants at which the intervals begin that have a part in [from, to), in order; the first may begin before `from`.
 * A day on which clocks are changed has 23 or 25 hours, and an hour that is shown twice is two.
 */
export function bucketStarts(
  { from, to }: { from: Instant; to: Instant },
  interval: Interval,
  zone: string,
): Instant[] {
  const starts = interval === 'hour' ? hourStarts(from, to, zone) : wallStarts(from, to, spans[interval], zone);
  return starts.filter((_, index) => (starts[index + 1] ?? to) > from);
}

function wallStarts(from: Instant, to: Instant, { first, next }: (typeof spans)['day'], zone: string): Instant[] {
  const starts: Instant[] = [];
  for (let wall = first(wallOf(from, zone)); ; wall = next(wall)) {
    const start = instantOfWall(wall, zone);
    if (start >= to) return starts;
    starts.push(start);
  }
}

/** Counted from midnight on, so that where hours begin does not depend on where the range does. */
function hourStarts(from: Instant, to: Instant, zone: string): Instant[] {
  const starts: Instant[] = [];
  let start = instantOfWall(dayOf(wallOf(from, zone)), zone);
  while (start < to) {
    starts.push(start);
    // Clocks that are changed by half an hour begin an hour short of a full one.
    start += hour - (wallOf(start, zone) % hour);
  }
  return starts;
}

/** The place in `starts` of the last one that is not after `at`; 0 when all are. */
export function bucketOf(starts: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
