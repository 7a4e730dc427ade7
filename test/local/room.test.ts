// Callers are held up while the system is behind, so that what follows from a fact is never far behind its answer.
import { expect, it, vi } from 'vitest';
import { createRoom } from '../../functions/local/room.ts';

/** Callers number 0 to n - 1 come; tells who is in. */
function come(room: () => Promise<void>, n: number): number[] {
  const entered: number[] = [];
  for (let number = 0; number < n; number += 1) void room().then(() => entered.push(number));
  return entered;
}

it('lets callers in at once while little is left to do', async () => {
  const entered = come(
    createRoom(() => 10),
    100,
  );
  await Promise.resolve();
  expect(entered).toHaveLength(100);
});

it('holds callers up while much is left, and lets them in as they came', async () => {
  let [left, looks] = [1_000_000, 0];
  const backlog = () => {
    looks += 1;
    return left;
  };
  const entered = come(createRoom(backlog), 40);
  await vi.waitFor(() => {
    expect(looks).toBeGreaterThan(3);
  });
  expect(entered).toEqual([]);
  left = 0;
  await vi.waitFor(() => {
    expect(entered).toHaveLength(40);
  });
  expect(entered).toEqual(Array.from({ length: 40 }, (_, number) => number));
});
