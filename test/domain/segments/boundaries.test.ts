import { describe, expect, it } from 'vitest';
import { type BuiltCondition, evaluate } from '../../../shared/domain/segments/index.ts';
import { day, hour, iso } from '../../../shared/kernel/time.ts';
import type { Facts } from '../../support/segment-oracle.ts';
import { nothing, snapshotOf } from './facts.ts';

const now = Date.UTC(2026, 5, 1, 12);

const decide = (condition: BuiltCondition, facts: Partial<Facts>, at = now) =>
  evaluate({ condition_groups: [{ conditions: [condition] }] }, snapshotOf({ ...nothing, ...facts }), at);
const holds = (condition: BuiltCondition, facts: Partial<Facts>, at = now) => decide(condition, facts, at).member;

type Metric = Extract<BuiltCondition, { type: 'profile-metric' }>;

const did = (timeframe_filter: Metric['timeframe_filter'], rest: Partial<Metric> = {}): Metric => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 1 },
  timeframe_filter,
  ...rest,
});
const event = (at: number, properties: Record<string, unknown> = {}, value = 0) => ({
  metric: 'Order1',
  at,
  value,
  properties,
});
const at = (time: number) => ({ events: [event(time)] });

describe('timeframes of events', () => {
  const lastMonth = did({ type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 });
  const aMonthAgo = did({ type: 'date', operator: 'at-least', unit: 'day', quantity: 30 });
  const between = did({ type: 'date', operator: 'between', start: 10, end: 30, unit: 'day' });

  it('in the last 30 days includes the instant 30 days ago, and no earlier one', () => {
    expect(holds(lastMonth, at(now - 30 * day))).toBe(true);
    expect(holds(lastMonth, at(now - 30 * day - 1))).toBe(false);
  });

  it('at least 30 days ago excludes the instant 30 days ago', () => {
    expect(holds(aMonthAgo, at(now - 30 * day))).toBe(false);
    expect(holds(aMonthAgo, at(now - 30 * day - 1))).toBe(true);
  });

  it('between 10 and 30 days ago includes its start and excludes its end', () => {
    expect(holds(between, at(now - 10 * day))).toBe(true);
    expect(holds(between, at(now - 10 * day + 1))).toBe(false);
    expect(holds(between, at(now - 30 * day))).toBe(false);
    expect(holds(between, at(now - 30 * day + 1))).toBe(true);
  });

  it('before and after exclude their date', () => {
    const date = iso(now - day);
    expect(holds(did({ type: 'date', operator: 'before', date }), at(now - day))).toBe(false);
    expect(holds(did({ type: 'date', operator: 'after', date }), at(now - day))).toBe(false);
    expect(holds(did({ type: 'date', operator: 'before', date }), at(now - day - 1))).toBe(true);
    expect(holds(did({ type: 'date', operator: 'after', date }), at(now - day + 1))).toBe(true);
  });

  it('between two dates includes both', () => {
    const [start, end] = [now - 2 * day, now - day];
    const range = did({ type: 'date', operator: 'between-static', start: iso(start), end: iso(end) });
    expect([start - 1, start, end, end + 1].map((time) => holds(range, at(time)))).toEqual([false, true, true, false]);
  });

  it('an event that is dated in the future counts only when its time has come', () => {
    const ever = did({ type: 'date', operator: 'alltime' });
    expect(decide(ever, at(now + hour))).toEqual({ member: false, flipsAt: now + hour });
    expect(holds(ever, at(now + hour), now + hour)).toBe(true);
  });

  it('leaving a window is known beforehand, to the millisecond', () => {
    expect(decide(lastMonth, at(now - day))).toEqual({ member: true, flipsAt: now + 29 * day + 1 });
  });
});

