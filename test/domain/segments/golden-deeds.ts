// Hand-made cases of what people did, where they are, and what is foretold of them.
import { day, iso } from '../../../shared/kernel/time.ts';
import type { Facts } from '../../support/segment-oracle.ts';
import { type Case, now } from './golden.ts';

const at = (days: number) => now + days * day;
const event = (days: number, rest: object = {}, metric = 'Order1') => ({
  metric,
  at: at(days),
  value: 0,
  properties: {},
  ...rest,
});
const events = (...all: ReturnType<typeof event>[]): Partial<Facts> => ({ events: all });

const date = (operator: string, rest: object = {}) => ({ type: 'date', operator, ...rest });
const days = (operator: string, quantity: number) => date(operator, { unit: 'day', quantity });
const did = (operator: string, value: number, timeframe_filter: object = date('alltime'), rest: object = {}) => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator, value },
  timeframe_filter,
  ...rest,
});
const having = (type: string, operator: string, value?: unknown) =>
  did('equals', 1, date('alltime'), {
    metric_filters: [{ property: 'a', filter: { type, operator, ...(value !== undefined && { value }) } }],
  });
const a = (value: unknown) => events(event(-1, { properties: { a: value } }));
const sum = { measurement: 'sum' };

const step = (metric_id: string, metric_exists = true) => ({ metric_id, metric_exists });
const funnel = (completion_window_seconds: string | null, ...steps: object[]) => ({
  type: 'profile-metric-funnel',
  timeframe_filter: days('in-the-last', 30),
  completion_window_seconds,
  steps,
});
const [order, click, noClick] = [step('Order1'), step('Click1'), step('Click1', false)];
const clicked = (at: number) => event(at, {}, 'Click1');

const joined = (timeframe_filter?: object) => ({
  type: 'profile-group-membership',
  is_member: true,
  group_ids: ['ListA1'],
  timeframe_filter,
});
const off = { type: 'profile-group-membership', is_member: false, group_ids: ['ListA1'] };
const on = (days: number): Partial<Facts> => ({ lists: [{ id: 'ListA1', joined: at(days) }] });
const may = date('between-static', { start: iso(at(-20)), end: iso(at(-10)) });

type Row = readonly [condition: object, facts: Partial<Facts>, holds: boolean];
const cases = (rows: readonly Row[]): Case[] => rows.map(([condition, facts, holds]) => ({ condition, facts, holds }));

export const deeds: Case[] = cases([
  [did('equals', 0), {}, true],
  [did('equals', 0, days('in-the-last', 30)), events(event(-31)), true],
  [did('greater-than', 1), events(event(-1), event(-2)), true],
  [did('greater-than-or-equal', 1, days('in-the-last', 30)), events(event(-30)), true],
  [did('greater-than-or-equal', 1, days('at-least', 30)), events(event(-30)), false],
  [did('less-than', 2, date('between', { start: 1, end: 3, unit: 'day' })), events(event(-1), event(-3)), true],
  [did('less-than-or-equal', 1, date('before', { date: iso(at(-5)) })), events(event(-5), event(-6)), true],
  [did('not-equals', 1, date('after', { date: iso(at(-5)) })), events(event(-5)), true],
  [did('equals', 2, may), events(event(-20), event(-10)), true],
  [did('equals', 1, days('anniversary-last', 3)), events(event(-366), event(-370)), true],
  [did('equals', 1, days('anniversary-next', 3)), events(event(-363)), true],
  [did('equals', 1), events(event(1)), false],
  [
    did('equals', 1, date('alltime'), sum),
    events(...Array.from({ length: 10 }, () => event(-1, { value: 0.1 }))),
    true,
  ],
  [did('less-than', 0, date('alltime'), sum), events(event(-1, { value: -2.5 })), true],
  [having('string', 'equals', 'x'), a('x'), true],
  [having('string', 'not-equals', 'x'), a(''), false],
  [having('string', 'in', ['x', 'y']), a('y'), true],
  [having('numeric', 'less-than', 5), a(0), false],
  [having('numeric', 'less-than', 5), a(4), true],
  [having('boolean', 'equals', false), a(false), true],
  [having('existence', 'is-set'), a(0), false],
  [having('existence', 'not-set'), a(0), true],
  [having('list', 'contains-any', ['x', 'z']), a(['x', 'y']), true],
  [having('list', 'contains-all', ['x', 'z']), a(['x', 'y']), false],
  [having('list', 'not-contains-any', ['z']), a(['x']), true],
  [having('list', 'not-contains-any', ['z']), events(event(-1)), false],
  [having('list', 'not-contains-all', ['x', 'z']), a(['x']), true],
  [having('list', 'contains-substring', 'ed'), a(['red']), true],
  [having('list', 'not-contains-substring', 'ed'), a(['red']), false],
  [having('list', 'length-equals', 1), a(['x']), true],
  [having('list', 'length-equals', 1), a([{ name: 'x' }]), false],
  [funnel(null, order, click), events(event(-3), clicked(-2)), true],
  [funnel(null, order, click), events(event(-2), clicked(-3)), false],
  [funnel(null, order, click), events(event(-2), clicked(-2)), false],
  [funnel('DAYS_1', order, click), events(event(-3), clicked(-2)), true],
  [funnel('HOURS_1', order, click), events(event(-3), clicked(-2)), false],
  [funnel(null, order, click), events(event(-31), clicked(-2)), false],
  [funnel(null, order, noClick), events(event(-2), clicked(-3)), true],
  [funnel(null, order, noClick), events(event(-3), clicked(-2)), false],
  [funnel('DAYS_1', order, noClick), events(event(-4), clicked(-2)), true],
  [funnel(null, order, noClick, order), events(event(-4), clicked(-3), event(-2)), false],
  [funnel(null, order, noClick, order), events(event(-4), event(-2), clicked(-1)), true],
  [joined(), on(-100), true],
  [joined(days('in-the-last', 30)), on(-30), true],
  [joined(days('at-least', 30)), on(-30), false],
  [joined(may), on(-20), true],
  [joined(may), on(-10), false],
  [off, {}, true],
  [off, on(-1), false],
]);

