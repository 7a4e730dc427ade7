import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { runsOf } from '../../functions/rehearse/schedule-expression.ts';
import { day, hour, minute } from '../../shared/kernel/time.ts';

const at = (text: string) => Date.parse(text);

/** The first runs after an instant, as ISO texts. */
function runs(expression: string, after: string, count: number, zone?: string): string[] {
  const next = runsOf(expression, at(after), zone);
  const found: string[] = [];
  for (let from = at(after); next && found.length < count;) {
    const run = next(from);
    if (run === undefined) break;
    found.push(new Date(run).toISOString().slice(0, 16));
    from = run;
  }
  return found;
}

describe('a schedule', () => {
  it('at a time comes once, in its zone', () => {
    expect(runs('at(2026-01-31T10:00:00)', '2026-01-01T00:00:00Z', 3)).toEqual(['2026-01-31T10:00']);
    expect(runs('at(2026-07-01T10:00:00)', '2026-01-01T00:00:00Z', 3, 'Europe/Berlin')).toEqual(['2026-07-01T08:00']);
    expect(runs('at(2025-01-31T10:00:00)', '2026-01-01T00:00:00Z', 3)).toEqual([]);
  });

  it('with a rate of days counts 24 hours, also when the clock is put forward', () => {
    expect(runs('rate(1 day)', '2026-03-28T09:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-03-29T09:00',
      '2026-03-30T09:00',
    ]);
    expect(runs('rate(90 minutes)', '2026-01-01T00:00:00Z', 2)).toEqual(['2026-01-01T01:30', '2026-01-01T03:00']);
  });

  it('with a time that the clock jumps over is skipped that day', () => {
    expect(runs('cron(30 2 * * ? *)', '2026-03-28T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
  });

  it('with a time that the clock shows twice comes once', () => {
    expect(runs('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it.each([
    ['weekdays from 1, Sunday', 'cron(0 9 ? * 1 *)', ['2026-01-04T09:00', '2026-01-11T09:00']],
    ['weekdays by name', 'cron(0 9 ? * MON-FRI *)', ['2026-01-01T09:00', '2026-01-02T09:00', '2026-01-05T09:00']],
    ['the last day of a month', 'cron(0 9 L * ? *)', ['2026-01-31T09:00', '2026-02-28T09:00']],
    ['the third Monday', 'cron(0 9 ? * 2#3 *)', ['2026-01-19T09:00', '2026-02-16T09:00']],
    ['29 February', 'cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['a year', 'cron(0 0 1 6 ? 2027)', ['2027-06-01T00:00']],
  ])('knows %s', (_, expression, expected) => {
    expect(runs(expression, '2026-01-01T00:00:00Z', expected.length)).toEqual(expected);
  });

  it.each([
    '',
    'cron(0 9 * * * *)',
    'cron(0 9 ? * ? *)',
    'cron(0 9 * * ?)',
    'cron(99 9 * * ? *)',
    'rate(0 minutes)',
    'rate(1 week)',
    'at(soon)',
    'at(2026-01-31)',
  ])('is not what AWS refuses: %s', (expression) => expect(runsOf(expression, 0)).toBeUndefined());

  it('in a zone that does not exist is none', () => expect(runsOf('rate(1 hour)', 0, 'Mars/Olympus')).toBeUndefined());
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
const walls = zones.map((timeZone) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return { name: timeZone, wall: (instant: number) => format.format(instant) };
});

test('cron runs exactly when a clock on the wall first shows its time, in any zone over any change of the clock', () => {
  const zone = fc.constantFrom(...walls);
  const change = fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01');
  fc.assert(
    fc.property(zone, change, fc.nat(23), fc.nat(3), ({ name, wall }, date, hours, quarter) => {
      const minutes = quarter * 15;
      const from = at(`${date}T00:00:00Z`) - 2 * day;
      const shown = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
      const expected: number[] = [];
      const seen = new Set<string>();
      for (let instant = from - 2 * hour; instant <= from + 4 * day; instant += 15 * minute) {
        const reading = wall(instant);
        if (!reading.endsWith(shown) || seen.has(reading)) continue;
        seen.add(reading);
        if (instant > from) expected.push(instant);
      }
      const next = runsOf(`cron(${minutes} ${hours} * * ? *)`, from, name);
      const found: number[] = [];
      for (let run = next?.(from); run !== undefined && run <= from + 4 * day; run = next?.(run)) found.push(run);
      expect(found).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
