import { describe, expect, it } from 'vitest';
import { type BuiltCondition, evaluate } from '../../../shared/domain/segments/index.ts';
import { day, hour, iso } from '../../../shared/kernel/time.ts';
import { type Facts, nothing } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

const now = Date.UTC(2026, 5, 1, 12);

const decide = (condition: BuiltCondition, facts: Partial<Facts>, at = now) =>
  evaluate({ condition_groups: [{ conditions: [condition] }] }, snapshotOf({ ...nothing, ...facts }), at);

type Metric = Extract<BuiltCondition, { type: 'profile-metric' }>;
type Property = Extract<BuiltCondition, { type: 'profile-property' }>;

const did = (timeframe_filter: Metric['timeframe_filter']): Metric => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 1 },
  timeframe_filter,
});
const event = (at: number) => ({ events: [{ metric: 'Order1', at, value: 0, properties: {} }] });
const plan = (filter: Property['filter']): Property => ({
  type: 'profile-property',
  property: "properties['plan']",
  filter,
});
const having = (value: unknown) => ({ properties: { plan: value } });

// What holds at an instant is in test/golden; all other flips are held against brute force (evaluate.property.test.ts).
describe('when a verdict flips is known beforehand, to the millisecond:', () => {
  it('an event that is dated in the future counts when its time has come', () => {
    const ever = did({ type: 'date', operator: 'alltime' });
    expect(decide(ever, event(now + hour))).toEqual({ member: false, flipsAt: now + hour });
    expect(decide(ever, event(now + hour), now + hour)).toEqual({ member: true });
  });

  it('an event leaves a window', () => {
    const lastMonth = did({ type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 });
    expect(decide(lastMonth, event(now - day))).toEqual({ member: true, flipsAt: now + 29 * day + 1 });
  });

  it('a date, which is its midnight in UTC, leaves one', () => {
    const today = plan({ type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 12 });
    expect(decide(today, having('2026-06-01'))).toEqual({ member: true, flipsAt: now + 1 });
  });

  it('a date comes near', () => {
    const soon = plan({ type: 'date', operator: 'in-the-next', unit: 'hour', quantity: 2 });
    expect(decide(soon, having(iso(now + 3 * hour)))).toEqual({ member: false, flipsAt: now + hour });
  });
});
