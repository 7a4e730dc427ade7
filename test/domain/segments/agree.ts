// Holds a verdict against brute force: now, at every instant at which anything could change, and at the flip.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Definition, evaluate } from '../../../shared/domain/segments/index.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { start } from '../../support/segment-arbitraries.ts';
import { type Facts, belongs } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

/** Around the start, and where a year, a 28 February or summer time in Europe and America begins or ends. */
const moments = [start, start, start, start, Date.UTC(2027, 1, 28), Date.UTC(2028, 1, 29), Date.UTC(2028, 2, 1)].concat(
  [Date.UTC(2027, 0, 1), Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 2, 8, 10)],
);
export const instants = fc
  .tuple(fc.constantFrom(...moments), fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, 0, 1, -1, 1000))
  .map(([moment, hours, ms]) => moment + hours * hour + ms);

/** The same day of another year, and the beginnings of its day and month and of the next ones. */
function turning(at: number, year: number): number[] {
  const date = new Date(at);
  const [month, dayOfMonth] = [date.getUTCMonth(), date.getUTCDate()];
  return [28, 29, dayOfMonth]
    .map((one) => Date.UTC(year, month, one) + (at % day))
    .concat([Date.UTC(year, month, dayOfMonth), Date.UTC(year, month, dayOfMonth + 1), Date.UTC(year, month)])
    .concat([Date.UTC(year, month + 1), Date.UTC(year, 1, 28), Date.UTC(year, 2, 1)]);
}

/** Instants at which anything could change, by the numbers that stand in definition and facts alone: the next ones. */
export function candidates(definition: Definition, facts: Facts, now: number): number[] {
  const texts = JSON.stringify([definition, facts]).match(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g) ?? [];
  const numbers = JSON.stringify(facts).match(/\d{13}/g) ?? [];
  const times = [...new Set([...numbers.map(Number), ...texts.map((text) => Date.parse(text))])];
  const yearly = /anniversary/.test(JSON.stringify(definition));
  const year = new Date(now).getUTCFullYear();
  const turned = yearly ? times.flatMap((at) => [year, year + 1].flatMap((one) => turning(at, one))) : [];
  const lengths = [...JSON.stringify(definition).matchAll(/"(?:quantity|start|end)":(\d+)/g)].map(([, n]) => Number(n));
  const spans = [0, ...new Set(lengths)].flatMap((n) => [hour, day, 7 * day].flatMap((unit) => [n * unit, -n * unit]));
  const all = [...times, ...turned].flatMap((at) => spans.flatMap((span) => [at + span - 1, at + span, at + span + 1]));
  return [...new Set(all)].filter((at) => at > now).sort((a, b) => a - b);
}

/** The first ones, and some of those that follow. */
const some = (instants: readonly number[]) => instants.filter((_, i) => i < 30 || i % 97 === 0);

/** Throws when the evaluation and brute force differ; answers how many instants were looked at. */
export function agree(definition: Definition, facts: Facts, now: number): number {
  const { member, flipsAt, lookAgainAt } = evaluate(definition, snapshotOf(facts), now);
  assert.equal(member, belongs(definition, facts, now), 'now');
  const before = some(candidates(definition, facts, now).filter((at) => at < (flipsAt ?? lookAgainAt ?? Infinity)));
  for (const at of before) assert.equal(belongs(definition, facts, at), member, `at ${at}, before the flip`);
  if (flipsAt === undefined) return before.length + 1;
  assert.ok(flipsAt > now);
  assert.equal(belongs(definition, facts, flipsAt - 1), member, 'just before the flip');
  assert.equal(belongs(definition, facts, flipsAt), !member, 'at the flip');
  return before.length + 3;
}