describe('measuring events', () => {
  const alltime = { type: 'date', operator: 'alltime' } as const;

  it('has not done is a count of 0', () => {
    const not = did(alltime, { measurement_filter: { type: 'numeric', operator: 'equals', value: 0 } });
    expect(holds(not, {})).toBe(true);
    expect(holds(not, at(now))).toBe(false);
  });

  it('sums are exact: ten times 0.1 is 1', () => {
    const one = did(alltime, {
      measurement: 'sum',
      measurement_filter: { type: 'numeric', operator: 'equals', value: 1 },
    });
    expect(holds(one, { events: Array.from({ length: 10 }, (_, i) => event(now - i, {}, 0.1)) })).toBe(true);
  });

  it.each([0, null, ''])('the event property %j is not set', (value) => {
    const having = (filter: NonNullable<NonNullable<Metric['metric_filters']>[number]['filter']>) =>
      holds(did(alltime, { metric_filters: [{ property: 'a', filter }] }), { events: [event(now, { a: value })] });
    expect(having({ type: 'existence', operator: 'is-set' })).toBe(false);
    expect(having({ type: 'existence', operator: 'not-set' })).toBe(true);
    expect(having({ type: 'numeric', operator: 'less-than', value: 5 })).toBe(false);
    expect(having({ type: 'string', operator: 'not-equals', value: 'x' })).toBe(false);
  });

  it('all filters must hold of one and the same event', () => {
    const both = did(alltime, {
      metric_filters: [
        { property: 'a', filter: { type: 'numeric', operator: 'equals', value: 1 } },
        { property: 'b', filter: { type: 'numeric', operator: 'equals', value: 2 } },
      ],
    });
    expect(holds(both, { events: [event(now, { a: 1 }), event(now - 1, { b: 2 })] })).toBe(false);
    expect(holds(both, { events: [event(now, { a: 1, b: 2 })] })).toBe(true);
  });

  it('names that every object has are no properties', () => {
    const filter = { type: 'existence', operator: 'is-set' } as const;
    expect(holds(did(alltime, { metric_filters: [{ property: 'constructor', filter }] }), at(now))).toBe(false);
  });
});

describe('properties of profiles', () => {
  type Filter = Extract<BuiltCondition, { type: 'profile-property' }>['filter'];
  const plan = (filter: Filter): BuiltCondition => ({
    type: 'profile-property',
    property: "properties['plan']",
    filter,
  });
  const having = (value: unknown) => ({ properties: { plan: value } });

  it('texts are compared with their case', () => {
    expect(holds(plan({ type: 'string', operator: 'equals', value: 'Gold' }), having('gold'))).toBe(false);
    expect(holds(plan({ type: 'string', operator: 'contains', value: 'old' }), having('gold'))).toBe(true);
  });

  it.each(['not-equals', 'not-contains', 'not-starts-with', 'not-ends-with'] as const)(
    '%s does not match a property that is missing',
    (operator) => {
      expect(holds(plan({ type: 'string', operator, value: 'gold' }), {})).toBe(false);
      expect(holds(plan({ type: 'string', operator, value: 'gold' }), having('silver'))).toBe(true);
    },
  );

  it('a property whose type has changed no longer matches filters of the old type', () => {
    expect(holds(plan({ type: 'numeric', operator: 'greater-than', value: 3 }), having(5))).toBe(true);
    expect(holds(plan({ type: 'numeric', operator: 'greater-than', value: 3 }), having('5'))).toBe(false);
  });

  it('a date is its midnight in UTC', () => {
    const today = plan({ type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 12 });
    expect(decide(today, having('2026-06-01'))).toEqual({ member: true, flipsAt: now + 1 });
  });

  it('in the next 2 hours includes both ends', () => {
    const soon = plan({ type: 'date', operator: 'in-the-next', unit: 'hour', quantity: 2 });
    expect(holds(soon, having(iso(now)))).toBe(true);
    expect(holds(soon, having(iso(now + 2 * hour)))).toBe(true);
    expect(decide(soon, having(iso(now + 3 * hour)))).toEqual({ member: false, flipsAt: now + hour });
  });
});

describe('lists and consent', () => {
  it('joined between two dates excludes the end, unlike events', () => {
    const joined = now - day;
    const condition = (end: number): BuiltCondition => ({
      type: 'profile-group-membership',
      is_member: true,
      group_ids: ['ListA1'],
      timeframe_filter: { type: 'date', operator: 'between-static', start: iso(joined - day), end: iso(end) },
    });
    const facts = { lists: [{ id: 'ListA1', joined }] };
    expect(holds(condition(joined), facts)).toBe(false);
    expect(holds(condition(joined + 1000), facts)).toBe(true);
  });

  it('someone who never subscribed can receive marketing until something suppresses them', () => {
    const consent: BuiltCondition = {
      type: 'profile-marketing-consent',
      consent: { channel: 'email', can_receive_marketing: true, consent_status: { subscription: 'never_subscribed' } },
    };
    const attributes = { email: 'ana@example.com' };
    expect(holds(consent, { attributes })).toBe(true);
    expect(holds(consent, {})).toBe(false);
    expect(holds(consent, { attributes, email: { state: null, suppressed: true } })).toBe(false);
    expect(holds(consent, { attributes, email: { state: 'SUBSCRIBED', suppressed: false } })).toBe(false);
  });
});
