// The tests of a sweep: every call of every scenario meets everything that can happen to it. A run takes a part of the points, which
// SWEEP=<number> chooses (default 0); SWEEP=all takes them all, STRIDE=<number> one of so many; WRITE=1 records how many survived.
import { afterAll, expect, test } from 'vitest';
import { record } from './recorded.ts';
import type { Scenario } from './scenarios.ts';
import { pointsOf, runScenario } from './sweep.ts';

const sweep = process.env['SWEEP'] ?? '0';
/** In a quick run one of so many points is taken where a scenario has more points than the least. */
const stride = Number(process.env['STRIDE'] ?? 25);
const least = 20;

/** What became of a scenario: of so many points in all some were taken, and most of those survived. */
export interface Swept {
  scenario: string;
  points: number;
  taken: number;
  survived: number;
}

/** A test for each of the scenarios, which have a name together. */
export function sweepAll(together: string, scenarios: Readonly<Record<string, Scenario>>): void {
  const swept: Swept[] = [];
  afterAll(() => record(`sweep-${together}`, swept));
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
      const survived = taken.length - failures.length;
      swept.push({ scenario: name, points: points.length, taken: taken.length, survived });
      console.log(
        `${name}: ${survived} of ${taken.length} crash points survived` +
          (step === 1 ? '' : ` (of ${points.length} in all)`),
      );
      expect(failures).toEqual([]);
    });
  }
}
