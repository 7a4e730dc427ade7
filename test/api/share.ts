// npm test sends each operation a fifteenth of what is odd, another one the next; SWEEP=all sends everything to each.
import { operations } from './stage.ts';

const parts = process.env['SWEEP'] === 'all' ? 1 : 15;

/** Of `all`, what the operation `id` is tried with in this run. */
export function shareOf<T>(all: readonly T[], id: string): T[] {
  const turn = operations.findIndex((one) => one.id === id);
  return all.filter((_, i) => (i + turn) % parts === 0);
}
