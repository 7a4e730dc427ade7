// A table: every key we write and every query we make has a name here, and nowhere else. No key without an account:
// the few entries that find the account itself live under the reserved name `~`, which no account can have.
import type { AccountId } from '../kernel/ids.ts';
import { shardOf } from '../kernel/ids.ts';
import type {
  AccountItem,
  BuildItem,
  CatalogCategoryItem,
  CatalogItemItem,
  CatalogVariantItem,
  CategoryLinkItem,
  CancelledItem,
  CampaignCountsItem,
  CatalogFeedEntryItem,
  CatalogFeedStateItem,
  ConsentRecordItem,
  ContactItem,
  CounterItem,
  CouponCodeItem,
  CouponGrantItem,
  CouponPoolItem,
  CouponStockItem,
  DefinitionItem,
  DefinitionKind,
  DirectoryItem,
  DroppedItem,
  DropsItem,
  DueItem,
  EnrolmentItem,
  EntryItem,
  ErasedItem,
  EstimateItem,
  EventItem,
  ForgottenItem,
  IdentifierItem,
  JobErrorItem,
  JobItem,
  JobProfilesItem,
  JobRowItem,
  KeyItem,
  LastSentItem,
  MemberItem,
  MergedItem,
  MessageItem,
  PersonalChannel,
  MetricPropertiesItem,
  NameItem,
  OptInItem,
  PiecesItem,
  ProfileItem,
  PushTokenClaimItem,
  PushTokenItem,
  QuotedItem,
  ReachedItem,
  RepeatedItem,
  RecipientItem,
  RestockItem,
  ShortLinkItem,
  StampItem,
  StateItem,
  SuppressedItem,
  TaggableKind,
  TaggedItem,
  TallyItem,
  TemplateBodyItem,
  ToldItem,
  TotalsItem,
  TouchItem,
  UntalliedItem,
  WasMemberItem,
} from './items.ts';
import { type FeedMark, at, join, partsOf, person, shards } from './keys.ts';
import type { Item, Key, Query } from './store.ts';

export { type AddressMark, type FeedMark, type RecentMark, everyShard, partsOf, shards, shardsUpTo } from './keys.ts';
export * from './ingestion.ts';
export * from './catalog-keys.ts';
export * from './coupon-keys.ts';
export * from './feed-keys.ts';
export * from './orders.ts';
export * from './stock-keys.ts';
export * from './tallies.ts';

/** The account that a stored item belongs to: the first part of its partition key. */
export function accountOf(item: Key): AccountId {
  return (partsOf(item.pk)[0] ?? '') as AccountId;
}

// --- people ---------------------------------------------------------------------------------------------------------

/** The profile that an item of a profile's partition belongs to. */
export function profileOf(item: Key): string {
  return partsOf(item.pk)[2] ?? '';
}

export const profileKey = (account: AccountId, profile: string): Key<ProfileItem> =>
  at(person(account, profile), 'A#PROFILE');

export const stateKey = (account: AccountId, profile: string): Key<StateItem> =>
  at(person(account, profile), 'A#STATE');

export const totalsKey = (account: AccountId, profile: string): Key<TotalsItem> =>
  at(person(account, profile), 'A#TOTALS');

/** `key`: what a condition measures; `end`: where the block ends that they are the pieces of. */
export const piecesKey = (account: AccountId, profile: string, key: string, end: string): Key<PiecesItem> =>
  at(person(account, profile), `T#${join(key, end)}`);

export const allPiecesOf = (account: AccountId, profile: string): Query<PiecesItem> => ({
  partition: person(account, profile),
  begins: 'T#',
});

/** By whom it was that was in the segment: of several every one has a note of their own. */
export const wasMemberKey = (
  account: AccountId,
  profile: string,
  segment: string,
  source: string,
): Key<WasMemberItem> => at(person(account, profile), `A#${join('WAS', segment, source)}`);

/** Where a profile was that has become part of another one. */
export const mergedKey = (account: AccountId, profile: string): Key<MergedItem> =>
  at(person(account, profile), 'A#MERGED');

/** The profile and its derived state in one read. */
export const profileWithState = (
  account: AccountId,
  profile: string,
): Query<ProfileItem | MergedItem | StateItem | TotalsItem | WasMemberItem> => ({
  partition: person(account, profile),
  begins: 'A#',
});

