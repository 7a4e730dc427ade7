// Throttled campaigns (behaviour 6): a percentage of the recipients an hour, everyone in one wave, none of them empty.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttlePercentages } from '../../../shared/domain/campaigns/definition.ts';
import { throttledWaves, waveSize } from '../../../shared/domain/campaigns/times.ts';
import { hour } from '../../../shared/kernel/time.ts';

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
