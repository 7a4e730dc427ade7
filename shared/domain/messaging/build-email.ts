// From what a message says to the email that the provider gets.
import { escapeHtml } from '../../kernel/html.ts';
import type { Email, Ports } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import { type RenderSettings, type Template, renderLine, renderTemplate } from '../templates/index.ts';
import { isAddress } from './address.ts';
import { atEndOfBody } from './end-of-body.ts';
import type { EmailContent } from './content.ts';
import { contextOf } from './context.ts';
import type { SkipReason } from './decision.ts';
import { type LinkContent, type LinkKind, signLink } from './links.ts';
import { made } from './make.ts';
import { type Circumstances, tagsOf } from './prepare.ts';
import { propertyLinks, tracked } from './track.ts';

/** What an email is made of. */
export interface EmailParts extends Circumstances<EmailContent> {
  template: Template;
  /** Where it goes: the profile's address, decided by the gate. */
  address: string;
}

/** The email, or why it is not sent. A marketing email that shows no way out gets one at its end. */
export async function buildEmail(ports: Ports, parts: EmailParts): Promise<{ made: Email } | { skip: SkipReason }> {
  const { owner, item, profile, address } = parts;
  const account = accountOf(item);
  const { publicUrl } = ports.settings;
  const of = { profile: item.profile, message: item.id };
  const page = <Kind extends LinkKind>(kind: Kind, content: LinkContent<Kind>) =>
    `${publicUrl}/p/${kind}/${signLink(owner.secret, kind, account, content)}`;
  const wayOut = page('unsubscribe', { ...of, address });
  // Sealed when a template shows them: few do.
  const links = {
    unsubscribe: wayOut,
    get manage_preferences() {
      return page('preferences', { ...of, address });
    },
    get web_view() {
      return page('view', of);
    },
  };
  const context = await contextOf(ports, owner, item, profile);
  const propertyLink = propertyLinks(publicUrl, parts);
  const built = await made(ports, parts, { broken: 'Unable to Send Email', links, propertyLink }, (settings) =>
    written(parts, context, settings, wayOut),
  );
  return 'skip' in built ? built : { made: tracked(publicUrl, parts, built.made) };
}

/** Renders the email. Throws TemplateError. */
async function written(
  { item, content, template, address }: EmailParts,
  context: Readonly<Record<string, unknown>>,
  settings: RenderSettings,
  wayOut: string,
): Promise<Email> {
  const preview = await renderLine(content.previewText ?? '', context, settings);
  const known = { ...context, preview_text: preview };
  const { html, text, linked, linkedInText } = await renderTemplate(template, known, settings);
  const { replyTo, cc, bcc } = content;
  return {
    from: { name: await renderLine(content.from.name, context, settings), address: content.from.address },
    to: address,
    ...(replyTo !== undefined && isAddress(replyTo) && { replyTo }),
    ...(cc !== undefined && isAddress(cc) && { cc }),
    ...(bcc !== undefined && isAddress(bcc) && { bcc }),
    subject: await renderLine(content.subject, context, settings),
    html: withPreview(linked.size > 0 || content.transactional ? html : withWayOut(html, wayOut), preview),
    text: linkedInText.size > 0 || content.transactional ? text : `${text}\n\nUnsubscribe: ${wayOut}`,
    // One click at the mailbox provider is a POST to the same link.
    headers: { 'List-Unsubscribe': `<${wayOut}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
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
const withWayOut = (html: string, link: string): string =>
  atEndOfBody(html, `<p style="text-align:center;font-size:12px"><a href="${escapeHtml(link)}">Unsubscribe</a></p>`);
