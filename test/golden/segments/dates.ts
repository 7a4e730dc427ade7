// Filters on dates: what each operator says of an instant, at its boundaries to the millisecond, in UTC.
import { day, hour, week } from '../../../shared/kernel/time.ts';
import type { Facts } from '../../support/segment-oracle.ts';
import { type Case, type Rules, type Values, after, date, days, held, iso } from './case.ts';

interface Dated extends Values<number> {
  filter: object;
}

/** The same day and time of a year that has every day. */
function inLeapYear(at: number): number {
  const then = new Date(at);
  return Date.UTC(2004, then.getUTCMonth(), then.getUTCDate()) + (at % day);
}

/** The instants around a whole stretch in UTC: its first and last are in, their neighbours are not. */
const whole = (from: number, to: number, step: number): Values<number> => ({
  yes: [from, to - step],
  no: [from - step, to],
});

/** Rules of dates by operator, as of `now`; neighbours of a boundary are a `step` of milliseconds away. */
export function dated(now: number, step = 1) {
  const [a, b] = [after(now, -4), after(now, -2)];
  const midnight = Math.floor(inLeapYear(now) / day) * day;
  const month = new Date(now).getUTCMonth();
  const thisMonth = whole(Date.UTC(2004, month), Date.UTC(2004, month + 1), step);
  const around = (operator: string) => days(operator, 3);
  return {
    'before excludes its date': { filter: date('before', { date: iso(a) }), yes: [a - step], no: [a, b] },
    'after excludes its date': { filter: date('after', { date: iso(a) }), yes: [a + step, b], no: [a] },
    'between-static includes both of its dates': {
      filter: date('between-static', { start: iso(a), end: iso(b) }),
      yes: [a, b],
      no: [a - step, b + step],
    },
    'in-the-last includes its boundary': {
      filter: days('in-the-last', 5),
      yes: [after(now, -5), now],
      no: [after(now, -5) - step],
    },
    'in-the-last in hours': {
      filter: date('in-the-last', { unit: 'hour', quantity: 5 }),
      yes: [now - 5 * hour],
      no: [now - 5 * hour - step],
    },
    'in-the-last in weeks': {
      filter: date('in-the-last', { unit: 'week', quantity: 1 }),
      yes: [now - week],
      no: [now - week - step],
    },
    'at-least excludes its boundary': {
      filter: days('at-least', 5),
      yes: [after(now, -5) - step],
      no: [after(now, -5), now],
    },
    'at-least in hours': {
      filter: date('at-least', { unit: 'hour', quantity: 5 }),
      yes: [now - 5 * hour - step],
      no: [now - 5 * hour],
    },
    'at-least in weeks': {
      filter: date('at-least', { unit: 'week', quantity: 1 }),
      yes: [now - week - step],
      no: [now - week],
    },
    'between includes its start and excludes its end, both counted back': {
      filter: date('between', { start: 2, end: 5, unit: 'day' }),
      yes: [after(now, -2), after(now, -5) + step],
      no: [after(now, -2) + step, after(now, -5)],
    },
    'between in hours': {
      filter: date('between', { start: 1, end: 5, unit: 'hour' }),
      yes: [now - hour, now - 5 * hour + step],
      no: [now - hour + step, now - 5 * hour],
    },
    'between in weeks': {
      filter: date('between', { start: 0, end: 1, unit: 'week' }),
      yes: [now, now - week + step],
      no: [now - week],
    },
    'in-the-next includes both of its ends': {
      filter: days('in-the-next', 30),
      yes: [now, after(now, 30)],
      no: [now - step, after(now, 30) + step],
    },
    'in-the-next in hours': {
      filter: date('in-the-next', { unit: 'hour', quantity: 5 }),
      yes: [now + 5 * hour],
      no: [now + 5 * hour + step],
    },
    'in-the-next in weeks': {
      filter: date('in-the-next', { unit: 'week', quantity: 1 }),
      yes: [now + week],
      no: [now + week + step],
    },
    'anniversary is the whole day in UTC, whatever the year': {
      filter: date('anniversary'),
      ...whole(midnight, midnight + day, step),
    },
    'anniversary-month is the whole month in UTC': { filter: date('anniversary-month'), ...thisMonth },
    'calendar-month is a month of any year': { filter: date('calendar-month', { value: month + 1 }), ...thisMonth },
    'anniversary-last includes both of its ends': {
      filter: around('anniversary-last'),
      yes: [inLeapYear(now), inLeapYear(after(now, -3))],
      no: [inLeapYear(now + step), inLeapYear(after(now, -3) - step)],
    },
    'anniversary-next includes both of its ends': {
      filter: around('anniversary-next'),
      yes: [inLeapYear(now), inLeapYear(after(now, 3))],
      no: [inLeapYear(now - step), inLeapYear(after(now, 3) + step)],
    },
    'anniversary-last in hours': {
      filter: date('anniversary-last', { unit: 'hour', quantity: 5 }),
      yes: [inLeapYear(now - 5 * hour)],
      no: [inLeapYear(now - 5 * hour - step)],
    },
    'anniversary-last in weeks': {
      filter: date('anniversary-last', { unit: 'week', quantity: 1 }),
      yes: [inLeapYear(now - week)],
      no: [inLeapYear(now - week - step)],
    },
    'anniversary-next in hours': {
      filter: date('anniversary-next', { unit: 'hour', quantity: 5 }),
      yes: [inLeapYear(now + 5 * hour)],
      no: [inLeapYear(now + 5 * hour + step)],
    },
    'anniversary-next in weeks': {
      filter: date('anniversary-next', { unit: 'week', quantity: 1 }),
      yes: [inLeapYear(now + week)],
      no: [inLeapYear(now + week + step)],
    },
    'anniversaries of 366 days are always': {
      filter: days('anniversary-next', 366),
      yes: [inLeapYear(now), inLeapYear(after(now, 180))],
      no: [],
    },
  } as const satisfies Record<string, Dated>;
}