const inside = (region: string, in_region: boolean) => ({ type: 'profile-region', region, in_region });
const near = (country_code: string, postal_code: string, unit: string, operator: string, value: number) => ({
  type: 'profile-postal-code-distance',
  country_code,
  postal_code,
  unit,
  filter: { type: 'numeric', operator, value },
});
const lives = (country?: string, zip?: string): Partial<Facts> => ({
  location: { ...(country && { country }), ...(zip && { zip }) },
});
const foretold = (dimension: string, filter: object, rest: object = {}) => ({
  type: 'profile-predictive-analytics',
  dimension,
  filter,
  ...rest,
});
const risky = { type: 'numeric', operator: 'less-than', value: 0.5 };
const predicted = (all: Record<string, unknown>): Partial<Facts> => ({ predicted: all });
const best = { measurement: 'priority', predicted_channel: 'sms' };

export const places: Case[] = cases([
  [inside('european_union', true), lives('DE'), true],
  [inside('european_union', true), lives('Germany'), true],
  [inside('european_union', true), lives('United Kingdom'), false],
  [inside('european_union', false), lives('United Kingdom'), true],
  [inside('european_union', false), lives(), false],
  [inside('united_states', true), lives('usa'), true],
  [inside('united_states', false), lives('FR'), true],
  [near('USA', '10001', 'kilometers', 'less-than', 400), lives('US', '02108-1234'), true],
  [near('USA', '10001', 'miles', 'greater-than', 250), lives('US', '02108'), false],
  [near('DEU', '10115', 'kilometers', 'greater-than', 400), lives('United Kingdom', 'SW1A 1AA'), true],
  [near('USA', '10001', 'kilometers', 'greater-than', 1), lives('US'), false],
  [near('USA', '10001', 'kilometers', 'less-than', 99999), lives('US', '00000'), false],
  [foretold('churn_probability', risky), predicted({ churn_probability: 0.2 }), true],
  [foretold('churn_probability', risky), {}, false],
  [
    foretold('predicted_gender', { type: 'string', operator: 'not-equals', value: 'uncertain' }),
    predicted({ predicted_gender: 'likely_female' }),
    true,
  ],
  [foretold('predicted_gender', { type: 'string', operator: 'not-equals', value: 'uncertain' }), {}, false],
  [
    foretold('expected_date_of_next_purchase', days('in-the-next', 7)),
    predicted({ expected_date_of_next_purchase: iso(at(3)) }),
    true,
  ],
  [
    foretold('channel_affinity', { type: 'numeric', operator: 'equals', value: 1 }, best),
    predicted({ channel_affinity: { sms: { priority: 1, rank: 'high' } } }),
    true,
  ],
]);
