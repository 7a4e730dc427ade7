import fc from 'fast-check';
import { test } from 'vitest';
import {
  consentDefinitions,
  definitions,
  histories,
  metricDefinitions,
  singleDefinitions,
} from '../../support/segment-arbitraries.ts';
import { agree, instants } from './agree.ts';

test.each([
  ['any definition', definitions],
  ['a single condition on events', metricDefinitions],
  ['a single condition of any kind', singleDefinitions],
  ['a single condition on consent', consentDefinitions],
] as const)('%s says of any history what brute force says, and flips exactly when brute force does', (_, arbitrary) => {
  const property = fc.property(
    arbitrary,
    histories,
    instants,
    (definition, facts, now) => void agree(definition, facts, now),
  );
  fc.assert(property, { numRuns: 1000 });
});
