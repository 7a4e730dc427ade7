// Random work under random faults, each seed twice. `npm run simulate` does the same for longer.
import { expect, test } from 'vitest';
import { runSeed } from './run.ts';
import { shrink } from './shrink.ts';

const turns = 40;
const seeds = Number(process.env['SEEDS'] ?? 20);
const from = Number(process.env['SEED'] ?? 1);

/** Told only when it fails: what is left of the seed, and how to play it again. */
async function told(seed: number): Promise<string[]> {
  const outcome = await runSeed(seed, turns);
  const again = await runSeed(seed, turns);
  if (outcome.hash !== again.hash) return [`seed ${seed} took two ways`];
  if (outcome.broken.length === 0) return [];
  const { outcome: least, command } = await shrink(seed, turns, outcome);
  return [command, ...least.taken, ...least.broken];
}

test(`whatever callers do and whatever fails, the promises hold: ${seeds} seeds`, { timeout: 1_800_000 }, async () => {
  for (let seed = from; seed < from + seeds; seed += 1) expect(await told(seed)).toEqual([]);
});
