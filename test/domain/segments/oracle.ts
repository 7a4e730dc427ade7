// `npm run oracle -- 100000 7`: so many random definitions and histories, from this seed, against brute force.
import fc from 'fast-check';
import { definitions, histories, metricDefinitions, singleDefinitions } from '../../support/segment-arbitraries.ts';
import { agree, instants } from './agree.ts';

const [cases = 100_000, seed = 1] = process.argv.slice(2).map(Number);
let [looked, kinds] = [0, 0];
const property = fc.property(
  fc.oneof(definitions, metricDefinitions, singleDefinitions),
  histories,
  instants,
  (definition, facts, now) => {
    looked += agree(definition, facts, now);
    kinds += definition.condition_groups.reduce((sum, { conditions }) => sum + conditions.length, 0);
  },
);
fc.assert(property, { numRuns: cases, seed });
process.stdout.write(`seed ${seed}: ${kinds} conditions, held against brute force at ${looked} instants\n`);
process.stdout.write(`${cases} passed, 0 failed\n`);
