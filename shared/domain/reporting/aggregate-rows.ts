// The rows of an aggregate while they are added up: counts and sums by interval, and people, each once in an interval.
import { type Instant } from '../../kernel/time.ts';
import { bucketOf } from './buckets.ts';
import { type Sum, add, nothing, totalOf } from './sums.ts';

export const measurements = ['count', 'sum_value', 'unique'] as const;
export type Measurement = (typeof measurements)[number];

/** One combination of values of the dimensions, with a number for each interval. */
export interface Row {
  dimensions: readonly string[];
  measurements: Readonly<Record<string, readonly number[]>>;
}

/** What is added up of one row, for each interval. */
interface Sums {
  dimensions: readonly string[];
  sums: readonly Sum[];
  /** People of intervals of which more may come; how many there were in the others. */
  people: (ReadonlySet<string> | number | undefined)[];
}

/** A row in the making. */
export interface Adding {
  add: (at: Instant, sum: Sum, people: readonly string[]) => void;
}

export interface Rows {
  /** The row with these values. */
  row: (dimensions: readonly string[]) => Adding;
  /** Nothing more comes from before this instant: people of closed intervals are forgotten, and stay counted. */
  close: (until: Instant) => void;
  rows: (wanted: readonly Measurement[]) => Row[];
}

/** No rows yet, for intervals that begin at `starts`. */
export function createRows(starts: readonly Instant[]): Rows {
  const all = new Map<string, Sums>();
  let closed = 0;

  function there(dimensions: readonly string[]): Sums {
    const name = JSON.stringify(dimensions);
    const row = all.get(name) ?? { dimensions, sums: starts.map(nothing), people: starts.map(() => undefined) };
    all.set(name, row);
    return row;
  }

  function meet(row: Sums, bucket: number, people: readonly string[]): void {
    const before = row.people[bucket];
    const set = before instanceof Set ? (before as Set<string>) : new Set<string>();
    for (const person of people) set.add(person);
    row.people[bucket] = set;
  }

  return {
    row(dimensions) {
      const row = there(dimensions);
      return {
        add(at, more, people) {
          const bucket = bucketOf(starts, at);
          const sum = row.sums[bucket];
          if (sum) add(sum, more);
          if (people.length > 0) meet(row, bucket, people);
        },
      };
    },
    close(until) {
      for (; closed + 1 < starts.length && (starts[closed + 1] ?? Infinity) <= until; closed += 1) {
        for (const { people } of all.values()) people[closed] = sizeOf(people[closed]);
      }
    },
    rows: (wanted) => [...all.values()].map((row) => rowOf(row, wanted)),
  };
}

const sizeOf = (people: Sums['people'][number]): number => (typeof people === 'number' ? people : (people?.size ?? 0));

function rowOf({ dimensions, sums, people }: Sums, wanted: readonly Measurement[]): Row {
  const numbers: Readonly<Record<Measurement, () => number[]>> = {
    count: () => sums.map(({ count }) => count),
    sum_value: () => sums.map(totalOf),
    unique: () => people.map(sizeOf),
  };
  return { dimensions, measurements: Object.fromEntries(wanted.map((name) => [name, numbers[name]()])) };
}
