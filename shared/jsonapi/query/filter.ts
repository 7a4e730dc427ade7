// The filter grammar: equals(email,"a@b.c"),greater-than(created,2026-01-01T00:00:00Z). Commas at the top level mean and.
import { refuse } from '../../kernel/errors.ts';
import { type Instant, sortable } from '../../kernel/time.ts';

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

/** The texts that filters on a field of the type `string` compare with. */
export function textsIn(filters: readonly Filter[], field: string): string[] {
  return filters
    .filter((filter) => filter.field === field)
    .flatMap(({ values }) => values.filter((value) => typeof value === 'string'));
}

/** What filters on one datetime leave of time, to the millisecond: inclusive bounds, `sortable`. */
export function rangeOf(filters: readonly Filter[]): { from?: string; to?: string } {
  const bounds = filters.map((filter) => boundOf(filter.operator, instantOfFilter(filter)));
  const from = bounds.flatMap((bound) => bound.from ?? []);
  const to = bounds.flatMap((bound) => bound.to ?? []);
  return {
    ...(from.length > 0 && { from: sortable(Math.max(...from)) }),
    ...(to.length > 0 && { to: sortable(Math.min(...to)) }),
  };
}

/** Whether a time (`sortable`) lies in a range of `rangeOf`. */
export function isWithin({ from, to }: { from?: string; to?: string }, at: string): boolean {
  return (from === undefined || at >= from) && (to === undefined || at <= to);
}

function boundOf(operator: Operator, at: Instant): { from?: Instant; to?: Instant } {
  if (operator === 'greater-or-equal') return { from: at };
  if (operator === 'greater-than') return { from: at + 1 };
  if (operator === 'less-or-equal') return { to: at };
  return { to: at - 1 };
}
