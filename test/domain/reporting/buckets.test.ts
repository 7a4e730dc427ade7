import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Interval, bucketOf, bucketStarts } from '../../../shared/domain/reporting/buckets.ts';
import { iso } from '../../../shared/kernel/time.ts';
import { zones } from './zones.ts';

const hour = 3_600_000;
const shown = (from: number, to: number, interval: Interval, zone: string) =>
  bucketStarts({ from, to }, interval, zone).map((start) => iso(start).slice(0, 16));

describe('the intervals of a range', () => {
  it('are days of 23 and 25 hours when clocks are changed', () => {
    const days = bucketStarts({ from: Date.UTC(2026, 2, 28), to: Date.UTC(2026, 9, 27) }, 'day', 'Europe/Berlin');
    const lengths = days.slice(1).map((start, i) => (start - (days[i] ?? 0)) / hour);
    expect(lengths.filter((length) => length !== 24)).toEqual([23, 25]);
  });

  it('are hours that are shown twice, or begin late', () => {
    const [from, to] = [Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 9, 25, 3)];
    expect(shown(from, to, 'hour', 'Europe/Berlin')).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ]);
    // On Lord Howe clocks go back from two to half past one, at 15:00 UTC.
    expect(shown(Date.UTC(2026, 3, 4, 14), Date.UTC(2026, 3, 4, 17), 'hour', 'Australia/Lord_Howe')).toEqual([
      '2026-04-04T14:00',
      '2026-04-04T15:00',
      '2026-04-04T15:30',
      '2026-04-04T16:30',
    ]);
  });

  it('are weeks from Monday and whole months, also of a range that begins within one', () => {
    const [from, to] = [Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 2, 1)];
    expect(shown(from, to, 'month', 'UTC')).toEqual(['2026-01-01T00:00', '2026-02-01T00:00']);
    expect(shown(from, from + 1, 'week', 'UTC')).toEqual(['2026-01-12T00:00']);
  });
});

/** What a clock shows, by another way than ours. */
const clock = (at: number, zone: string) =>
  new Date(at).toLocaleString('sv-SE', { timeZone: zone, timeZoneName: 'longOffset' });

const labels: Readonly<Record<Interval, (at: number, zone: string) => string>> = {
  hour: (at, zone) => clock(at, zone).replace(/:\d\d:\d\d/, ''),
  day: (at, zone) => clock(at, zone).slice(0, 10),
  month: (at, zone) => clock(at, zone).slice(0, 7),
  week: (at, zone) => {
    const date = Date.parse(clock(at, zone).slice(0, 10));
    const weekday = new Date(date).getUTCDay() || 7;
    return new Date(date - (weekday - 1) * 24 * hour).toISOString().slice(0, 10);
  },
};

it.each(zones)('two instants in %s share an interval when clocks there show the same one', (zone) => {
  const instant = fc
    .integer({ min: Date.UTC(2025, 8, 1) / 1000, max: Date.UTC(2026, 4, 1) / 1000 })
    .map((n) => n * 1000);
  const interval = fc.constantFrom('hour', 'day', 'week', 'month');
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 200 * 3600 }), interval, (a, apart, of) => {
      const b = a + apart * 1000;
      const starts = bucketStarts({ from: a, to: b + 1 }, of, zone);
      expect(bucketOf(starts, a)).toBe(0);
      expect(bucketOf(starts, b) === 0).toBe(labels[of](a, zone) === labels[of](b, zone));
    }),
    { numRuns: 60 },
  );
});
