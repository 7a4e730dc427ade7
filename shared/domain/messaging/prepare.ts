// What a channel makes of a message that is to be sent: the decision, and what is handed over when it goes out.
import type { Instant } from '../../kernel/time.ts';
import type { Email, HttpCall, Ports, PushMessage, TextMessage } from '../../ports.ts';
import type { AccountItem, Channel, LastSentItem, MessageItem, ProfileItem } from '../../storage/items.ts';
import { accountOf } from '../../storage/patterns.ts';
import type { Check, Put } from '../../storage/store.ts';
import type { Content } from './content.ts';
import type { SkipReason } from './decision.ts';

/** What a decision is taken on. */
export interface Circumstances<C extends Content = Content> {
  owner: AccountItem;
  item: MessageItem;
  profile: ProfileItem;
  content: C;
  /** What went out on the channel before. */
  lastSent: LastSentItem | undefined;
  now: Instant;
}

/** A message as its provider takes it. */
export type Outgoing =
  | { channel: 'email'; email: Email }
  | { channel: 'sms'; text: TextMessage }
  | { channel: 'push'; push: PushMessage }
  | { channel: 'webhook'; call: HttpCall; /** Whether it is tried again when the server has no room. */ again: boolean }
  | { channel: 'alert'; emails: readonly Email[] };

/** What is kept on the message when it is claimed. */
export interface Kept {
  /** The address or number that it goes to. */
  address?: string;
  segments?: number;
  /** The short links in it. */
  links?: string[];
  /** JSON: what events about the message say of it. */
  told?: string;
}

export type Prepared =
  | { skip: SkipReason }
  | { waitUntil: Instant }
  | {
      outgoing: Outgoing;
      kept: Kept;
      /** What must still be so when the message is claimed, beside the profile; what is kept with it. */
      unchanged: readonly (Check | Put)[];
    };

/** Decides, strongly, on the world as it is, and makes what is handed over. */
export type Prepare<C extends Content> = (ports: Ports, about: Circumstances<C>) => Promise<Prepared>;

/** The tags by which the provider's reports find the message again. */
export const tagsOf = (item: MessageItem) => ({ account: accountOf(item), profile: item.profile, message: item.id });

/** The link tags belong to email to the person (behaviour 8.2). */
export const noLinks = { unsubscribe: '', manage_preferences: '', web_view: '' };

/** Answers in the words of `Prepared` what the decision against sending is. */
export function notSent(decision: { reason: SkipReason } | { until: Instant }): Prepared {
  return 'until' in decision ? { waitUntil: decision.until } : { skip: decision.reason };
}

export type Preparations = { readonly [C in Channel]: Prepare<Extract<Content, { channel: C }>> };
