import { describe, expect, it } from 'vitest';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { admit, evaluate } from '../../../shared/domain/segments/index.ts';
import { goldenDefinitions } from '../../golden/segments/definitions.ts';
import { golden } from '../../golden/segments/index.ts';
import { allChoices, choicesIn } from '../../support/segment-choices.ts';
import { belongs, nothing } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

const now = Date.UTC(2026, 5, 1, 12);
const rules = Object.entries(golden(now));

describe('what behaviour 4.2 says', () => {
  it.each(rules)('%s', (_, cases) => {
    expect(cases, 'a rule without cases shows nothing').not.toEqual([]);
    for (const { condition, facts: some, holds } of cases) {
      const asked = segmentDefinition.parse({ condition_groups: [{ conditions: [condition] }] });
      const facts = { ...nothing, ...some };
      const told = `${JSON.stringify(condition)} of ${JSON.stringify(some)}`;
      expect(evaluate(admit(asked, ''), snapshotOf(facts), now).member, told).toBe(holds);
      expect(belongs(asked, facts, now), `brute force: ${told}`).toBe(holds);
    }
  });
});

describe('what behaviour 4.2 says of whole definitions', () => {
  it.each(Object.entries(goldenDefinitions(now)))('%s', (_, cases) => {
    expect(cases, 'a rule without cases shows nothing').not.toEqual([]);
    for (const { groups, facts: some, holds } of cases) {
      const asked = segmentDefinition.parse({ condition_groups: groups.map((conditions) => ({ conditions })) });
      const facts = { ...nothing, ...some };
      const told = `${JSON.stringify(groups)} of ${JSON.stringify(some)}`;
      expect(evaluate(admit(asked, ''), snapshotOf(facts), now).member, told).toBe(holds);
      expect(belongs(asked, facts, now), `brute force: ${told}`).toBe(holds);
    }
  });
});

/** Nobody is implicitly reachable, and of RCS nothing is known. */
const neverHolds = (choice: string) => /implicitly_reachable$|is_rcs_capable/.test(choice);

describe('the golden cases', () => {
  const chosen = (holds: boolean) =>
    new Set(
      rules.flatMap(([, cases]) =>
        cases.filter((one) => one.holds === holds).flatMap(({ condition }) => choicesIn(condition)),
      ),
    );

  it('have, of everything that the grammar lets a condition choose, one that holds and one that does not', () => {
    const [yes, no] = [chosen(true), chosen(false)];
    expect(allChoices.filter((choice) => !yes.has(choice) && !neverHolds(choice))).toEqual([]);
    expect(allChoices.filter((choice) => !no.has(choice))).toEqual([]);
    expect([...yes, ...no].filter((choice) => !allChoices.includes(choice))).toEqual([]);
  });
});
