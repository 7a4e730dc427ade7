export { type NewAccount, createAccount, listAccounts, readAccount } from './accounts.ts';
export { authenticator } from './authenticate.ts';
export { createKey, fullAccess, listKeys, revokeKey } from './keys.ts';
export { accountOperations } from './resources.ts';
