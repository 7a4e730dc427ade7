// One message: why it went out or did not, and what it looks like.
import { notFound } from '../../../shared/kernel/errors.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { messageKey } from '../../../shared/storage/patterns.ts';
import { type Html, html, link, name } from './html.ts';
import { type Numbered, type Shown, emailsOf, outcome } from './messages.ts';
import { actionIn, flowLink, flowsById, peopleById, personLink } from './names.ts';
import { facts, table } from './table.ts';
import { type Page, type View, at, href, when } from './view.ts';

/** The message of a profile; 404 when there is none. */
export async function messagePage(view: View, profile: string, message: string): Promise<Page> {
  const item = await view.system.world.ports.store.get(messageKey(view.account, profile, message));
  if (!item) throw notFound('message', message);
  const email = emailsOf(view).get(message);
  return pageOf(view, { item, ...(email && { email }) });
}

/** The email with this number in the inbox, whosever it is; 404 when there is none. */
export async function emailPage(view: View, number: string): Promise<Page> {
  const email = emailAt(view, number);
  const { account = view.account, profile = '', message = '' } = email.mail.tags;
  const its = { ...view, account: accountId(account) };
  const item = await view.system.world.ports.store.get(messageKey(its.account, profile, message));
  return pageOf(its, { email, ...(item && { item }) });
}

function emailAt({ system }: View, number: string): Numbered {
  const mail = system.world.inbox[Number(number) - 1];
  if (!mail) throw notFound('message', number);
  return { number: Number(number), mail };
}

async function pageOf(view: View, message: Shown): Promise<Page> {
  const { email } = message;
  const body = html`<h2>Why</h2>
    ${await reasons(view, message)} ${email ? content(view, email) : html`<p class="empty">${unseen(message)}</p>`}`;
  return { title: email?.mail.subject ?? 'Message', body };
}

/** Why there is nothing to look at. */
const unseen = ({ item }: Shown) =>
  item?.status === 'SENT' ? 'It went out in an earlier run; what it said is not kept.' : 'Nothing was sent.';

async function reasons(view: View, shown: Shown): Promise<Html> {
  const { item } = shown;
  if (!item) return html`<p>It was not sent by Millrace.</p>`;
  const [flows, people] = await Promise.all([flowsById(view), peopleById(view, [item.profile])]);
  const time = (at: string | undefined) => (at === undefined ? undefined : when(view, at));
  return facts([
    ['What became of it', outcome(shown)],
    ['Person', personLink(view, item.profile, people)],
    ['Address', item.address === undefined ? undefined : name(item.address)],
    ['Channel', item.channel],
    ['Flow', item.flow === undefined ? undefined : flowLink(view, item.flow, flows)],
    ['Action', item.action === undefined ? undefined : actionIn(flows.get(item.flow ?? ''), item.action)],
    ['Made', time(item.created)],
    ['Passed the gate', time(item.claimed)],
    ['Finished', time(item.finished)],
    ['Message id', html`<code>${item.id}</code>`],
    ["Provider's id", item.provider_id === undefined ? undefined : html`<code>${item.provider_id}</code>`],
  ]);
}

function content(view: View, { number, mail }: Numbered): Html {
  const { to, from, replyTo, headers, text } = mail;
  const all = { To: to, From: `${from.name} <${from.address}>`, ...(replyTo && { 'Reply-To': replyTo }), ...headers };
  const rows = Object.entries(all).map(([header, value]) => [name(header), name(value)]);
  const frame = href(view, at('inbox', String(number), 'body'));
  return html`<h2>Message</h2>
    <iframe
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      src="${frame}"
      title="The message as a mailbox shows it"
    ></iframe>
    <h2>Links in it</h2>
    ${linksIn(mail.html)}
    <h2>Headers</h2>
    ${table({ caption: 'As they were handed over', columns: ['Header', 'Value'], rows, empty: '' })}
    <h2>Text part</h2>
    <pre>${text}</pre>`;
}

/** Where the links lead, to be followed without the mouse. */
function linksIn(body: string): Html {
  const entities = { '&quot;': '"', '&#x27;': "'", '&amp;': '&' };
  const targets = [...body.matchAll(/\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)]
    .map(([, double, single]) => double ?? single ?? '')
    .map((target) => Object.entries(entities).reduce((text, [entity, is]) => text.replaceAll(entity, is), target))
    .filter((target) => /^https?:\/\//i.test(target));
  if (targets.length === 0) return html`<p class="empty">None.</p>`;
  return html`<ul>
    ${[...new Set(targets)].map((target) => html`<li>${link(target, target)}</li>`)}
  </ul>`;
}

/** The HTML of an email for its frame: nothing in it runs, its links open elsewhere. 404 when there is none. */
export function emailBody(view: View, number: string): { headers: Readonly<Record<string, string>>; body: string } {
  const { mail } = emailAt(view, number);
  // After the document type, for without it in front browsers imitate the bugs of old ones.
  const body = mail.html.replace(/^(\s*<!doctype[^>]*>)?/i, (doctype) => `${doctype}<base target="_blank">`);
  return { headers: bodyHeaders, body };
}

const bodyHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline' http: https:; font-src data: http: https:; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
