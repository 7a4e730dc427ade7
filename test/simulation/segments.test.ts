import { expect, it } from 'vitest';
import { runCases } from './segment-cases.ts';

/**
 * Each holds some 20 definitions over a history of its own; `npm run oracle -- --system` takes thousands. 3: somebody was
 * taken off a list while a merge still moved that they were on it. 4: a merge made two memberships of a list the earlier one.
 */
const seeds = [3, 4, 10, 16, 22, 34, 38];

it.each(seeds)(
  'whatever happens and fails, members are those that brute force finds: at rest and as time passes (seed %i)',
  async (seed) => {
    const { broken, cases, looks } = await runCases(seed);
    expect(broken).toBeUndefined();
    expect(cases).toBeGreaterThan(10);
    expect(looks).toBeGreaterThan(3);
  },
);
