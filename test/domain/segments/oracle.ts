// `npm run oracle -- 100000 7`: so many random definitions and histories, from this seed, against brute force. Tells how often
// everything that the grammar lets a condition choose was chosen, least often first, and what never came true. `npm run oracle -- --system 2000 1`: so
// many cases in the whole system under faults instead.
import fc from 'fast-check';
import type { BuiltCondition } from '../../../shared/domain/segments/index.ts';
import {
  casesOf,
  consentDefinitions,
  definitions,
  metricDefinitions,
  singleDefinitions,
  wayDefinitions,
} from '../../support/segment-arbitraries.ts';
import { allChoices, choicesIn } from '../../support/segment-choices.ts';
import { type Facts, belongs } from '../../support/segment-oracle.ts';
import { agree, candidates, instants } from './agree.ts';

if (process.argv[2] === '--system') {
  const [, , , cases = '2000', seed = '1'] = process.argv;
  Object.assign(process.env, { CASES: cases, SEED: seed });
  await import('../../simulation/segment-main.ts');
  process.exit();
}

const [cases = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const chosen = new Map(allChoices.map((choice) => [choice, 0]));
const untrue = new Set(chosen.keys());
let [looked, kinds] = [0, 0];

/** Whether the condition by itself holds now, or at any instant at which anything could change. */
function everHolds(condition: BuiltCondition, facts: Facts, now: number): boolean {
  const alone = { condition_groups: [{ conditions: [condition] }] };
  return [now, ...candidates(alone, facts, now)].some((at) => belongs(alone, facts, at));
}

/** Counts what a condition chose; what never was true so far may be now. */
function count(condition: BuiltCondition, facts: Facts, now: number): void {
  const choices = choicesIn(condition);
  for (const choice of choices) chosen.set(choice, (chosen.get(choice) ?? 0) + 1);
  const wanted = choices.filter((choice) => untrue.has(choice));
  if (wanted.length > 0 && everHolds(condition, facts, now)) for (const choice of wanted) untrue.delete(choice);
}

const property = fc.property(
  casesOf(fc.oneof(definitions, metricDefinitions, singleDefinitions, consentDefinitions, wayDefinitions)),
  instants,
  ([definition, facts], now) => {
    looked += agree(definition, facts, now);
    const conditions = definition.condition_groups.flatMap((group) => group.conditions);
    kinds += conditions.length;
    for (const condition of conditions) count(condition, facts, now);
  },
);
fc.assert(property, { numRuns: cases, seed });

const shown = 10;
const rarest = [...chosen].sort(([, a], [, b]) => a - b);
const never = rarest.filter(([, count]) => count === 0);
for (const [choice, count] of rarest.slice(0, Math.max(shown, never.length))) {
  process.stdout.write(`${String(count).padStart(8)}  ${choice}\n`);
}
for (const choice of untrue) process.stdout.write(`never true  ${choice}\n`);
process.stdout.write(
  `${chosen.size} operators and choices, ${never.length} of them never chosen, ${untrue.size} never true\n`,
);
process.stdout.write(`seed ${seed}: ${kinds} conditions, held against brute force at ${looked} instants\n`);
process.stdout.write(`${cases} passed, 0 failed\n`);
