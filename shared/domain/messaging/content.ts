// What messages say, as their flow or campaign says it at the moment of sending.
import type { Channel } from '../../storage/items.ts';
import type { Check, Write } from '../../storage/store.ts';
import type { SkipReason } from './decision.ts';
import type { Param, ParamFacts } from './utm.ts';

interface Wishes {
  channel: Channel;
  /** Not sent to people who were messaged a short while ago. */
  smartSending: boolean;
  /** Sent to people who take no marketing: what they asked for or must know. */
  transactional: boolean;
  /** The message of the flow or campaign that this is one of: what events about it name. */
  message?: { id: string; name?: string; /** Of several that are tried. */ variation?: string };
  /** What has to hold at the claim, or is written with it; absent: nothing beside the gate. */
  holds?: readonly (Check | Write)[];
  /** Why nothing is sent whatever the gate says. */
  withheld?: SkipReason;
}

export interface EmailContent extends Wishes {
  channel: 'email';
  subject: string;
  /** What mailboxes show beside the subject. */
  previewText?: string;
  from: { name: string; address: string };
  replyTo?: string;
  cc?: string;
  bcc?: string;
  templateId: string;
  /** Whether opens and clicks are told of, and what links carry beside; absent: nothing of it. */
  tracking?: { opens: boolean; clicks: boolean; params: readonly Param[]; facts: ParamFacts };
  /** The list, when it goes to exactly one: who left that list alone is skipped. */
  list?: string;
}

export interface SmsContent extends Wishes {
  channel: 'sms';
  /** A template. */
  body: string;
  /** Waits while it is night where the number is. */
  quietHours: boolean;
  /** Begins with the name of the account. */
  orgPrefix: boolean;
  /** Ends with how to opt out. */
  optOutLanguage: boolean;
  /** What its links carry, when they lead by us; absent: they stay as they are. */
  links?: { params: readonly Param[]; facts: ParamFacts };
}

export interface PushContent extends Wishes {
  channel: 'push';
  /** Templates. */
  title: string;
  body: string;
  /** What the app is told beside it; the values are templates. */
  data: Readonly<Record<string, string>>;
}

/** A call of the owner's own server. It is about a person but does not go to it. */
export interface WebhookContent {
  channel: 'webhook';
  url: string;
  headers: Readonly<Record<string, string>>;
  /** A template of JSON. */
  body: string;
  flow: string;
  smartSending: false;
  transactional: true;
  message?: undefined;
  withheld?: SkipReason;
}

/** An email about a person to people of the account. */
export interface AlertContent {
  channel: 'alert';
  to: readonly string[];
  subject: string;
  from: { name: string; address: string };
  templateId: string;
  smartSending: false;
  transactional: true;
  message?: undefined;
  withheld?: SkipReason;
}

export type PersonalContent = EmailContent | SmsContent | PushContent;
export type Content = PersonalContent | WebhookContent | AlertContent;
