// Hosts whose clocks are off, and step: seeds that found what did not bear it.
import { describe, expect, it } from 'vitest';
import { moodOf } from './mood.ts';
import { runSeed } from './run.ts';

describe('clocks of hosts that are off', () => {
  it.each([
    [55, 'a tally whose timer came early was never counted'],
    [51, 'a word from before a deletion brought its person back'],
    [100, 'a claim whose end came early stayed a claim'],
    [212, 'whoever was let in by a clock that was ahead stayed in a segment that was gone'],
  ])('break nothing: seed %i, in which %s', async (seed) => {
    expect(moodOf(seed).skew).toBeGreaterThan(0);
    expect((await runSeed(seed, 60)).broken).toEqual([]);
  });
});
