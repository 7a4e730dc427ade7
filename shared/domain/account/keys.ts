import { createHash } from 'node:crypto';
import { type AccountId, accountId } from '../../kernel/ids.ts';
import { notFound, refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Registry } from './registry.ts';
import type { KeyItem } from '../../storage/items.ts';
import { keyByDigest, keyOfAccount, keysOfAccount } from '../../storage/patterns.ts';
import { everything } from '../../storage/pages.ts';

/** The scope list of a key that may do everything. */
export const fullAccess: readonly string[] = ['*'];

/** What a key is filed under: keys are 256 random bits, so a plain SHA-256 cannot be searched backwards. */
function digestOfKey(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Makes a private key for the account. The secret is in the answer and nowhere else: it is stored as a digest. */
export async function createKey(
  ports: Registry,
  account: AccountId,
  options: { name: string; scopes: readonly string[]; secret?: string },
): Promise<{ secret: string; key: KeyItem }> {
  const secret = options.secret ?? `pk_${ports.ids.secret(32)}`;
  const digest = digestOfKey(secret);
  const key: KeyItem = {
    ...keyByDigest(digest),
    kind: 'key',
    account,
    name: options.name,
    scopes: [...options.scopes],
    hint: `${secret.slice(0, 6)}…${secret.slice(-4)}`,
    digest,
    created: sortable(ports.clock.now()),
  };
  const listed: KeyItem = { ...key, ...keyOfAccount(account, digest) };
  await ports.store.transact([
    { put: key, if: { absent: true } },
    { put: listed, if: { absent: true } },
  ]);
  return { secret, key };
}

/** The keys of an account, without their secrets. */
export async function listKeys(ports: Registry, account: AccountId): Promise<KeyItem[]> {
  return everything(ports.store, keysOfAccount(account));
}

/** Ends a key, named by its hint or its digest. Workers that hold it in their cache refuse it within a minute. */
export async function revokeKey(ports: Registry, account: AccountId, name: string): Promise<KeyItem> {
  const keys = await listKeys(ports, account);
  const found = keys.filter((key) => key.digest === name || key.hint === name || key.name === name);
  const [key, another] = found;
  if (!key) throw notFound('key', name);
  if (another) throw refuse('conflict', `More than one key is called ${name}; name it by its hint (see: keys list).`);
  const revoked = sortable(ports.clock.now());
  await ports.store.transact([
    { update: keyByDigest(key.digest), set: { revoked }, if: { present: true } },
    { update: keyOfAccount(account, key.digest), set: { revoked }, if: { present: true } },
  ]);
  return { ...key, revoked };
}

/** The key that belongs to a secret; undefined when there is none or it was revoked. */
export async function findKey(ports: Registry, secret: string): Promise<(KeyItem & { owner: AccountId }) | undefined> {
  const key = await ports.store.get(keyByDigest(digestOfKey(secret)));
  if (!key || key.revoked !== undefined) return undefined;
  return { ...key, owner: accountId(key.account) };
}
