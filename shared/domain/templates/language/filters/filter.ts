import type { Fuel } from '../fuel.ts';
import type { Moment, Value } from '../values.ts';

/** What a filter may use beside its input. */
export interface FilterUse {
  fuel: Fuel;
  /** The value and the argument as they came, marks of safety included. */
  input: Value;
  given: Value;
  /** The present, on the account's clock. */
  now: Moment;
}

export interface Filter {
  /** Absent: the filter takes no argument. */
  argument?: 'optional' | 'required';
  /** `keeps`: a safe text stays safe. */
  safe?: 'keeps';
  /** Gets plain values (no marks of safety); the argument is undefined when none was written. */
  run: (value: Value, argument: Value, use: FilterUse) => Value;
}

export type Filters = Readonly<Record<string, Filter>>;
