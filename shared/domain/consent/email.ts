// What happens to email addresses: withdrawals, suppressions, bounces. Grants of any channel stand in words.ts.
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { SuppressionReason } from '../../storage/items.ts';
import { type Cause, type ConsentMethod, type Standing, readContact } from '../identity/index.ts';
import { changeStanding } from './change.ts';
import { arrived, bouncedSoftly, outOfList, suppressed, unsuppressed } from './standing.ts';
import { withdraw } from './words.ts';

/** A word of the person about email marketing; `address` is normalised. */
export interface EmailWord {
  address: string;
  at: Instant;
  how: ConsentMethod;
  /** Given elsewhere, long ago. */
  historical?: boolean;
}

/** A withdrawal: unsubscribed at `at`, and suppressed. One that is older than a later grant is ignored. */
export const withdrawEmail = (ports: Ports, account: AccountId, { address, ...given }: EmailWord): Promise<void> =>
  withdraw(ports, account, { ...given, kind: 'email', of: address });

/** A complaint to the mailbox provider: a withdrawal that suppresses as what it is. */
export const complainEmail = (ports: Ports, account: AccountId, { address, ...given }: EmailWord): Promise<void> =>
  withdraw(ports, account, { ...given, kind: 'email', of: address, reason: 'SPAM_COMPLAINT' });

/** Why and when, of an address. */
export interface OfAddress extends Cause {
  address: string;
}

const change = (ports: Ports, account: AccountId, cause: OfAddress, to: (standing: Standing) => Standing | undefined) =>
  changeStanding(ports, account, { kind: 'email', value: cause.address }, cause, to);

/**
 * A suppression that leaves consent as it is: a bounce, or one by hand (also of what an earlier provider had suppressed).
 * Known reasons keep their first time. Answers whether the address was not suppressed for this reason before.
 */
export async function suppressEmail(
  ports: Ports,
  account: AccountId,
  suppression: OfAddress & { reason: SuppressionReason },
): Promise<boolean> {
  const { reason, at } = suppression;
  const known = (standing: Standing) => standing.suppressions.some((one) => one.reason === reason);
  const changed = await change(ports, account, suppression, (standing) => suppressed(standing, reason, at));
  return changed !== undefined && !known(changed.before);
}

/** Takes a suppression by hand back, and no other. Answers whether there was one. */
export async function unsuppressEmail(ports: Ports, account: AccountId, cause: OfAddress): Promise<boolean> {
  const changed = await change(ports, account, cause, (standing) => unsuppressed(standing, cause.at));
  return changed !== undefined;
}

/** The person leaves what one list is sent, and nothing else. */
export async function suppressOnList(
  ports: Ports,
  account: AccountId,
  cause: OfAddress & { list: string },
): Promise<void> {
  await change(ports, account, cause, (standing) => outOfList(standing, cause.list, cause.at));
}

/** A message bounced softly; the eighth of a row suppresses. */
export async function bounceSoftly(
  ports: Ports,
  account: AccountId,
  cause: OfAddress & { message: string },
): Promise<void> {
  const now = ports.clock.now();
  await change(ports, account, cause, (standing) => bouncedSoftly(standing, cause, now));
}

/** A message arrived: what bounced softly before counts no more. */
export async function arrive(ports: Ports, account: AccountId, cause: OfAddress): Promise<void> {
  // Nearly every message arrives, and nearly no address has bounced: then one read is all.
  const { item } = await readContact(ports, account, { kind: 'email', value: cause.address });
  if (item?.soft_bounces === undefined) return;
  await change(ports, account, cause, (standing) => arrived(standing, cause.at));
}
