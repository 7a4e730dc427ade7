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

  it.each([
    ['between: comes at its start, and leaves at its end', { start: 2, end: 5 }, [2 * day, 5 * day]],
    ['at-least: comes behind its boundary', { operator: 'at-least', quantity: 2 }, [2 * day + 1]],
  ] as const)('an event of a window %s', (_, filter, turns) => {
    const at = now - hour;
    const condition = did({ type: 'date', operator: 'between', unit: 'day', ...filter });
    const times = turns.map((after) => at + after);
    for (const [i, time] of times.entries()) {
      const held = i % 2 === 1;
      expect(decide(condition, event(at), time - 1)).toEqual({ member: held, flipsAt: time });
      const next = times[i + 1];
      expect(decide(condition, event(at), time)).toEqual({ member: !held, ...(next && { flipsAt: next }) });
    }
  });

  it('a day is 24 hours, also where clocks are changed: all is UTC', () => {
    const lastDay = did({ type: 'date', operator: 'in-the-last', unit: 'day', quantity: 1 });
    const at = Date.UTC(2026, 2, 28, 12);
    expect(decide(lastDay, event(at), at)).toEqual({ member: true, flipsAt: Date.UTC(2026, 2, 29, 12) + 1 });
  });

  it('29 February is kept on the 28th in years without one', () => {
    const birthday = (at: number) => decide(plan({ type: 'date', operator: 'anniversary' }), having('1992-02-29'), at);
    expect(birthday(Date.UTC(2027, 1, 27))).toEqual({ member: false, flipsAt: Date.UTC(2027, 1, 28) });
    expect(birthday(Date.UTC(2027, 1, 28))).toEqual({ member: true, flipsAt: Date.UTC(2027, 2, 1) });
    expect(birthday(Date.UTC(2027, 2, 1))).toEqual({ member: false, flipsAt: Date.UTC(2028, 1, 29) });
    expect(birthday(Date.UTC(2028, 1, 29))).toEqual({ member: true, flipsAt: Date.UTC(2028, 2, 1) });
  });

  it('a date comes near', () => {
    const soon = plan({ type: 'date', operator: 'in-the-next', unit: 'hour', quantity: 2 });
    expect(decide(soon, having(iso(now + 3 * hour)))).toEqual({ member: false, flipsAt: now + hour });
  });
});
