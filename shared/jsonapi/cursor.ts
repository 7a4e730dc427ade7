import { createHmac, timingSafeEqual } from 'node:crypto';
import { refuse } from '../kernel/errors.ts';
import { paramsOf } from './query/params.ts';

/** What a cursor is bound to: it opens nothing elsewhere. */
export interface CursorScope {
  /** Signs; known to the server alone. */
  secret: string;
  account: string;
  operation: string;
  /** The filter and order of the listing, and what its path names, in one canonical text. */
  listing: string;
}

/** 128 bits: more than can be guessed online, and short. */
const macBytes = 16;

/** The cursor of a position: base64url of a MAC over all that it is bound to, and the position. */
export function sealCursor(position: string, scope: CursorScope): string {
  const bytes = Buffer.from(position);
  return Buffer.concat([mac(bytes, scope), bytes]).toString('base64url');
}

/**
 * The position in a cursor, or a refusal when it was not made by `sealCursor` for the same scope. Takes a whole
 * `links.next` URL too: SDKs send it as the cursor when the base URL is plain http. `at` is where the cursor stood.
 */
export function openCursor(text: string, scope: CursorScope, at = 'page[cursor]'): string {
  const cursor = unwrapped(text);
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding ignores what it does not know; one position has one spelling.
  if (bytes.toString('base64url') !== cursor || bytes.length < macBytes) throw invalid(at);
  const position = bytes.subarray(macBytes);
  if (!timingSafeEqual(bytes.subarray(0, macBytes), mac(position, scope))) throw invalid(at);
  return position.toString();
}

function mac(position: Uint8Array, { secret, account, operation, listing }: CursorScope): Buffer {
  const hash = createHmac('sha256', secret);
  for (const part of ['cursor', account, operation, listing]) hash.update(`${String(Buffer.byteLength(part))}:${part}`);
  return hash.update(position).digest().subarray(0, macBytes);
}

function unwrapped(text: string): string {
  if (!/^https?:\/\//.test(text)) return text;
  const query = text.slice(text.indexOf('?') + 1);
  return paramsOf(query).get('page[cursor]') ?? text;
}

function invalid(at: string) {
  return refuse(
    'invalid_cursor',
    'The cursor is not valid here. Take it from links.next of the page before, and keep the filter and the sort as they were.',
    at,
  );
}
