import { describe, expect, it } from 'vitest';
import { type BuiltCondition, evaluate } from '../../../shared/domain/segments/index.ts';
import { day, hour, iso } from '../../../shared/kernel/time.ts';
import { type Facts, type Said, nothing } from '../../support/segment-oracle.ts';
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
const saidAt = (at: number, rest: Partial<Said> = {}): Said => ({
  ...{ state: 'SUBSCRIBED', at, method: 'API', detail: null, custom: null, double: false },
  ...rest,
});

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

  it('an event to come is near, and then it is past', () => {
    const soon = did({ type: 'date', operator: 'in-the-next', unit: 'hour', quantity: 2 });
    const at = now + 3 * hour;
    expect(decide(soon, event(at))).toEqual({ member: false, flipsAt: now + hour });
    expect(decide(soon, event(at), now + hour)).toEqual({ member: true, flipsAt: at + 1 });
    expect(decide(soon, event(at), at + 1)).toEqual({ member: false });
  });

  it('a consent to WhatsApp leaves a window by when it was given, or by when that was recorded', () => {
    const lastDay = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 1 } as const;
    const by = (field: 'effective_date' | 'recorded_date'): BuiltCondition => ({
      type: 'profile-permissions',
      channel: 'whatsapp_marketing',
      permission: { reachable_status: 'explicitly_reachable', filters: [{ field, filter: lastDay }] },
    });
    const facts = { others: { whatsapp: saidAt(now - 20 * hour, { recorded: now - 2 * hour }) } };
    expect(decide(by('effective_date'), facts)).toEqual({ member: true, flipsAt: now + 4 * hour + 1 });
    expect(decide(by('effective_date'), facts, now + 4 * hour + 1)).toEqual({ member: false });
    expect(decide(by('recorded_date'), facts)).toEqual({ member: true, flipsAt: now + 22 * hour + 1 });
    expect(decide(by('recorded_date'), facts, now + 22 * hour + 1)).toEqual({ member: false });
  });

  it('a suppression by hand leaves a window', () => {
    const byHand: BuiltCondition = {
      type: 'profile-marketing-consent',
      consent: {
        channel: 'email',
        can_receive_marketing: false,
        consent_status: {
          subscription: 'any',
          filters: [
            {
              field: 'manual_suppression_date',
              filter: { type: 'date', operator: 'in-the-last', unit: 'week', quantity: 1 },
            },
          ],
        },
      },
    };
    const facts = {
      attributes: { email: 'ana@example.com' },
      email: { state: null, suppressed: true },
      suppressions: [
        { reason: 'HARD_BOUNCE', at: now - hour },
        { reason: 'USER_SUPPRESSED', at: now - 5 * day },
      ],
    };
    expect(decide(byHand, facts)).toEqual({ member: true, flipsAt: now + 2 * day + 1 });
    expect(decide(byHand, facts, now + 2 * day + 1)).toEqual({ member: false });
  });

  it('the month of an anniversary begins and ends at midnight in UTC, every year', () => {
    const inMonth = plan({ type: 'date', operator: 'anniversary-month' });
    const [july, august] = [Date.UTC(2026, 6), Date.UTC(2026, 7)];
    const born = having('1990-07-31T23:30:00Z');
    expect(decide(inMonth, born)).toEqual({ member: false, flipsAt: july });
    expect(decide(inMonth, born, july)).toEqual({ member: true, flipsAt: august });
    expect(decide(inMonth, born, august)).toEqual({ member: false, flipsAt: Date.UTC(2027, 6) });
  });

  it('an anniversary leaves the last days, and comes again the next year', () => {
    const lately = plan({ type: 'date', operator: 'anniversary-last', unit: 'day', quantity: 3 });
    const born = having('1990-05-31T12:00:00Z');
    const gone = Date.UTC(2026, 5, 3, 12) + 1;
    expect(decide(lately, born)).toEqual({ member: true, flipsAt: gone });
    expect(decide(lately, born, gone)).toEqual({ member: false, flipsAt: Date.UTC(2027, 4, 31, 12) });
  });

  it('an anniversary comes near, until its very instant', () => {
    const soon = plan({ type: 'date', operator: 'anniversary-next', unit: 'day', quantity: 3 });
    const born = having('1990-06-10T06:00:00Z');
    const [comes, is] = [Date.UTC(2026, 5, 7, 6), Date.UTC(2026, 5, 10, 6)];
    expect(decide(soon, born)).toEqual({ member: false, flipsAt: comes });
    expect(decide(soon, born, comes)).toEqual({ member: true, flipsAt: is + 1 });
    expect(decide(soon, born, is + 1)).toEqual({ member: false, flipsAt: Date.UTC(2027, 5, 7, 6) });
  });

  describe('a funnel that ends with what must not be done', () => {
    const quiet: BuiltCondition = {
      type: 'profile-metric-funnel',
      timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
      completion_window_seconds: 'HOURS_1',
      steps: [
        { metric_id: 'Cart01', metric_exists: true },
        { metric_id: 'Order1', metric_exists: false },
      ],
    };
    const filled = now - 20 * 60_000;
    const both = (ordered: number) => ({
      events: [
        { metric: 'Cart01', at: filled, value: 0, properties: {} },
        { metric: 'Order1', at: ordered, value: 0, properties: {} },
      ],
    });
    const leaves = filled + 30 * day + 1;

    it.each([
      ['at once', filled + 21 * 60_000],
      ['as the window ends', filled + hour],
    ])('loses whoever does it %s', (_, ordered) => {
      expect(decide(quiet, both(ordered))).toEqual({ member: true, flipsAt: ordered });
      expect(decide(quiet, both(ordered), ordered)).toEqual({ member: false });
    });

    it.each([
      ['a second after the window', filled + hour + 1000],
      ['before the last step', filled - 1000],
    ])('keeps whoever does it %s, until the events leave the timeframe', (_, ordered) => {
      for (const at of [now, filled + hour, filled + hour + 1, filled + hour + 1000, leaves - 1]) {
        expect(decide(quiet, both(ordered), at)).toEqual({ member: true, flipsAt: leaves });
      }
      expect(decide(quiet, both(ordered), leaves)).toEqual({ member: false });
    });
  });
});
