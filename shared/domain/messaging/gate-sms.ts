// Whether an SMS may go to a person now. Pure; the order of the questions (behaviour 3.8) decides which reason is kept.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Instant } from '../../kernel/time.ts';
import type { AccountItem, ContactItem, ProfileItem } from '../../storage/items.ts';
import { acceptsSms } from '../identity/index.ts';
import type { SmsContent } from './content.ts';
import { type Decision, type LastSent, isTooSoon, skip } from './decision.ts';
import { quietUntil } from './quiet-hours.ts';
import { smsCountries } from './sms-countries.ts';

/** Who an SMS goes from and to. */
export interface SmsRoute {
  from: string;
  to: string;
}

/** The decision over one SMS. `contact` is that of the profile's number. */
export function gateSms(facts: {
  owner: Pick<AccountItem, 'sms_senders' | 'sms_quiet_hours' | 'timezone'>;
  profile: Pick<ProfileItem, 'phone_number'>;
  contact: Pick<ContactItem, 'consents'> | undefined;
  lastSent: LastSent;
  content: Pick<SmsContent, 'smartSending' | 'transactional' | 'quietHours'>;
  now: Instant;
}): Decision<SmsRoute> {
  const { owner, profile, contact, lastSent, content, now } = facts;
  const { phone_number: to } = profile;
  const phone = to === undefined ? undefined : parsePhoneNumberFromString(to);
  if (to === undefined || phone?.isValid() !== true) return skip('Missing/Invalid Phone');
  const { country = '' } = phone;
  const { sms_senders: senders = {} } = owner;
  const own = Object.hasOwn(senders, country) ? senders[country] : undefined;
  // Whoever rented a number for a country has seen to what the country asks for.
  if (own === undefined && !smsCountries.has(country)) return skip('Country Not Supported');
  if (!acceptsSms(contact?.consents ?? {}, content.transactional)) return skip('Missing SMS Consent');
  const until = content.transactional ? undefined : quietUntil(phone, owner, content, now);
  if (until !== undefined) return { send: false, until };
  if (isTooSoon(lastSent, content, now)) return skip('Smart Sending');
  const from = own ?? senders['*'];
  if (from === undefined) return skip('No Sending Number');
  return { send: true, to: { from, to } };
}
