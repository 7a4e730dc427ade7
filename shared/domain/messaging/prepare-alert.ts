import type { Email } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import { findTemplate, renderLine, renderTemplate } from '../templates/index.ts';
import { isAddress } from './address.ts';
import type { AlertContent } from './content.ts';
import { contextOf } from './context.ts';
import { type Prepare, noLinks, renderSettings, unlessBroken } from './prepare.ts';

/** An email about the person to people of the account: nothing that the person wishes or withdraws is about it. */
export const prepareAlert: Prepare<AlertContent> = async (ports, { owner, item, profile, content }) => {
  const account = accountOf(item);
  const to = content.to.filter(isAddress);
  if (to.length === 0) return { skip: 'Email Syntax Error' };
  if (!isAddress(content.from.address)) return { skip: 'Invalid From Email' };
  const template = await findTemplate(ports, account, content.templateId);
  if (!template) return { skip: 'Unable to Send Email' };
  const context = await contextOf(ports, owner, item, profile);
  const settings = renderSettings(ports, owner, noLinks);
  const email = await unlessBroken(ports, { account, template: template.id }, async (): Promise<Omit<Email, 'to'>> => {
    const { html, text } = await renderTemplate(template, context, settings);
    // Without the tags of the person's messages: what becomes of it says nothing of the person's address.
    return {
      from: content.from,
      subject: renderLine(content.subject, context, settings),
      html,
      text,
      headers: {},
      tags: {},
    };
  });
  if (!email) return { skip: 'Unable to Send Email' };
  return { outgoing: { channel: 'alert', emails: to.map((one) => ({ ...email, to: one })) }, kept: {}, unchanged: [] };
};
