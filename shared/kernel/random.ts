import { base62, uuidOf } from './ids.ts';
import type { Instant } from './time.ts';

/** Where ids take their time and their bytes from. `bytes` gives a fresh array of that length. */
export interface IdSources {
  now: () => Instant;
  bytes: (length: number) => Uint8Array;
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `length` characters of Crockford base 32 that hold the whole number `value`. */
function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i += 1, rest = Math.floor(rest / 32))
    text = (crockford[rest % 32] ?? '') + text;
  return text;
}

/** When a ULID was made; NaN for a text that does not begin like one. */
export function timeOfUlid(id: string): Instant {
  return Array.from(id.slice(0, 10)).reduce((time, digit) => {
    const value = crockford.indexOf(digit);
    return value < 0 ? Number.NaN : time * 32 + value;
  }, 0);
}

/** Adds one to a number of base-32 digits in place, most significant first. */
function increment(digits: Uint8Array): void {
  for (let i = digits.length - 1; i >= 0; i -= 1) {
    const next = ((digits[i] ?? 0) + 1) & 31;
    digits[i] = next;
    if (next !== 0) return;
  }
}

/** Makes ULIDs that rise strictly, also within a millisecond and when the clock steps back. */
function ulidMaker({ now, bytes }: IdSources): () => string {
  let time = -1;
  let prefix = '';
  let digits = new Uint8Array(16);
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      prefix = base32(time, 10);
      digits = bytes(16).map((byte) => byte & 31);
    } else {
      increment(digits);
    }
    let text = prefix;
    for (const digit of digits) text += crockford[digit] ?? '';
    return text;
  };
}

/** Every kind of random id that we make, from one source of bytes. */
export function randomIds(sources: IdSources) {
  const { bytes } = sources;
  return {
    ulid: ulidMaker(sources),
    short: () => base62(bytes(8), 6),
    uuid: () => uuidOf(bytes(16), 4),
    secret: (length: number) => Buffer.from(bytes(length)).toString('base64url'),
  };
}
