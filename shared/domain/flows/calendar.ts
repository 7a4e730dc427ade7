// Days of the calendar as walls at midnight: months that are shorter, weekdays that are waited for. Pure.
import { type Instant, day } from '../../kernel/time.ts';
import { type Wall, dayOf, instantOfWall, weekdayOf } from '../../kernel/zone.ts';
import { type Weekday, weekdays } from './weekdays.ts';

/** Midnight of a day; `month` counts from 0 and may lie outside the year; the day ends with its month. */
export function dayIn(year: number, month: number, date: number): Wall {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date, last));
}

export type Span = { unit: 'days' | 'weeks' | 'months'; value: number };

/** The day so long before another one: months before the 31st end with their last day. */
export function before(date: Wall, { unit, value }: Span): Wall {
  if (unit !== 'months') return date - value * (unit === 'weeks' ? 7 : 1) * day;
  const { year, month, day: number } = partsOf(date);
  return dayIn(year, month - value, number);
}

/** Year, month (from 0) and day of the month. */
export function partsOf(date: Wall): { year: number; month: number; day: number } {
  const there = new Date(date);
  return { year: there.getUTCFullYear(), month: there.getUTCMonth(), day: there.getUTCDate() };
}

/**
 * The instant of a time of day (milliseconds since midnight) on a day or, where only some weekdays are allowed, the first
 * allowed one after it. A time that the clocks jump over is met right after the jump, one that comes twice the first time.
 */
export function instantOn(date: Wall, time: number, allowed: readonly Weekday[] | null, zone: string): Instant {
  let wall = dayOf(date) + time;
  for (let tries = 0; tries < 7 && !isAllowed(wall, allowed); tries += 1) wall += day;
  return instantOfWall(wall, zone);
}

export function isAllowed(wall: Wall, allowed: readonly Weekday[] | null): boolean {
  const name = weekdays[weekdayOf(wall)];
  return allowed === null || allowed.length === 0 || (name !== undefined && allowed.includes(name));
}
