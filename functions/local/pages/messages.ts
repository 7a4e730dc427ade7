// Every message of the account, whatever became of it.
import type { MessageItem } from '../../../shared/storage/items.ts';
import { instantOf } from '../../../shared/kernel/time.ts';
import type { World } from '../world.ts';
import { statuses } from './census.ts';
import { type Html, html, name } from './html.ts';
import { actionIn, flowLink, flowsById, peopleById, personLink } from './names.ts';
import { pager, table } from './table.ts';
import { type Page, type View, at, href, itemsOf, when } from './view.ts';

type Mail = World['inbox'][number];

/** An email in the inbox with its number there: the oldest is 1. */
export interface Numbered {
  number: number;
  mail: Mail;
}

/** A message as the pages show it: what is kept of it, and the email if this run of the system sent one. */
export interface Shown {
  item?: MessageItem;
  email?: Numbered;
}

/** The emails of the account by the id of the message; those that no message made, by their number. */
export function emailsOf({ system, account }: View): Map<string, Numbered> {
  const found = new Map<string, Numbered>();
  for (const [place, mail] of system.world.inbox.entries()) {
    const { account: owner = account, message = `#${place + 1}` } = mail.tags;
    if (owner === account) found.set(message, { number: place + 1, mail });
  }
  return found;
}

/** Newest first: what is kept of messages, and emails besides. */
function allMessages(view: View): Shown[] {
  const emails = emailsOf(view);
  const kept = itemsOf(view, 'message').map((item): Shown => {
    const email = emails.get(item.id);
    emails.delete(item.id);
    return { item, ...(email && { email }) };
  });
  const others = [...emails.values()].map((email): Shown => ({ email }));
  return [...kept, ...others].sort((a, b) => timeOf(b) - timeOf(a));
}

/** When the message came to where it stands. */
export function timeOf({ item, email }: Shown): number {
  if (item) return instantOf(item.finished ?? item.claimed ?? item.created);
  return email?.mail.at ?? 0;
}

/** Where the page of a message is. */
export const pathOf = ({ item, email }: Shown): string =>
  item ? at('inbox', item.profile, item.id) : at('inbox', String(email?.number));

/** What became of it, and why. */
export function outcome({ item }: Shown): Html {
  if (!item) return html`sent <small>not by Millrace</small>`;
  const tone = item.status === 'SENT' ? 'good' : item.status === 'FAILED' || item.status === 'UNKNOWN' ? 'bad' : '';
  return html`<span class="${tone}">${statuses[item.status]}</span
    >${item.reason === undefined ? undefined : html`: ${name(item.reason)}`}`;
}

const perPage = 50;

export async function messagesPage(view: View): Promise<Page> {
  const all = allMessages(view);
  const status = view.query.get('status');
  const wanted = status === null ? all : all.filter(({ item }) => item?.status === status);
  const page = Math.max(1, Math.floor(Number(view.query.get('page')) || 1));
  const shown = wanted.slice((page - 1) * perPage, page * perPage);
  const turn = (to: number) => href(view, at('inbox'), { ...(status !== null && { status }), page: String(to) });
  const body = html`${statusLinks(view, all, status)}
  ${await messageTable(view, shown, wanted.length === 0 ? 'No messages yet.' : 'Nothing on this page.')}
  ${pager([
    ['Newer', page > 1 ? turn(page - 1) : undefined],
    ['Older', page * perPage < wanted.length ? turn(page + 1) : undefined],
  ])}`;
  return { title: 'Messages', body };
}

/** A link for every status that occurs. */
function statusLinks(view: View, all: readonly Shown[], current: string | null): Html {
  const link = (words: string, count: number, status?: string) => {
    const to = href(view, at('inbox'), status === undefined ? {} : { status });
    const here = (status ?? null) === current ? html` aria-current="page"` : undefined;
    return html`<li><a href="${to}" ${here}>${words} (${count})</a></li>`;
  };
  const links = Object.entries(statuses).flatMap(([status, words]) => {
    const count = all.filter(({ item }) => item?.status === status).length;
    return count === 0 ? [] : [link(words, count, status)];
  });
  return html`<nav aria-label="What became of them">
    <ul class="plain">
      ${link('all', all.length)}${links}
    </ul>
  </nav>`;
}

/** Messages, one a row. */
async function messageTable(view: View, messages: readonly Shown[], empty: string): Promise<Html> {
  const flows = await flowsById(view);
  const people = await peopleById(
    view,
    messages.flatMap(({ item }) => (item ? [item.profile] : [])),
  );
  const rows = messages.map((one) => {
    const { item, email } = one;
    const flow = item?.flow === undefined ? undefined : flows.get(item.flow);
    const said = email ? name(email.mail.subject) : html`<small>${actionIn(flow, item?.action ?? '?')}</small>`;
    return [
      html`<a href="${href(view, pathOf(one))}">${said}</a>`,
      item ? personLink(view, item.profile, people) : name(email?.mail.to ?? ''),
      when(view, timeOf(one)),
      outcome(one),
      item?.flow === undefined ? html`–` : flowLink(view, item.flow, flows),
    ];
  });
  return table({
    caption: 'Newest first; times in UTC',
    columns: ['Message', 'To', 'When', 'What became of it', 'Flow'],
    rows,
    empty,
  });
}
