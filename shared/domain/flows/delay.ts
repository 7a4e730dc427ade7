// When a delay is over: pure.
import { dayNamed } from '../../kernel/calendar.ts';
import { type Instant, day, hour, minute } from '../../kernel/time.ts';
import { dayOf, instantOfWall, timeOfDay, wallOf } from '../../kernel/zone.ts';
import type { Action, CountdownDelay, Delay, TargetDate, TimeDelay } from './actions.ts';
import { before, instantOn, isAllowed } from './calendar.ts';

const units = { days: day, hours: hour, minutes: minute } as const satisfies Record<TimeDelay['data']['unit'], number>;

type Rule = TimeDelay['data'];

/** How long a delay lasts by itself, milliseconds: N days are N times 24 hours. */
export function lengthOf({ unit, value, secondary_value: minutes }: Rule): number {
  return value * units[unit] + (minutes ?? 0) * minute;
}

const kinds: ReadonlySet<string> = new Set(['time-delay', 'countdown-delay', 'target-date'] satisfies Delay['type'][]);

/** True for an action that waits. */
export const isDelay = (action: Action): action is Delay => kinds.has(action.type);

/** True when the end of a delay depends on the time zone of the person. */
export function needsZone({ type, data }: Delay): boolean {
  if (data.timezone !== 'profile') return false;
  return type !== 'time-delay' || data.delay_until_time !== null || data.delay_until_weekdays !== null;
}

/** When someone comes to a delay. */
export interface Arrival {
  now: Instant;
  /** The person's time zone. */
  zone: string;
  /** The date of a date flow, `2026-05-01`. */
  date?: string;
}

/** When someone who comes to the delay goes on: never before the arrival. */
export function endOf(delay: Delay, arrival: Arrival): Instant {
  const { now } = arrival;
  if (delay.type === 'time-delay') return endOfDelay(delay.data, now, arrival.zone);
  // Without a date there is nothing to wait for.
  if (arrival.date === undefined) return now;
  const zone = delay.data.timezone === 'profile' ? arrival.zone : delay.data.timezone;
  const date = dayNamed(arrival.date);
  return Math.max(
    now,
    delay.type === 'target-date' ? endAtTarget(delay, date, zone) : endOfCountdown(delay, date, zone),
  );
}

function endAtTarget({ data }: TargetDate, date: number, zone: string): Instant {
  return instantOn(date, timeOfDay(data.target_time) ?? 0, data.target_days, zone);
}

function endOfCountdown({ data }: CountdownDelay, date: number, zone: string): Instant {
  const { delay_until_time: until, delay_until_weekdays: allowed } = data;
  return instantOn(before(date, data), until === null ? 0 : (timeOfDay(until) ?? 0), allowed, zone);
}

/**
 * When someone who comes to the delay at `now` goes on; never before `now`. `zone` is the person's time zone.
 * Days with a time of day are calendar days on the wall clock; hours and minutes pass first, then the clock is waited for.
 * After that allowed weekdays are waited for, at the same time of day. Clock changes: a time of day that is jumped over
 * is met right after the jump, one that comes twice the first time.
 */
export function endOfDelay(rule: Rule, now: Instant, zone: string): Instant {
  const { delay_until_time: until, delay_until_weekdays: allowed } = rule;
  if (until === null && allowed === null) return now + lengthOf(rule);
  const clock = rule.timezone === 'profile' ? zone : rule.timezone;
  const time = until === null ? undefined : timeOfDay(until);
  const calendar = time !== undefined && rule.unit === 'days';
  const earliest = calendar ? now : now + lengthOf(rule);
  const start = wallOf(earliest, clock);
  if (time === undefined && isAllowed(start, allowed)) return earliest;

  let wall = calendar ? dayOf(start) + rule.value * day + time : time === undefined ? start : dayOf(start) + time;
  // At most a week until an allowed day, and a day until a time that is still to come.
  for (let tries = 0; tries <= 8; tries += 1, wall += day) {
    const at = instantOfWall(wall, clock);
    if (at >= earliest && isAllowed(wall, allowed)) return at;
  }
  return earliest;
}
