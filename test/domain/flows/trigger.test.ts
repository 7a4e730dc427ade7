import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reentry } from '../../../shared/domain/flows/definition.ts';
import { isLate, isOpen, mayEnter } from '../../../shared/domain/flows/trigger.ts';
import { passesTrigger } from '../../../shared/domain/flows/trigger-filter.ts';
import { day, hour, week } from '../../../shared/kernel/time.ts';
import { definition, delay, email, flow } from './building.ts';

test('a flow is open when it and something in it is live or manual', () => {
  const live = [delay('a', 'b'), email('b', null)];
  expect(isOpen(flow(live))).toBe(true);
  expect(isOpen(flow(live, {}, 'draft'))).toBe(false);
  expect(isOpen(flow([delay('a', 'b'), email('b', null, 'manual')], {}, 'manual'))).toBe(true);
  expect(isOpen(flow([delay('a', 'b'), email('b', null, 'draft')]))).toBe(false);
  expect(isOpen(flow([]))).toBe(false);
});

describe('an event is late', () => {
  test('by the longer of four hours and the delay that the flow begins with', () => {
    const minutes = fc.integer({ min: 0, max: 30 * 24 * 60 });
    fc.assert(
      fc.property(minutes, minutes, (length, lateness) => {
        const first = delay('a', 'b', { unit: 'minutes', value: length });
        const late = isLate(definition([first, email('b', null)]), 0, lateness * 60_000);
        expect(late).toBe(lateness > Math.max(length, 240));
      }),
    );
  });

  test('whatever delays come after the first action', () => {
    const later = definition([email('a', 'b'), delay('b', 'c', { unit: 'days', value: 9 }), email('c', null)]);
    expect(isLate(later, 0, 4 * hour + 1)).toBe(true);
  });

  test('never when it is to happen in the future', () => {
    expect(isLate(definition([email('a', null)]), 300 * day, 0)).toBe(false);
  });
});

describe('coming in again', () => {
  const units = { hour, day, week } as const;
  const gapped = fc.record({
    unit: fc.constantFrom('hour', 'day', 'week'),
    duration: fc.nat(20),
  }) as fc.Arbitrary<Reentry>;

  test('the first time is always allowed', () => {
    fc.assert(fc.property(gapped, (reentry) => mayEnter(reentry, undefined, 0)));
    expect(mayEnter({ unit: 'alltime', duration: 1 }, undefined, 0)).toBe(true);
  });

  test('needs the gap, and no more', () => {
    fc.assert(
      fc.property(gapped, fc.nat(20 * week), (reentry, passed) => {
        const gap = reentry.duration * units[reentry.unit as keyof typeof units];
        expect(mayEnter(reentry, 0, passed)).toBe(passed >= gap);
      }),
    );
  });

  test('is always or never allowed for all time, whichever event is worked off first', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (before, now) => {
        expect(mayEnter({ unit: 'alltime', duration: 0 }, before, now)).toBe(true);
        expect(mayEnter({ unit: 'alltime', duration: 1 }, before, now)).toBe(false);
      }),
    );
  });
});

const now = Date.parse('2026-03-01T00:00:00Z');

describe('a trigger filter', () => {
  const over = (field: string, value: number) => ({
    type: 'metric-property' as const,
    metric_id: 'METRIC',
    field,
    filter: { type: 'numeric' as const, operator: 'greater-than' as const, value },
  });

  test('lets through when in every group one condition holds', () => {
    const filter = { condition_groups: [{ conditions: [over('a', 5), over('b', 5)] }, { conditions: [over('c', 5)] }] };
    expect(passesTrigger(filter, { a: 9, c: 9 }, now)).toBe(true);
    expect(passesTrigger(filter, { b: 9, c: 9 }, now)).toBe(true);
    expect(passesTrigger(filter, { a: 9, b: 9 }, now)).toBe(false);
    expect(passesTrigger(filter, { c: 9 }, now)).toBe(false);
  });

  test.each([
    [{ type: 'date', operator: 'after', date: '2026-01-01T00:00:00Z' }, '2026-02-01', '2025-12-31'],
    [{ type: 'date', operator: 'in-the-last', unit: 'day', quantity: 3 }, '2026-02-27T00:00:00Z', '2026-02-20'],
    [{ type: 'date', operator: 'in-the-next', unit: 'week', quantity: 1 }, '2026-03-05', 'soon'],
    [{ type: 'numeric', operator: 'between', start: 2, end: 5 }, 5, 5.01],
    [{ type: 'numeric', operator: 'between', start: 2, end: 5 }, 2, '3'],
  ] as const)('asks also for dates, and for numbers between two: %o', (filter, yes, no) => {
    const condition = { type: 'metric-property', metric_id: 'METRIC', field: 'a', filter } as const;
    const asked = { condition_groups: [{ conditions: [condition] }] };
    expect([yes, no, undefined].map((a) => passesTrigger(asked, { a }, now))).toEqual([true, false, false]);
  });

  test('takes what is zero, empty or inherited for not set', () => {
    const below = { ...over('a', 0), filter: { type: 'numeric' as const, operator: 'less-than' as const, value: 1 } };
    expect(passesTrigger({ condition_groups: [{ conditions: [below] }] }, { a: 0 }, now)).toBe(false);
    const set = { ...over('constructor', 0), filter: { type: 'existence' as const, operator: 'is-set' as const } };
    expect(passesTrigger({ condition_groups: [{ conditions: [set] }] }, {}, now)).toBe(false);
  });
});
