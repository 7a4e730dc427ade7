import { type AccountId, accountId } from '../../kernel/ids.ts';
import { notFound, refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Registry } from './registry.ts';
import type { AccountItem, DirectoryItem } from '../../storage/items.ts';
import { accountByPublicId, accountEntry, accountKey, allAccounts } from '../../storage/patterns.ts';
import { everything } from '../../storage/pages.ts';

export interface NewAccount {
  name: string;
  senderEmail: string;
  senderName?: string;
  timezone?: string;
  currency?: string;
  /** Given only by the local system, so that a fresh start shows the same ids each time. */
  publicId?: string;
}

/** Makes an account; its id is its public company id. */
export async function createAccount(ports: Registry, input: NewAccount): Promise<AccountItem> {
  const publicId = input.publicId ?? ports.ids.short();
  if (!/^[0-9A-Za-z]{6}$/.test(publicId)) throw refuse('invalid', 'A company id has six letters and digits.');
  const account = accountId(publicId);
  const item: AccountItem = {
    ...accountKey(account),
    kind: 'account',
    id: account,
    public_id: publicId,
    name: input.name,
    created: sortable(ports.clock.now()),
    timezone: input.timezone ?? 'UTC',
    currency: input.currency ?? 'USD',
    sender_name: input.senderName ?? input.name,
    sender_email: input.senderEmail,
    secret: ports.ids.secret(32),
  };
  const byPublicId: DirectoryItem = { ...accountByPublicId(publicId), kind: 'directory', account };
  const entry: DirectoryItem = { ...accountEntry(account), kind: 'directory', account };
  await ports.store.transact([
    { put: item, if: { absent: true } },
    { put: byPublicId, if: { absent: true } },
    { put: entry, if: { absent: true } },
  ]);
  return item;
}

/** The account's own item; a 404 when there is none. */
export async function readAccount(ports: Registry, account: AccountId): Promise<AccountItem> {
  const item = await ports.store.get(accountKey(account));
  if (!item) throw notFound('account', account);
  return item;
}

/** True when an account has this public company id, as far as an eventual read knows. */
export async function isCompany({ store }: Pick<Registry, 'store'>, publicId: string): Promise<boolean> {
  return (await store.get(accountByPublicId(publicId), { consistent: false })) !== undefined;
}

/** Every account of the deployment. */
export async function listAccounts(ports: Registry): Promise<AccountItem[]> {
  const entries = await everything(ports.store, allAccounts());
  const items = await ports.store.getMany(entries.map((entry) => accountKey(accountId(entry.account))));
  return items.filter((item) => item !== undefined);
}
