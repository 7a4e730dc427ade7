// Filters on values that do not change with time. A filter of one type never matches a value of another, and only
// existence filters match what is not set: negative ones do not either.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { AnyFilter, Comparison } from './filters.ts';
import { isFound } from './regex.ts';

/** Filters on values, dates left out. */
export type ValueFilter = Exclude<AnyFilter, { type: 'date' }>;
type Kind = ValueFilter['type'];
type Of<K extends Kind> = Extract<ValueFilter, { type: K }>;

/** By the sign of the difference. */
const comparisons = {
  equals: (order) => order === 0,
  'not-equals': (order) => order !== 0,
  'greater-than': (order) => order > 0,
  'greater-than-or-equal': (order) => order >= 0,
  'less-than': (order) => order < 0,
  'less-than-or-equal': (order) => order <= 0,
} as const satisfies Record<Comparison, (order: number) => boolean>;

/** `a` compared with `b`. */
export function compare<T extends number | bigint>(operator: Comparison, a: T, b: T): boolean {
  return comparisons[operator](a < b ? -1 : a > b ? 1 : 0);
}

/** Case counts. */
const textTests = {
  equals: (text, value) => text === value,
  contains: (text, value) => text.includes(value),
  'starts-with': (text, value) => text.startsWith(value),
  'ends-with': (text, value) => text.endsWith(value),
  regex: isFound,
} as const satisfies Record<string, (text: string, value: string) => boolean>;

function textMatches(text: string, filter: Of<'string'>): boolean {
  const { operator, value } = filter;
  if (Array.isArray(value)) return listed(operator, text, value);
  const positive = operator.replace(/^not-|^n(?=regex)/, '');
  if (value === null || !isTextTest(positive)) return false;
  return textTests[positive](text, value) === (operator === positive);
}

const isTextTest = (name: string): name is keyof typeof textTests => Object.hasOwn(textTests, name);

/** One of some texts, or a number of one of some countries; what is no number is of none, and matches neither way. */
function listed(operator: Of<'string'>['operator'], text: string, values: readonly string[]): boolean {
  if (operator === 'in' || operator === 'not-in') return values.includes(text) === (operator === 'in');
  const country = parsePhoneNumberFromString(text)?.country;
  if (country === undefined) return false;
  return values.includes(country) === (operator === 'phone-country-code-in');
}

/** Positive tests of flat lists; `not-` turns each around. */
const listTests = {
  contains: (items, value) => items.includes(value),
  'contains-any': (items, value) => Array.isArray(value) && value.some((one) => items.includes(one)),
  'contains-all': (items, value) => Array.isArray(value) && value.every((one) => items.includes(one)),
  'contains-substring': (items, value) =>
    typeof value === 'string' && items.some((item) => typeof item === 'string' && item.includes(value)),
} as const satisfies Record<string, (items: readonly unknown[], value: unknown) => boolean>;

const isListTest = (name: string): name is keyof typeof listTests => Object.hasOwn(listTests, name);

/** Only flat lists are looked into. */
const isFlat = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && !value.some((item) => typeof item === 'object' && item !== null);

function listMatches(items: readonly unknown[], { operator, value }: Of<'list'>): boolean {
  const positive = operator.replace(/^not-/, '');
  if (isListTest(positive)) return listTests[positive](items, value) === (operator === positive);
  const length = /^length-(.*)$/.exec(operator)?.[1];
  if (length === undefined || typeof value !== 'number') return false;
  return compare(length as Comparison, items.length, value);
}

const tests = {
  string: (value, filter) => typeof value === 'string' && textMatches(value, filter),
  numeric: (value, filter) => typeof value === 'number' && compare(filter.operator, value, filter.value),
  boolean: (value, filter) => value === filter.value,
  list: (value, filter) => isFlat(value) && listMatches(value, filter),
  existence: (_, filter) => filter.operator === 'is-set',
} as const satisfies { [K in Kind]: (value: unknown, filter: Of<K>) => boolean };

/** Whether a value matches; undefined is a value that is not set. */
export function matches(value: unknown, filter: ValueFilter): boolean {
  if (value === undefined) return filter.type === 'existence' && filter.operator === 'not-set';
  // The type chose the entry that takes this filter.
  return (tests[filter.type] as (value: unknown, filter: ValueFilter) => boolean)(value, filter);
}

/** A property of a profile; null and the empty text are not set. */
export function profileValue(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

/** A property of an event; 0, null and the empty text are not set. */
export function eventValue(value: unknown): unknown {
  return value === 0 ? undefined : profileValue(value);
}
