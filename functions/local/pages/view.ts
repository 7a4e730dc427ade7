// What a page is made from: the system, the account that is looked at, and the request.
import ms from 'ms';
import { listAccounts } from '../../../shared/domain/account/index.ts';
import { notFound } from '../../../shared/kernel/errors.ts';
import { type AccountId, accountId } from '../../../shared/kernel/ids.ts';
import { type Instant, instantOf } from '../../../shared/kernel/time.ts';
import type { AccountItem } from '../../../shared/storage/items.ts';
import { type AnyItem, accountOf, known } from '../../../shared/storage/patterns.ts';
import { seeded } from '../seed.ts';
import type { LocalSystem } from '../system.ts';
import { type Html, html } from './html.ts';

export interface View {
  system: LocalSystem;
  account: AccountId;
  accounts: readonly AccountItem[];
  path: string;
  query: URLSearchParams;
  now: Instant;
}

/** What a page says. */
export interface Page {
  title: string;
  body: Html;
}

/** The view of a request; 404 when it names an account that is not there. */
export async function viewOf(system: LocalSystem, path: string, query: URLSearchParams): Promise<View> {
  const accounts = await listAccounts(system.world.ports);
  const named = query.get('account') ?? seeded.account;
  if (!accounts.some(({ id }) => id === named)) throw notFound('account', named);
  return { system, accounts, account: accountId(named), path, query, now: system.world.clock.now() };
}

/** A link to a page of the same account; `path` is put together with `at`. */
export function href(view: View, path: string, query: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams(query);
  if (view.account !== seeded.account) params.set('account', view.account);
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}

/** A path under /x/local with ids of any form in it. */
export const at = (...parts: readonly string[]): string =>
  ['/x/local', ...parts.map((part) => encodeURIComponent(part))].join('/');

/** A time, and how far it is from now. */
export function when({ now }: View, time: Instant | string): Html {
  const instant = typeof time === 'string' ? instantOf(time) : time;
  const text = new Date(instant).toISOString();
  const apart = instant - now;
  const far = Math.abs(apart) < 1000 ? 'now' : apart > 0 ? `in ${ms(apart)}` : `${ms(-apart)} ago`;
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')}</time> <small>${far}</small>`;
}

/** All items of a kind in the account, as they are kept: for reading only. Walks the whole store. */
export function itemsOf<K extends AnyItem['kind']>(
  { system, account }: View,
  kind: K,
): Extract<AnyItem, { kind: K }>[] {
  const found: Extract<AnyItem, { kind: K }>[] = [];
  const isWanted = (item: AnyItem): item is Extract<AnyItem, { kind: K }> => item.kind === kind;
  system.world.store.visit((item) => {
    const one = known(item);
    if (isWanted(one) && accountOf(one) === account) found.push(one);
  });
  return found;
}
