import { describe, expect, it } from 'vitest';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { admit, evaluate } from '../../../shared/domain/segments/index.ts';
import { belongs } from '../../support/segment-oracle.ts';
import { nothing, snapshotOf } from './facts.ts';
import { type Case, consents, dates, now, values } from './golden.ts';
import { deeds, places } from './golden-deeds.ts';

const told = ({ condition, facts, holds }: Case) => [JSON.stringify(condition), JSON.stringify(facts), holds] as const;

describe.each(Object.entries({ values, dates, consents, deeds, places }))('%s', (_, cases) => {
  it.each(cases.map((one) => [...told(one), one] as const))('%s of %s: %s', (_condition, _facts, holds, one) => {
    const asked = segmentDefinition.parse({ condition_groups: [{ conditions: [one.condition] }] });
    const facts = { ...nothing, ...one.facts };
    expect(evaluate(admit(asked, ''), snapshotOf(facts), now).member).toBe(holds);
    expect(belongs(asked, facts, now)).toBe(holds);
  });
});
