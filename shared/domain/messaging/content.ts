// What messages say, as their flow or campaign says it at the moment of sending.
import type { Channel } from '../../storage/items.ts';
import type { Check } from '../../storage/store.ts';

interface Wishes {
  channel: Channel;
  /** Not sent to people who were messaged a short while ago. */
  smartSending: boolean;
  /** Sent to people who take no marketing: what they asked for or must know. */
  transactional: boolean;
  /** What has to hold at the claim. */
  holds?: readonly Check[];
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
}

export interface PushContent extends Wishes {
  channel: 'push';
  /** Templates. */
  title: string;
  body: string;
  /** What the app is told beside it; the values are templates. */
  data: Readonly<Record<string, string>>;
}

export type Content = EmailContent | SmsContent | PushContent;
