// Everything that would have gone out, and why it did or did not: as JSON for programs, as pages for people.
import type { MemoryBus } from '../../shared/adapters/memory/bus.ts';
import type { MemoryMail } from '../../shared/adapters/memory/mail.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { escapeHtml } from '../../shared/kernel/html.ts';
import { iso } from '../../shared/kernel/time.ts';
import type { Store } from '../../shared/storage/store.ts';
import { messageKey } from '../../shared/storage/patterns.ts';

/** One email as the inbox shows it. */
export interface ArrivedEmail {
  /** Its place in the inbox: the oldest is 1. */
  number: number;
  at: string;
  to: string;
  from: string;
  subject: string;
  html: string;
  text: string;
  headers: Readonly<Record<string, string>>;
  why: string;
}

/** A message that was decided against. */
export interface HeldMessage {
  profile: unknown;
  message: unknown;
  flow: unknown;
  reason: unknown;
}

export interface Inbox {
  emails(): Promise<ArrivedEmail[]>;
  held(): HeldMessage[];
}

/** The inbox over what the memory adapters keep. */
export function createInbox(from: {
  mail: Pick<MemoryMail, 'inbox'>;
  bus: Pick<MemoryBus, 'published'>;
  store: Pick<Store, 'get'>;
}): Inbox {
  const why = async (tags: Readonly<Record<string, string>>): Promise<string> => {
    const { account = '', profile = '', message = '' } = tags;
    const item = await from.store.get(messageKey(accountId(account), profile, message));
    if (!item) return 'not sent by Millrace';
    return `flow ${item.flow ?? '?'}, action ${item.action ?? '?'}, profile ${profile}: the gate let it pass`;
  };
  return {
    emails: () =>
      Promise.all(
        from.mail.inbox.map(async (email, place) => ({
          number: place + 1,
          at: iso(email.at),
          to: email.to,
          from: `${email.from.name} <${email.from.address}>`,
          subject: email.subject,
          html: email.html,
          text: email.text,
          headers: email.headers,
          why: await why(email.tags),
        })),
      ),
    held: () =>
      from.bus.published.flatMap(({ type, detail }) => {
        if (type !== 'message.skipped') return [];
        const { profile, message, flow, reason } = detail;
        return [{ profile, message, flow, reason }];
      }),
  };
}

const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}td,th{padding:.3rem .6rem;text-align:left;
vertical-align:top}tr:nth-child(even){background:#f4f4f4}iframe{width:100%;height:30rem;border:1px solid #ccc}</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;

/** The list of all messages, newest first. */
export async function inboxPage(inbox: Inbox): Promise<string> {
  const emails = (await inbox.emails()).reverse();
  const sent = emails.map(
    ({ number, at, to, subject, why }) =>
      `<tr><td>${escapeHtml(at)}<td>${escapeHtml(to)}<td><a href="/x/local/inbox/${number}">${escapeHtml(subject)}</a><td>${escapeHtml(why)}`,
  );
  const held = inbox
    .held()
    .map(
      ({ profile, flow, reason }) =>
        `<tr><td>${[profile, flow, reason].map((v) => escapeHtml(String(v))).join('<td>')}`,
    );
  return page(
    'Inbox',
    `<p>${emails.length === 0 ? 'Nothing has been sent yet.' : `${emails.length} sent, newest first.`}</p>
<table><tr><th>When<th>To<th>Subject<th>Why${sent.join('')}</table>
<h2>Held back</h2><p>${held.length === 0 ? 'Nothing was held back.' : ''}</p>
<table><tr><th>Profile<th>Flow<th>Reason${held.join('')}</table>`,
  );
}

/** One message, rendered in a frame in which nothing can run. */
export function emailPage({ subject, to, from, at, html, text, headers, why }: ArrivedEmail): string {
  const rows = Object.entries({ To: to, From: from, When: at, Why: why, ...headers });
  return page(
    subject,
    `<p><a href="/x/local/inbox">All messages</a></p>
<table>${rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}<td>${escapeHtml(value)}`).join('')}</table>
<iframe sandbox title="The message" srcdoc="${escapeHtml(html)}"></iframe><h2>Text part</h2><pre>${escapeHtml(text)}</pre>`,
  );
}
