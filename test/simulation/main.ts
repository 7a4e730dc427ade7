// npm run simulate: many seeds, each twice, in two processes. SEEDS=1000 SEED=1 TURNS=100 OPERATIONS=500; ONLY=3,17 leaves out all other turns;
// SHRINK=0 tells of failures as they are; WRITE=1 records the figures for docs/reliability.md.
import { cpus } from 'node:os';
import { percentile } from '../bench/figures.ts';
import { shared } from './processes.ts';
import { record } from './recorded.ts';
import { type Outcome, runSeed } from './run.ts';
import { allBut, shrink } from './shrink.ts';
import { missed } from './sometimes.ts';
import { total } from './sums.ts';

const numberFrom = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const only = process.env['ONLY']?.split(',').map(Number);
const first = numberFrom('SEED', 1);
const seeds =
  only || (process.env['SEEDS'] === undefined && process.env['SEED'] !== undefined) ? 1 : numberFrom('SEEDS', 500);
const turns = numberFrom('TURNS', 100);
/** A seed ends after so many operations (invocations of functions), if that is before its last turn. */
const most = numberFrom('OPERATIONS', Infinity);
const skip = only ? allBut(only, turns) : new Set<number>();
/** From so many turns on every rare state must have been met: CI's 200 seeds of 100. */
const enough = 20_000;

/** What a process tells of a seed. */
interface Told extends Omit<Outcome, 'broken' | 'taken'> {
  seed: number;
  turns: number;
  /** Processor time of both runs, microseconds. */
  cpu: number;
  /** What there is to say when it fails. */
  failure?: string;
}

/** The turns up to the last that was taken, where operations have ended it. */
const lengthOf = ({ taken }: Outcome) => (most === Infinity ? turns : Number(taken.at(-1)?.split(' ')[0] ?? 0) + 1);

async function tried(seed: number): Promise<Omit<Told, 'cpu'>> {
  const outcome = await runSeed(seed, turns, { skip, operations: most });
  const again = await runSeed(seed, turns, { skip, operations: most, turnsOnly: true });
  if (outcome.hash !== again.hash) outcome.broken.push('the same seed took two ways');
  const { broken, taken, ...figures } = outcome;
  const told = { ...figures, seed, turns: taken.length };
  if (broken.length === 0) return told;
  const { outcome: least, command } =
    only || process.env['SHRINK'] === '0' ? { outcome, command: '' } : await shrink(seed, lengthOf(outcome), outcome);
  const lines = [`Seed ${seed} fails after: ${least.taken.join(', ')}`, ...least.broken, command];
  return { ...told, failure: lines.join('\n  ') };
}

const sum = (all: readonly Told[], of: (one: Told) => number) => all.reduce((total, one) => total + of(one), 0);

/** The figures of a run; kept in recorded/ for the page. */
function figuresOf(all: readonly Told[], seconds: number) {
  const met: Record<string, number> = {};
  for (const one of all) for (const [what, count] of Object.entries(one.met)) met[what] = (met[what] ?? 0) + count;
  const behind = all.flatMap((one) => one.behind);
  const rests = all.flatMap(({ rested }) => (rested === undefined ? [] : Math.round(rested / 1000)));
  return {
    seeds,
    turns,
    taken: sum(all, (one) => one.turns),
    ways: new Set(all.map(({ hash }) => hash)).size,
    operations: sum(all, (one) => one.operations),
    calls: sum(all, (one) => one.calls),
    cpu: Math.round(sum(all, (one) => one.cpu) / 1e6),
    days: Math.round(sum(all, (one) => one.lasted) / 86_400_000),
    seconds: Math.round(seconds),
    failed: all.filter(({ failure }) => failure !== undefined).length,
    machine: `${cpus().length} cores, Node.js ${process.versions.node}`,
    sums: total(all.map(({ sums }) => sums)),
    // Seconds of virtual time.
    rested: { p50: percentile(rests, 0.5), p99: percentile(rests, 0.99), max: percentile(rests, 1) },
    // Milliseconds of virtual time.
    behind: { count: behind.length, p99: percentile(behind, 0.99), max: percentile(behind, 1) },
    met,
  };
}

function done(all: readonly Told[], seconds: number): void {
  const figures = figuresOf(all, seconds);
  const { failed, ways, taken, operations, calls, days, cpu, met } = figures;
  console.log(`
${seeds - failed} of ${seeds} seeds hold (each run twice), ${ways} ways, ${taken} turns, ${operations} operations, ${calls} calls, ${days} days of virtual time, ${figures.seconds} s, ${cpu} s of CPU
met: ${Object.entries(met)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ')}`);
  const never = seeds * turns < enough ? [] : missed(met);
  for (const rarity of never) console.log(`never: ${rarity}`);
  record('simulation', figures);
  if (failed > 0 || never.length > 0) process.exitCode = 1;
}

let spentSoFar = 0;

/** Processor time since it was asked last, microseconds. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  const since = user + system - spentSoFar;
  spentSoFar = user + system;
  return since;
}

let heard = 0;
await shared<Told>({
  script: import.meta.filename,
  async work({ isMine }, tell) {
    for (let number = 0; number < seeds; number += 1)
      if (isMine(number)) tell({ ...(await tried(first + number)), cpu: spent() });
  },
  heard({ failure }) {
    heard += 1;
    if (failure !== undefined) console.log(`\n${failure}`);
    if (heard % 100 === 0) console.log(`${heard} seeds`);
  },
  done,
});
