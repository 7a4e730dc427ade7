// From what a message says to the email that the provider gets.
import { escapeHtml } from '../../kernel/html.ts';
import type { Email, Ports } from '../../ports.ts';
import type { AccountItem, MessageItem, ProfileItem } from '../../storage/items.ts';
import { accountOf } from '../../storage/patterns.ts';
import { type Template, renderLine, renderTemplate } from '../templates/index.ts';
import { isAddress } from './address.ts';
import type { EmailContent } from './content.ts';
import { contextOf } from './context.ts';
import { signLink } from './links.ts';
import { renderSettings, tagsOf } from './prepare.ts';

/** What an email is made of. */
export interface EmailParts {
  owner: AccountItem;
  item: MessageItem;
  profile: ProfileItem;
  content: EmailContent;
  template: Template;
  /** Where it goes: the profile's address, decided by the gate. */
  address: string;
}

/** Renders the email. Throws TemplateError. A marketing email that shows no way out gets one at its end. */
export async function buildEmail(ports: Ports, parts: EmailParts): Promise<Email> {
  const { owner, item, profile, content, template, address } = parts;
  const account = accountOf(item);
  const token = signLink(owner.secret, 'unsubscribe', account, { profile: item.profile, message: item.id, address });
  const link = `${ports.settings.publicUrl}/p/unsubscribe/${token}`;
  const settings = renderSettings(ports, owner, { unsubscribe: link, manage_preferences: link });
  const context = await contextOf(ports, owner, item, profile);
  const preview = renderLine(content.previewText ?? '', context, settings);
  const known = { ...context, preview_text: preview };
  const { html, text, linked, linkedInText } = await renderTemplate(template, known, settings);
  const { replyTo, cc, bcc } = content;
  return {
    from: { name: renderLine(content.from.name, context, settings), address: content.from.address },
    to: address,
    ...(replyTo !== undefined && isAddress(replyTo) && { replyTo }),
    ...(cc !== undefined && isAddress(cc) && { cc }),
    ...(bcc !== undefined && isAddress(bcc) && { bcc }),
    subject: renderLine(content.subject, context, settings),
    html: withPreview(linked.size > 0 || content.transactional ? html : withWayOut(html, link), preview),
    text: linkedInText.size > 0 || content.transactional ? text : `${text}\n\nUnsubscribe: ${link}`,
    // One click at the mailbox provider is a POST to the same link.
    headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    tags: tagsOf(item),
  };
}

/** Puts a line for mailbox previews at the beginning of the body, where readers do not see it. */
function withPreview(html: string, preview: string): string {
  if (preview === '') return html;
  const hidden = `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>`;
  const body = /<body\b[^<>]*>/i.exec(html);
  const at = body ? body.index + body[0].length : 0;
  return html.slice(0, at) + hidden + html.slice(at);
}

/** Puts an unsubscribe link at the end of the body. */
function withWayOut(html: string, link: string): string {
  const line = `<p style="text-align:center;font-size:12px"><a href="${escapeHtml(link)}">Unsubscribe</a></p>`;
  const at = [...html.matchAll(/<\/body\s{0,9}>/gi)].at(-1)?.index ?? html.length;
  return html.slice(0, at) + line + html.slice(at);
}
