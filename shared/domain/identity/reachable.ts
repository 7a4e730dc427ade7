// Whether what was said of an address, a number or a person lets a message through (behaviour 3.1, 3.7). Pure.
import type { ConsentState, Consents, Suppression, SuppressionReason } from '../../storage/items.ts';

/** Wishes of the person, or the owner, about marketing. The others are facts of the mailbox, or a complaint: they stop everything. */
const onlyMarketing: ReadonlySet<SuppressionReason> = new Set(['UNSUBSCRIBE', 'USER_SUPPRESSED']);

/** True for a consent that was given and stands. */
export const isSubscribed = (consent: ConsentState | undefined): boolean => consent?.state === 'SUBSCRIBED';

/** What is known of an email address. */
export interface SaidOfEmail {
  consents?: Consents | undefined;
  suppressions?: readonly Pick<Suppression, 'reason'>[] | undefined;
}

/**
 * Email: nobody has to have subscribed, only a withdrawal or a suppression stops marketing; a message that belongs to an
 * order is stopped by what makes an address useless, or by a complaint.
 */
export function acceptsEmail({ consents, suppressions = [] }: SaidOfEmail, transactional = false): boolean {
  if (!transactional && consents?.email?.state === 'UNSUBSCRIBED') return false;
  return suppressions.every(({ reason }) => transactional && onlyMarketing.has(reason));
}

/** SMS: marketing needs consent to marketing, a message that belongs to an order either consent. */
export function acceptsSms({ sms, sms_transactional: orders }: Consents, transactional = false): boolean {
  return isSubscribed(sms) || (transactional && isSubscribed(orders));
}

/** Push needs a consent, whatever the message. */
export const acceptsPush = ({ push }: Consents): boolean => isSubscribed(push);
