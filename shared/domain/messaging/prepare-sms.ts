import { accountOf } from '../../storage/patterns.ts';
import { readContact } from '../identity/index.ts';
import type { SmsContent } from './content.ts';
import { gateSms } from './gate-sms.ts';
import { madeOfPlain } from './make.ts';
import { type Circumstances, type Prepare, notSent, tagsOf } from './prepare.ts';
import { segmentsOf } from './segments.ts';
import { shortened } from './short-links.ts';
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
  const written = await madeOfPlain(ports, about, async (render) => withFrame(about, await render(content.body)));
  if ('skip' in written) return written;
  if (written.made === '') return { skip: 'Unable to Send' };
  const { body, tokens, puts } = shortened(ports.settings.publicUrl, about, written.made);
  const { transactional } = content;
  const segments = segmentsOf(body);
  return {
    outgoing: { channel: 'sms', text: { from, to, body, transactional, tags: tagsOf(item) } },
    kept: {
      ...{ address: to, segments, told: toldOfText(about, { from, to, segments }) },
      ...(tokens.length > 0 && { links: tokens }),
    },
    unchanged: [...(contact ? [{ check: contact.key, if: contact.unchanged }] : []), ...puts],
  };
};

/** The way out, in words that the keywords of an answer are matched with. */
const optOut = 'Reply STOP to opt out.';

/** The text, with the name of the account in front and the way out behind it where they are wanted. */
function withFrame({ owner, content }: Circumstances<SmsContent>, body: string): string {
  if (body === '') return '';
  return `${content.orgPrefix ? `${owner.name}: ` : ''}${body}${content.optOutLanguage ? `\n${optOut}` : ''}`;
}
