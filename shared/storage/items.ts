// A table: the shape of every kind of item. Names on the wire stay verbatim; times are `sortable` texts.
// Bags that users write (attributes, properties, bodies, definitions) are JSON texts: docs/adr/0004.
import type { Item } from './store.ts';

export type * from './ingestion-items.ts';
export type * from './catalog-items.ts';
export type * from './coupon-items.ts';
export type * from './feed-items.ts';
export type * from './job-items.ts';
export type * from './people-items.ts';
export type * from './stock-items.ts';
export type * from './tally-items.ts';
export type {
  AccountItem,
  DirectoryItem,
  KeyItem,
  OptInProcess,
  ProviderRest,
  QuietHours,
  Restocking,
} from './account-items.ts';

/** What consent can be given to, by channel and purpose. */
export type ConsentKind =
  | 'email'
  | 'open_tracking'
  | 'sms'
  | 'sms_transactional'
  | 'whatsapp'
  | 'whatsapp_transactional'
  | 'whatsapp_conversational'
  | 'push';

/** SUBSCRIBED or UNSUBSCRIBED. */
export interface ConsentState {
  readonly [name: string]: string | boolean | null;
  state: 'SUBSCRIBED' | 'UNSUBSCRIBED';
  /** When the person gave or withdrew it. */
  at: string;
  /** When we last learned something about it. */
  updated: string;
  method: string | null;
  method_detail: string | null;
  custom_method_detail: string | null;
  double_optin: boolean | null;
}

/** No entry: never subscribed. */
export type Consents = { readonly [Kind in ConsentKind]?: ConsentState };

export type SuppressionReason = 'HARD_BOUNCE' | 'INVALID_EMAIL' | 'SPAM_COMPLAINT' | 'UNSUBSCRIBE' | 'USER_SUPPRESSED';

export interface Suppression {
  readonly [name: string]: string;
  reason: SuppressionReason;
  /** When it was said first: what is shown. */
  at: string;
  /** When it was said last, if that was later: what a grant has to outdo. */
  latest?: string;
}

/** One message that bounced though the mailbox is there. */
export interface SoftBounce {
  readonly [name: string]: string;
  message: string;
  at: string;
}

/** Out of what one list is sent, and of nothing else. */
export interface ListSuppression {
  readonly [name: string]: string;
  list: string;
  reason: SuppressionReason;
  at: string;
}

export interface ProfileItem extends Item {
  kind: 'profile';
  id: string;
  /** Raised by every write; the optimistic lock. */
  version: number;
  created: string;
  updated: string;
  /** The primary address. */
  email?: string;
  /** Secondary addresses, the most recently added last; only beside a primary one. */
  other_emails?: string[];
  phone_number?: string;
  external_id?: string;
  anonymous_id?: string;
  /** JSON: first_name, last_name, organization, locale, title, image, location. */
  attributes: string;
  /** JSON: custom properties. */
  properties: string;
  /** Of the address in `email` and of `phone_number`: copies of their contact items, changed in the same transaction. */
  consents?: Consents;
  email_suppressions?: Suppression[];
  email_list_suppressions?: ListSuppression[];
  /** Profiles that were merged into this one and whose items have not all moved here yet. */
  absorbing?: string[];
  gpk: string;
  gsk: string;
  upk: string;
  usk: string;
  epk: string;
  esk: string;
}

/** Stands where a profile was that has become part of another one: whoever comes with its id goes on to `into`. */
export interface MergedItem extends Item {
  kind: 'merged';
  into: string;
  at: string;
  /** When everything had moved and the merge was recorded. */
  finished?: string;
  /** Keys of files of events that were known to the other profile already: to be removed. */
  files?: string[];
}

/** What is derived of one profile. Small, so that an event never rewrites the profile. */
export interface StateItem extends Item {
  kind: 'state';
  version: number;
  /** Segments that the profile is in. */
  segments: string[];
  /** When the pending timer for the earliest flip is due. */
  timer?: string;
  /** Metric id to the time of its newest event. */
  metrics: Readonly<Record<string, string>>;
  last_event?: string;
  /** By which stamp of the definitions `segments` and `timer` were found. */
  decided?: number;
  /** When those definitions were still current, `sortable`. */
  current?: string;
  /** How often `totals` were counted anew: they go with the state that has the same number. */
  recounts?: number;
  /** What follows on `totals` and `trails` and is not there yet, by condition. */
  heads?: string;
  legs?: string;
  /** What whoever wrote the state with this version knows to keep right: another version, it was written by an older release. */
  knows?: { level: number; version: number };
}