/** The profile, or where it went, what is derived of it and its list memberships in one read. */
export const personAtAGlance = (
  account: AccountId,
  profile: string,
): Query<ProfileItem | MergedItem | StateItem | TotalsItem | WasMemberItem | MemberItem> => ({
  partition: person(account, profile),
  from: 'A',
  to: 'C',
});

export const erasedKey = (account: AccountId, profile: string): Key<ErasedItem> =>
  at(person(account, profile), 'Z#ERASED');

/** `hash` stands for the identifier, or for the id of the profile. */
export const forgottenKey = (account: AccountId, kind: IdentifierKind | 'id', hash: string): Key<ForgottenItem> =>
  at(join(account, 'Q', kind, hash), 'FORGOTTEN');

/** Beside the key of whom it quotes (`forgottenKey`): an error of a job. */
export const quotedKey = (of: Pick<Key, 'pk'>, { type, id }: JobName, row: number): Key<QuotedItem> =>
  at(of.pk, join('R', type, id, rowText(row)));

/** The errors of jobs that quote somebody. */
export const quotedIn = (of: Pick<Key, 'pk'>): Query<QuotedItem> => ({ partition: of.pk, begins: 'R#' });

/** What lies in the partition of a person. */
export type PersonItem =
  | ConsentRecordItem
  | CouponGrantItem
  | EnrolmentItem
  | EntryItem
  | ErasedItem
  | EventItem
  | LastSentItem
  | MemberItem
  | MergedItem
  | MessageItem
  | PiecesItem
  | ProfileItem
  | PushTokenItem
  | ReachedItem
  | RepeatedItem
  | StateItem
  | SuppressedItem
  | ToldItem
  | TotalsItem
  | TouchItem
  | WasMemberItem;

/** Everything of a person. */
export const everythingOf = (account: AccountId, profile: string): Query<PersonItem> => ({
  partition: person(account, profile),
});

/** The key of an item of a person in the partition of another one. */
export const keyAt = <T>(account: AccountId, profile: string, { sk }: Key<T>): Key<T> =>
  at(person(account, profile), sk);

export type IdentifierKind = 'email' | 'phone_number' | 'external_id' | 'anonymous_id';

/** `value` is normalised. */
export const identifierKey = (account: AccountId, kind: IdentifierKind, value: string): Key<IdentifierItem> =>
  at(join(account, 'I', kind, value), 'ID');

export type ContactKind = 'email' | 'phone_number';

const contact = (account: AccountId, kind: ContactKind, hash: string) => join(account, 'C', kind, hash);

/** `hash` stands for the address or number (`contactHash`). */
export const contactKey = (account: AccountId, kind: ContactKind, hash: string): Key<ContactItem> =>
  at(contact(account, kind, hash), 'CONTACT');

/** Beside its contact (push: its profile), in the order of recording; `version` is that item's after the change. */
export const consentRecordKey = (of: Key, recorded: string, version: number, what: string): Key<ConsentRecordItem> =>
  at(of.pk, join('H', recorded, String(version).padStart(8, '0'), what));

/** What lies in the partition of a contact. */
export type ContactPartItem = ConsentRecordItem | ContactItem | LastSentItem | OptInItem;

/** Everything there is of a contact. */
export const allOfContact = (of: Pick<Key, 'pk'>): Query<ContactPartItem> => ({ partition: of.pk });

/** What became of a contact, or of a profile's consent to push, in the order of recording. */
export const consentRecords = (of: Key): Query<ConsentRecordItem> => ({ partition: of.pk, begins: 'H#' });

/** Beside its contact; `list` is a list's id, or `anyList`. */
export const optInKey = (of: Key, list: string): Key<OptInItem> => at(of.pk, join('W', list));

/** Stands for a subscription that names no list: no list has this id. */
export const anyList = '-';

/** The keyed hash that a contact, and what lies beside it, is filed under. */
export function contactHashOf(item: Key): string {
  return partsOf(item.pk)[3] ?? '';
}

/** `span` names a stretch of time, `what` what is counted in it. */
export const counterKey = (account: AccountId, what: string, span: string): Key<CounterItem> =>
  at(join(account, 'N', what, span), 'COUNT');

export const lastSentKey = (account: AccountId, profile: string, channel: PersonalChannel): Key<LastSentItem> =>
  at(person(account, profile), join('T', channel));

