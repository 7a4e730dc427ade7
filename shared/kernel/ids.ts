import { createHmac, hash } from 'node:crypto';

declare const brand: unique symbol;

/** The account that owns a piece of data. Branded so that no other id can stand in a key's first place. */
export type AccountId = string & { readonly [brand]: 'account' };

/** Takes a string that is known to name an account (from a stored key, the command line, a test). */
export function accountId(text: string): AccountId {
  return text as AccountId;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** So many digits at a time: as many as fit into a number without loss. */
const atATime = 8;
const divisor = 62n ** BigInt(atATime);

/** `length` base-62 characters drawn from `bytes` (8 bytes of entropy make at most 10 characters). */
export function base62(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let text = '';
  while (text.length < length) {
    let some = Number(rest % divisor);
    rest /= divisor;
    for (let i = 0; i < atATime; i += 1) {
      text += alphabet[some % 62] ?? '';
      some = Math.floor(some / 62);
    }
  }
  return text.slice(0, length);
}

/** The SHA-256 of the parts, injective in their boundaries. */
export function digest(...parts: string[]): Buffer {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'buffer');
}

/** A deterministic id of `length` base-62 characters: the same parts give the same id. */
export function derivedId(length: number, ...parts: string[]): string {
  return base62(digest(...parts), length);
}

/** As `derivedId`, but nobody can derive it without `secret`: what is filed under it cannot be found by guessing. */
export function keyedId(secret: string, length: number, ...parts: string[]): string {
  return base62(
    createHmac('sha256', secret)
      .update(digest(...parts))
      .digest(),
    length,
  );
}

/** Sixteen bytes as a UUID of this version (RFC 9562): random ones are 4, ones of our own making 8. */
export function uuidOf(sixteen: Uint8Array, version: 4 | 8): string {
  const bytes = Uint8Array.from(sixteen);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUID derived from the parts, for the attributes that the contract calls `uuid`. */
export function derivedUuid(...parts: string[]): string {
  return uuidOf(digest(...parts).subarray(0, 16), 8);
}

/** The shard (0 to `shards` - 1) that `text` falls into: FNV-1a, evenly spread, the same on every machine. */
export function shardOf(text: string, shards: number): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return sum % shards;
}
