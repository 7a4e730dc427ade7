import { type Instant, second, sortable } from '../../kernel/time.ts';
import { type Filter, instantOfFilter } from '../../jsonapi/query/filter.ts';

const lastInstant = Date.UTC(9999, 11, 31);

/** What filters on the `fields` leave of time, `sortable`, both ends inclusive. Undefined: nothing can lie between them. */
export function timeRange(
  filters: readonly Filter[],
  fields: readonly string[],
): { from: string; to: string } | undefined {
  const bounds = filters.filter(({ field }) => fields.includes(field)).map(boundOf);
  const from = Math.max(0, ...bounds.map((bound) => bound.from ?? 0));
  const to = Math.min(lastInstant, ...bounds.map((bound) => bound.to ?? lastInstant));
  return from > to ? undefined : { from: sortable(from), to: sortable(to) };
}

function boundOf(filter: Filter): { from?: Instant; to?: Instant } {
  const at = instantIn(filter);
  if (filter.operator === 'greater-than') return { from: Math.floor(at) + 1 };
  if (filter.operator === 'greater-or-equal') return { from: Math.ceil(at) };
  if (filter.operator === 'less-than') return { to: Math.ceil(at) - 1 };
  return { to: Math.floor(at) };
}

/** Times are given as datetimes, or as numbers of seconds. */
function instantIn(filter: Filter): Instant {
  const [value] = filter.values;
  return typeof value === 'number' ? value * second : instantOfFilter(filter);
}
