// Links in messages: what they stand for travels in them, sealed with the account's secret. Nobody can read, change or
// make one without it. Sealed as in SIV: the code of authentication over account, purpose and content is at once the
// initial counter of the encryption, so that equal links are equal and nothing has to be drawn at random.
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type AccountId, accountId } from '../../kernel/ids.ts';

/** What each kind of link stands for, in the order in which it is written. */
const contents = {
  /** The address travels along, so that the link works whatever became of the person. */
  unsubscribe: ['profile', 'message', 'address'],
  /** `list`: its id, or empty; `requested`: when it was asked for, `sortable`. */
  confirm: ['list', 'requested', 'address'],
} as const;

export type LinkKind = keyof typeof contents;

/** What a link of a kind stands for. */
export type LinkContent<Kind extends LinkKind> = Readonly<Record<(typeof contents)[Kind][number], string>>;

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
export function signLink<Kind extends LinkKind>(
  secret: string,
  kind: Kind,
  account: AccountId,
  content: LinkContent<Kind>,
): string {
  const { signing, encryption } = keysOf(secret);
  const names: readonly (keyof LinkContent<Kind>)[] = contents[kind];
  const text = JSON.stringify(names.map((name) => content[name]));
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
export function openLink<Kind extends LinkKind>(
  secret: string,
  kind: Kind,
  account: AccountId,
  token: string,
): LinkContent<Kind> | undefined {
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
  const parts = JSON.parse(text) as string[];
  // What we signed has all its parts.
  return Object.fromEntries(contents[kind].map((name, i) => [name, parts[i]])) as LinkContent<Kind>;
}