/** Of texts to a number: beside its contact. */
export const lastTextKey = (of: Key): Key<LastSentItem> => at(of.pk, join('T', 'sms'));

// --- events ---------------------------------------------------------------------------------------------------------

/** `hash` is the digest of the event's unique id: with the profile and the metric it is the event's identity. */
export const eventKey = (account: AccountId, profile: string, metric: string, hash: string): Key<EventItem> =>
  at(person(account, profile), join('E', metric, hash));

/** The key of an event whose sort key travelled in a message. */
export const eventAt = (account: AccountId, profile: string, sk: string): Key<EventItem> =>
  at(person(account, profile), sk);

const metricShard = (account: AccountId, metric: string, shard: number) => join(account, 'F', metric, String(shard));

/** In how many shards an event may be filed: as many as its metric had at that time, or the fewest there can be. */
interface Filed {
  spread: number;
}

/** Index keys of an event: in its profile by metric and time; in the account by metric and time. `time` is `sortable`. */
export const eventIndex = (
  account: AccountId,
  profile: string,
  metric: string,
  hash: string,
  time: string,
  { spread }: Filed = { spread: shards },
) => ({
  lsk: join(metric, time, hash),
  gpk: metricShard(account, metric, shardOf(profile, spread)),
  gsk: join(time, profile, hash),
});

/** The shard of its metric in which an event is filed. */
export const shardOfEvent = ({ gpk }: Pick<EventItem, 'gpk'>): number => Number(partsOf(gpk).at(-1));

/** What the local index holds of an event. */
export type EventMark = Pick<EventItem, 'pk' | 'sk' | 'lsk' | 'value'>;

/** The events of one metric of one profile within [from, to], times `sortable`; keys and values only. */
export const eventsOfProfile = (
  account: AccountId,
  profile: string,
  metric: string,
  range: { from?: string; to?: string } = {},
): Query<EventMark> => ({
  index: 'byMetricTime',
  partition: person(account, profile),
  from: join(metric, range.from ?? ''),
  // ~ sorts behind every hash, so that `to` includes the events of its own instant.
  to: range.to === undefined ? `${join(metric)}#~` : `${join(metric, range.to)}#~`,
});

/** The same, from the place of one event on (inclusive) in the direction of reading. */
export const eventsOfProfileFrom = (
  query: Query<EventMark>,
  metric: string,
  place: { time: string; hash: string },
  newestFirst: boolean,
): Query<EventMark> => ({ ...query, [newestFirst ? 'to' : 'from']: join(metric, place.time, place.hash) });

/** The time of an event, read off its local index key. */
export const timeOfMark = (mark: EventMark): string => partsOf(mark.lsk)[1] ?? '';

/** The events of one metric in one shard of the account, in the order of time; keys only. */
export const eventsOfMetric = (
  account: AccountId,
  metric: string,
  shard: number,
  range: { from?: string; to?: string } = {},
): Query<FeedMark> => ({
  index: 'feed',
  partition: metricShard(account, metric, shard),
  ...(range.from !== undefined && { from: range.from }),
  ...(range.to !== undefined && { to: `${range.to}#~` }),
});

/** What the events of a metric told so far. */
export const metricPropertiesKey = (account: AccountId, metric: string): Key<MetricPropertiesItem> =>
  at(join(account, 'A', 'metric-properties'), join(metric));

// --- lists and segments ---------------------------------------------------------------------------------------------

const groupShard = (account: AccountId, group: string, shard: number) => join(account, 'G', group, String(shard));

/** Index keys of a membership: members of a group in the order of joining. */
export const memberIndex = (account: AccountId, group: string, profile: string, joined: string) => ({
  gpk: groupShard(account, group, shardOf(profile, shards)),
  gsk: join(joined, profile),
});

export const listMemberKey = (account: AccountId, profile: string, list: string): Key<MemberItem> =>
  at(person(account, profile), join('B', list));

export const segmentMemberKey = (account: AccountId, profile: string, segment: string): Key<MemberItem> =>
  at(person(account, profile), join('S', segment));

/** Members of a list or segment in one shard, in the order of joining; keys only (`joinedOf`, `profileOf`). */
export const membersOfGroup = (account: AccountId, group: string, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: groupShard(account, group, shard),
});

