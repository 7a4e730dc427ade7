// Items as the table's stream writes them, and back. Numbers travel as texts; names like `__proto__` stay plain names.
import type { AttributeValue } from 'aws-lambda';
import type { Item, Value } from '../storage/store.ts';

export type WireItem = Record<string, AttributeValue>;

/** Sets an own property, whatever its name. */
function own<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

function toWire(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(toWire) };
  return { M: marshal(value as Readonly<Record<string, Value>>) };
}

function fromWire(value: AttributeValue): Value {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(fromWire);
  if (value.M !== undefined) return unmarshal(value.M);
  if (value.NULL !== undefined) return null;
  throw new TypeError(`The store holds no attributes of the type ${Object.keys(value).join()}.`);
}

/** An item, or a map in one, in the wire format; attributes that are undefined are left out. */
export function marshal(item: Readonly<Record<string, Value | undefined>>): WireItem {
  const wire: WireItem = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) own(wire, name, toWire(value));
  }
  return wire;
}

/** What `marshal` made. Throws on sets and binaries: the store writes none. */
export function unmarshal(wire: Readonly<WireItem>): Record<string, Value> {
  const item: Record<string, Value> = {};
  for (const name of Object.keys(wire)) {
    const value = wire[name];
    if (value !== undefined) own(item, name, fromWire(value));
  }
  return item;
}

/** An image of the stream as the item that it shows. */
export function itemOf(image: Readonly<WireItem>): Item {
  return unmarshal(image) as unknown as Item;
}
