// Filters that write a text in another alphabet.
import { createHash } from 'node:crypto';
import type { Filters } from './filter.ts';
import { ofText } from './text.ts';

/** Python's quote: everything but letters, digits, _.-~ and what `safe` names. */
function quote(text: string, safe: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', safe.includes('/') ? '/' : '%2F');
}

/** Reads %XX as UTF-8; what is no such sequence stays. */
function unquote(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2}){1,1000}/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

const hashed = (algorithm: 'md5' | 'sha1' | 'sha256') =>
  ofText((text) => createHash(algorithm).update(text).digest('hex'));

export const encodingFilters = {
  urlencode: ofText((text) => quote(text, '/')),
  urldecode: ofText(unquote),
  urlencodeplus: ofText((text) => quote(text, '').replaceAll('%20', '+')),
  urldecodeplus: ofText((text) => unquote(text.replaceAll('+', ' '))),
  base64_encode: ofText((text) => Buffer.from(text).toString('base64')),
  base64_decode: ofText((text) => Buffer.from(text, 'base64').toString()),
  md5_hash: hashed('md5'),
  sha_1: hashed('sha1'),
  sha_256: hashed('sha256'),
} as const satisfies Filters;
