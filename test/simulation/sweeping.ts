// The tests of a sweep: every call of every scenario meets everything that can happen to it. A run takes a part of the points, which
// SWEEP=<number> chooses (default 0); SWEEP=all takes them all, STRIDE=<number> one of so many.
import { expect, test } from 'vitest';
import type { Scenario } from './scenarios.ts';
import { pointsOf, runScenario } from './sweep.ts';

const sweep = process.env['SWEEP'] ?? '0';
/** In a quick run one of so many points is taken where a scenario has more points than the least. */
const stride = Number(process.env['STRIDE'] ?? 25);
const least = 20;

/** A test for each of the scenarios. */
export function sweepAll(scenarios: Readonly<Record<string, Scenario>>): void {
  for (const [name, scenario] of Object.entries(scenarios)) {
    test(`whatever happens to any call, it ends well: ${name}`, { timeout: 600_000 }, async () => {
      const undisturbed = await runScenario(scenario);
      expect(undisturbed.broken).toEqual([]);
      const points = pointsOf(undisturbed);
      const step = sweep === 'all' ? 1 : Math.min(stride, Math.ceil(points.length / least));
      const taken = points.filter((_, index) => step === 1 || index % step === Number(sweep) % step);
      const failures: object[] = [];
      for (const point of taken) {
        const { broken } = await runScenario(scenario, point);
        if (broken.length > 0) failures.push({ ...point, call: undisturbed.calls[point.at], broken });
      }
      console.log(
        `${name}: ${taken.length - failures.length} of ${taken.length} crash points survived` +
          (step === 1 ? '' : ` (of ${points.length} in all)`),
      );
      expect(failures).toEqual([]);
    });
  }
}
