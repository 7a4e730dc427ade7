// Filters on lists. What is no list counts as empty.
import { contains, equal, order } from '../compare.ts';
import type { Fuel } from '../fuel.ts';
import { textOf } from '../text.ts';
import { type Value, elementsOf, member, numberOf, plain, sizeOf, truthy } from '../values.ts';
import type { Filter, Filters } from './filter.ts';

const list = (value: Value): readonly Value[] => (Array.isArray(value) ? value : []);

/** A member at a dotted path. */
const along = (value: Value, path: string): Value => path.split('.', 20).reduce<Value>(member, value);

/** Numbers before texts, the rest last, each in the order they came. */
const rank = (value: Value) =>
  typeof value === 'number' || typeof value === 'boolean' ? 0 : typeof value === 'string' ? 1 : 2;

function sorted(value: Value, by: (one: Value) => Value, fuel: Fuel): readonly Value[] {
  const elements = list(value);
  fuel.spend(elements.length * Math.ceil(Math.log2(elements.length + 1)));
  return elements
    .map((element) => ({ element, key: plain(by(element)) }))
    .sort((a, b) => rank(a.key) - rank(b.key) || (order(a.key, b.key) ?? 0))
    .map(({ element }) => element);
}

const sort = (fold: (key: Value) => Value, backwards = false): Filter => ({
  argument: 'optional',
  run: (value, argument, { fuel }) => {
    const path = argument === undefined ? undefined : textOf(argument, fuel);
    const found = sorted(value, (one) => fold(path === undefined ? one : along(one, path)), fuel);
    return backwards ? found.toReversed() : found;
  },
});

/** A bound of a slice as it is written: undefined when it is left out, NaN when it is no whole number. */
const boundOf = (text: string): number | undefined =>
  text === '' ? undefined : /^\s*[-+]?\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;

/** The places that Python's `start:stop:step` takes of so many, in its order. */
function placesOf(length: number, [start, stop, step = 1]: readonly (number | undefined)[]): number[] {
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const within = (bound: number) => Math.min(highest, Math.max(lowest, bound < 0 ? bound + length : bound));
  const [from, to] = step > 0 ? [within(start ?? 0), within(stop ?? length)] : [within(start ?? length - 1), stop];
  const end = step > 0 ? (to ?? length) : to === undefined ? -1 : within(to);
  return Array.from({ length: Math.max(0, Math.ceil((end - from) / step)) }, (_, n) => from + n * step);
}

/** Python's slice: `":3"`, `"-2:"`, `"1:4"`, `"::-1"`; on lists and texts. What is none leaves the value as it is. */
const slice: Filter['run'] = (value, argument, use) => {
  if (typeof value !== 'string' && !Array.isArray(value)) return value;
  const written = textOf(argument, use.fuel).split(':', 4).map(boundOf);
  if (written.length > 3 || written.some((bound) => Number.isNaN(bound)) || written[2] === 0) return value;
  const elements: readonly Value[] = Array.isArray(value) ? value : Array.from(value);
  // A number alone is where it ends.
  const places = placesOf(elements.length, written.length === 1 ? [undefined, written[0]] : written);
  use.fuel.spend(places.length);
  const kept = places.map((place) => elements[place]);
  return typeof value === 'string' ? kept.join('') : kept;
};

/** The texts of a list with something between them, paid for before they are joined. */
function joined(value: Value, between: string, fuel: Fuel): string {
  const texts = elementsOf(value).map((one) => textOf(one, fuel));
  fuel.make(texts.reduce((length, text) => length + text.length + between.length, 0));
  return texts.join(between);
}

const literal = (text: string): Value => (text.trim() === '' ? '' : (numberOf(text) ?? text));

const conditions = {
  '>=': (found: number) => found >= 0,
  '<=': (found: number) => found <= 0,
  '>': (found: number) => found > 0,
  '<': (found: number) => found < 0,
} as const;

/** `k=v`, `k!=v`, `k>v`, `k>=v`, `k<v`, `k<=v`: whether an element has it so. */
function keeps(rule: string, fuel: Fuel): (element: Value) => boolean {
  const [, path = '', sign = '', wanted = ''] = /^([^=<>!]*)(!=|>=|<=|==|=|>|<)(.*)$/s.exec(rule) ?? [];
  const key = path.trim();
  const value = wanted.trim().replace(/^(["'])(.*)\1$/s, '$2');
  if (sign === '') return (element) => truthy(along(element, rule.trim()));
  const same = (element: Value) => equal(textOf(along(element, key), fuel), value, fuel);
  if (sign === '!=') return (element) => !same(element);
  const compare = conditions[sign as keyof typeof conditions] as ((found: number) => boolean) | undefined;
  if (!compare) return same;
  return (element) => {
    const have = along(element, key);
    const found = order(numberOf(have) ?? have, literal(value));
    return found !== undefined && compare(found);
  };
}

const filtered: Filter = {
  argument: 'required',
  run: (value, argument, { fuel }) => list(value).filter(keeps(textOf(argument, fuel), fuel)),
};

const uniq: Filter['run'] = (value, _, { fuel }) => {
  const seen = new Set<string>();
  return list(value).filter((one) => {
    const name = `${typeof plain(one)} ${textOf(one, fuel)}`;
    return !seen.has(name) && seen.add(name);
  });
};

const length: Filter = { run: (value) => (typeof value === 'number' || value == null ? 0 : sizeOf(value)) };

const concat: Filter['run'] = (value, argument, { fuel }) => {
  if (Array.isArray(value)) return [...list(value), ...elementsOf(argument)];
  return textOf(value, fuel) + textOf(argument, fuel);
};

const separated: Filter['run'] = (value, argument, { fuel }) =>
  Array.isArray(value) ? joined(value, textOf(argument ?? ', ', fuel), fuel) : value;

const lowercase = (key: Value): Value => (typeof key === 'string' ? key.toLowerCase() : key);
const asItIs = (key: Value): Value => key;

export const listFilters = {
  count: length,
  length,
  size: length,
  compact: { run: (value) => list(value).filter((one) => one !== null && one !== undefined && plain(one) !== '') },
  concat: { argument: 'required', run: concat },
  first: { run: (value) => member(value, '0') },
  last: { run: (value) => (typeof value === 'string' ? value.slice(-1) : list(value).at(-1)) },
  join: { argument: 'required', run: separated },
  list_to_string: { argument: 'optional', run: separated },
  list_where: filtered,
  dictfilter: filtered,
  map: {
    argument: 'required',
    run: (value, argument, { fuel }) => {
      const path = textOf(argument, fuel);
      return list(value).map((one) => along(one, path));
    },
  },
  reverse: { run: (value) => list(value).toReversed() },
  slice: { argument: 'required', safe: 'keeps', run: slice },
  sort: sort(asItIs),
  sort_natural: sort(lowercase),
  dictsort: sort(asItIs),
  dictsortreversed: sort(asItIs, true),
  uniq: { run: uniq },
  contains: { argument: 'required', run: (value, argument, { fuel }) => contains(value, argument, fuel) },
  lookup: {
    argument: 'required',
    run: (value, argument, { fuel }) => (typeof value === 'string' ? undefined : member(value, textOf(argument, fuel))),
  },
} as const satisfies Filters;
