// The shapes of what an account itself consists of; the other items are in items.ts.
import type { Item } from './store.ts';

export type OptInProcess = 'single_opt_in' | 'double_opt_in';

/** Times of day such as `21:00`, on the clock of the recipient's number or on that of New York. */
export interface QuietHours {
  readonly [name: string]: string;
  from: string;
  to: string;
  clock: 'recipient' | 'eastern';
}

export interface MailRest {
  readonly [name: string]: string | number;
  why: 'bounced' | 'complained';
  since: string;
  received: number;
  bounced: number;
  complained: number;
}

/** A provider took nothing, since when; until when it is left alone; how often it was tried in vain, and whether it is tried now. */
export interface ProviderRest {
  readonly [name: string]: string | number | boolean;
  since: string;
  until: string;
  times: number;
  trying: boolean;
}

/** From which stock on people are told, how many for each unit of it, and how long after that it is looked at again. */
export interface Restocking {
  readonly [name: string]: number;
  minimum: number;
  per_unit: number;
  wait_minutes: number;
}

export interface AccountItem extends Item {
  kind: 'account';
  id: string;
  /** The six-character company id that browsers show. */
  public_id: string;
  name: string;
  created: string;
  timezone: string;
  currency: string;
  /** An external id links profiles like any other identifier. Default: it links none. */
  merge_on_external_id?: boolean;
  sender_name: string;
  sender_email: string;
  /** How people opt in where no list says so, and into new lists; absent: single_opt_in. */
  opt_in?: OptInProcess;
  /** Whether leaving one list is leaving all email; absent: true. */
  unsubscribe_is_global?: boolean;
  /** Years; absent: SMS is not age-gated. */
  sms_minimum_age?: number;
  /** Where SMS comes from, by country of the recipient (ISO 3166), `*` for all others: a number, or the ARN of a pool. */
  sms_senders?: Readonly<Record<string, string>>;
  /** When marketing SMS waits; absent: 21:00 to 08:00 on the clock of whoever gets it. */
  sms_quiet_hours?: QuietHours;
  /** The applications that take push messages, by platform: ARNs. */
  push_applications?: Readonly<Record<string, string>>;
  /** Hours in which nobody is messaged twice, by channel; absent: 16 for email, 24 for SMS and push. */
  smart_sending_hours?: Readonly<Record<string, number>>;
  /** Marketing email rests since then, because of this, with what was counted by then; absent: it goes. */
  mail_rests?: MailRest;
  /** How often it was let go on after it had rested: bounces and complaints are counted anew each time. */
  mail_epoch?: number;
  /** Providers that take nothing at the moment, by `mail`, `sms` and `push`; absent: all do, as far as is known. */
  provider_rests?: Readonly<Record<string, ProviderRest>>;
  /** JSON: what links carry for web analytics; absent: the usual. */
  tracking?: string;
  /** Calls are counted against the limits of their operations; absent: they are not. */
  rate_limits?: boolean;
  /** How people are told that a variant is in stock again; absent: `usualRestocking`. */
  restocking?: Restocking;
  /** Signs cursors and links; random, never leaves the deployment. */
  secret: string;
}

/** A private API key, filed under the digest of its secret. */
export interface KeyItem extends Item {
  kind: 'key';
  account: string;
  name: string;
  scopes: string[];
  /** Enough to recognise it by: the prefix and the last four characters. */
  hint: string;
  digest: string;
  created: string;
  revoked?: string;
}

/** Resolves a public company id, or lists an account, in the part of the table that belongs to no account. */
export interface DirectoryItem extends Item {
  kind: 'directory';
  account: string;
}
