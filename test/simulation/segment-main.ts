// `npm run oracle -- --system 2000 1`: so many cases of segments in the whole system under faults, from this seed on.
import { type Outcome, runCases } from './segment-cases.ts';
import { shared } from './processes.ts';

const wanted = Number(process.env['CASES'] ?? 2000);
const first = Number(process.env['SEED'] ?? 1);
/** Every seed holds some 20 definitions against its history; some of them are removed on the way. */
const seeds = Math.ceil(wanted / 17);

interface Told extends Outcome {
  seed: number;
}

const sum = (all: readonly Told[], of: (one: Told) => number) => all.reduce((total, one) => total + of(one), 0);

await shared<Told>({
  script: import.meta.filename,
  async work({ isMine }, tell) {
    for (let number = 0; number < seeds; number += 1)
      if (isMine(number)) tell({ ...(await runCases(first + number)), seed: first + number });
  },
  heard({ seed, broken }) {
    if (broken !== undefined) console.log(`Seed ${seed} fails: ${broken}\n  npm run oracle -- --system 1 ${seed}\n`);
  },
  done(all, seconds) {
    const failed = all.filter(({ broken }) => broken !== undefined).length;
    const cases = sum(all, (one) => one.cases);
    console.log(`${all.length - failed} of ${all.length} seeds hold: ${cases} definitions over histories of up to 50 people,
${sum(all, ({ people }) => people)} people in all; ${sum(all, ({ failed: faults }) => faults)} faults in ${sum(all, ({ calls }) => calls)} calls that could fail;
${sum(all, ({ turns }) => turns)} instants at which somebody comes or goes by time alone, all members compared ${sum(all, ({ looks }) => looks)} times; ${Math.round(seconds)} s
${cases} passed, ${failed} failed`);
    if (failed > 0 || cases < wanted) process.exitCode = 1;
  },
});
