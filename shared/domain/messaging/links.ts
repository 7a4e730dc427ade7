// Links in messages: what they stand for travels in them, sealed with the account's secret (kernel/seal.ts).
import { type AccountId, accountId } from '../../kernel/ids.ts';
import { sealed, unsealed } from '../../kernel/seal.ts';

/** What each kind of link stands for, in the order in which it is written. */
const contents = {
  /** The address travels along, so that the link works whatever became of the person. */
  unsubscribe: ['profile', 'message', 'address'],
  /** The page on which the reader of that address chooses what they get. */
  preferences: ['profile', 'message', 'address'],
  /** `list`: its id, or empty; `requested`: when it was asked for, `sortable`. */
  confirm: ['list', 'requested', 'address'],
  /** The picture that tells of an open. */
  open: ['profile', 'message'],
  /** Where a click leads on to: nothing outside the token can change it. */
  click: ['profile', 'message', 'url'],
  /** The same; whoever follows it says something of themselves: `value` of the property. */
  property: ['profile', 'message', 'property', 'value', 'url'],
  /** The message as a page. */
  view: ['profile', 'message'],
} as const;

export type LinkKind = keyof typeof contents;

/** What a link of a kind stands for. */
export type LinkContent<Kind extends LinkKind> = Readonly<Record<(typeof contents)[Kind][number], string>>;

/** The token of a link; `secret` is the account's. Fits a path segment. */
export function signLink<Kind extends LinkKind>(
  secret: string,
  kind: Kind,
  account: AccountId,
  content: LinkContent<Kind>,
): string {
  const names: readonly (keyof LinkContent<Kind>)[] = contents[kind];
  return `${account}.${sealed(secret, [kind, account], JSON.stringify(names.map((name) => content[name])))}`;
}

const longest = 2048;

/** False for a token that is too long to be opened again. */
export const fitsLink = (token: string): boolean => token.length <= longest;

/** The account that a token claims to be of: where its secret is found. Undefined when the token is none. */
export function accountOfLink(token: string): AccountId | undefined {
  const [, account] = /^([0-9A-Za-z]{1,32})\.[\w-]{22,}$/.exec(fitsLink(token) ? token : '') ?? [];
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
  const text = unsealed(secret, [kind, account], token.slice(account.length + 1));
  if (text === undefined) return undefined;
  const parts = JSON.parse(text) as string[];
  // What we signed has all its parts.
  return Object.fromEntries(contents[kind].map((name, i) => [name, parts[i]])) as LinkContent<Kind>;
}
