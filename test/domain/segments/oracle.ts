// `npm run oracle -- 100000 7`: so many random definitions and histories, from this seed, against brute force. Tells how often
// everything that the grammar lets a condition choose was chosen, least often first. `npm run oracle -- --system 2000 1`: so
// many cases in the whole system under faults instead.
import fc from 'fast-check';
import {
  consentDefinitions,
  definitions,
  histories,
  metricDefinitions,
  singleDefinitions,
} from '../../support/segment-arbitraries.ts';
import { allChoices, choicesIn, isRefused } from '../../support/segment-choices.ts';
import { agree, instants } from './agree.ts';

if (process.argv[2] === '--system') {
  const [, , , cases = '2000', seed = '1'] = process.argv;
  Object.assign(process.env, { CASES: cases, SEED: seed });
  await import('../../simulation/segment-main.ts');
  process.exit();
}

const [cases = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const chosen = new Map(allChoices.filter((choice) => !isRefused(choice)).map((choice) => [choice, 0]));
let [looked, kinds] = [0, 0];
const property = fc.property(
  fc.oneof(definitions, metricDefinitions, singleDefinitions, consentDefinitions),
  histories,
  instants,
  (definition, facts, now) => {
    looked += agree(definition, facts, now);
    const conditions = definition.condition_groups.flatMap((group) => group.conditions);
    kinds += conditions.length;
    for (const choice of conditions.flatMap(choicesIn)) chosen.set(choice, (chosen.get(choice) ?? 0) + 1);
  },
);
fc.assert(property, { numRuns: cases, seed });

const shown = 10;
const rarest = [...chosen].sort(([, a], [, b]) => a - b);
const never = rarest.filter(([, count]) => count === 0);
for (const [choice, count] of rarest.slice(0, Math.max(shown, never.length))) {
  process.stdout.write(`${String(count).padStart(8)}  ${choice}\n`);
}
process.stdout.write(`${chosen.size} operators and choices, ${never.length} of them never chosen\n`);
process.stdout.write(`seed ${seed}: ${kinds} conditions, held against brute force at ${looked} instants\n`);
process.stdout.write(`${cases} passed, 0 failed\n`);
