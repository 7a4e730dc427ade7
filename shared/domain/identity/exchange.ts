// `_kx`, the exchange token: it names a profile in links that people follow, and only the account can make or read one.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { sealed, unsealed } from '../../kernel/seal.ts';
import type { Ports } from '../../ports.ts';
import { secretOf } from '../account/index.ts';
import { type ProfileInput, identifiersSet } from './input.ts';

const scope = (account: AccountId) => ['exchange', account];

/** The token of a profile: always the same. Fits a query parameter. */
export async function exchangeToken(ports: Ports, account: AccountId, profile: string): Promise<string> {
  return sealed(await secretOf(ports, account), scope(account), profile);
}

/** The id of the profile that a token names, also when there is none any more; undefined when it is no token of ours. */
export async function profileOfToken(ports: Ports, account: AccountId, token: string): Promise<string | undefined> {
  return unsealed(await secretOf(ports, account), scope(account), token);
}

/**
 * The same, of what a request says of somebody. What is no token of the account is refused with 400 where nothing
 * stronger names the person, and says nothing where something does: browsers still hold tokens of whoever served them before.
 */
export async function profileExchanged(
  ports: Ports,
  account: AccountId,
  { id, identifiers, exchange }: Pick<ProfileInput, 'id' | 'identifiers' | 'exchange'>,
): Promise<string | undefined> {
  if (exchange === undefined) return undefined;
  const profile = await profileOfToken(ports, account, exchange.token);
  const isNamed = id !== undefined || identifiersSet(identifiers).some(({ kind }) => kind !== 'anonymous_id');
  if (profile !== undefined || isNamed) return profile;
  throw refuse('invalid', 'This _kx is no exchange token of this account; leave it out.', exchange.pointer);
}
