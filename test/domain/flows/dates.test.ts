import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comesRound, lastTurn, nextTurn } from '../../../shared/domain/flows/dates.ts';
import type { DateTrigger } from '../../../shared/domain/flows/definition.ts';
import { dayFrom, dayNamed } from '../../../shared/kernel/calendar.ts';
import { day } from '../../../shared/kernel/time.ts';
import { dated } from './building.ts';

const trigger = (rest: Partial<DateTrigger> = {}) =>
  dated({ timedelta_value_before_date: 0, ...rest }).triggers[0] as DateTrigger;
const at = (text: string) => Date.parse(text);
const turn = (rest: Partial<DateTrigger>, date: string, since: string, zone = 'UTC') => {
  const next = nextTurn(trigger(rest), dayNamed(date), at(since), zone);
  return next && [next.date, new Date(next.at).toISOString()];
};

test.each([
  ['2026-05-01', '2026-05-01'],
  ['2026-5-1', '2026-05-01'],
  ['05/01/2026', '2026-05-01'],
  ['2026-05-01T23:30:00+02:00', '2026-05-01'],
  ['2026-02-30', undefined],
  ['2027-02-29', undefined],
  ['tomorrow', undefined],
  [20_260_501, undefined],
])('%s names the day %s', (text, name) => {
  const found = dayFrom(text);
  expect(found).toBe(name === undefined ? undefined : dayNamed(name));
});

describe('a date comes round', () => {
  test('every year by month and day, on 29 February in leap years and on the 28th in others', () => {
    expect(turn({}, '1990-05-01', '2026-05-02T00:00:00Z')).toEqual(['2027-05-01', '2027-05-01T09:00:00.000Z']);
    expect(turn({}, '2024-02-29', '2026-01-01T00:00:00Z')?.[0]).toBe('2026-02-28');
    expect(turn({}, '2024-02-29', '2028-01-01T00:00:00Z')?.[0]).toBe('2028-02-29');
  });

  test('every month, the 31st on the last day of shorter ones', () => {
    const monthly = { recurrence_frequency: 'monthly' } as const;
    expect(turn(monthly, '2020-01-31', '2026-02-01T00:00:00Z')?.[0]).toBe('2026-02-28');
    expect(turn(monthly, '2020-01-31', '2026-03-01T00:00:00Z')?.[0]).toBe('2026-03-31');
    expect(turn(monthly, '2020-01-31', '2026-04-01T00:00:00Z')?.[0]).toBe('2026-04-30');
  });

  test('every week on its weekday', () => {
    // 2026-05-01 is a Friday.
    expect(turn({ recurrence_frequency: 'weekly' }, '2026-05-01', '2026-06-01T00:00:00Z')?.[0]).toBe('2026-06-05');
  });

  test('never again, where it does not recur', () => {
    const once = { recurrence_frequency: 'never' } as const;
    expect(turn(once, '2026-05-01', '2026-04-01T00:00:00Z')?.[0]).toBe('2026-05-01');
    expect(turn(once, '2026-05-01', '2026-05-01T09:00:01Z')).toBeUndefined();
  });

  test('so many days, weeks or months before', () => {
    const before = (unit: DateTrigger['timedelta_unit_before_date'], value: number) =>
      turn(
        { timedelta_unit_before_date: unit, timedelta_value_before_date: value },
        '2000-05-31',
        '2026-01-01T00:00:00Z',
      )?.[1];
    expect(before('days', 3)).toBe('2026-05-28T09:00:00.000Z');
    expect(before('weeks', 2)).toBe('2026-05-17T09:00:00.000Z');
    expect(before('months', 3)).toBe('2026-02-28T09:00:00.000Z');
  });

  test('at the wall clock of the person, on both sides of a change of the clocks, or of one zone', () => {
    expect(turn({}, '2000-03-07', '2026-01-01T00:00:00Z', 'America/New_York')?.[1]).toBe('2026-03-07T14:00:00.000Z');
    expect(turn({}, '2000-03-08', '2026-01-01T00:00:00Z', 'America/New_York')?.[1]).toBe('2026-03-08T13:00:00.000Z');
    const jumped = { trigger_time: '02:30:00', timezone: 'America/New_York' };
    expect(turn(jumped, '2000-03-08', '2026-01-01T00:00:00Z')?.[1]).toBe('2026-03-08T07:30:00.000Z');
  });

  test('on the next allowed weekday', () => {
    // 2 May 2026 is a Saturday.
    expect(turn({ trigger_days: ['monday'] }, '1990-05-02', '2026-01-01T00:00:00Z')?.[1]).toBe(
      '2026-05-04T09:00:00.000Z',
    );
  });
});

test('turns of any date and rule follow one another without a gap, and the person still has the date of each', () => {
  const rule = fc.record({
    recurrence_frequency: fc.constantFrom<DateTrigger['recurrence_frequency']>('weekly', 'monthly', 'annually'),
    timedelta_unit_before_date: fc.constantFrom<DateTrigger['timedelta_unit_before_date']>('days', 'weeks', 'months'),
    timedelta_value_before_date: fc.integer({ min: 0, max: 40 }),
    timezone: fc.constantFrom('UTC', 'America/New_York', 'Pacific/Kiritimati', 'profile'),
  });
  const anyDay = fc.integer({ min: 0, max: 20_000 }).map((n) => n * day);
  fc.assert(
    fc.property(
      rule,
      anyDay,
      fc.integer({ min: 0, max: 20_000 }).map((n) => n * day + 12_345),
      (rest, date, since) => {
        const rules = trigger(rest);
        const next = nextTurn(rules, date, since, 'Europe/Rome')!;
        const last = lastTurn(rules, date, since, 'Europe/Rome')!;
        expect(next.at).toBeGreaterThanOrEqual(since);
        expect(last.at).toBeLessThan(since);
        // Nothing lies between the two.
        expect(nextTurn(rules, date, last.at + 1, 'Europe/Rome')?.at).toBe(next.at);
        for (const { date: name } of [last, next]) expect(comesRound(rules, date, dayNamed(name))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
