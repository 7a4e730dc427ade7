// Filters, sorts and pages a collection that is small and at hand: definitions of an account.
import type { ParsedQuery } from '../operation.ts';
import type { Resource, ResourcePage } from '../resource.ts';
import type { Filter, Literal, Operator } from './filter.ts';

type Comparable = string | number;

/**
 * The page of `resources` that the query asks for. Fields are `id` or attributes, dotted where they nest; fields that
 * are no attribute are looked up in `extra`. Sorts by the query's sort, else by id. The position is the
 * last resource's sort value and id, so that pages stay complete while resources come and go.
 */
export function pageInMemory(
  resources: readonly Resource[],
  query: Pick<ParsedQuery, 'filters' | 'sort' | 'page'>,
  extra: Readonly<Record<string, (resource: Resource) => unknown>> = {},
): ResourcePage {
  const read = (resource: Resource, field: string) =>
    extra[field] ? extra[field](resource) : valueAt(resource, field);
  const kept = resources.filter((one) => query.filters.every((filter) => holds(filter, read(one, filter.field))));
  const { sort } = query;
  const direction = sort?.descending ? -1 : 1;
  const place = (one: Resource): [Comparable, string] => [sort ? comparable(read(one, sort.field)) : one.id, one.id];
  const order = (a: [Comparable, string], b: [Comparable, string]) =>
    direction * (compare(a[0], b[0]) || compare(a[1], b[1]));
  const sorted = kept.map((one) => ({ one, at: place(one) })).sort((a, b) => order(a.at, b.at));
  const { position } = query.page;
  const after = position === undefined ? undefined : (JSON.parse(position) as [Comparable, string]);
  const rest = after ? sorted.filter(({ at }) => order(at, after) > 0) : sorted;
  const page = rest.slice(0, query.page.size);
  const last = page.at(-1);
  const more = last && rest.length > page.length;
  return { resources: page.map(({ one }) => one), ...(more && { next: JSON.stringify(last.at) }) };
}

function valueAt(resource: Resource, field: string): unknown {
  if (field === 'id') return resource.id;
  return field.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[name];
  }, resource.attributes);
}

function comparable(value: unknown): Comparable {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? value : '';
}

function compare(a: Comparable, b: Comparable): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Compares a stored value with a literal; datetimes by the instant. NaN: not comparable. */
function against(value: unknown, literal: Literal): number {
  if (typeof literal === 'object' && literal !== null) return Date.parse(String(value)) - literal.instant;
  if (typeof value === 'number' && typeof literal === 'number') return value - literal;
  if (typeof value === 'string' && typeof literal === 'string') return compare(value, literal);
  return value === literal || ((value === undefined || value === null) && literal === null) ? 0 : Number.NaN;
}

const tests: Partial<Record<Operator, (value: unknown, values: readonly Literal[]) => boolean>> = {
  equals: (value, [literal]) => literal !== undefined && against(value, literal) === 0,
  'not-equals': (value, [literal]) => literal !== undefined && against(value, literal) !== 0,
  any: (value, values) => values.some((literal) => against(value, literal) === 0),
  contains: (value, [literal]) => typeof literal === 'string' && includes(value, literal),
  'starts-with': (value, [literal]) => typeof literal === 'string' && String(value).startsWith(literal),
  'ends-with': (value, [literal]) => typeof literal === 'string' && String(value).endsWith(literal),
  'greater-than': (value, [literal]) => literal !== undefined && against(value, literal) > 0,
  'greater-or-equal': (value, [literal]) => literal !== undefined && against(value, literal) >= 0,
  'less-than': (value, [literal]) => literal !== undefined && against(value, literal) < 0,
  'less-or-equal': (value, [literal]) => literal !== undefined && against(value, literal) <= 0,
};

function includes(value: unknown, part: string): boolean {
  if (Array.isArray(value)) return value.includes(part);
  return typeof value === 'string' && value.toLowerCase().includes(part.toLowerCase());
}

/** Whether a value of the filter's field is one that the filter lets through. */
export function holds(filter: Filter, value: unknown): boolean {
  const test = tests[filter.operator];
  if (!test) throw new Error(`Collections in memory do not answer the operator ${filter.operator}.`);
  return test(value, filter.values);
}