/** The last place in that order of those who joined at `joined` or before. */
export const joinedUntil = (joined: string): string => `${join(joined)}#~`;

/** When a member joined (or a profile was created), read off its feed index key. */
export const joinedOf = (mark: FeedMark): string => partsOf(mark.gsk)[0] ?? '';

export const listsOfProfile = (account: AccountId, profile: string): Query<MemberItem> => ({
  partition: person(account, profile),
  begins: 'B#',
});

export const segmentsOfProfile = (account: AccountId, profile: string): Query<MemberItem> => ({
  partition: person(account, profile),
  begins: 'S#',
});

export const buildKey = (account: AccountId, segment: string): Key<BuildItem> =>
  at(join(account, 'A', 'build'), join(segment));

// --- flows and messages ---------------------------------------------------------------------------------------------

/** `trigger` names what let the profile in: the event's metric and hash, a list, a segment. */
export const enrolmentKey = (account: AccountId, profile: string, id: string): Key<EnrolmentItem> =>
  at(person(account, profile), join('X', id));

const flowShard = (account: AccountId, flow: string, shard: number) => join(account, 'X', flow, String(shard));

/** Index keys of an enrolment: those of a flow in the order of entering. `entered` is `sortable`. */
export const enrolmentIndex = (account: AccountId, flow: string, profile: string, entered: string, id: string) => ({
  gpk: flowShard(account, flow, shardOf(profile, shards)),
  gsk: join(entered, id),
});

/** The enrolments in a flow in one shard, in the order of entering; keys only. */
export const enrolmentsOfFlow = (account: AccountId, flow: string, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: flowShard(account, flow, shard),
});

/** The enrolment that a mark in that order stands for. */
export const enrolmentAt = ({ pk, sk }: Key): Key<EnrolmentItem> => at(pk, sk);

export const entryKey = (account: AccountId, profile: string, flow: string): Key<EntryItem> =>
  at(person(account, profile), join('Y', flow));

export const messageKey = (account: AccountId, profile: string, message: string): Key<MessageItem> =>
  at(person(account, profile), join('M', message));

export const shortLinkKey = (account: AccountId, token: string): Key<ShortLinkItem> =>
  at(join(account, 'U', token), 'LINK');

const reviewShard = (account: AccountId, action: string, shard: number) => join(account, 'V', action, String(shard));

/** Index keys of a message that waits for somebody to look at it: those of an action in the order in which they were made. */
export const reviewIndex = (account: AccountId, action: string, created: string, id: string) => ({
  gpk: reviewShard(account, action, shardOf(id, shards)),
  gsk: join(created, id),
});

/** The messages of an action that wait to be looked at, in one shard, in that order; keys only. */
export const messagesInReview = (account: AccountId, action: string, shard: number): Query<FeedMark> => ({
  index: 'feed',
  partition: reviewShard(account, action, shard),
});

/** The message that a mark in that order stands for. */
export const messageAt = ({ pk, sk }: Key): Key<MessageItem> => at(pk, sk);

/** In the order of their ids, which is no order of time. */
export const enrolmentsOfProfile = (account: AccountId, profile: string): Query<EnrolmentItem> => ({
  partition: person(account, profile),
  begins: 'X#',
});

/** In the order of their ids, which is no order of time. */
export const messagesOfProfile = (account: AccountId, profile: string): Query<MessageItem> => ({
  partition: person(account, profile),
  begins: 'M#',
});

// --- campaigns ------------------------------------------------------------------------------------------------------

/** A sending: the campaign's id and the name of the run. */
interface Run {
  campaign: string;
  run: string;
}

const recipients = (account: AccountId, { campaign, run }: Run, shard: number) =>
  join(account, 'R', campaign, run, String(shard));

export const recipientKey = (account: AccountId, of: Run, id: string): Key<RecipientItem> =>
  at(recipients(account, of, shardOf(id, shards)), join(id));

/** The snapshot of a sending, by the ids of its rows. */
export const recipientsOf = (account: AccountId, of: Run, shard: number): Query<RecipientItem> => ({
  partition: recipients(account, of, shard),
});

const countsPart = (account: AccountId, { campaign, run }: Run) => join(account, 'V', 'counts', campaign, run);

export const campaignCountsKey = (account: AccountId, of: Run, place: number): Key<CampaignCountsItem> =>
  at(countsPart(account, of), join(String(place)));

