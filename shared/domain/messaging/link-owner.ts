import { ApiError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { readAccount } from '../account/index.ts';
import { type LinkContent, type LinkKind, accountOfLink, openLink } from './links.ts';

/** A link of ours, opened, with the account that it belongs to. */
export type OpenedLink<Kind extends LinkKind> = LinkContent<Kind> & { account: AccountId; owner: AccountItem };

/** What a token of this kind stands for; undefined for everything that is not to the letter one of ours. */
export async function readLink<Kind extends LinkKind>(
  ports: Ports,
  kind: Kind,
  token: string,
): Promise<OpenedLink<Kind> | undefined> {
  const account = accountOfLink(token);
  if (account === undefined) return undefined;
  const owner = await ownerOf(ports, account);
  const content = owner && openLink(owner.secret, kind, account, token);
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
