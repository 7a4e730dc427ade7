// Callers are held up while the system is behind, so that what follows from a fact is never far behind its answer.
import { expect, it, vi } from 'vitest';
import { createRoom, type Room } from '../../functions/local/room.ts';

const small = 100;
const none = new Promise<void>(() => undefined);

/** Callers number 0 to n - 1 come with so many bytes; tells who is in. Their calls last until `answered`. */
function come(room: Room, n: number, { bytes = small, answered = Promise.resolve() } = {}): number[] {
  const entered: number[] = [];
  for (let number = 0; number < n; number += 1)
    void room(bytes, () => {
      entered.push(number);
      return answered;
    });
  return entered;
}

it('lets callers in at once while little is left to do', async () => {
  const room = createRoom(() => 10);
  expect(come(room, 100)).toHaveLength(100);
  await expect(room(small, () => Promise.resolve('told'))).resolves.toBe('told');
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

it('counts what a request brings until it is answered, and lets in alone who brings more than there is room for', async () => {
  let looks = 0;
  const room = createRoom(() => Number((looks += 1) < 0));
  const jobs = come(room, 3, { bytes: 1_400_000, answered: none });
  expect(jobs).toEqual([0, 1]);
  const large = createRoom(() => 0);
  const alone = come(large, 1, { bytes: 5_000_000, answered: none });
  const behind = come(large, 1);
  expect([alone, behind]).toEqual([[0], []]);
  looks = 0;
  await vi.waitFor(() => {
    expect(looks).toBeGreaterThan(3);
  });
  expect(jobs).toEqual([0, 1]);
});

it('lets go on who comes behind a call that failed', async () => {
  const room = createRoom(() => 0);
  await expect(room(5_000_000, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(come(room, 1)).toEqual([0]);
});
