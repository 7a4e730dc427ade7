// Everything that would have gone out, and why it did or did not: what programs read (pages/ is for people).
import type { MemoryBus } from '../../shared/adapters/memory/bus.ts';
import type { MemoryMail } from '../../shared/adapters/memory/mail.ts';
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
    const { account = '', profile = '', contact, message = '' } = tags;
    if (contact !== undefined) return 'double opt-in: asks whether a subscription was meant';
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
