// The database's size arithmetic: names and texts by their UTF-8 bytes.
import { type Attributes, isList } from './values.ts';
import type { Value } from './store.ts';

/** Bytes of an item: all names and values. */
export function sizeOf(item: Attributes): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueSize(item[name] ?? null);
  return bytes;
}

/** Bytes of a value: lists and maps take 3, and 1 more for each member. */
function valueSize(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (isList(value)) return value.reduce<number>((bytes, member) => bytes + 1 + valueSize(member), 3);
  return 3 + Object.keys(value).length + sizeOf(value);
}

/** Bytes of a number: one, one for a minus, and one for every two significant digits on each side of the point. */
function numberSize(value: number): number {
  if (value === 0) return 1;
  // Most are versions and counts.
  if (value > 0 && value < 100 && Number.isInteger(value)) return 2;
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').length;
  const whole = Math.min(Math.max(Number(exponent) + 1, 0), digits);
  return 1 + (value < 0 ? 1 : 0) + Math.ceil(whole / 2) + Math.ceil((digits - whole) / 2);
}
