// What unsubscribe links do.
import { ApiError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { readAccount } from '../account/index.ts';
import { withdrawEmail } from '../consent/index.ts';
import { type LinkContent, accountOfLink, openLink } from './links.ts';

export interface UnsubscribeLink extends LinkContent {
  account: AccountId;
  owner: AccountItem;
}

/** What an unsubscribe token stands for; undefined for everything that is not to the letter one of ours. */
export async function readUnsubscribeLink(ports: Ports, token: string): Promise<UnsubscribeLink | undefined> {
  const account = accountOfLink(token);
  if (account === undefined) return undefined;
  const owner = await ownerOf(ports, account);
  const content = owner && openLink(owner.secret, 'unsubscribe', account, token);
  return owner && content && { ...content, account, owner };
}

async function ownerOf(ports: Ports, account: AccountId): Promise<AccountItem | undefined> {
  try {
    return await readAccount(ports, account);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Withdraws consent to email marketing for the address that the link was sent to. Durable when it resolves. */
export async function unsubscribe(
  ports: Ports,
  { account, address, message }: UnsubscribeLink,
  method: 'PREFERENCE_PAGE' | 'ONE_CLICK_UNSUBSCRIBE',
): Promise<void> {
  await withdrawEmail(ports, account, { address, at: ports.clock.now(), how: { method, detail: message } });
}
