import { type Said, grant } from '../../shared/domain/consent/words.ts';
import type { AccountId } from '../../shared/kernel/ids.ts';
import type { Ports } from '../../shared/ports.ts';

/** A grant of email marketing for an address, as the rows of a subscribe job give it. */
export const grantEmail = (
  ports: Ports,
  account: AccountId,
  { address, ...given }: Omit<Said, 'kind' | 'of'> & { address: string },
): Promise<void> => grant(ports, account, { ...given, kind: 'email', of: address });