/** Sums and counts of a person's events, kept for conditions that would read too many of them (docs/adr/0015). */
export interface TotalsItem extends Item {
  kind: 'totals';
  version: number;
  recounts: number;
  /** The latest instant that they were brought up to. */
  at: string;
  /** JSON: by condition. */
  totals: string;
  /** JSON: by funnel. */
  trails?: string;
  /** `id edition` of segments that ask for all of it, parted by commas. A release that does not know of them leaves none. */
  vouchers?: string;
}

/** The pieces of a large block of a total: what the condition measures and where the block ends stands in its key. */
export interface PiecesItem extends Item {
  kind: 'pieces';
  pieces: string;
}

/** Stands where a person was who is to be forgotten: whatever is still found in the partition is removed. */
export interface ErasedItem extends Item {
  kind: 'erased';
  profile: string;
  /** When it was asked for. */
  at: string;
  /** Partitions of the person's contacts. */
  contacts: string[];
  /** Partitions where the errors of jobs that quote the person are noted. */
  quotes?: string[];
  expires: number;
}

/** Under the keyed hash of an identifier of somebody who was forgotten: what was told before does not bring them back. */
export interface ForgottenItem extends Item {
  kind: 'forgotten';
  at: string;
  expires: number;
}

/** The claim of one profile on an identifier. */
export interface IdentifierItem extends Item {
  kind: 'identifier';
  profile: string;
}

/**
 * What is known of an email address or phone number itself, whoever holds it: filed under a keyed hash, so that the
 * suppressions can outlive the person without naming it.
 */
export interface ContactItem extends Item {
  kind: 'contact';
  version: number;
  consents?: Consents;
  suppressions: Suppression[];
  list_suppressions?: ListSuppression[];
  /** List id to when the person last subscribed to it. */
  list_grants?: Readonly<Record<string, string>>;
  /** Soft bounces since the last message that arrived, oldest first. */
  soft_bounces?: SoftBounce[];
  /** When the message arrived that ended a row of soft bounces. */
  arrived?: string;
}

/** One change of what is known of a contact, or of a person's consent to push, for people who ask. Never changed. */
export interface ConsentRecordItem extends Item {
  kind: 'consent-record';
  /** What changed: a consent, a suppression, a suppression of one list. */
  what: ConsentKind | 'suppression' | 'list-suppression';
  /** Consent: the new state. Suppressions: SUPPRESSED or LIFTED. */
  to: ConsentState['state'] | 'SUPPRESSED' | 'LIFTED';
  /** Consent: the state before. */
  from?: ConsentState['state'];
  reason?: SuppressionReason;
  list?: string;
  /** When it was given, withdrawn or reported. */
  at: string;
  /** When we learned of it. */
  recorded: string;
  method: string;
  method_detail: string | null;
  custom_method_detail: string | null;
}

export interface EventItem extends Item {
  kind: 'event';
  profile: string;
  /** The profile that it was recorded for, when that is part of `profile` by now. Its flows were started there. */
  origin?: string;
  metric: string;
  /** The metric's name and service, which never change: whoever is told of the event need not look them up. */
  metric_name?: string;
  metric_service?: string;
  /** The time of the event, to the second. */
  at: string;
  /** When it was accepted. */
  recorded: string;
  unique_id: string;
  value?: number;
  currency?: string;
  backfill?: true;
  /** JSON: what it says of the dimensions of aggregates; absent when that is long (or was recorded before this was kept). */
  dims?: string;
  /** JSON: the event's properties as sent; absent when they lie in `file`. */
  body?: string;
  /** The key of the file that holds the properties when they are too large for an item. */
  file?: string;
  lsk: string;
  gpk: string;
  gsk: string;
}

/** One profile in one list or segment. */
export interface MemberItem extends Item {
  kind: 'list-member' | 'segment-member';
  group: string;
  profile: string;
  joined: string;
  /**
   * True when the profile entered because the group was built or edited, or by an import of old consents, not by what
   * happened now: starts no flow.
   */
  built?: true;
  gpk: string;
  gsk: string;
}

/**
 * `source`, which became part of this profile, was in a segment since `joined`: who takes its place there has not come in
 * anew. Goes when the place is taken, or by itself after a day.
 */
export interface WasMemberItem extends Item {
  kind: 'was-member';
  source: string;
  segment: string;
  joined: string;
  /** When somebody first looked and the place was not taken, `sortable`. */
  judged?: string;
  expires: number;
}

export type DefinitionKind =
  | 'metric'
  | 'list'
  | 'segment'
  | 'template'
  | 'flow'
  | 'custom-metric'
  | 'mapped-metric'
  | 'tag'
  | 'tag-group'
  | 'campaign'
  | 'coupon'
  | 'image'
  | 'universal-content'
  | 'web-feed'
  | 'catalog-feed';

