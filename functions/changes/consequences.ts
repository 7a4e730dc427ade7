// What follows from a changed item, as data: per kind of item, the work for the queues and the events for the bus.
import { type Instant, instantOf, minuteOf, second, sortable, startOfMinute } from '../../shared/kernel/time.ts';
import { differ } from '../../shared/kernel/json.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { touchOf } from '../../shared/domain/catalog/index.ts';
import { measuresMessages, metricOf } from '../../shared/domain/events/index.ts';
import { quarterOf } from '../../shared/domain/reporting/index.ts';
import { dueMessage } from '../../shared/domain/timers/index.ts';
import type {
  DefinitionItem,
  DueItem,
  ErasedItem,
  EventItem,
  JobItem,
  MemberItem,
  MergedItem,
  RepeatedItem,
  StateItem,
  WasMemberItem,
} from '../../shared/storage/items.ts';
import { type AnyItem, accountOf, everyShard, known, profileOf } from '../../shared/storage/patterns.ts';
import type { FollowedKind } from '../../shared/storage/followed.ts';
import type { Change } from '../../shared/storage/store.ts';
import { indexLagSeconds } from '../../shared/storage/table.ts';
import { isOpenDateFlow } from './dates.ts';
import { catalogEntry, catalogFeed, catalogVariant, coupon, couponPool, couponStock } from './catalog-rules.ts';
import { account, campaign, enrolment, estimate, message, optIn } from './message-rules.ts';
import { profile } from './profile-rules.ts';
import { recordedDetail } from './recorded.ts';
import { type Consequences, type Rule, type Work, look, nothing } from './rule.ts';

/** The decision is made; what else was of the profile follows it. Again when events left files behind. */
const merged: Rule<MergedItem> = ({ before, after, account }) => {
  if (!after || (before && (after.files ?? []).length <= (before.files ?? []).length)) return nothing;
  const source = profileOf(after);
  const detail = { profile: after.into, source };
  return {
    work: [{ queue: 'jobs', body: { type: 'absorb', account, job: source } }],
    events: before ? [] : [{ type: 'profile.merged', account, detail }],
  };
};

/** The quarter of an hour that the event lies in is not what it was counted to be. */
const untally = (account: string, { metric, at }: EventItem): Work => ({
  queue: 'tallies',
  body: { type: 'untally', account, metric, quarter: sortable(quarterOf(instantOf(at))) },
});

/** What apps call it when a push message is opened; the token that the message brought travels in the event, as the SDKs put it. */
const openedPush = '$opened_push';

function opened(account: string, { metric_name: name, body = '{}', at }: EventItem): Work[] {
  if (name !== openedPush) return [];
  const { _k: plain, body: nested } = JSON.parse(body) as { _k?: unknown; body?: { _k?: unknown } | null };
  const token = plain ?? nested?._k;
  return typeof token === 'string' ? [{ queue: 'feedback', body: { type: 'push-opened', account, token, at } }] : [];
}

const event: Rule<EventItem> = ({ before, after, account }) => {
  if (before?.recorded === after?.recorded) return nothing;
  const counting = [before, after].flatMap((item) => (item ? untally(account, item) : []));
  if (!after) return { work: counting };
  const { profile: person, metric, at, sk } = after;
  // An event that won over another one with its id may lie elsewhere in time.
  const [from = at, to = at] = [at, before?.at ?? at].sort();
  const work = [look(account, person, { metrics: [metric], newest: at, span: { from, to } }), ...counting];
  // Moved here by a merge: told of, and started flows, where it was recorded.
  if (after.origin !== undefined) return { work };
  const how = touchOf(after.metric_name);
  if (how) work.push({ queue: 'flows', body: { type: 'touch', account, profile: person, event: sk, how } });
  work.push(...opened(account, after));
  if (!after.backfill && !measuresMessages({ name: after.metric_name, service: after.metric_service }))
    work.push({ queue: 'flows', body: { type: 'event', account, profile: person, metric, event: sk } });
  return { work, events: [{ type: 'event.recorded', account, detail: recordedDetail(after) }] };
};

/** It may have been noted behind a merge or a deletion: whoever looks at the person finds it there. */
const repeated: Rule<RepeatedItem> = ({ before, after, account }) => {
  if (!after) return nothing;
  const looks = before ? [] : [look(account, after.profile, {})];
  const { file } = after;
  if (file === undefined || file === before?.file) return { work: looks };
  return { work: [...looks, { queue: 'jobs', body: { type: 'drop-file', account, job: file } }] };
};

/** A metric is told of once: when its first event defines it. */
const metric: Rule<DefinitionItem> = ({ before, after, account }) => {
  if (before || !after) return nothing;
  const { id, name, service, created } = metricOf(after);
  return { events: [{ type: 'metric.created', account, detail: { metric: id, name, service, created } }] };
};

/** Whoever comes in because of what happens now starts flows. */
const starts = (of: 'list' | 'segment', account: string, after: MemberItem | undefined): Work[] =>
  !after || after.built === true
    ? []
    : [
        {
          queue: 'flows',
          body: { type: 'joined', account, profile: after.profile, of, group: after.group, joined: after.joined },
        },
      ];

const listMember: Rule<MemberItem> = ({ before, after, account }) => {
  const member = after ?? before;
  if (!member || before?.joined === after?.joined) return nothing;
  // Of two memberships that a merge makes one, the earlier counts: nobody comes in, but since when changes.
  const starting = before ? [] : starts('list', account, after);
  return { work: [look(account, member.profile, { lists: [member.group] }), ...starting] };
};

