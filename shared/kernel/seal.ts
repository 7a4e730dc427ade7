// Tokens that people carry around: what they stand for travels in them, sealed with a secret. Nobody can read, change or
// make one without it. Sealed as in SIV: the code of authentication over scope and content is at once the initial counter
// of the encryption, so that equal content makes equal tokens and nothing has to be drawn at random.
import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  timingSafeEqual,
} from 'node:crypto';
import { keepNewest } from './newest.ts';

/** The code of authentication, bytes: 128 bits. */
const codeLength = 16;

const hmac = (key: string | KeyObject, text: string) => createHmac('sha256', key).update(text).digest();

interface Keys {
  signing: KeyObject;
  encryption: KeyObject;
}

/** By secret, one an account: a message has several links, and making keys takes longer than using them. */
const held = new Map<string, Keys>();
const mostHeld = 100;

function keysOf(secret: string): Keys {
  const known = held.get(secret);
  if (known) return known;
  const made = {
    signing: createSecretKey(hmac(secret, 'millrace link signing 1')),
    encryption: createSecretKey(hmac(secret, 'millrace link encryption 1')),
  };
  keepNewest(held, secret, made, mostHeld);
  return made;
}

function codeOf(signing: KeyObject, scope: readonly string[], content: string): Buffer {
  return hmac(signing, JSON.stringify([...scope, content])).subarray(0, codeLength);
}

/** The content sealed for a scope (what it is for, whose it is), as base64url. */
export function sealed(secret: string, scope: readonly string[], content: string): string {
  const { signing, encryption } = keysOf(secret);
  const code = codeOf(signing, scope, content);
  const cipher = createCipheriv('aes-256-ctr', encryption, code);
  return Buffer.concat([code, cipher.update(content, 'utf8'), cipher.final()]).toString('base64url');
}

/** The content of a token; undefined unless `sealed` made it with this secret for this scope, to the letter. */
export function unsealed(secret: string, scope: readonly string[], token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // Other spellings of the same bytes are no tokens of ours.
  if (bytes.toString('base64url') !== token || bytes.length <= codeLength) return undefined;
  const { signing, encryption } = keysOf(secret);
  const code = bytes.subarray(0, codeLength);
  const cipher = createDecipheriv('aes-256-ctr', encryption, code);
  const content = Buffer.concat([cipher.update(bytes.subarray(codeLength)), cipher.final()]).toString('utf8');
  return timingSafeEqual(codeOf(signing, scope, content), code) ? content : undefined;
}
