// Seeds that found something only after some hundred operations: up to 500 of them, where other seeds here take 40 turns. What each
// found has a test of its own beside what was wrong.
import { expect, it } from 'vitest';
import { runSeed } from './run.ts';

it.each([
  [111, 'a link did not confirm what was asked for after a deletion, where clocks differ'],
  [316, 'a worker that stood still planned the build of a removed segment anew, and nobody ended it'],
  [413, 'the timer of a claim stayed, which a release before wrote three hours late'],
  [670, 'a timer that was set anew while it was being sent was removed'],
  [724, 'a timer that was sent on was taken for a mark of its quarter of an hour, which stayed without one'],
  [847, 'an edit kept whom a clock that was ahead had let in, as one that was behind planned the build'],
  [867, 'a timer that was set anew was removed, where the clock was minutes behind'],
  [1061, 'a link of somebody who was forgotten need not confirm before it is erased (the simulation)'],
  [1181, 'an opt-in was written behind the deletion of its person'],
  [1249, 'a message that was claimed waited behind callers while its person was forgotten (the simulation)'],
  [2085, 'what a failing port was tried with at its end was never put back (the simulation)'],
  [2294, 'a request whose caller had his answer was worked on anew (the simulation)'],
  [2356, 'a withdrawal on the page of somebody who was forgotten waits for whoever takes the address (the simulation)'],
])('seed %i holds: %s', async (seed) => {
  expect((await runSeed(seed, 100, { operations: 500 })).broken).toEqual([]);
});