const segmentMember: Rule<MemberItem> = ({ before, after, account }) => {
  const member = after ?? before;
  if (!member || (before && after)) return nothing;
  const detail = { segment: member.group, profile: member.profile, ...(after && { built: after.built ?? false }) };
  const events: DomainEvent[] = [{ type: after ? 'segment.entered' : 'segment.left', account, detail }];
  return { work: starts('segment', account, after), events };
};

/** Whoever looks at the person sees whose place they take: also where nothing else of them changed. */
const wasMember: Rule<WasMemberItem> = ({ before, after, account }) =>
  after && !before ? { work: [look(account, profileOf(after), { properties: true, places: [] })] } : nothing;

/**
 * A worker that stood still may have decided by definitions of before an edit whose build has passed meanwhile: whoever
 * hears of it by other definitions looks again.
 */
const state: Rule<StateItem> = ({ before, after, account, at }) => {
  if (after?.decided === undefined) return nothing;
  const isSame = after.timer === before?.timer && !differ(after.segments, before?.segments ?? []);
  const decided = { stamp: after.decided, at: after.current ?? sortable(at) };
  return isSame ? nothing : { work: [look(account, profileOf(after), { decided })] };
};

/** A removed segment is built too: into one without members. */
const segment: Rule<DefinitionItem> = ({ before, after, account }) => {
  const id = (after ?? before)?.id;
  if (id === undefined || before?.version === after?.version) return nothing;
  const version = after?.version ?? (before?.version ?? 0) + 1;
  return { work: [{ queue: 'segments', body: { type: 'build', account, segment: id, version } }] };
};

/** A flow that dates trigger looks at everyone's when it is opened or changed. */
const flow: Rule<DefinitionItem> = ({ before, after, account, at }) => {
  if (!after || before?.version === after.version || !isOpenDateFlow(after.data)) return nothing;
  const { id, version } = after;
  const work = everyShard.map((shard): Work => {
    const body = { type: 'plan-dates', account, flow: id, version, shard, at: sortable(at) } as const;
    return { queue: 'flows', body, delaySeconds: indexLagSeconds };
  });
  return { work };
};

/** What calls in flight still write by then is found by whoever looks at the profile. */
const erased: Rule<ErasedItem> = ({ before, after, account }) => {
  if (before || !after) return nothing;
  return { work: [{ queue: 'jobs', body: { type: 'erase', account, job: after.profile } }] };
};

/** A list that is gone leaves its members to a job; by then the index has learned of who was put on it before. */
const list: Rule<DefinitionItem> = ({ before, after, account }) => {
  if (!before || after) return nothing;
  const body = { type: 'empty-list' as const, account, job: before.id };
  return { work: [{ queue: 'jobs', body, delaySeconds: indexLagSeconds }] };
};

/** A new job has its first stretch, a moved cursor the next one. */
const job: Rule<JobItem> = ({ before, after, account }) => {
  if (!after || (before && before.cursor === after.cursor)) return nothing;
  const { type, id, cursor } = after;
  const named = { account, job: id, ...(cursor !== undefined && { cursor }) };
  const lag = before ? {} : { delaySeconds: indexLagSeconds };
  if (type === 'back-populate' || type === 'review')
    return { work: [{ queue: 'flows', body: { type, ...named }, ...lag }] };
  // The index has to have learned of everyone who was in the group when the job was accepted.
  const walks = (type === 'suppress' || type === 'unsuppress') && (after.list ?? after.segment) !== undefined;
  return { work: [{ queue: 'jobs', body: { type, ...named }, ...(walks && lag) }] };
};

/** The wake-up of a minute may have come and gone before an item that was written this close to its beginning. */
const tooLate = 10 * second;

const due: Rule<DueItem> = ({ before, after, at, now }) => {
  if (!after || (before?.message === after.message && before.token === after.token)) return nothing;
  if (!after.unscheduled && startOfMinute(minuteOf(instantOf(after.at))) > at + tooLate) return nothing;
  const work = dueMessage(after, now);
  return work ? { work: [work as Work] } : nothing;
};

type Kind = AnyItem['kind'];
/** The item that has this kind (or can have it). */
type ItemOf<K extends Kind, I extends AnyItem = AnyItem> = I extends AnyItem
  ? K extends I['kind']
    ? I
    : never
  : never;

/** The rules by kind of item: one for each of which the change feed hears. */
const rules = {
  account,
  profile,
  merged,
  event,
  repeated,
  metric,
  'list-member': listMember,
  'segment-member': segmentMember,
  'was-member': wasMember,
  state,
  segment,
  list,
  flow,
  erased,
  'catalog-item': catalogEntry,
  'catalog-category': catalogEntry,
  'catalog-variant': catalogVariant,
  'catalog-feed': catalogFeed,
  coupon,
  'coupon-pool': couponPool,
  'coupon-stock': couponStock,
  message,
  'opt-in': optIn,
  enrolment,
  campaign,
  estimate,
  job,
  due,
} satisfies { [K in FollowedKind]: Rule<ItemOf<K>> };

/** What follows from one change of one item; `now` is what the remaining delays of timers are counted from. */
export function consequencesOf(change: Change, now: Instant): Consequences {
  const item = change.after ?? change.before;
  if (!item) return nothing;
  const rule = Object.hasOwn(rules, item.kind) ? rules[item.kind as keyof typeof rules] : undefined;
  if (!rule) return nothing;
  const turn = {
    before: change.before && known(change.before),
    after: change.after && known(change.after),
    account: accountOf(item),
    at: change.at,
    now,
  };
  // The item's kind chose the rule; an item never changes its kind.
  return (rule as Rule<AnyItem>)(turn);
}
