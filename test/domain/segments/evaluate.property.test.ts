import fc from 'fast-check';
import { test } from 'vitest';
import {
  casesOf,
  consentDefinitions,
  definitions,
  metricDefinitions,
  singleDefinitions,
  wayDefinitions,
} from '../../support/segment-arbitraries.ts';
import { agree, instants } from './agree.ts';

test.each([
  ['any definition', definitions],
  ['a single condition on events', metricDefinitions],
  ['a single condition of any kind', singleDefinitions],
  ['a single condition on consent', consentDefinitions],
  ['a single condition on the way of consent', wayDefinitions],
] as const)('%s says of any history what brute force says, and flips exactly when brute force does', (_, arbitrary) => {
  const property = fc.property(
    casesOf(arbitrary),
    instants,
    ([definition, facts], now) => void agree(definition, facts, now),
  );
  fc.assert(property, { numRuns: 1000 });
});
