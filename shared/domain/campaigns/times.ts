// When a campaign reaches a person: pure.
import { type Instant, day, hour, instantOf } from '../../kernel/time.ts';
import { instantOfWall, wallOf } from '../../kernel/zone.ts';
import type { SendStrategy } from './definition.ts';

/** What a strategy looks at, of one person. */
export interface Whereabouts {
  /** The person's time zone, or the account's. */
  zone: string;
  /** When the person opened messages lately. */
  opens: readonly Instant[];
}

/** Whoever never opened anything is written to in the morning. */
const usualHour = 10;

/** The hour of the day (0 to 23, on the person's clock) in which most was opened; of equal ones the earliest. */
export function bestHour({ zone, opens }: Whereabouts): number {
  const counts = new Map<number, number>();
  for (const at of opens) {
    const hours = Math.floor((wallOf(at, zone) % day) / hour);
    counts.set(hours, (counts.get(hours) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a - b)[0]?.[0] ?? usualHour;
}

/** True when the strategy asks where the person is. */
export const isLocal = (strategy: SendStrategy): boolean =>
  strategy.method === 'smart_send_time' || (strategy.method === 'static' && strategy.options?.is_local === true);

/**
 * When the person's message is due (behaviour 6). Local time: the datetime, read in UTC, is what the person's clock shows;
 * where that has passed already, at once if the campaign says so, else on the next day on which it is still to come.
 */
export function dueOf(strategy: SendStrategy, person: Whereabouts, now: Instant): Instant {
  if (strategy.method === 'immediate') return now;
  if (strategy.method === 'throttled') return instantOf(strategy.datetime);
  if (strategy.method === 'smart_send_time') {
    const wall = instantOf(`${strategy.date}T00:00:00Z`) + bestHour(person) * hour;
    return Math.max(now, instantOfWall(wall, person.zone));
  }
  const at = instantOf(strategy.datetime);
  if (strategy.options?.is_local !== true) return at;
  const onDay = (days: number) => instantOfWall(at + days * day, person.zone);
  if (onDay(0) >= now) return onDay(0);
  if (strategy.options.send_past_recipients_immediately === true) return now;
  // In the east it may have passed more than a day ago where it is still to come in the west.
  const days = Math.max(1, Math.ceil((now - onDay(0)) / day));
  return onDay(days) >= now ? onDay(days) : onDay(days + 1);
}

/** How many rows one wave of a throttled campaign releases: the percentage of all, rounded up. */
export const waveSize = (rows: number, percentage: number): number => Math.max(1, Math.ceil((rows * percentage) / 100));

/** When the waves of a throttled campaign come: one an hour (behaviour 6), until all rows are released. */
export function throttledWaves(rows: number, percentage: number, from: Instant): Instant[] {
  return Array.from({ length: Math.ceil(rows / waveSize(rows, percentage)) }, (_, wave) => from + wave * hour);
}
