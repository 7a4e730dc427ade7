// When campaigns reach people (behaviour 6): throttled, a percentage an hour, everyone in one wave; by each person's own clock.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttlePercentages } from '../../../shared/domain/campaigns/definition.ts';
import { bestHour, dueOf, throttledWaves, waveSize } from '../../../shared/domain/campaigns/times.ts';
import { day, hour } from '../../../shared/kernel/time.ts';

/** How many recipients each wave releases: of those before it too, as far as they were left behind. */
function waves(rows: number, percentage: number): number[] {
  const size = waveSize(rows, percentage);
  return throttledWaves(rows, percentage, 0).map((_, wave) => Math.min(rows - wave * size, size));
}

describe('the waves of a throttled campaign', () => {
  it('release everyone, one an hour, each the percentage rounded up and the last what is left', () => {
    const percentages = fc.constantFrom(...throttlePercentages);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), percentages, fc.nat(), (rows, percentage, from) => {
        const sizes = waves(rows, percentage);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(rows);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        expect(Math.max(...sizes)).toBeLessThan((rows * percentage) / 100 + 1);
        expect(sizes.length).toBeLessThanOrEqual(Math.ceil(100 / percentage));
        const times = throttledWaves(rows, percentage, from);
        expect(times.map((at) => at - from)).toEqual(sizes.map((_, wave) => wave * hour));
      }),
    );
  });

  it.each([
    [1, [100, 10, 10]],
    [11, [10, 110, 10]],
    [13, [8, 130, 90]],
    [14, [8, 140, 20]],
    [17, [6, 170, 150]],
    [33, [4, 330, 10]],
    [50, [2, 500, 500]],
  ] as const)('of 1,000 recipients at %i %%', (percentage, [count, first, last]) => {
    const sizes = waves(1000, percentage);
    expect([sizes.length, sizes[0], sizes.at(-1)]).toEqual([count, first, last]);
  });
});

describe('the time of the person', () => {
  const datetime = '2026-03-29T12:00:00Z';
  const noon = Date.parse(datetime);
  const local = (immediately?: boolean) => {
    const past = immediately === undefined ? {} : { send_past_recipients_immediately: immediately };
    return { method: 'static', datetime, options: { is_local: true, ...past } } as const;
  };
  const due = (strategy: Parameters<typeof dueOf>[0], zone: string, now: number, opens: number[] = []) =>
    dueOf(strategy, { zone, opens }, now) - noon;

  it('is what the clock of each shows, also on the day on which clocks change', () => {
    const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Europe/Berlin'];
    // Berlin changed in the night.
    expect(zones.map((zone) => due(local(), zone, noon - day))).toEqual([0, -9 * hour, 4 * hour, -2 * hour]);
  });

  it('is a day later where it has passed, or at once where the campaign says so', () => {
    expect(due(local(), 'Asia/Tokyo', noon - 2 * hour)).toBe(15 * hour);
    expect(due(local(false), 'Asia/Tokyo', noon - 2 * hour)).toBe(15 * hour);
    expect(due(local(true), 'Asia/Tokyo', noon - 2 * hour)).toBe(-2 * hour);
    expect(due(local(true), 'America/New_York', noon - 2 * hour)).toBe(4 * hour);
  });

  it('is on the first day on which it is still to come where it passed more than a day ago', () => {
    // Noon has passed 25 hours ago on Kiritimati (UTC+14), and is an hour away in UTC-12.
    expect(due(local(), 'Pacific/Kiritimati', noon + 11 * hour)).toBe(34 * hour);
    expect(due(local(true), 'Pacific/Kiritimati', noon + 11 * hour)).toBe(11 * hour);
    expect(due(local(), 'Etc/GMT+12', noon + 11 * hour)).toBe(12 * hour);
    // Berlin puts its clocks forward in between: that day has 23 hours.
    const before = '2026-03-28T12:00:00Z';
    const eve = { ...local(), datetime: before };
    expect(due(eve, 'Europe/Berlin', Date.parse(before) - hour + 5 * 60_000)).toBe(-2 * hour);
  });

  it('plays no part where the campaign does not ask for it', () => {
    const fixed = { method: 'static', datetime, options: { is_local: false } } as const;
    expect(due(fixed, 'Asia/Tokyo', noon + day)).toBe(0);
    expect(due({ method: 'immediate' }, 'Asia/Tokyo', noon + hour)).toBe(hour);
  });

  it('is best in the hour of most opens, of equal ones the earliest; at ten for who opened nothing; at once where it is over', () => {
    const at = (text: string) => Date.parse(`2026-03-${text}:30:00Z`);
    const opens = [at('01T20'), at('02T20'), at('03T07'), at('04T07'), at('05T12')];
    expect(bestHour({ zone: 'UTC', opens })).toBe(7);
    expect(bestHour({ zone: 'America/New_York', opens: opens.slice(0, 2) })).toBe(15);
    const smart = { method: 'smart_send_time', date: '2026-03-29' } as const;
    expect(due(smart, 'UTC', noon - day, opens)).toBe(-5 * hour);
    expect(due(smart, 'Asia/Tokyo', noon - day)).toBe(-11 * hour);
    expect(due(smart, 'UTC', noon, opens)).toBe(0);
  });
});
