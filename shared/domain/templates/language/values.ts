// What templates compute with: JSON values, texts marked as safe, and moments. Data is only ever read by own property.
import type { Instant } from '../../../kernel/time.ts';

/** Text that is HTML already: printed without escaping. */
export class Safe {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An instant with the offset from UTC, in minutes, of the clock that shows it. */
export class Moment {
  readonly at: Instant;
  readonly offset: number;
  constructor(at: Instant, offset: number) {
    this.at = at;
    this.offset = offset;
  }
}

/** Names whose values are looked up when they are asked for. */
export class Shelf {
  readonly read: (name: string) => Value;
  constructor(read: (name: string) => Value) {
    this.read = read;
  }
}

/** A value as a template sees it: anything; what it cannot use counts as nothing. */
export type Value = unknown;

/** The text of a Safe, any other value as it is. */
export function plain(value: Value): Value {
  return value instanceof Safe ? value.text : value;
}

/** True for objects of names and values: neither lists nor anything of our own. */
export function isBag(value: Value): value is Readonly<Record<string, Value>> {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && ![Safe, Moment, Shelf].some((ours) => value instanceof ours);
}

/** The own data property of a bag: prototypes, getters and functions are not there. */
function own(bag: object, name: string): Value {
  const found: Value = Object.getOwnPropertyDescriptor(bag, name)?.value;
  return typeof found === 'function' ? undefined : found;
}

const views: Readonly<Record<string, (bag: Readonly<Record<string, Value>>) => Value>> = {
  items: (bag) => Object.keys(bag).map((name) => [name, own(bag, name)]),
  keys: (bag) => Object.keys(bag),
  values: (bag) => Object.keys(bag).map((name) => own(bag, name)),
};

/** What `value.name` means: an own property, a list's or text's element, or `items`, `keys`, `values` of a bag. */
export function member(of: Value, name: string): Value {
  const value = plain(of);
  if (Array.isArray(value) || typeof value === 'string') {
    return /^\d{1,15}$/.test(name) ? (value as readonly Value[])[Number(name)] : undefined;
  }
  if (value instanceof Shelf) return value.read(name);
  if (!isBag(value)) return undefined;
  if (Object.hasOwn(value, name)) return own(value, name);
  return Object.hasOwn(views, name) ? views[name]?.(value) : undefined;
}

/** How many values are put together when a bag's `items`, `keys` or `values` are looked at; 0 for other members. */
export function costOfMember(of: Value, name: string): number {
  return Object.hasOwn(views, name) && isBag(of) ? Object.keys(of).length : 0;
}

/** Python's truth: nothing, false, 0 and everything empty are false. */
export function truthy(of: Value): boolean {
  const value = plain(of);
  if (Array.isArray(value)) return value.length > 0;
  if (isBag(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The number of a value: of numbers, booleans and texts that write one; undefined of anything else. */
export function numberOf(of: Value): number | undefined {
  const value = plain(of);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && !/^\s*[-+]?(\d|\.\d)[\d.e+-]*\s*$/i.test(value)) return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** What a loop over the value goes through: elements, characters, names; nothing for what has no parts. */
export function elementsOf(of: Value): readonly Value[] {
  const value = plain(of);
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  return isBag(value) ? Object.keys(value) : [];
}

/** How much there is of a value, in characters or elements: what looking at all of it costs. */
export function sizeOf(of: Value): number {
  const value = plain(of);
  if (Array.isArray(value) || typeof value === 'string') return value.length;
  return isBag(value) ? Object.keys(value).length : 1;
}
