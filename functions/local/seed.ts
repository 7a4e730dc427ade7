import { localKey } from '../cli/local.ts';
import {
  changeAccount,
  createAccount,
  createKey,
  fullAccess,
  listAccounts,
  listKeys,
} from '../../shared/domain/account/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { Ports } from '../../shared/ports.ts';

/** The local account and its key: the same at every start, so that scripts keep working. Worth nothing elsewhere. */
export const seeded = { account: 'Bean01', key: localKey } as const;

/** The address of a platform application as the rehearsal's roles allow it; nobody listens there. */
const application = (platform: string) => `arn:aws:sns:us-east-1:000000000000:app/${platform}/beantown`;

/** Makes the local account and its key unless they are there. */
export async function seed(ports: Ports): Promise<void> {
  const account = accountId(seeded.account);
  const accounts = await listAccounts(ports);
  if (!accounts.some(({ id }) => id === account)) {
    await createAccount(ports, {
      name: 'Beantown Coffee',
      senderEmail: 'hello@beantown.coffee',
      timezone: 'America/New_York',
      publicId: account,
    });
    await changeAccount(ports, account, {
      smsSenders: { '*': '+12015550123' },
      pushApplications: { ios: application('APNS'), android: application('GCM') },
    });
  }
  // A process that was killed at its first start may have left an account without a key. A revoked one stays revoked.
  if ((await listKeys(ports, account)).length > 0) return;
  await createKey(ports, account, { name: 'local', scopes: fullAccess, secret: seeded.key });
}
