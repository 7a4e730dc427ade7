// Whether an email may go to a person now. Pure; the order of the questions (behaviour 3.8) decides which reason is kept.
import type { Instant } from '../../kernel/time.ts';
import type { ContactItem, ProfileItem } from '../../storage/items.ts';
import { acceptsEmail } from '../identity/index.ts';
import { isAddress } from './address.ts';
import type { EmailContent } from './content.ts';
import { type Decision, type LastSent, isTooSoon, skip } from './decision.ts';

/** What is known of the address. */
export type EmailContact = Pick<ContactItem, 'consents' | 'suppressions' | 'list_suppressions'>;

/** True when the person left the one list that the email goes to. */
function hasLeft(
  contact: EmailContact | undefined,
  { list, transactional }: Pick<EmailContent, 'list' | 'transactional'>,
) {
  if (list === undefined || transactional) return false;
  return (contact?.list_suppressions ?? []).some((one) => one.list === list);
}

/** The decision over one email. `contact` is that of the profile's address. */
export function gate(facts: {
  profile: Pick<ProfileItem, 'email'>;
  contact: EmailContact | undefined;
  lastSent: LastSent;
  content: Pick<EmailContent, 'from' | 'smartSending' | 'transactional' | 'list'>;
  now: Instant;
}): Decision<string> {
  const { profile, contact, lastSent, content, now } = facts;
  const { email } = profile;
  if (email === undefined) return skip('Missing Email');
  if (!isAddress(email)) return skip('Email Syntax Error');
  if (!isAddress(content.from.address)) return skip('Invalid From Email');
  if (!acceptsEmail(contact ?? {}, content.transactional)) return skip('Person Suppressed');
  if (hasLeft(contact, content)) return skip('Person Suppressed');
  if (isTooSoon(lastSent, content, now)) return skip('Smart Sending');
  return { send: true, to: email };
}
