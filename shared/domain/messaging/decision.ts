// What every gate decides with: the reasons that are kept, and the window in which nobody is messaged twice.
import { type Instant, hour, instantOf } from '../../kernel/time.ts';
import type { AccountItem, LastSentItem, MessageItem, PersonalChannel } from '../../storage/items.ts';

/** The reasons for which a message is not sent, as reports name them (behaviour 5.6). */
export const skipReasons = [
  'Smart Sending',
  'Person No Longer in List',
  'Fails Flow Filters',
  'Fails Additional Filters',
  'Person Deleted',
  'Action Deleted',
  // Of campaigns.
  'Merged with another recipient',
  // Email.
  'Missing Email',
  'Person Suppressed',
  'Email Syntax Error',
  'Catalog Item Unavailable',
  'Unable to Send Email',
  'Invalid From Email',
  'Error Retrieving External Data',
  'Coupon Category Unavailable',
  'Unable to Create Coupon',
  'No More Uploaded Coupons Remain',
  "Coupon Code Doesn't Exist",
  'Email Cancelled',
  // SMS.
  'Unable to Send',
  'Missing SMS Consent',
  'Missing/Invalid Phone',
  'Country Not Supported',
  'No Sending Number',
  // Push, for which nothing is documented.
  'Missing Push Consent',
  'Missing Push Token',
  'No Push Application',
] as const;

export type SkipReason = (typeof skipReasons)[number];

/** To send to somebody, to skip, or to decide again at an instant. */
export type Decision<To> =
  { send: true; to: To } | { send: false; reason: SkipReason } | { send: false; until: Instant };

export const skip = (reason: SkipReason): { send: false; reason: SkipReason } => ({ send: false, reason });

const usualHours: Readonly<Record<PersonalChannel, number>> = { email: 16, sms: 24, push: 24 };

/** A channel on which messages reach the person itself; of others nothing is remembered. */
export const isPersonal = (channel: MessageItem['channel']): channel is PersonalChannel =>
  Object.hasOwn(usualHours, channel);

/** Who was messaged on the channel less than this many hours ago is left alone. */
export function smartSendingHours(
  { smart_sending_hours: own }: Pick<AccountItem, 'smart_sending_hours'>,
  channel: PersonalChannel,
) {
  return own?.[channel] ?? usualHours[channel];
}

export type LastSent = Pick<LastSentItem, 'at' | 'window_hours'> | undefined;

/** True while the window that was in force at the message before lasts; its last instant is outside. */
export function isTooSoon(
  lastSent: LastSent,
  { smartSending, transactional }: { smartSending: boolean; transactional: boolean },
  now: Instant,
): boolean {
  if (!smartSending || transactional || lastSent === undefined) return false;
  return now < instantOf(lastSent.at) + lastSent.window_hours * hour;
}
