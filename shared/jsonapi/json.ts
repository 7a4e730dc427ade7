import { refuse } from '../kernel/errors.ts';
import { jsonFault } from './json-fault.ts';

/** Levels of objects and arrays in any body; far beyond every document of the API, far below any stack's end. */
const maxDepth = 128;

/** Only texts with very long numbers, large exponents or escaped surrogates can hold what JSON.parse would not keep. */
const suspicious = /\d{16}|\d[eE]\+?\d{3}|\\u[dD][89a-fA-F]/;

/**
 * The value of a JSON text. Refuses, with the position or a pointer: a fault of syntax, nesting beyond 128 levels, numbers
 * that would not survive (whole numbers beyond 2^53, overflow) and strings that are not well-formed Unicode. Of equal keys the last wins.
 */
export function parseJson(text: string): unknown {
  if (nestsTooDeep(text)) throw refuse('parse_error', `The body is nested more than ${maxDepth} levels deep.`, '/data');
  let value: unknown;
  try {
    value = suspicious.test(text) ? parseExactly(text) : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse('parse_error', `The body is not valid JSON: ${jsonFault(text)}`, '/data');
  }
  return value;
}

/** Counts brackets outside strings, before anything that recurses sees the text. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** The index of the quote that closes the string beginning at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

interface Lost {
  holder: object;
  key: string;
  detail: string;
}

type Reviver = (this: object, key: string, value: unknown, context: { source?: string }) => unknown;

function parseExactly(text: string): unknown {
  let lost: Lost | undefined;
  const reviver: Reviver = function (key, value, context) {
    const detail = lossOf(key, value, context.source);
    if (detail !== undefined) lost ??= { holder: this, key, detail };
    return value;
  };
  const value = JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as unknown;
  if (lost !== undefined) throw refuse('invalid', lost.detail, pointerTo(value, lost) || '/data');
  return value;
}

function lossOf(key: string, value: unknown, source: string | undefined): string | undefined {
  if (!key.isWellFormed()) return 'A key holds half of a surrogate pair, which is no Unicode text.';
  if (typeof value === 'string' && !value.isWellFormed())
    return 'The string holds half of a surrogate pair, which is no Unicode text.';
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) return 'The number is too large to be kept. Send it as a string.';
  const whole = source !== undefined && /^-?\d+$/.test(source);
  return whole && !Number.isSafeInteger(value)
    ? 'The number has more digits than can be kept exactly. Send it as a string.'
    : undefined;
}

/** Looks for the object whose key was at fault. Depth is bounded by `nestsTooDeep`. */
function pointerTo(value: unknown, lost: Lost, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value === lost.holder) return `${path}/${escapePointer(lost.key.toWellFormed())}`;
  for (const [key, inner] of Object.entries(value)) {
    const found = pointerTo(inner, lost, `${path}/${escapePointer(key)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One step of a JSON pointer (RFC 6901), cut to a length that can be echoed. */
export function escapePointer(key: string): string {
  return key.slice(0, 200).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
