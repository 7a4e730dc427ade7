export { createAccount, isCompany, listAccounts, readAccount } from './accounts.ts';
export { type Cap, countOrRefuse, countsWithin } from './caps.ts';
export { createKey, fullAccess, listKeys, revokeKey } from './keys.ts';
export { type Registry } from './registry.ts';
export { accountOperations } from './resources.ts';
export { secretOf } from './secret.ts';
export { revision, serve } from './serve.ts';
export { type AccountSettings, changeAccount, defaultOptIn, restockingOf } from './settings.ts';
