// npm run prove:store: the memory store against a database, in chunks of histories. OPERATIONS=100000 SEED=1.
import fc from 'fast-check';
import { startDynoxide, whyNoDynoxide } from '../support/dynoxide.ts';
import { knownDifferences } from './store-known.ts';
import { type Compared, compare, nothingCompared, short } from './store-differences.ts';
import { history } from './store-history.ts';

const operations = Number(process.env['OPERATIONS'] ?? 100_000);
const first = Number(process.env['SEED'] ?? 1);
/** Histories of one chunk, about 5,000 calls; every chunk has a seed of its own and can be run alone. */
const histories = 250;
/** Chunks at a time: while one waits for the database, the others go on. */
const lanes = 3;

const callsOf = ({ calls }: Compared) => Object.values(calls).reduce<number>((sum, count = 0) => sum + count, 0);

/** Runs the chunk of a seed; a failure is shrunk, and told. */
async function chunk(database: Awaited<ReturnType<typeof startDynoxide>>, seed: number, compared: Compared) {
  let runs = 0;
  const property = fc.asyncProperty(history, async (calls) => {
    runs += 1;
    const prefix = `${String(seed).padStart(5, '0')}-${String(runs).padStart(5, '0')}`;
    await compare(database, calls, { prefix, known: knownDifferences, compared });
  });
  const result = await fc.check(property, { numRuns: histories, seed });
  if (!result.failed) return undefined;
  const { errorInstance, numShrinks, counterexample } = result;
  const least = counterexample?.[0].map((make) => `\n    ${short(make('-'))}`).join('');
  const told = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `Seed ${seed}, shrunk ${numShrinks} times: ${told}\n  after${least ?? ''}\n  SEED=${seed} OPERATIONS=1 npm run prove:store`;
}

const missing = whyNoDynoxide();
if (missing !== undefined) {
  console.log(`Nothing is proved: ${missing}.`);
  process.exit(0);
}

const began = performance.now();
const compared = nothingCompared();
const failures: string[] = [];
let next = first;

async function lane(): Promise<void> {
  while (callsOf(compared) < operations || next === first) {
    const seed = next;
    next += 1;
    // What a chunk leaves behind goes with its server.
    const database = await startDynoxide();
    let failure;
    try {
      failure = await chunk(database, seed, compared);
    } finally {
      await database.stop();
    }
    if (failure !== undefined) {
      failures.push(failure);
      console.log(failure);
    }
  }
}

await Promise.all(Array.from({ length: operations > 5000 ? lanes : 1 }, lane));

const seconds = (performance.now() - began) / 1000;
const done = callsOf(compared);
const listed = (counts: Partial<Record<string, number>>) =>
  Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'; // prettier-ignore
console.log(`
${done} operations on both stores in ${next - first} chunks, ${failures.length} chunks differ, ${seconds.toFixed(1)} s, ${Math.round(done / seconds)} a second
calls: ${listed(compared.calls)}
conditions refused ${compared.refused}, malformed ${compared.malformed}, pages ${compared.pages}
known differences met: ${listed(compared.known)}`);
process.exitCode = failures.length > 0 ? 1 : 0;
