// When a time delay is over.
import { type Instant, day, hour, minute } from '../../kernel/time.ts';
import { dayOf, instantOfWall, timeOfDay, wallOf, weekdayOf } from '../../kernel/zone.ts';
import { type TimeDelay, weekdays } from './definition.ts';

const units = { days: day, hours: hour, minutes: minute } as const satisfies Record<TimeDelay['data']['unit'], number>;

type Rule = TimeDelay['data'];

/** How long a delay lasts by itself, milliseconds: N days are N times 24 hours. */
export function lengthOf({ unit, value, secondary_value: minutes }: Rule): number {
  return value * units[unit] + (minutes ?? 0) * minute;
}

/** True when the end of a delay depends on the time zone of the person. */
export function needsZone(rule: Rule): boolean {
  return rule.timezone === 'profile' && (rule.delay_until_time !== null || rule.delay_until_weekdays !== null);
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

function isAllowed(wall: number, allowed: Rule['delay_until_weekdays']): boolean {
  const name = weekdays[weekdayOf(wall)];
  return allowed === null || allowed.length === 0 || (name !== undefined && allowed.includes(name));
}
