import type { AccountId } from '../../kernel/ids.ts';

/** What names a message. */
export interface MessageName {
  account: AccountId;
  profile: string;
  message: string;
}
