// Puts people into a flow who met its trigger before it let them in (behaviour 5.5): a job that walks the events of the
// last days, or the members of the list or segment, a stretch at a time.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, day, instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import {
  type FeedMark,
  enrolmentsOfProfile,
  eventAt,
  eventsOfMetric,
  everyShard,
  joinedUntil,
  listMemberKey,
  membersOfGroup,
  profileOf,
  segmentMemberKey,
} from '../../storage/patterns.ts';
import { ConditionFailed, type Query } from '../../storage/store.ts';
import { feedShards, originOf } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import { type Stretch, inputOf, workOnJob } from '../jobs/index.ts';
import type { Flow, Trigger } from './definition.ts';
import { type Cause, enrolBy, enrolmentId } from './enrol.ts';
import { pointIn } from './point.ts';
import { cursorAfter, placeAt } from './stretch.ts';
import { isOpen } from './trigger.ts';

/** What such a job works on. */
export interface BackPopulation {
  flow: string;
  /** Of events: how far back. */
  days: number;
  /** Of members: at the beginning, or where they would be by now. */
  enters: 'beginning' | 'throughout';
}

/** What one stretch looks at, in events or members. */
const stretchLength = 50;

type BackPopulateMessage = Pick<Extract<Message<'flows'>, { job: string }>, 'job' | 'cursor'>;

/** Works on one stretch. Done again it adds nobody twice: an enrolment's id follows from the job and the person. */
export function backPopulate(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { job: id, cursor }: BackPopulateMessage,
): Promise<void> {
  const turn = { id, type: 'back-populate' as const, ...(cursor !== undefined && { cursor }) };
  return workOnJob(ports, account, turn, async (job) => {
    const asked = (await inputOf(ports, job)) as BackPopulation;
    const flow = flows.find((one) => one.id === asked.flow);
    // Nobody comes into a flow that is gone or was closed meanwhile.
    if (!flow || !isOpen(flow)) return { completed: 0, failed: 0 };
    const place = placeAt(job.cursor);
    const asking = { shard: place.partition, asked, until: instantOf(job.created) };
    const query = marksIn(account, flow.definition.triggers[0], asking);
    if (!query) return { completed: 0, failed: 0 };
    const { after } = place;
    const page = await ports.store.query({ ...query, limit: stretchLength, ...(after !== undefined && { after }) });
    let added = 0;
    for (const mark of page.items) if (await add(ports, account, flow, { job, asked, mark })) added += 1;
    const all = await shardsOf(ports, account, flow.definition.triggers[0]);
    return { ...stretchOf(job, page.items.length, added), ...cursorAfter(place, page.next, all.length) };
  });
}

const stretchOf = (job: JobItem, looked: number, added: number): Stretch => ({
  total: job.completed + job.skipped + looked,
  completed: added,
  failed: 0,
  skipped: looked - added,
});

/** Where a trigger's people are looked for, in order: more may come to them meanwhile, behind the others. */
const shardsOf = async (ports: Ports, account: AccountId, trigger: Trigger): Promise<readonly number[]> =>
  trigger.type === 'metric' ? feedShards(ports, account, trigger.id) : everyShard;

/** Where those who met the trigger are found; undefined for triggers that nobody is added by. */
function marksIn(
  account: AccountId,
  trigger: Trigger,
  { shard, asked, until }: { shard: number; asked: BackPopulation; until: Instant },
): Query<FeedMark> | undefined {
  const to = sortable(until);
  if (trigger.type === 'metric') {
    // The newest of a person's events counts: it stands first.
    const range = { from: sortable(until - asked.days * day), to };
    return { ...eventsOfMetric(account, trigger.id, shard, range), newestFirst: true };
  }
  if (trigger.type !== 'list' && trigger.type !== 'segment') return undefined;
  return { ...membersOfGroup(account, trigger.id, shard), to: joinedUntil(to) };
}

interface Adding {
  job: JobItem;
  asked: BackPopulation;
  mark: FeedMark;
}

/**
 * Puts in the person of an event or membership; false for who is in the flow, was through when the job was asked for, or is
 * not let in. Whom an earlier try of the stretch put in is counted again, as then.
 */
async function add(ports: Ports, account: AccountId, flow: Flow, adding: Adding): Promise<boolean> {
  return aboutPerson(ports, account, profileOf(adding.mark), async (profile, settled) => {
    const found = await causeOf(ports, account, flow, adding, profile);
    if (!found && !settled) throw new ConditionFailed();
    if (!found) return false;
    const before = (await everything(ports.store, enrolmentsOfProfile(account, profile))).filter(
      (one) => one.flow === flow.id,
    );
    const mine = before.find(({ id }) => id === enrolmentId(flow, found));
    if (mine) return mine.event === found.event?.sk;
    if (before.some(({ status }) => status === 'active')) return false;
    const { event, at } = found;
    const who = { profile, entered: at, ...(event && { event: event.sk }) };
    const begins = flow.definition.triggers[0].type !== 'metric' && adding.asked.enters === 'beginning';
    const point = begins ? undefined : await pointIn(ports, account, flow, who, instantOf(adding.job.created));
    if (!begins && !point) return false;
    const had = [...new Set(before.flatMap(({ acted = [], had: more = [] }) => [...acted, ...more]))];
    const cause = { ...found, added: { had }, ...(point && { point }) };
    return (await enrolBy(ports, account, flow, cause)) !== undefined;
  });
}

/** What lets the person in, as it stands now; undefined when it is gone. */
async function causeOf(
  ports: Ports,
  account: AccountId,
  { definition }: Flow,
  { job, asked, mark }: Adding,
  profile: string,
): Promise<Cause | undefined> {
  const [trigger] = definition.triggers;
  if (trigger.type === 'metric') {
    const event = await ports.store.get(eventAt(account, profile, mark.sk));
    if (!event || event.backfill) return undefined;
    return { name: [originOf(event), 'added', job.id], profile, at: event.at, event };
  }
  if (trigger.type !== 'list' && trigger.type !== 'segment') return undefined;
  const keyOf = trigger.type === 'list' ? listMemberKey : segmentMemberKey;
  const member = await ports.store.get(keyOf(account, profile, trigger.id));
  if (!member) return undefined;
  const at = asked.enters === 'beginning' ? job.created : member.joined;
  return { name: [profileOf(mark), 'added', job.id], profile, at };
}
