// Counts and sums. What a sum loses to rounding is kept beside it (Neumaier), so that the order of events does not show.

/** What is added up: how many, their values, and what is too small to show in `sum`. */
export interface Sum {
  count: number;
  sum: number;
  lost: number;
}

export const nothing = (): Sum => ({ count: 0, sum: 0, lost: 0 });

/** Adds what was added up elsewhere; one event with its value is that too. */
export function add(to: Sum, { count, sum: value, lost }: Sum): void {
  const before = to.sum;
  const after = before + value;
  const error = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
  to.count += count;
  to.sum = after;
  to.lost += error + lost;
}

export const totalOf = ({ sum, lost }: Sum): number => sum + lost;
