import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Definition, evaluate } from '../../../shared/domain/segments/index.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { definitions, histories, metricDefinitions, start } from '../../support/segment-arbitraries.ts';
import { type Facts, belongs } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

const offsets = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, 0, 1, -1, 1000));
const instants = offsets.map(([hours, ms]) => start + hours * hour + ms);

/** Every instant at which anything could change, by the numbers that stand in definition and facts alone. */
function candidates(definition: Definition, facts: Facts): number[] {
  const texts = JSON.stringify([definition, facts.properties]).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
  const times = [
    ...facts.events.map(({ at }) => at),
    ...facts.lists.map(({ joined }) => joined),
    ...texts.map((text) => Date.parse(text)),
  ];
  const lengths = [...JSON.stringify(definition).matchAll(/"(?:quantity|start|end)":(\d+)/g)].map(([, n]) => Number(n));
  const spans = [0, ...lengths.flatMap((n) => [n * hour, n * day, -n * hour, -n * day])];
  return times.flatMap((at) => spans.flatMap((span) => [at + span - 1, at + span, at + span + 1]));
}

for (const [name, arbitrary] of [
  ['any definition', definitions],
  ['a single condition on events', metricDefinitions],
] as const) {
  test(`${name} says of any history what brute force says, and flips exactly when brute force does`, () => {
    fc.assert(
      fc.property(arbitrary, histories, instants, (definition, facts, now) => {
        const { member, flipsAt } = evaluate(definition, snapshotOf(facts), now);
        expect(member).toBe(belongs(definition, facts, now));
        const later = candidates(definition, facts).filter((at) => at > now);
        for (const at of later) if (at < (flipsAt ?? Infinity)) expect(belongs(definition, facts, at)).toBe(member);
        if (flipsAt === undefined) return;
        expect(flipsAt).toBeGreaterThan(now);
        expect(belongs(definition, facts, flipsAt - 1)).toBe(member);
        expect(belongs(definition, facts, flipsAt)).toBe(!member);
      }),
      { numRuns: 2000 },
    );
  });
}
