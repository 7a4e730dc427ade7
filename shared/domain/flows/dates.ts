// When a date that a person has lets it into a flow: pure. Behaviour 5.2, date property.
import { type Instant, day } from '../../kernel/time.ts';
import { type Wall, dayOf, timeOfDay, wallOf } from '../../kernel/zone.ts';
import { nameOfDay } from '../../kernel/calendar.ts';
import { before, dayIn, instantOn, partsOf } from './calendar.ts';
import type { DateTrigger } from './definition.ts';

/** One time that a date comes round. */
export interface DateTurn {
  /** The day itself, `2026-05-01`: what target dates and countdowns wait for. */
  date: string;
  /** When the flow begins for it. */
  at: Instant;
}

/** The days on which `date` comes round, from the `n`th stretch of its kind after (or before) that of `near` on. */
function turnAt(date: Wall, frequency: DateTrigger['recurrence_frequency'], near: Wall, n: number): Wall {
  const own = partsOf(date);
  const there = partsOf(near);
  if (frequency === 'never') return date;
  if (frequency === 'annually') return dayIn(there.year + n, own.month, own.day);
  if (frequency === 'monthly') return dayIn(there.year, there.month + n, own.day);
  const week = 7 * day;
  return date + (Math.floor((near - date) / week) + n) * week;
}

/** The time of day of the trigger, milliseconds since midnight. */
const timeOf = (trigger: DateTrigger) => timeOfDay(trigger.trigger_time) ?? 0;

const zoneOf = (trigger: DateTrigger, zone: string) => (trigger.timezone === 'profile' ? zone : trigger.timezone);

/** When the flow begins for a date on the day `date`. */
function beginning(trigger: DateTrigger, date: Wall, zone: string): Instant {
  const span = { unit: trigger.timedelta_unit_before_date, value: trigger.timedelta_value_before_date };
  return instantOn(before(date, span), timeOf(trigger), trigger.trigger_days, zoneOf(trigger, zone));
}

/** The turns of a date whose flow begins about `since`, in their order. */
function turnsAbout(trigger: DateTrigger, date: Wall, since: Instant, zone: string): DateTurn[] {
  const frequency = trigger.recurrence_frequency;
  const span = { unit: trigger.timedelta_unit_before_date, value: trigger.timedelta_value_before_date };
  // The day whose flow would begin about now: so much later than now as the flow begins before it. Months of different
  // length and weekdays that are waited for may move it by a turn.
  const near = before(dayOf(wallOf(since, zoneOf(trigger, zone))), { ...span, value: -span.value });
  const places = frequency === 'never' ? [0] : [-2, -1, 0, 1, 2];
  return places.map((n) => {
    const turn = turnAt(date, frequency, near, n);
    return { date: nameOfDay(turn), at: beginning(trigger, turn, zone) };
  });
}

/**
 * The first time at `since` or after it that the date lets the person in; undefined when there is none. `zone` is the
 * person's time zone. A date that comes every year counts by month and day alone, one that never comes again as a whole.
 */
export function nextTurn(trigger: DateTrigger, date: Wall, since: Instant, zone: string): DateTurn | undefined {
  return turnsAbout(trigger, date, since, zone).find(({ at }) => at >= since);
}

/** The last time before `since` that the date let the person in, or would have. */
export function lastTurn(trigger: DateTrigger, date: Wall, since: Instant, zone: string): DateTurn | undefined {
  return turnsAbout(trigger, date, since, zone).findLast(({ at }) => at < since);
}

/** True when the date of the person still is the one whose turn on the day `turn` let it in. */
export function comesRound(trigger: DateTrigger, date: Wall | undefined, turn: Wall): boolean {
  return date !== undefined && turnAt(date, trigger.recurrence_frequency, turn, 0) === turn;
}
