// What people did: counts, sums and funnels. Events happen at whole seconds.
import { day, hour, second } from '../../../shared/kernel/time.ts';
import type { Facts } from '../../support/segment-oracle.ts';
import { type Rules, about, after, date, days, east, flag, number, of, text } from './case.ts';
import { aroundAnniversaries, dateRules, ofTheCalendar } from './dates.ts';
import { eventPropertyRules } from './values.ts';

const alltime = date('alltime');

export const did = (operator: string, value: number, timeframe_filter: object = alltime, rest: object = {}) => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: number(operator, value),
  timeframe_filter,
  ...rest,
});
const sum = { measurement: 'sum' };

const order = (at: number, rest: object = {}) => ({ metric: 'Order1', at, value: 0, properties: {}, ...rest });
const click = (at: number) => order(at, { metric: 'Click1' });
const told = (...events: Facts['events']): Partial<Facts> => ({ events });

/** A count or sum that is less than, equal to or more than 2, by operator. */
const bounds = {
  equals: [false, true, false],
  'not-equals': [true, false, true],
  'greater-than': [false, false, true],
  'greater-than-or-equal': [false, true, true],
  'less-than': [true, false, false],
  'less-than-or-equal': [true, true, false],
} as const;

function measured(now: number): Rules {
  const yesterday = after(now, -1);
  const times = (n: number) => told(...Array.from({ length: n }, (_, i) => order(yesterday - i * hour)));
  const worth = (...values: number[]) => told(...values.map((value, i) => order(yesterday - i * hour, { value })));
  const tests = Object.entries(bounds).flatMap(([operator, holding]) => {
    const cases = (condition: object, facts: readonly Partial<Facts>[]) =>
      of(
        condition,
        facts.filter((_, i) => holding[i]),
        facts.filter((_, i) => !holding[i]),
      );
    return [
      [`count ${operator}`, cases(did(operator, 2), [1, 2, 3].map(times))] as const,
      [`sum ${operator}`, cases(did(operator, 2, alltime, sum), [worth(1.5), worth(1.5, 0.5), worth(1.5, 1)])] as const,
    ];
  });
  const both = [
    { property: 'a', filter: number('equals', 1) },
    { property: 'b', filter: number('equals', 2) },
  ];
  const ten = Object.fromEntries('abcdefghij'.split('').map((name) => [name, true]));
  const properties = (...bags: Record<string, unknown>[]) =>
    told(...bags.map((bag, i) => order(yesterday - i * second, { properties: bag })));
  return {
    ...Object.fromEntries(tests),
    'count equals 0 is who has not done it': of(
      did('equals', 0, days('in-the-last', 30)),
      [{}, told(order(after(now, -31))), told(click(yesterday))],
      [told(order(yesterday))],
    ),
    'sum is exact: ten times 0.1 is 1': of(did('equals', 1, alltime, sum), [worth(...Array<number>(10).fill(0.1))], []),
    'sum can be less than nothing': of(did('less-than', 0, alltime, sum), [worth(-2.5, 1)], [worth(-2.5, 2.5), {}]),
    'alltime: an event counts from its own time on': of(
      did('equals', 1),
      [told(order(now)), told(order(after(now, -8000)))],
      [told(order(now + second))],
    ),
    'metric_filters: all of them hold of one event': of(
      did('equals', 1, alltime, { metric_filters: both }),
      [properties({ a: 1, b: 2 })],
      [properties({ a: 1 }, { b: 2 })],
    ),
    'metric_filters: each of ten holds of one event': of(
      did('equals', 1, alltime, {
        metric_filters: Object.keys(ten).map((property) => ({ property, filter: flag(true) })),
      }),
      [properties(ten)],
      Object.keys(ten).map((property) => properties({ ...ten, [property]: false })),
    ),
    'a date with an offset is the instant that it names': [
      ...of(
        did('equals', 1, date('before', { date: east(yesterday) })),
        [told(order(yesterday - second))],
        [told(order(yesterday))],
      ),
      ...of(
        did('equals', 1, date('between-static', { start: east(yesterday), end: east(yesterday + second) })),
        [told(order(yesterday)), told(order(yesterday + second))],
        [told(order(yesterday - second)), told(order(yesterday + 2 * second))],
      ),
    ],
    'metric_filters: names that every object has are no properties': of(
      did('equals', 0, alltime, { metric_filters: [{ property: 'constructor', filter: text('not-equals', '') }] }),
      [properties({ a: 1 })],
      [],
    ),
  };
}

