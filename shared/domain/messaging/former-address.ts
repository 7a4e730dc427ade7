// Reports of emails whose message is gone, because the person was forgotten meanwhile or never confirmed: what they say of
// the address holds for whoever has it next.
import { type AccountId, accountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { contactHashOf } from '../../storage/patterns.ts';
import { isCompany } from '../account/index.ts';
import { suppressEmail } from '../consent/index.ts';
import { contactKeyOf, normaliseEmail, wasAddressOf } from '../identity/index.ts';

/** What a report says of the message. */
interface ReportedMail {
  destination?: readonly string[] | undefined;
  tags?: { [Tag in 'account' | 'profile' | 'contact']?: readonly [string, ...string[]] | undefined } | undefined;
}

const reasons = { bounced: 'HARD_BOUNCE', complained: 'SPAM_COMPLAINT' } as const;
const isFinal = (word: string | undefined): word is keyof typeof reasons => word !== undefined && word in reasons;

/**
 * Suppresses the address that bounced for good or complained, under its keyed hash and with nothing that leads to the message.
 * No address is believed that the message was not for: its hash stands in the report, or where its person was forgotten.
 * Answers whether the report was of such a message. Twice is once.
 */
export async function suppressFormer(
  ports: Ports,
  mail: ReportedMail,
  { word, at }: { word: string | undefined; at: Instant },
): Promise<boolean> {
  const { account: owner, profile, contact } = mail.tags ?? {};
  const address = normaliseEmail(mail.destination?.[0] ?? '');
  if (!owner || address === undefined || !isFinal(word)) return false;
  const account = accountId(owner[0]);
  if (!(await wasFor(ports, account, address, { profile: profile?.[0], contact: contact?.[0] }))) return false;
  await suppressEmail(ports, account, { address, reason: reasons[word], at, how: { method: 'PROVIDER_FEEDBACK' } });
  return true;
}

/** Whether the message went to this address: a confirmation names its hash, any other its person. */
async function wasFor(
  ports: Ports,
  account: AccountId,
  address: string,
  { profile, contact }: { profile: string | undefined; contact: string | undefined },
): Promise<boolean> {
  if (contact !== undefined) {
    if (!(await isCompany(ports, account))) return false;
    return contactHashOf(await contactKeyOf(ports, account, { kind: 'email', value: address })) === contact;
  }
  return profile !== undefined && wasAddressOf(ports, account, profile, address);
}
