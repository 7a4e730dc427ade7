import { accountOf } from '../../storage/patterns.ts';
import { readContact } from '../identity/index.ts';
import type { SmsContent } from './content.ts';
import { gateSms } from './gate-sms.ts';
import { type Circumstances, type Prepare, notSent, plainRenderer, tagsOf, unlessBroken } from './prepare.ts';
import { segmentsOf } from './segments.ts';
import type { Ports } from '../../ports.ts';
import { toldOfText } from './told.ts';

/** An SMS to the profile's number. */
export const prepareSms: Prepare<SmsContent> = async (ports, about) => {
  const { item, profile, content } = about;
  const account = accountOf(item);
  const { phone_number: value } = profile;
  const contact = value === undefined ? undefined : await readContact(ports, account, { kind: 'phone_number', value });
  const decision = gateSms({ ...about, contact: contact?.item });
  if (!decision.send) return notSent(decision);
  const { from, to } = decision.to;
  const body = await unlessBroken(ports, { account, message: item.id }, () => bodyOf(ports, about));
  if (body === undefined || body === '') return { skip: 'Unable to Send' };
  const { transactional } = content;
  const segments = segmentsOf(body);
  return {
    outgoing: { channel: 'sms', text: { from, to, body, transactional, tags: tagsOf(item) } },
    kept: { address: to, segments, told: toldOfText(about, { from, to, segments }) },
    unchanged: contact ? [{ check: contact.key, if: contact.unchanged }] : [],
  };
};

/** The way out, in words that the keywords of an answer are matched with. */
const optOut = 'Reply STOP to opt out.';

/** The text, with the name of the account in front and the way out behind it where they are wanted. */
async function bodyOf(ports: Ports, about: Circumstances<SmsContent>): Promise<string> {
  const { owner, content } = about;
  const render = await plainRenderer(ports, about);
  const body = render(content.body);
  if (body === '') return '';
  return `${content.orgPrefix ? `${owner.name}: ` : ''}${body}${content.optOutLanguage ? `\n${optOut}` : ''}`;
}