/** How many rows of a sending have which status, in pieces. */
export const campaignCounts = (account: AccountId, of: Run): Query<CampaignCountsItem> => ({
  partition: countsPart(account, of),
});

/** With the claim of a campaign's message, beside its person. */
export const reachedKey = (account: AccountId, profile: string, campaign: string): Key<ReachedItem> =>
  at(person(account, profile), join('L', campaign));

/** Claims look in this many places whether their sending was cancelled, each in one, so that none of them is hot. */
export const cancelPlaces = 64;

/** Where claims for rows whose id falls to `place` look. */
export const cancelledKey = (account: AccountId, { campaign, run }: Run, place: number): Key<CancelledItem> =>
  at(join(account, 'V', campaign, run, String(place)), 'CANCELLED');

export const estimateKey = (account: AccountId, campaign: string): Key<EstimateItem> =>
  at(join(account, 'A', 'estimate'), join(campaign));

// --- timers ---------------------------------------------------------------------------------------------------------

/** An hour in one place, so that whoever sweeps looks once an hour and not once a minute. */
const dueShard = (account: AccountId, time: string, shard: number) =>
  join(account, 'D', time.slice(0, '2026-11-23T21'.length), String(shard));

/** `time` is `sortable`; `id` makes the entry unique: writing it twice is one entry. */
export const dueKey = (account: AccountId, time: string, id: string): Key<DueItem> =>
  at(dueShard(account, time, shardOf(id, shards)), join(time, id));

/** What is due in a minute (`minuteOf`). */
export const dueInMinute = (account: AccountId, minute: string, shard: number): Query<DueItem> => ({
  partition: dueShard(account, minute, shard),
  begins: minute,
});

/** What is due from `from` until before `to`, both `sortable` and of one hour, `to` perhaps the end of it. */
export const dueBetween = (account: AccountId, from: string, to: string, shard: number): Query<DueItem> => ({
  partition: dueShard(account, from, shard),
  from,
  to,
});

/** The minute (since 1970) up to which everything due has been swept up. */
export const sweptKey = (account: AccountId): Key<StampItem> => at(join(account, 'D', 'swept'), 'SWEPT');

// --- definitions, jobs, accounts, keys ------------------------------------------------------------------------------

export const definitionKey = (account: AccountId, kind: DefinitionKind, id: string): Key<DefinitionItem> =>
  at(join(account, 'A', kind), join(id));

export const definitionsOf = (account: AccountId, kind: DefinitionKind): Query<DefinitionItem> => ({
  partition: join(account, 'A', kind),
});

/** Beside the definitions of a kind whose names are unique. */
export const nameKey = (account: AccountId, kind: DefinitionKind, name: string): Key<NameItem> =>
  at(join(account, 'A', 'name', kind), join(name));

export const templateBodyKey = (account: AccountId, template: string): Key<TemplateBodyItem> =>
  at(join(account, 'A', 'template-body'), join(template));

export const taggedKey = (account: AccountId, kind: TaggableKind, id: string): Key<TaggedItem> =>
  at(join(account, 'A', 'tagged', kind), join(id));

/** What has tags among the definitions of a kind. */
export const taggedOf = (account: AccountId, kind: TaggableKind): Query<TaggedItem> => ({
  partition: join(account, 'A', 'tagged', kind),
});

export const stampKey = (account: AccountId, kind: DefinitionKind): Key<StampItem> =>
  at(join(account, 'A', 'stamp'), kind);

export const jobKey = (account: AccountId, type: JobItem['type'], id: string): Key<JobItem> =>
  at(join(account, 'J', type), join(id));

/** The jobs of a type in the order of their making. */
export const jobsOfType = (account: AccountId, type: JobItem['type']): Query<JobItem> => ({
  partition: join(account, 'J', type),
});

type JobName = Pick<JobItem, 'type' | 'id'>;
const besideJob = (account: AccountId, { type, id }: JobName) => join(account, 'J', type, id);
/** Rows as sort keys: a job has far fewer than a million. */
const rowText = (row: number) => String(row).padStart(6, '0');

export const jobErrorKey = (account: AccountId, job: JobName, row: number): Key<JobErrorItem> =>
  at(besideJob(account, job), join('E', rowText(row)));

export const jobProfilesKey = (account: AccountId, job: JobName, row: number): Key<JobProfilesItem> =>
  at(besideJob(account, job), join('P', rowText(row)));

