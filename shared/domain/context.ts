import type { AccountId } from '../kernel/ids.ts';
import type { Ports } from '../ports.ts';
import type { AccountItem } from '../storage/items.ts';

/** What an operation knows of its caller and of the world. */
export interface Context {
  account: AccountId;
  /** The account's own item: name, sender, secret for links and cursors. */
  owner: AccountItem;
  /** What the caller's key may do; empty for public calls. */
  scopes: ReadonlySet<string>;
  ports: Ports;
}
