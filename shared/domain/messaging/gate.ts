// Whether an email may go to a person now. Pure; the order of the questions decides which reason is kept.
import { type Instant, hour, instantOf } from '../../kernel/time.ts';
import type { ContactItem, LastSentItem, ProfileItem, SuppressionReason } from '../../storage/items.ts';
import { isAddress } from './address.ts';
import type { EmailContent } from './content.ts';

/** The reasons for which a message is not sent, as reports name them. */
export type SkipReason =
  | 'Missing Email'
  | 'Email Syntax Error'
  | 'Invalid From Email'
  | 'Person Suppressed'
  | 'Smart Sending'
  | 'Unable to Send Email'
  | 'Action Deleted'
  | 'Person Deleted';

export type Decision = { send: true; address: string } | { send: false; reason: SkipReason };

/** Wishes of the person about marketing. The others are facts of the mailbox, or a complaint: they stop everything. */
const onlyMarketing: ReadonlySet<SuppressionReason> = new Set(['UNSUBSCRIBE', 'USER_SUPPRESSED']);

/** Who was messaged less than this many hours ago is left alone. */
export const smartSendingHours = 16;

/** What is known of the address. */
export type EmailContact = Pick<ContactItem, 'consents' | 'suppressions'>;

/**
 * True when the suppressions of an address and the consent given for it let an email through. Nobody has to have
 * subscribed: only a withdrawal or a suppression stops marketing.
 */
export function canReceiveEmail(contact: EmailContact | undefined, transactional: boolean): boolean {
  if (!transactional && contact?.consents?.email?.state === 'UNSUBSCRIBED') return false;
  return (contact?.suppressions ?? []).every(({ reason }) => transactional && onlyMarketing.has(reason));
}

/** True while the window that was in force at the message before lasts; its last instant is outside. */
function isTooSoon(lastSent: Pick<LastSentItem, 'at' | 'window_hours'> | undefined, now: Instant): boolean {
  return lastSent !== undefined && now < instantOf(lastSent.at) + lastSent.window_hours * hour;
}

/** The decision over one email. `contact` is that of the profile's address. */
export function gate(facts: {
  profile: Pick<ProfileItem, 'email'>;
  contact: EmailContact | undefined;
  lastSent: Pick<LastSentItem, 'at' | 'window_hours'> | undefined;
  content: Pick<EmailContent, 'from' | 'smartSending' | 'transactional'>;
  now: Instant;
}): Decision {
  const { profile, contact, lastSent, content, now } = facts;
  const { email } = profile;
  if (email === undefined) return skip('Missing Email');
  if (!isAddress(email)) return skip('Email Syntax Error');
  if (!isAddress(content.from.address)) return skip('Invalid From Email');
  if (!canReceiveEmail(contact, content.transactional)) return skip('Person Suppressed');
  const counts = content.smartSending && !content.transactional;
  if (counts && isTooSoon(lastSent, now)) return skip('Smart Sending');
  return { send: true, address: email };
}

const skip = (reason: SkipReason): Decision => ({ send: false, reason });
