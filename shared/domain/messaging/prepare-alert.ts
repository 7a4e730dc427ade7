import type { Email } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import { findTemplate, renderLine, renderTemplate } from '../templates/index.ts';
import { isAddress } from './address.ts';
import type { AlertContent } from './content.ts';
import { contextOf } from './context.ts';
import { made } from './make.ts';
import { type Prepare, noLinks } from './prepare.ts';

/** An email about the person to people of the account: nothing that the person wishes or withdraws is about it. */
export const prepareAlert: Prepare<AlertContent> = async (ports, about) => {
  const { owner, item, profile, content } = about;
  const account = accountOf(item);
  const to = content.to.filter(isAddress);
  if (to.length === 0) return { skip: 'Email Syntax Error' };
  if (!isAddress(content.from.address)) return { skip: 'Invalid From Email' };
  const template = await findTemplate(ports, account, content.templateId);
  if (!template) return { skip: 'Unable to Send Email' };
  const context = await contextOf(ports, owner, item, profile);
  const making = { broken: 'Unable to Send Email', links: noLinks } as const;
  const written = await made(ports, about, making, async (settings): Promise<Omit<Email, 'to'>> => {
    const { html, text } = await renderTemplate(template, context, settings);
    // Without the tags of the person's messages: what becomes of it says nothing of the person's address.
    return {
      from: content.from,
      subject: await renderLine(content.subject, context, settings),
      html,
      text,
      headers: {},
      tags: {},
    };
  });
  if ('skip' in written) return written;
  const emails = to.map((one) => ({ ...written.made, to: one }));
  return { outgoing: { channel: 'alert', emails }, kept: {}, unchanged: [] };
};
