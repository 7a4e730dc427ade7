// What is drawn for one thing changes nothing for another.
import { expect, test } from 'vitest';
import { runSeed } from './run.ts';
import { priorities, starving, uniform } from './schedule.ts';
import { stream } from './streams.ts';

const some = (draw: () => number) => Array.from({ length: 20 }, draw);

test('streams of a seed differ from each other, from other places and from other seeds', () => {
  const all = [stream(1, 'workload'), stream(1, 'faults'), stream(1, 'workload', 1), stream(2, 'workload')];
  expect(new Set(all.map((draw) => some(draw).join())).size).toBe(all.length);
  expect(some(stream(7, 'order', 3))).toEqual(some(stream(7, 'order', 3)));
});

test('without faults callers do the same', async () => {
  const [unruly, calm] = [await runSeed(5, 30), await runSeed(5, 30, { calm: true })];
  expect(calm.taken).toEqual(unruly.taken);
  expect(calm.broken).toEqual([]);
  expect(calm.hash).not.toBe(unruly.hash);
});

const waiting = [
  { function: 'changes', container: 1 },
  { function: 'flows', container: 2 },
  { function: 'jobs', container: 3 },
] as const;

test('whoever has the first priority goes on until a change of priorities makes him the last', () => {
  const policy = priorities(stream(3, 'order'), 10);
  const picks = Array.from({ length: 10 }, (_, step) => policy(waiting, step));
  const changes = picks.filter((pick, step) => step > 0 && pick !== picks[step - 1]).length;
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThan(4);
});

test('whoever is starved goes on only when he is alone; nobody is starved otherwise', () => {
  const draws = [starving(stream(1, 'order'), 'flows'), uniform(stream(1, 'order'))];
  const [starved, fair] = draws.map(
    (policy) => new Set(Array.from({ length: 60 }, (_, step) => policy(waiting, step))),
  );
  expect(starved).toEqual(new Set([0, 2]));
  expect(fair).toEqual(new Set([0, 1, 2]));
  expect(starving(stream(1, 'order'), 'flows')([waiting[1]], 0)).toBe(0);
});