type Rule = keyof ReturnType<typeof dated>;

/** Rules of conditions on an instant, but for those that are left out. */
export function dateRules(
  now: number,
  condition: (filter: object) => object,
  told: (at: number) => Partial<Facts>,
  { without = [], step = 1 }: { without?: readonly Rule[]; step?: number } = {},
): Rules {
  const rules = Object.entries(dated(now, step)).filter(([rule]) => !without.some((one) => one === rule));
  return Object.fromEntries(
    rules.map(([rule, { filter, ...values }]) => [`date ${rule}`, held(condition(filter), told, values)]),
  );
}

const lookingBack = [
  'before excludes its date',
  'after excludes its date',
  'between-static includes both of its dates',
  'at-least excludes its boundary',
  'between includes its start and excludes its end, both counted back',
] as const satisfies readonly Rule[];

/** Cases of every operator that looks back but in-the-last, for places whose rules are not told one by one. */
export function casesLookingBack(
  now: number,
  condition: (filter: object) => object,
  told: (at: number) => Partial<Facts>,
): Case[] {
  const rules = dated(now);
  return lookingBack.flatMap((rule) => held<number>(condition(rules[rule].filter), told, rules[rule]));
}

/** What lists and events are not asked: the days and months of the calendar. */
export const ofTheCalendar = [
  'anniversary is the whole day in UTC, whatever the year',
  'anniversary-month is the whole month in UTC',
  'calendar-month is a month of any year',
] as const satisfies readonly Rule[];

export const aroundAnniversaries = [
  'anniversary-last includes both of its ends',
  'anniversary-next includes both of its ends',
  'anniversary-last in hours',
  'anniversary-last in weeks',
  'anniversary-next in hours',
  'anniversary-next in weeks',
  'anniversaries of 366 days are always',
] as const satisfies readonly Rule[];

/** What lies ahead. */
export const ahead = [
  'in-the-next includes both of its ends',
  'in-the-next in hours',
  'in-the-next in weeks',
] as const satisfies readonly Rule[];
