// Filters on dates: what each operator says of an instant, at its boundaries to the millisecond, in UTC.
import { day, hour, week } from '../../../shared/kernel/time.ts';
import type { Facts } from '../../support/segment-oracle.ts';
import { type Rules, type Values, after, date, days, held, iso } from './case.ts';

interface Dated extends Values<number> {
  filter: object;
}

/** The same day and time of a year that has every day. */
function inLeapYear(at: number): number {
  const then = new Date(at);
  return Date.UTC(1992, then.getUTCMonth(), then.getUTCDate()) + (at % day);
}

/** The instants around a whole stretch in UTC: its first and last are in, their neighbours are not. */
const whole = (from: number, to: number): Values<number> => ({ yes: [from, to - 1], no: [from - 1, to] });

/** Rules of dates by operator, as of `now`. */
export function dated(now: number) {
  const [a, b] = [after(now, -20), after(now, -10)];
  const midnight = Math.floor(inLeapYear(now) / day) * day;
  const month = new Date(now).getUTCMonth();
  const thisMonth = whole(Date.UTC(1992, month), Date.UTC(1992, month + 1));
  const around = (operator: string) => days(operator, 3);
  return {
    'before excludes its date': { filter: date('before', { date: iso(a) }), yes: [a - 1], no: [a, b] },
    'after excludes its date': { filter: date('after', { date: iso(a) }), yes: [a + 1, b], no: [a] },
    'between-static includes both of its dates': {
      filter: date('between-static', { start: iso(a), end: iso(b) }),
      yes: [a, b],
      no: [a - 1, b + 1],
    },
    'in-the-last includes its boundary': {
      filter: days('in-the-last', 30),
      yes: [after(now, -30), now],
      no: [after(now, -30) - 1],
    },
    'in-the-last in hours': {
      filter: date('in-the-last', { unit: 'hour', quantity: 5 }),
      yes: [now - 5 * hour],
      no: [now - 5 * hour - 1],
    },
    'at-least excludes its boundary': {
      filter: days('at-least', 30),
      yes: [after(now, -30) - 1],
      no: [after(now, -30), now],
    },
    'at-least in weeks': {
      filter: date('at-least', { unit: 'week', quantity: 2 }),
      yes: [now - 2 * week - 1],
      no: [now - 2 * week],
    },
    'between includes its start and excludes its end, both counted back': {
      filter: date('between', { start: 10, end: 30, unit: 'day' }),
      yes: [after(now, -10), after(now, -30) + 1],
      no: [after(now, -10) + 1, after(now, -30)],
    },
    'in-the-next includes both of its ends': {
      filter: days('in-the-next', 30),
      yes: [now, after(now, 30)],
      no: [now - 1, after(now, 30) + 1],
    },
    'anniversary is the whole day in UTC, whatever the year': {
      filter: date('anniversary'),
      ...whole(midnight, midnight + day),
    },
    'anniversary-month is the whole month in UTC': { filter: date('anniversary-month'), ...thisMonth },
    'calendar-month is a month of any year': { filter: date('calendar-month', { value: month + 1 }), ...thisMonth },
    'anniversary-last includes both of its ends': {
      filter: around('anniversary-last'),
      yes: [inLeapYear(now), inLeapYear(after(now, -3))],
      no: [inLeapYear(now + 1), inLeapYear(after(now, -3) - 1)],
    },
    'anniversary-next includes both of its ends': {
      filter: around('anniversary-next'),
      yes: [inLeapYear(now), inLeapYear(after(now, 3))],
      no: [inLeapYear(now - 1), inLeapYear(after(now, 3) + 1)],
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
  without: readonly Rule[] = [],
): Rules {
  const rules = Object.entries(dated(now)).filter(([rule]) => !without.some((one) => one === rule));
  return Object.fromEntries(
    rules.map(([rule, { filter, ...values }]) => [`date ${rule}`, held(condition(filter), told, values)]),
  );
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
  'anniversaries of 366 days are always',
] as const satisfies readonly Rule[];
