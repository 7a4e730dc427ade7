// How values read in the output.
import { formatMoment } from './date-format.ts';
import { type Fuel, deepest } from './fuel.ts';
import { type Value, Moment, isBag, plain } from './values.ts';

/** The text that a value prints: nothing prints nothing, the rest as Python writes it. */
export function textOf(of: Value, fuel: Fuel): string {
  const value = plain(of);
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  const text = written(value, fuel, 0);
  fuel.make(text.length);
  return text;
}

/** The text of a value as Python shows it in a list: texts in quotes. */
export const reprOf = (value: Value, fuel: Fuel): string => written(value, fuel, 0);

function written(of: Value, fuel: Fuel, depth: number): string {
  fuel.spend(1);
  const value = plain(of);
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value, fuel);
  if (value instanceof Moment) return formatMoment(value, 'N j, Y, P');
  if (depth > deepest) return '...';
  if (Array.isArray(value)) return `[${value.map((one) => written(one, fuel, depth + 1)).join(', ')}]`;
  if (!isBag(value)) return '';
  const parts = Object.keys(value).map(
    (name) => `${quoted(name, fuel)}: ${written(Object.getOwnPropertyDescriptor(value, name)?.value, fuel, depth + 1)}`,
  );
  return `{${parts.join(', ')}}`;
}

function quoted(text: string, fuel: Fuel): string {
  fuel.make(text.length);
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