const step = (metric_id: string, metric_exists = true, rest: object = {}) => ({ metric_id, metric_exists, ...rest });
const [ordered, clicked, noClick] = [step('Order1'), step('Click1'), step('Click1', false)];
const funnel = (window: string | null, ...steps: object[]) => ({
  type: 'profile-metric-funnel',
  timeframe_filter: days('in-the-last', 500),
  completion_window_seconds: window,
  steps,
});

const windows = {
  HOURS_1: hour,
  DAYS_1: day,
  DAYS_3: 3 * day,
  DAYS_5: 5 * day,
  WEEKS_1: 7 * day,
  DAYS_30: 30 * day,
  DAYS_90: 90 * day,
  DAYS_180: 180 * day,
  YEARS_1: 365 * day,
} as const;

function wentThrough(now: number): Rules {
  const at = (count: number) => after(now, count);
  const within = Object.entries(windows).map(
    ([name, length]) =>
      [
        `within ${name}, its end included`,
        of(
          funnel(name, ordered, clicked),
          [told(order(at(-1) - length), click(at(-1)))],
          [told(order(at(-1) - length - second), click(at(-1)))],
        ),
      ] as const,
  );
  const filtered = step('Click1', true, { metric_filters: [{ property: 'a', filter: flag(true) }] });
  return {
    'one step after the other, not at the same time': of(
      funnel(null, ordered, clicked),
      [told(order(at(-3)), click(at(-3) + second))],
      [told(order(at(-3)), click(at(-3))), told(click(at(-3)), order(at(-2))), told(order(at(-3)))],
    ),
    'all steps in their order': of(
      funnel(null, ordered, clicked, ordered),
      [told(order(at(-3)), click(at(-2)), order(at(-1)))],
      [told(order(at(-3)), order(at(-2)), click(at(-1)))],
    ),
    ...Object.fromEntries(within),
    'a step that must not be, at the end: not after the last step': of(
      funnel(null, ordered, noClick),
      [told(order(at(-2)), click(at(-3)))],
      [told(order(at(-3)), click(at(-2)))],
    ),
    'a step that must not be, at the end: until the window ends': of(
      funnel('DAYS_1', ordered, noClick),
      [told(order(at(-4)), click(at(-3) + second))],
      [told(order(at(-4)), click(at(-3)))],
    ),
    'a step that must not be, in between: not between its neighbours': of(
      funnel(null, ordered, noClick, ordered),
      [
        told(order(at(-4)), order(at(-2)), click(at(-1))),
        told(order(at(-4)), click(at(-3)), order(at(-2)), order(now)),
      ],
      [told(order(at(-4)), click(at(-3)), order(at(-2)))],
    ),
    'of the attempts that end alike the one that began last counts': of(
      funnel('DAYS_1', ordered, clicked),
      [told(order(at(-4)), order(at(-2)), click(at(-1)))],
      [],
    ),
    'only what passes the filters of a step': of(
      funnel(null, ordered, filtered),
      [told(order(at(-3)), order(at(-2), { metric: 'Click1', properties: { a: true } }))],
      [told(order(at(-3)), click(at(-2)))],
    ),
  };
}

const ofA = (filter: object) => ({ metric_filters: [{ property: 'a', filter }] });

const notOfFunnels = [
  ...ofTheCalendar,
  ...aroundAnniversaries,
  'before excludes its date',
  'after excludes its date',
] as const;

export function eventRules(now: number): Rules {
  const happened = (at: number) => told(order(at));
  const yesterday = after(now, -1);
  return {
    ...about('profile-metric', {
      ...measured(now),
      ...dateRules(now, (filter) => did('equals', 1, filter), happened, {
        without: ofTheCalendar,
        step: second,
      }),
      ...about(
        'metric_filters',
        eventPropertyRules((filter) => did('equals', 1, alltime, ofA(filter)), yesterday),
      ),
    }),
    ...about('profile-metric-funnel', {
      ...wentThrough(now),
      ...dateRules(now, (filter) => ({ ...funnel(null, ordered), timeframe_filter: filter }), happened, {
        without: notOfFunnels,
        step: second,
      }),
      ...about(
        'metric_filters',
        eventPropertyRules((filter) => funnel(null, step('Order1', true, ofA(filter))), yesterday),
      ),
    }),
  };
}
