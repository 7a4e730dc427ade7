// Everything that would have gone out, and why it did or did not: what programs read (pages/ is for people).
import type { MemoryBus } from '../../shared/adapters/memory/bus.ts';
import type { MemoryHttp } from '../../shared/adapters/memory/http.ts';
import type { MemoryMail } from '../../shared/adapters/memory/mail.ts';
import type { MemoryPush } from '../../shared/adapters/memory/push.ts';
import type { MemorySms } from '../../shared/adapters/memory/sms.ts';
import { segmentsOf } from '../../shared/domain/messaging/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
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

/** One SMS as the inbox shows it. */
export interface ArrivedText {
  at: string;
  to: string;
  from: string;
  body: string;
  segments: number;
  why: string;
}

/** One push message as the inbox shows it. */
export interface ArrivedPush {
  at: string;
  devices: readonly string[];
  title: string;
  body: string;
  data: Readonly<Record<string, string>>;
  why: string;
}

/** One call to somebody else's server. */
export interface MadeCall {
  at: string;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A message that was decided against. */
export interface HeldMessage {
  profile: unknown;
  message: unknown;
  channel: unknown;
  flow: unknown;
  reason: unknown;
}

export interface Inbox {
  emails(): Promise<ArrivedEmail[]>;
  texts(): Promise<ArrivedText[]>;
  pushes(): Promise<ArrivedPush[]>;
  calls(): MadeCall[];
  held(): HeldMessage[];
}

/** Everything that went out, as programs read it. */
export async function inboxReport(inbox: Inbox) {
  const [data, sms, push] = await Promise.all([inbox.emails(), inbox.texts(), inbox.pushes()]);
  return { data, sms, push, calls: inbox.calls(), held: inbox.held() };
}

/** The inbox over what the memory adapters keep. */
export function createInbox(from: {
  mail: Pick<MemoryMail, 'inbox'>;
  sms: Pick<MemorySms, 'inbox'>;
  push: Pick<MemoryPush, 'inbox'>;
  http?: Pick<MemoryHttp, 'calls'>;
  bus: Pick<MemoryBus, 'published'>;
  store: Pick<Store, 'get'>;
}): Inbox {
  const why = async (tags: Readonly<Record<string, string>>): Promise<string> => {
    const { account = '', profile = '', contact, message = '' } = tags;
    if (contact !== undefined) return 'double opt-in: asks whether a subscription was meant';
    const item = await from.store.get(messageKey(accountId(account), profile, message));
    if (!item) return 'not sent by Millrace';
    const source =
      item.campaign === undefined
        ? `flow ${item.flow ?? '?'}, action ${item.action ?? '?'}`
        : `campaign ${item.campaign}`;
    return `${source}, profile ${profile}: the gate let it pass`;
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
    texts: () =>
      Promise.all(
        from.sms.inbox.map(async ({ at, to, from: sender, body, tags }) => ({
          at: iso(at),
          ...{ to, from: sender, body, segments: segmentsOf(body) },
          why: await why(tags),
        })),
      ),
    pushes: () =>
      Promise.all(
        from.push.inbox.map(async ({ at, devices, title, body, data, tags }) => ({
          at: iso(at),
          devices: devices.map(({ token }) => token),
          ...{ title, body, data },
          why: await why(tags),
        })),
      ),
    calls: () =>
      (from.http?.calls ?? []).map(({ at, method, url, headers = {}, body = '' }) => ({
        at: iso(at),
        ...{ method, url, headers, body },
      })),
    held: () =>
      from.bus.published.flatMap(({ type, detail }) => {
        if (type !== 'message.skipped') return [];
        const { profile, message, channel, flow, reason } = detail;
        return [{ profile, message, channel, flow, reason }];
      }),
  };
}
