import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TimeDelay, weekdays } from '../../../shared/domain/flows/definition.ts';
import { endOfDelay } from '../../../shared/domain/flows/delay.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { timeOfDay, wallOf, weekdayOf } from '../../../shared/kernel/zone.ts';
import { delay } from './building.ts';

const at = (text: string) => Date.parse(text);
const rule = (data: Partial<TimeDelay['data']>) => delay('d', null, data).data;

describe('a time delay', () => {
  test('of days lasts 24 hours each, also over a change of the clocks', () => {
    const now = at('2026-03-07T15:00:00Z');
    expect(endOfDelay(rule({ unit: 'days', value: 2 }), now, 'America/New_York')).toBe(now + 2 * day);
  });

  test('of hours can have minutes beside them', () => {
    expect(endOfDelay(rule({ unit: 'hours', value: 1, secondary_value: 30 }), 0, 'UTC')).toBe(1.5 * hour);
  });

  test('of days with a time of day counts calendar days on the wall clock', () => {
    const late = rule({ unit: 'days', value: 1, delay_until_time: '09:00:00' });
    // 23:00 on the 6th in New York: nine o'clock on the 7th is ten hours away.
    expect(endOfDelay(late, at('2026-03-07T04:00:00Z'), 'America/New_York')).toBe(at('2026-03-07T14:00:00Z'));
    expect(endOfDelay(late, at('2026-03-07T15:00:00Z'), 'America/New_York')).toBe(at('2026-03-08T13:00:00Z'));
  });

  test('of no days waits for the next such time of day', () => {
    const today = rule({ unit: 'days', value: 0, delay_until_time: '09:00', timezone: 'UTC' });
    expect(endOfDelay(today, at('2026-01-05T08:00:00Z'), 'Asia/Tokyo')).toBe(at('2026-01-05T09:00:00Z'));
    expect(endOfDelay(today, at('2026-01-05T10:00:00Z'), 'Asia/Tokyo')).toBe(at('2026-01-06T09:00:00Z'));
  });

  test('of hours with a time of day lets the hours pass first', () => {
    const rested = rule({ unit: 'hours', value: 4, delay_until_time: '09:00:00', timezone: 'UTC' });
    expect(endOfDelay(rested, at('2026-01-05T06:00:00Z'), 'UTC')).toBe(at('2026-01-06T09:00:00Z'));
  });

  test('waits on for an allowed weekday', () => {
    const weekday = rule({ unit: 'days', value: 1, timezone: 'UTC', delay_until_weekdays: ['monday'] });
    // From a Friday noon: Saturday is not allowed, Monday noon is.
    expect(endOfDelay(weekday, at('2026-01-09T12:00:00Z'), 'UTC')).toBe(at('2026-01-12T12:00:00Z'));
  });

  test('a time of day that is jumped over is met right behind the jump, once', () => {
    const nightly = rule({ unit: 'days', value: 1, delay_until_time: '02:30' });
    expect(endOfDelay(nightly, at('2026-03-07T20:00:00Z'), 'America/New_York')).toBe(at('2026-03-08T07:30:00Z'));
  });

  test('never ends before it began, ends within its length and eight days, on an allowed day, at its time of day', () => {
    const rules = fc.record({
      unit: fc.constantFrom<TimeDelay['data']['unit']>('days', 'hours', 'minutes'),
      value: fc.nat(50),
      delay_until_time: fc.option(fc.constantFrom('00:00', '02:30', '09:00:00', '23:59:59')),
      delay_until_weekdays: fc.option(fc.subarray([...weekdays], { minLength: 1 })),
    });
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Beirut', 'Australia/Lord_Howe');
    const moments = fc.integer({ min: at('2020-01-01T00:00:00Z') / 1000, max: at('2035-01-01T00:00:00Z') / 1000 });
    fc.assert(
      fc.property(rules, zones, moments, (data, zone, seconds) => {
        const now = seconds * 1000;
        const end = endOfDelay(rule(data), now, zone);
        expect(end).toBeGreaterThanOrEqual(now);
        expect(end - now).toBeLessThanOrEqual(
          data.value * { days: day, hours: hour, minutes: 60_000 }[data.unit] + 8 * day + hour,
        );
        const wall = wallOf(end, zone);
        const name = weekdays[weekdayOf(wall)]!;
        if (data.delay_until_weekdays) expect(data.delay_until_weekdays).toContain(name);
        if (data.delay_until_time === null) return;
        const behind = (wall - timeOfDay(data.delay_until_time)!) % day;
        expect(behind).toBeGreaterThanOrEqual(0);
        expect(behind).toBeLessThanOrEqual(hour);
      }),
      { numRuns: 1000 },
    );
  });
});
