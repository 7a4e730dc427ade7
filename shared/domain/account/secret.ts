import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { perStore } from '../../storage/per-store.ts';
import { readAccount } from './accounts.ts';

/** Secrets by account, per store: an account's secret never changes. */
const known = perStore<string>();

/** The account's secret, which signs links and keys hashes. Costs a read once in a container; a 404 without an account. */
export async function secretOf(ports: Ports, account: AccountId): Promise<string> {
  const secrets = known(ports.store);
  const secret = secrets.get(account) ?? (await readAccount(ports, account)).secret;
  secrets.set(account, secret);
  return secret;
}