/** Beside a job whose rows take effect once each. */
export const jobRowKey = (account: AccountId, job: JobName, row: number): Key<JobRowItem> =>
  at(besideJob(account, job), join('R', rowText(row)));

/** What the rows of a job that took effect were about, in the order of the rows. */
export const jobRows = (account: AccountId, job: JobName): Query<JobRowItem> => ({
  partition: besideJob(account, job),
  begins: 'R#',
});

/** Index keys of a job until it is over. */
export const jobIndex = (account: AccountId, { type, id }: JobName) => ({
  gpk: join(account, 'G', 'jobs', type),
  gsk: join(id),
});

/** The jobs of a type that are not over, in the order of their making; keys only. */
export const jobsInProgress = (account: AccountId, type: JobItem['type']): Query<FeedMark> => ({
  index: 'feed',
  partition: join(account, 'G', 'jobs', type),
});

/** The profiles of the rows `from` to `to` (inclusive; without it, to the end) of a job, in the order of the rows. */
export const jobProfiles = (account: AccountId, job: JobName, from: number, to?: number): Query<JobProfilesItem> => ({
  partition: besideJob(account, job),
  from: join('P', rowText(from)),
  to: to === undefined ? 'P#~' : join('P', rowText(to)),
});

/** The errors of the rows `from` to `to` (inclusive; without it, to the end) of a job, in the order of the rows. */
export const jobErrors = (account: AccountId, job: JobName, from: number, to?: number): Query<JobErrorItem> => ({
  partition: besideJob(account, job),
  from: join('E', rowText(from)),
  to: to === undefined ? 'E#~' : join('E', rowText(to)),
});

export const accountKey = (account: AccountId): Key<AccountItem> => at(join(account, 'A', 'account'), 'ACCOUNT');

export const keyOfAccount = (account: AccountId, digest: string): Key<KeyItem> => at(join(account, 'A', 'key'), digest);

export const keysOfAccount = (account: AccountId): Query<KeyItem> => ({ partition: join(account, 'A', 'key') });

export const keyByDigest = (digest: string): Key<KeyItem> => at(join('~', 'key', digest), 'KEY');

export const accountByPublicId = (publicId: string): Key<DirectoryItem> => at(join('~', 'public', publicId), 'ACCOUNT');

export const accountEntry = (account: AccountId): Key<DirectoryItem> => at(join('~', 'accounts'), account);

export const allAccounts = (): Query<DirectoryItem> => ({ partition: join('~', 'accounts') });

// --- reading the stream ---------------------------------------------------------------------------------------------

/** Every kind of item; `Change`s are told apart by it. */
export type AnyItem =
  | AccountItem
  | BuildItem
  | CatalogCategoryItem
  | CatalogItemItem
  | CatalogVariantItem
  | CategoryLinkItem
  | CancelledItem
  | CampaignCountsItem
  | CatalogFeedEntryItem
  | CatalogFeedStateItem
  | ConsentRecordItem
  | ContactItem
  | CounterItem
  | CouponCodeItem
  | CouponGrantItem
  | CouponPoolItem
  | CouponStockItem
  | DefinitionItem
  | DirectoryItem
  | DroppedItem
  | DropsItem
  | DueItem
  | EnrolmentItem
  | EntryItem
  | ErasedItem
  | EstimateItem
  | EventItem
  | ForgottenItem
  | IdentifierItem
  | JobErrorItem
  | JobItem
  | JobProfilesItem
  | JobRowItem
  | KeyItem
  | LastSentItem
  | MemberItem
  | MergedItem
  | MessageItem
  | MetricPropertiesItem
  | NameItem
  | OptInItem
  | PiecesItem
  | ProfileItem
  | PushTokenClaimItem
  | PushTokenItem
  | QuotedItem
  | RepeatedItem
  | ReachedItem
  | RecipientItem
  | RestockItem
  | ShortLinkItem
  | StampItem
  | StateItem
  | SuppressedItem
  | TaggedItem
  | TallyItem
  | TemplateBodyItem
  | ToldItem
  | TotalsItem
  | TouchItem
  | UntalliedItem
  | WasMemberItem;

/** Takes a stored item for what its kind says it is: items are written by this code only. */
export function known(item: Item): AnyItem {
  return item as AnyItem;
}
