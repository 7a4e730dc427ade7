// Bodies that nobody means well with: good ones, with one thing put in the place of another.

/** JSON texts to put in the place of a value. */
export const hostileValues: readonly string[] = [
  'null',
  'true',
  '-1',
  '0.1',
  '-0',
  '1e400',
  '1e308',
  '1e20',
  '9007199254740992',
  '9223372036854775808',
  '123456789012345678901234567890.5',
  '1e-131',
  '5e-324',
  '""',
  '" "',
  '"x"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ufffe\\uffff"',
  '"a\\u0000b"',
  '"\\u202e\\u0085\\u2028"',
  '"a@b,c@d.example"',
  '"a#b|c/d"',
  '"__proto__"',
  '"constructor"',
  '"9999-12-31T23:59:59-23:59"',
  '"0001-01-01T00:00:00+23:59"',
  '"{{ x|lookup:\'__proto__\' }}{% for a in b %}"',
  `"${'x'.repeat(3000)}"`,
  `"${'\\ud83d\\ude00'.repeat(700)}"`,
  '[]',
  '[null]',
  '{}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"":0}',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
];

/** The places in a JSON value, the value's own first. */
export function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

const mark = '\u0001here\u0001';
const marked = JSON.stringify(mark);

/** The JSON text of `value` with `text` in the place of what stands at `path`. */
export function withText(value: unknown, path: readonly string[], text: string): string {
  // A function: in a text, $ would mean something.
  return JSON.stringify(replaced(value, path, mark)).replace(marked, () => text);
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((one: unknown, i) => (String(i) === step ? replaced(one, rest, by) : one));
  const entries = Object.entries(value as object).map(([key, one]: [string, unknown]) => [
    key,
    key === step ? replaced(one, rest, by) : one,
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** The JSON text of `value` with more members, as text, at the start of the object at `path`. */
export function withMembers(value: unknown, path: readonly string[], members: string): string {
  const inner = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);
  const text = JSON.stringify(inner);
  return withText(value, path, text === '{}' ? `{${members}}` : `{${members},${text.slice(1)}`);
}
