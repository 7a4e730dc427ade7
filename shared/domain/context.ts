import type { Scopes } from '../jsonapi/handle.ts';
import type { AccountId } from '../kernel/ids.ts';
import type { Ports } from '../ports.ts';
import type { AccountItem } from '../storage/items.ts';

/** What an operation knows of its caller and of the world. */
export interface Context {
  account: AccountId;
  /** The account's own item: name, sender, secret for links and cursors. */
  owner: AccountItem;
  /** What the caller's key may do; nothing for public calls. A full-access key has every scope, also future ones. */
  scopes: Scopes;
  /** The last four characters of the caller's private key: by them people recognise it. */
  key?: string;
  ports: Ports;
  /** The caller's address on the internet, as far as it is known: for counting, and beside a place. */
  ip?: string;
  /** What CloudFront says of where the caller of a public operation is: its headers `cloudfront-viewer-…`. */
  viewer?: Readonly<Record<string, string>>;
}
