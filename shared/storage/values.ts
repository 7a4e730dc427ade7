// What may be stored, in the form in which it is stored. Both adapters pass everything through here, so that the local
// store refuses and forgets exactly what the cloud would.
import type { Key, Value } from './store.ts';

/** Attributes as they are stored: no undefined values, no prototypes. */
export type Attributes = Readonly<Record<string, Value>>;

/** The document client drops the one and throws on the other: user-written names belong into a JSON text. */
const unsafeNames: ReadonlySet<string> = new Set(['__proto__', 'constructor']);
const deepest = 32;
const smallest = 1e-130;

/** A request that the database refuses for its form: a fault of our code, never a conflict. */
export function malformed(message: string): Error {
  const fault = new Error(message);
  fault.name = 'ValidationException';
  return fault;
}

/** A deep copy of `value` as it is stored: undefined members dropped, lone surrogates replaced. Throws on what would be lost. */
export function plain(value: unknown, depth = 0): Value | undefined {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value !== 'object') throw malformed(`A ${typeof value} cannot be stored.`);
  if (depth > deepest) throw malformed('Nesting levels have exceeded supported limits.');
  if (!Array.isArray(value)) return plainMap(value, depth);
  return value.map((member: unknown) => plain(member, depth + 1)).filter((member) => member !== undefined);
}

/** A deep copy of an item, or of any bag of attributes, as it is stored; see `plain`. */
export function plainMap(bag: object, depth = 0): Record<string, Value> {
  const prototype: unknown = Object.getPrototypeOf(bag);
  if (prototype !== Object.prototype && prototype !== null) throw malformed('Only plain objects can be stored.');
  const copy: Record<string, Value> = {};
  for (const name of Object.keys(bag)) {
    if (unsafeNames.has(name)) throw malformed(`An attribute cannot be named ${name}.`);
    const value = plain((bag as Readonly<Record<string, unknown>>)[name], depth + 1);
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}

/** A deep copy of what is stored already, so that nobody who changes theirs changes ours. */
export function copyOf(item: Attributes): Attributes {
  const copy: Record<string, Value> = { ...item };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (typeof value === 'object' && value !== null) copy[name] = copyOfNested(value);
  }
  return copy;
}

function copyOfNested(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  return isList(value) ? value.map(copyOfNested) : copyOf(value);
}

/** The attribute of that name, never something inherited. */
export function own(item: Attributes | undefined, name: string): Value | undefined {
  return item && Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Only the two parts of a key, whatever else the object carries. */
export function plainKey(key: Key): { pk: string; sk: string } {
  return { pk: key.pk.toWellFormed(), sk: key.sk.toWellFormed() };
}

/** The database's equality: deep, order counts in lists and not in maps. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) return isList(a) && isList(b) && sameList(a, b);
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]));
}

/** Tells the lists among values (`Array.isArray` does not narrow readonly arrays). */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function sameList(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((member, index) => sameValue(member, b[index]));
}

/** Whether a number can be an attribute: the document client throws beyond 2^53, the database below 1e-130. */
export function isStorable(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= smallest && size <= Number.MAX_SAFE_INTEGER);
}

/** The database knows no negative zero. */
function plainNumber(value: number): number {
  if (!isStorable(value)) throw malformed(`The number ${value} is out of range.`);
  return value === 0 ? 0 : value;
}
