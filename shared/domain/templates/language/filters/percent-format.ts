// Python's `%` formatting of one value, as Django's `stringformat` uses it: all its kinds of conversion.
// https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
import type { Fuel } from '../fuel.ts';
import { reprOf, textOf } from '../text.ts';
import { type Value, numberOf } from '../values.ts';
import { exponential, fixedEven, general } from './python-numbers.ts';

/** Flags, width, precision, a length that says nothing, the kind; what follows is text, in which `%%` is `%`. */
const format = /^([-+ 0#]*)(\d{0,2})(?:\.(\d{0,2}))?[hlL]?([diuoxXeEfFgGcrsa])((?:[^%]|%%)*)$/s;

interface Wish {
  flags: string;
  width: number;
  /** Absent when none was written. */
  precision: number | undefined;
}

/** What stands before the digits, and the digits; a text has no digits. */
interface Shown {
  before?: string;
  body: string;
  isNumber?: boolean;
}

type Conversion = (value: Value, wish: Wish, fuel: Fuel) => Shown | undefined;

/** Zero and above in Python's sense: -0.0 has a sign. */
const isNegative = (number: number) => number < 0 || Object.is(number, -0);

const signOf = (negative: boolean, { flags }: Wish) =>
  negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';

const whole: Conversion = (value, wish) => {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  const digits = String(BigInt(Math.trunc(Math.abs(number)))).padStart(wish.precision ?? 0, '0');
  return { before: signOf(number <= -1, wish), body: digits, isNumber: true };
};

/** In another base: of whole numbers alone. */
const inBase =
  (base: number, mark: string, isUpper = false): Conversion =>
  (value, wish) => {
    const number = numberOf(value);
    if (number === undefined || !Number.isInteger(number)) return undefined;
    const digits = BigInt(Math.abs(number))
      .toString(base)
      .padStart(wish.precision ?? 0, '0');
    const body = isUpper ? digits.toUpperCase() : digits;
    return { before: signOf(number < 0, wish) + (wish.flags.includes('#') ? mark : ''), body, isNumber: true };
  };

const real =
  (show: (size: number, precision: number, keepsPoint: boolean) => string, isUpper = false): Conversion =>
  (value, wish) => {
    const number = numberOf(value);
    if (number === undefined || !Number.isFinite(number)) return undefined;
    const shown = show(Math.abs(number), wish.precision ?? 6, wish.flags.includes('#'));
    return { before: signOf(isNegative(number), wish), body: isUpper ? shown.toUpperCase() : shown, isNumber: true };
  };

const cut = (text: string, { precision }: Wish): Shown => ({
  body: precision === undefined ? text : Array.from(text).slice(0, precision).join(''),
});

/** A number's character, or a text of one. */
const character: Conversion = (value) => {
  if (typeof value === 'string') return Array.from(value).length === 1 ? { body: value } : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x10_ff_ff) return undefined;
  const body = String.fromCodePoint(value);
  return body.isWellFormed() ? { body } : undefined;
};

/** With everything outside of ASCII as the number of its character. */
const escaped = (text: string): string =>
  text.replace(/[\u0080-\u{10ffff}]/gu, (one) => {
    const code = (one.codePointAt(0) ?? 0).toString(16);
    if (code.length <= 2) return `\\x${code}`;
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });

const conversions: Readonly<Record<string, Conversion>> = {
  d: whole,
  i: whole,
  u: whole,
  o: inBase(8, '0o'),
  x: inBase(16, '0x'),
  X: inBase(16, '0X', true),
  f: real(fixedEven),
  F: real(fixedEven),
  e: real(exponential),
  E: real(exponential, true),
  g: real(general),
  G: real(general, true),
  c: character,
  a: (value, wish, fuel) => cut(escaped(reprOf(value, fuel)), wish),
  r: (value, wish, fuel) => cut(reprOf(value, fuel), wish),
  s: (value, wish, fuel) => cut(value === undefined || value === null ? 'None' : textOf(value, fuel), wish),
};

/** The value as `%` and the wish show it; empty, as in Django, where Python would refuse. */
export function percentFormat(value: Value, asked: string, fuel: Fuel): string {
  const [, flags = '', width = '', precision, kind = '', behind = ''] = format.exec(asked) ?? [];
  const wish = { flags, width: Number(width), precision: precision === undefined ? undefined : Number(precision) };
  const shown = conversions[kind]?.(value, wish, fuel);
  if (!shown) return '';
  const { before = '', body, isNumber = false } = shown;
  const room = wish.width - before.length;
  const length = Array.from(body).length;
  const missing = Math.max(0, room - length);
  fuel.make(body.length + missing);
  const rest = behind.replaceAll('%%', '%');
  if (flags.includes('-')) return before + body + ' '.repeat(missing) + rest;
  if (isNumber && flags.includes('0')) return before + '0'.repeat(missing) + body + rest;
  return ' '.repeat(missing) + before + body + rest;
}
