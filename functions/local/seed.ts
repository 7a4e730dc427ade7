import { createAccount, createKey, fullAccess, listAccounts } from '../../shared/domain/account/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { Ports } from '../../shared/ports.ts';

/** The local account and its key: the same at every start, so that scripts keep working. Worth nothing elsewhere. */
export const seeded = { account: 'Bean01', key: 'pk_beantown_local_development_only' } as const;

/** Makes the local account unless it is there. */
export async function seed(ports: Ports): Promise<void> {
  const accounts = await listAccounts(ports);
  if (accounts.some(({ id }) => id === seeded.account)) return;
  await createAccount(ports, {
    name: 'Beantown Coffee',
    senderEmail: 'hello@beantown.coffee',
    timezone: 'America/New_York',
    publicId: seeded.account,
  });
  await createKey(ports, accountId(seeded.account), { name: 'local', scopes: fullAccess, secret: seeded.key });
}
