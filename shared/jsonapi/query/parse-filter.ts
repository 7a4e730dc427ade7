import { type ApiError, refuse } from '../../kernel/errors.ts';
import { instantIn } from '../instant.ts';
import { type Argument, type Call, FilterSyntaxError, type Quoted, type Word, readFilter } from './filter-syntax.ts';
import type { Filter, FilterSpec, FilterValueType, Literal, Operator } from './filter.ts';
import { shown } from './params.ts';

/** A hundred addresses of the greatest length do not fit, a hundred usual ones five times over. */
const maxLength = 16_384;
const maxConditions = 100;

/** How many values an operator takes after the field. */
const arity = {
  equals: 'one',
  'not-equals': 'one',
  'greater-than': 'one',
  'greater-or-equal': 'one',
  'less-than': 'one',
  'less-or-equal': 'one',
  contains: 'one',
  'starts-with': 'one',
  'ends-with': 'one',
  any: 'many',
  'contains-any': 'many',
  'contains-all': 'many',
  has: 'none',
  not: 'group',
  and: 'group',
  or: 'group',
} as const satisfies Record<Operator, 'one' | 'many' | 'none' | 'group'>;

type FieldSpec = NonNullable<FilterSpec[string]>;

/**
 * The conditions of a filter text, all of which must hold; top-level commas and `and(...)` become one list. Refuses with the
 * position of a fault of grammar, and with what is allowed when a field, operator or value is not. `at` names the
 * parameter or pointer that errors blame.
 */
export function parseFilter(text: string, spec: FilterSpec, at = 'filter'): Filter[] {
  if (text.length > maxLength)
    throw refuse('invalid', `The filter has ${text.length} characters, at most ${maxLength} are taken.`, at);
  const conditions = read(text, at).flatMap((call) => flatten(call));
  if (conditions.length > maxConditions)
    throw refuse('invalid', `The filter has more than ${maxConditions} conditions.`, at);
  return conditions.map((call) => condition(call, spec, at));
}

function read(text: string, at: string): Call[] {
  try {
    return readFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw refuse('invalid', `The filter is not valid. ${error.message}`, at);
    throw error;
  }
}

function flatten(call: Call): Call[] {
  if (call.name !== 'and' || call.args.length === 0) return [call];
  return call.args.flatMap((inner) => (inner.kind === 'call' ? flatten(inner) : [call]));
}

function condition(call: Call, spec: FilterSpec, at: string): Filter {
  const fail = (detail: string): ApiError => refuse('invalid', detail, at);
  const where = `at position ${call.at + 1}`;
  const operator = operatorOf(call.name);
  if (operator === undefined)
    throw fail(`'${shown(call.name)}' ${where} is not a filter operator. Use one of ${named(allOperators(spec))}.`);
  if (arity[operator] === 'group')
    throw fail(
      operator === 'and'
        ? `and(...) ${where} must hold conditions such as equals(field,"value").`
        : `${operator}(...) ${where} is not supported here. Conditions can only be joined with a comma or and(...).`,
    );
  const [subject, ...args] = call.args;
  if (subject?.kind !== 'word') throw fail(`${operator}(...) ${where} must name a field first.`);
  const field = Object.hasOwn(spec, subject.text) ? spec[subject.text] : undefined;
  if (field === undefined)
    throw fail(`'${shown(subject.text)}' is not a field that can be filtered. Use one of ${named(Object.keys(spec))}.`);
  if (!field.operators.includes(operator))
    throw fail(`'${subject.text}' does not take the operator '${operator}'. Use one of ${named(field.operators)}.`);
  const values = valuesOf(operator, args, (wanted) =>
    fail(`${operator}(${subject.text},...) ${where} takes ${wanted}.`),
  ).map((value) => literal(value, subject.text, field, operator, fail));
  return { field: subject.text, operator, values };
}

function valuesOf(operator: Operator, args: Argument[], fail: (wanted: string) => ApiError): (Word | Quoted)[] {
  const kind = arity[operator];
  const [first, ...rest] = args;
  if (kind === 'none') {
    if (first) throw fail('no value');
    return [];
  }
  if (kind === 'many') {
    if (first?.kind !== 'list' || first.items.length === 0 || rest.length > 0) throw fail('a list such as ["a","b"]');
    return first.items;
  }
  if (first === undefined || first.kind === 'list' || first.kind === 'call' || rest.length > 0)
    throw fail('exactly one value');
  return [first];
}

function literal(
  given: Word | Quoted,
  name: string,
  field: FieldSpec,
  operator: Operator,
  fail: (detail: string) => ApiError,
): Literal {
  if (given.kind === 'word' && given.text === 'null' && field.nullable && operator.endsWith('equals')) return null;
  const value = readers[field.type](given);
  if (value === undefined)
    throw fail(
      `'${name}' is compared with ${kinds[field.type]}, not with ${shown(given.text)} (position ${given.at + 1}).`,
    );
  if (field.values && typeof value === 'string' && !field.values.includes(value))
    throw fail(`'${shown(value)}' is not a value of '${name}'. Use one of ${named(field.values)}.`);
  return value;
}

const kinds = {
  string: 'a string in quotes',
  number: 'a number',
  boolean: 'true or false',
  datetime: 'a datetime such as 2026-01-31T09:30:00Z',
} as const satisfies Record<FilterValueType, string>;

const readers = {
  string: ({ kind, text }) => (kind === 'string' ? text : undefined),
  number: ({ kind, text }) =>
    kind === 'word' && /^-?\d+(\.\d+)?([eE][-+]?\d{1,2})?$/.test(text) ? Number(text) : undefined,
  boolean: ({ text }) => (text === 'true' ? true : text === 'false' ? false : undefined),
  datetime: ({ text }) => {
    const instant = instantIn(text);
    return instant === undefined ? undefined : { instant };
  },
} as const satisfies Record<FilterValueType, (given: Word | Quoted) => Literal | undefined>;

function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(arity, name) ? (name as Operator) : undefined;
}

function allOperators(spec: FilterSpec): string[] {
  return [...new Set(Object.values(spec).flatMap((field) => field.operators))].sort();
}

function named(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
