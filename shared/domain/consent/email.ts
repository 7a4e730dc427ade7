// Grants, withdrawals and suppressions of email addresses.
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { SuppressionReason } from '../../storage/items.ts';
import type { ConsentMethod } from '../identity/index.ts';
import { changeStanding } from './change.ts';
import { granted, suppressed, withdrawn } from './standing.ts';

/** A word of the person about email marketing; `address` is normalised. */
export interface EmailWord {
  address: string;
  at: Instant;
  how: ConsentMethod;
  /** Given elsewhere, long ago. */
  historical?: boolean;
}

const emailOf = (address: string) => ({ kind: 'email', value: address }) as const;

/** A grant: subscribed at `at`. A grant that is older than what is known is ignored. */
export async function grantEmail(ports: Ports, account: AccountId, grant: EmailWord): Promise<void> {
  const now = ports.clock.now();
  const word = { ...grant, kind: 'email' } as const;
  await changeStanding(ports, account, emailOf(grant.address), grant, (standing) => granted(standing, word, now));
}

/** A withdrawal: unsubscribed at `at`, and suppressed. One that is older than a later grant is ignored. */
export async function withdrawEmail(ports: Ports, account: AccountId, withdrawal: EmailWord): Promise<void> {
  const now = ports.clock.now();
  const word = { ...withdrawal, kind: 'email' } as const;
  await changeStanding(ports, account, emailOf(withdrawal.address), withdrawal, (standing) =>
    withdrawn(standing, word, now),
  );
}

/** A suppression that leaves consent as it is: a bounce, a complaint, a manual one. Known reasons keep their first time. */
export async function suppressEmail(
  ports: Ports,
  account: AccountId,
  suppression: { address: string; reason: SuppressionReason; at: Instant; how: ConsentMethod },
): Promise<void> {
  const { address, reason, at } = suppression;
  await changeStanding(ports, account, emailOf(address), suppression, (standing) => suppressed(standing, reason, at));
}
