// Links in messages: what they stand for travels in them, sealed with the account's secret. Nobody can read, change or
// make one without it. Sealed as in SIV: the code of authentication over account, purpose and content is at once the
// initial counter of the encryption, so that equal links are equal and nothing has to be drawn at random.
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type AccountId, accountId } from '../../kernel/ids.ts';

export type LinkKind = 'unsubscribe';

/** What an unsubscribe link stands for. The address travels along, so that the link works whatever became of the person. */
export interface LinkContent {
  profile: string;
  message: string;
  address: string;
}

/** The code of authentication, bytes: 128 bits. */
const codeLength = 16;

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

const keysOf = (secret: string) => ({
  signing: hmac(secret, 'millrace link signing 1'),
  encryption: hmac(secret, 'millrace link encryption 1'),
});

function codeOf(signing: Buffer, kind: LinkKind, account: AccountId, content: string): Buffer {
  return hmac(signing, JSON.stringify([kind, account, content])).subarray(0, codeLength);
}

/** The token of a link; `secret` is the account's. Fits a path segment. */
export function signLink(secret: string, kind: LinkKind, account: AccountId, content: LinkContent): string {
  const { signing, encryption } = keysOf(secret);
  const text = JSON.stringify([content.profile, content.message, content.address]);
  const code = codeOf(signing, kind, account, text);
  const cipher = createCipheriv('aes-256-ctr', encryption, code);
  const sealed = Buffer.concat([code, cipher.update(text, 'utf8'), cipher.final()]);
  return `${account}.${sealed.toString('base64url')}`;
}

/** The account that a token claims to be of: where its secret is found. Undefined when the token is none. */
export function accountOfLink(token: string): AccountId | undefined {
  const [, account] = /^([0-9A-Za-z]{1,32})\.[\w-]{22,2048}$/.exec(token) ?? [];
  return account === undefined ? undefined : accountId(account);
}

/** What a token stands for; undefined unless it was made by `signLink` for this account and kind, to the letter. */
export function openLink(secret: string, kind: LinkKind, account: AccountId, token: string): LinkContent | undefined {
  if (accountOfLink(token) !== account) return undefined;
  const written = token.slice(account.length + 1);
  const sealed = Buffer.from(written, 'base64url');
  // Other spellings of the same bytes are no links of ours.
  if (sealed.toString('base64url') !== written || sealed.length <= codeLength) return undefined;
  const { signing, encryption } = keysOf(secret);
  const code = sealed.subarray(0, codeLength);
  const cipher = createDecipheriv('aes-256-ctr', encryption, code);
  const text = Buffer.concat([cipher.update(sealed.subarray(codeLength)), cipher.final()]).toString('utf8');
  if (!timingSafeEqual(codeOf(signing, kind, account, text), code)) return undefined;
  const [profile, message, address] = JSON.parse(text) as [string, string, string];
  return { profile, message, address };
}