/** The kinds of definitions that can have tags. */
export type TaggableKind = Extract<DefinitionKind, 'list' | 'segment' | 'flow' | 'campaign'>;

/** The tags of one definition, together, so that what limits them is decided in one write. */
export interface TaggedItem extends Item {
  kind: 'tagged';
  version: number;
  /** The id of the definition. */
  id: string;
  /** Ids of tags; tags that were removed may still be among them. */
  tags: string[];
}

/** A thing the account defines: few, small, cached by workers with a version check. */
export interface DefinitionItem extends Item {
  kind: DefinitionKind;
  id: string;
  /** Raised by every change of this definition. */
  version: number;
  name: string;
  created: string;
  updated: string;
  /** JSON: what the owning area keeps beside the name. */
  data: string;
}

/** The claim of one definition on its name, where no two of a kind may have the same. */
export interface NameItem extends Item {
  kind: 'name';
  /** The id of the definition. */
  holder: string;
}

/** What the events of one metric told so far: the names of their properties and the types of their values. */
export interface MetricPropertiesItem extends Item {
  kind: 'metric-properties';
  version: number;
  /** JSON: pairs of a name and the types seen, in the order of learning. */
  seen: string;
}

/** What a template says, apart from its definition so that lists of templates stay small. */
export interface TemplateBodyItem extends Item {
  kind: 'template-body';
  /** The version of the definition that it belongs to. */
  version: number;
  /** JSON: html, text, amp; absent when they lie in `file`. */
  body?: string;
  file?: string;
}

/** Raised whenever a definition of the kind changes; what caches compare with. */
export interface StampItem extends Item {
  kind: 'stamp';
  n: number;
}

/** The progress of building one version of one segment. */
export interface BuildItem extends Item {
  kind: 'build';
  segment: string;
  version: number;
  /** Parts that are not finished: 0 to 7 and from 16 on the driver's shards, 8 to 15 those of the members before. */
  pending: number[];
  /** How many parts there are, when they are not 16. */
  parts?: number;
  profiles: number;
  started: string;
  finished?: string;
  /** Of a removed segment, when it is finished. */
  expires?: number;
}

export interface EnrolmentItem extends Item {
  kind: 'enrolment';
  id: string;
  profile: string;
  flow: string;
  /** The version of the flow's definition that it entered. */
  flow_version: number;
  version: number;
  status: 'active' | 'finished' | 'exited';
  reason?: string;
  /** The action to run next, or the one that is waited at (a delay, a text in quiet hours); absent when the enrolment is over. */
  step?: string;
  /** Counts the steps taken; with the step it names what may happen once. */
  visit: number;
  /** When the wait is over, while it waits. */
  due?: string;
  /** The compound id of the variant that it waits for to be in stock. */
  waits?: string;
  entered: string;
  updated: string;
  /** The sort key of the event that triggered it. */
  event?: string;
  /** The day that a date flow is about, `2026-05-01`. */
  date?: string;
  /** The actions that did something, in their order: none does it twice, however the flow is edited meanwhile. */
  acted?: string[];
  /** Of who was added by hand: the actions that did something for it on earlier ways through the flow. */
  had?: string[];
  gpk: string;
  gsk: string;
  /** While it waits for a variant. */
  upk?: string;
  usk?: string;
}

/** When the flow last let the profile in: re-entry rules read it. One per profile and flow. */
export interface EntryItem extends Item {
  kind: 'entry';
  flow: string;
  entered: string;
}

/** The ways on which messages go out to people. */
export type PersonalChannel = 'email' | 'sms' | 'push';

/** Those, and what flows call elsewhere. */
export type Channel = PersonalChannel | 'webhook' | 'alert';

