// What a run counts of its own checks, for the figures of docs/reliability.md.

/** How much was looked at, and what became of messages. */
export interface Sums {
  /** Requests that were answered, each held against what the oracle expects. */
  answers: number;
  /** Changes of the table, each watched as it came. */
  changes: number;
  /** Items that stood in the table when it was looked at at rest. */
  items: number;
  /** Withdrawals and deletions that were answered, after which nobody may be written to. */
  withdrawals: number;
  /** Messages that came to an end. */
  messages: number;
}

export const noSums = (): Sums => ({ answers: 0, changes: 0, items: 0, withdrawals: 0, messages: 0 });

/** All of these together. */
export function total(all: readonly Sums[]): Sums {
  const sums = noSums();
  for (const one of all) for (const name of Object.keys(sums) as (keyof Sums)[]) sums[name] += one[name];
  return sums;
}
