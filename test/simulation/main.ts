// npm run simulate: many seeds, each twice. SEEDS=1000 SEED=1 TURNS=100; ONLY=3,17 leaves out all other turns.
import { runSeed } from './run.ts';
import { allBut, shrink } from './shrink.ts';

const numberFrom = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const only = process.env['ONLY']?.split(',').map(Number);
const first = numberFrom('SEED', 1);
const seeds =
  only || (process.env['SEEDS'] === undefined && process.env['SEED'] !== undefined) ? 1 : numberFrom('SEEDS', 500);
const turns = numberFrom('TURNS', 100);
const skip = only ? allBut(only, turns) : new Set<number>();

const began = performance.now();
const faults: Record<string, number> = {};
const traces = new Set<string>();
let calls = 0;
let taken = 0;
let failed = 0;

for (let seed = first; seed < first + seeds; seed += 1) {
  const outcome = await runSeed(seed, turns, { skip });
  const again = await runSeed(seed, turns, { skip });
  for (const [fault, count] of Object.entries(outcome.met)) faults[fault] = (faults[fault] ?? 0) + count;
  traces.add(outcome.hash);
  calls += outcome.calls;
  taken += outcome.taken.length;
  if (outcome.hash !== again.hash) outcome.broken.push('the same seed took two ways');
  if (outcome.broken.length > 0) {
    failed += 1;
    const { outcome: least, command } =
      only || process.env['SHRINK'] === '0' ? { outcome, command: '' } : await shrink(seed, turns, outcome);
    console.log(`\nSeed ${seed} fails after: ${least.taken.join(', ')}`);
    for (const line of least.broken) console.log(`  ${line}`);
    if (command !== '') console.log(`  ${command}`);
  }
  const done = seed - first + 1;
  if (done % 100 === 0)
    console.log(`${done} seeds, ${failed} failed, ${Math.round((performance.now() - began) / 1000)} s`);
}

const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`
${seeds - failed} of ${seeds} seeds hold (each run twice), ${traces.size} ways, ${taken} turns, ${calls} calls, ${seconds} s
faults: ${Object.entries(faults)
  .map(([fault, count]) => `${fault} ${count}`)
  .join(', ')}`);
process.exitCode = failed > 0 ? 1 : 0;
