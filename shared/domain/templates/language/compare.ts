// ==, <, in: by Python's rules. What cannot be compared compares as false.
import { type Fuel, deepest } from './fuel.ts';
import { type Value, Moment, isBag, plain } from './values.ts';

/** `a == b`: lists and bags by their contents, booleans as 0 and 1, nothing equals nothing; too deep: different. */
export function equal(left: Value, right: Value, fuel: Fuel, depth = 0): boolean {
  fuel.spend(1);
  const a = comparable(left);
  const b = comparable(right);
  if (a === b) return true;
  if (depth > deepest) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => equal(one, b[i], fuel, depth + 1));
  }
  if (!isBag(a) || !isBag(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && equal(a[name], b[name], fuel, depth + 1));
}

function comparable(of: Value): Value {
  const value = plain(of);
  if (value === null) return undefined;
  if (value instanceof Moment) return value.at;
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Negative, zero or positive as `left` stands before, with or behind `right`; undefined when they have no order. */
export function order(left: Value, right: Value): number | undefined {
  const a = comparable(left);
  const b = comparable(right);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : a < b ? -1 : 1;
  return undefined;
}

/** `needle in hay`: part of a text, element of a list, name in a bag. */
export function contains(hay: Value, needle: Value, fuel: Fuel): boolean {
  const where = plain(hay);
  const what = plain(needle);
  if (typeof where === 'string') {
    fuel.make(where.length);
    return typeof what === 'string' && where.includes(what);
  }
  if (Array.isArray(where)) return where.some((one) => equal(one, what, fuel));
  return isBag(where) && typeof what === 'string' && Object.hasOwn(where, what);
}
