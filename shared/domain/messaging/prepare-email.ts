import { accountOf } from '../../storage/patterns.ts';
import { readContact } from '../identity/index.ts';
import { findTemplate } from '../templates/index.ts';
import { buildEmail } from './build-email.ts';
import type { EmailContent } from './content.ts';
import { gate } from './gate.ts';
import { type Prepare, notSent } from './prepare.ts';
import { toldOfEmail } from './told.ts';

/** An email to the profile's address. */
export const prepareEmail: Prepare<EmailContent> = async (ports, about) => {
  const { item, profile, content } = about;
  const account = accountOf(item);
  const { email } = profile;
  const contact = email === undefined ? undefined : await readContact(ports, account, { kind: 'email', value: email });
  const decision = gate({ ...about, contact: contact?.item });
  if (!decision.send) return notSent(decision);
  const address = decision.to;
  const template = await findTemplate(ports, account, content.templateId);
  if (!template) return { skip: 'Unable to Send Email' };
  const built = await buildEmail(ports, { ...about, template, address });
  if ('skip' in built) return built;
  return {
    outgoing: { channel: 'email', email: built.made },
    kept: { address, told: toldOfEmail(about, built.made) },
    unchanged: contact ? [{ check: contact.key, if: contact.unchanged }] : [],
  };
};