export interface MessageItem extends Item {
  kind: 'message';
  id: string;
  profile: string;
  /** The profile that it was queued for, when that is part of `profile` by now. */
  origin?: string;
  /** WhatsApp and code go nowhere: such a message is kept as skipped. */
  channel: Channel | 'whatsapp' | 'code';
  /** CLAIMED without an outcome for 15 minutes is UNKNOWN: never sent again by itself. */
  status: 'QUEUED' | 'CLAIMED' | 'SENT' | 'SKIPPED' | 'FAILED' | 'UNKNOWN';
  /** Why it was skipped, or failed. */
  reason?: string;
  /** What made it: an action of a flow for an enrolment, or a message of a campaign. */
  flow?: string;
  action?: string;
  enrolment?: string;
  event?: string;
  campaign?: string;
  campaign_message?: string;
  /** Of a campaign: its sending, and the row in it that this message is for. */
  campaign_run?: string;
  recipient?: string;
  created: string;
  /** When it is decided on (again), while quiet hours hold it up. */
  due?: string;
  claimed?: string;
  /** How often the provider had no room for it. */
  postponed?: number;
  /** The address or number at the claim; what feedback and outcome are about. */
  address?: string;
  /** Of an SMS: how many segments it is charged as, and the short links in it. */
  segments?: number;
  links?: string[];
  /** JSON: what events about it say of it, as of the claim. */
  told?: string;
  finished?: string;
  provider_id?: string;
  /** While somebody has to look at it. */
  gpk?: string;
  gsk?: string;
  /** When somebody let it go out. */
  released?: string;
  /** The experiment that it is a variation of; what its person did with it, once it is counted. */
  trial?: string;
  opened?: true;
  clicked?: true;
  ordered?: true;
}

/** What a short link in a text stands for; gone with its message or when its time is over. */
export interface ShortLinkItem extends Item {
  kind: 'short-link';
  profile: string;
  message: string;
  url: string;
  expires: number;
}

/** One person in the snapshot of one sending of a campaign, and what became of it. */
export interface RecipientItem extends Item {
  kind: 'recipient';
  id: string;
  /** Until there is an outcome; then nothing names the person any more. */
  profile?: string;
  status: 'waiting' | 'queued' | 'sent' | 'skipped' | 'failed' | 'unknown' | 'cancelled';
  /** Why it was skipped, or failed. */
  reason?: string;
  /** When the message is to be queued. */
  due: string;
  /** The message that it gets, of several. */
  variation?: string;
}

type Counted = Exclude<RecipientItem['status'], 'waiting'>;

/** How many rows of a sending have which status, the waiting left out: one of several places, to be added up. */
export interface CampaignCountsItem extends Item, Partial<Record<Counted, number>> {
  kind: 'campaign-counts';
  /** The same of the rows of one variation: the id of its message, and the status. */
  [ofVariation: `${string} ${Counted}`]: number;
  /** Those that wait are the rest. */
  waiting?: never;
}

/** Which message of a campaign was sent to a person: of two who became one person one is written to. */
export interface ReachedItem extends Item {
  kind: 'reached';
  campaign: string;
  message: string;
}

/** Stands where claims of a cancelled sending look: there is none after it. */
export interface CancelledItem extends Item {
  kind: 'cancelled';
  at: string;
}

/** How many people a campaign would reach, as it was counted last. */
export interface EstimateItem extends Item {
  kind: 'estimate';
  campaign: string;
  /** Names the count that was asked for last. */
  run: string;
  /** Stretches that are not counted yet, as those of a sending. */
  pending: string[];
  count: number;
}

/** When a profile, of SMS a number, was last messaged on a channel, with the smart sending window valid then, in hours. */
export interface LastSentItem extends Item {
  kind: 'last-sent';
  at: string;
  window_hours: number;
}

/** One thing that waits for its time. */
export interface DueItem extends Item {
  kind: 'due';
  at: string;
  queue: 'segments' | 'flows' | 'messages' | 'jobs' | 'tallies' | 'campaigns';
  /** JSON: the message to send to the queue. */
  message: string;
  /** Another one each time that it is set, of those that are set again as they were: whoever has sent it removes only that one. */
  token?: string;
  /** Nobody wakes for its minute, which had begun by the clock of who set it: the change feed sends it on. */
  unscheduled?: true;
}

/**
 * Someone asked that an email address be subscribed, and nobody with access to its mailbox has confirmed it yet. Lies
 * beside the contact; its confirmation message is in it. Until the click there is no profile, no consent, no membership.
 */
export interface OptInItem extends Item {
  kind: 'opt-in';
  /** Absent: no list, marketing alone. */
  list?: string;
  /** When it began to wait; the message's day and the link's 72 hours count from here. */
  requested: string;
  /** When it was asked for, by the gateway's clock: whoever is forgotten after that is not asked. Absent: `requested`. */
  told?: string;
  /** JSON: the address, and what becomes of it when it is confirmed. */
  asked: string;
  /** Of the confirmation message, as of any message. */
  status: MessageItem['status'];
  reason?: string;
  claimed?: string;
  finished?: string;
  provider_id?: string;
  /** When the link was used. */
  confirmed?: string;
  /** All that follows from the click has happened. */
  done?: true;
  expires: number;
}

/** How often something happened in a stretch of time; ends with it. */
export interface CounterItem extends Item {
  kind: 'counter';
  n: number;
  expires: number;
}
