// The filter grammar: equals(email,"a@b.c"),greater-than(created,2026-01-01T00:00:00Z). Commas at the top level mean and.
import { refuse } from '../../kernel/errors.ts';
import type { Instant } from '../../kernel/time.ts';

/** What a filter compares with. Datetimes are instants in milliseconds, kept apart from numbers. */
export type Literal = string | number | boolean | null | { instant: number };

export type Operator =
  | 'equals'
  | 'not-equals'
  | 'any'
  | 'greater-than'
  | 'greater-or-equal'
  | 'less-than'
  | 'less-or-equal'
  | 'contains'
  | 'contains-any'
  | 'contains-all'
  | 'starts-with'
  | 'ends-with'
  | 'has'
  | 'not'
  | 'and'
  | 'or';

export type FilterValueType = 'string' | 'number' | 'boolean' | 'datetime';

/** Per field, the operators it takes and what they compare with. */
export type FilterSpec = Readonly<
  Record<
    string,
    {
      operators: readonly Operator[];
      type: FilterValueType;
      values?: readonly string[];
      /** `null` may be compared with. */
      nullable?: true;
    }
  >
>;

/** One condition of a checked filter. `any`, `contains-any` and `contains-all` carry several values, `has` none. */
export interface Filter {
  field: string;
  operator: Operator;
  values: readonly Literal[];
}

/** The instant that a filter on a field of the type `datetime` compares with. */
export function instantOfFilter({ field, values: [value] }: Filter): Instant {
  if (typeof value === 'object' && value !== null) return value.instant;
  throw refuse('invalid', `${field} is compared with a datetime.`, 'filter');
}
