// What happened to a person, and why: the ways through flows, the messages with what became of them, lists and segments.
import * as z from 'zod/mini';
import { maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { list } from '../../jsonapi/verbs/index.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, MemberItem, MessageItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import {
  enrolmentsOfProfile,
  listsOfProfile,
  messagesOfProfile,
  partsOf,
  segmentsOfProfile,
  timeOfMark,
} from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { allMetrics, profileEvents } from '../events/index.ts';
import { readProfile } from '../identity/index.ts';

const entryResource: ResourceType = {
  type: 'timeline-entry',
  path: 'timeline-entries',
  attributes: z.object({
    at: timestamp(),
    /** `event`, `flow-entered`, `flow-finished`, `flow-exited`, `list-joined`, `segment-entered`, or of messages `message-sent` and so on. */
    what: text(),
    /** Why a message was skipped or failed, or a flow was left. */
    reason: maybe(text()),
    channel: maybe(text()),
    metric_id: maybe(text()),
    flow_id: maybe(text()),
    action_id: maybe(text()),
    group_id: maybe(text()),
    message_id: maybe(text()),
  }),
};

/** The newest events that are shown among what else happened. */
const mostEvents = 200;

/** The timeline of a person; events are the newest two hundred. */
export const timelineOperation: Operation<Context> = list({
  id: 'get_timeline_for_profile',
  tag: 'Flows',
  summary:
    'What happened to a person, and why: events, flows, messages sent and skipped, lists, segments. Newest first.',
  scopes: ['events:read', 'flows:read', 'lists:read', 'profiles:read', 'segments:read'],
  tier: tiers.S,
  resource: entryResource,
  path: '/x/profiles/{id}/timeline',
  query: { fieldsOf: [entryResource], sort: ['at'], page: { default: 50, max: 200 } },
  run: async (input, { ports, account }) => {
    const profile = await readProfile(ports, account, idOf(input));
    const entries = await entriesOf(ports, account, profile.id);
    const { sort = { field: 'at', descending: true } } = input.query;
    return { page: pageInMemory(entries, { ...input.query, sort }) };
  },
});

async function entriesOf(ports: Ports, account: AccountId, profile: string): Promise<Resource[]> {
  const { store } = ports;
  const metrics = (await allMetrics(ports, account)).map(({ id }) => id);
  const page = { range: {}, size: mostEvents, newestFirst: true };
  const [enrolments, messages, lists, segments, { marks }] = await Promise.all([
    everything(store, enrolmentsOfProfile(account, profile)),
    everything(store, messagesOfProfile(account, profile)),
    everything(store, listsOfProfile(account, profile)),
    everything(store, segmentsOfProfile(account, profile)),
    profileEvents(store, account, { profile, metrics }, page),
  ]);
  const events = marks.map((mark) => {
    const [metric = '', , hash = ''] = partsOf(mark.lsk);
    return entry(`event ${metric} ${hash}`, timeOfMark(mark), 'event', { metric_id: metric });
  });
  return [
    ...enrolments.flatMap(ofEnrolment),
    ...messages.map(ofMessage),
    ...[...lists, ...segments].map(ofMember),
    ...events,
  ];
}

function entry(id: string, at: string, what: string, rest: Readonly<Record<string, string>>): Resource {
  const none = { reason: null, channel: null, metric_id: null, flow_id: null, action_id: null, group_id: null };
  const attributes = { at: isoOf(at), what, ...none, message_id: null, ...rest };
  return { type: entryResource.type, id, attributes };
}

function ofEnrolment({ id, flow, status, entered, updated, reason }: EnrolmentItem): Resource[] {
  const entries = [entry(`enrolment ${id} entered`, entered, 'flow-entered', { flow_id: flow })];
  if (status === 'active') return entries;
  const over = { flow_id: flow, ...(reason !== undefined && { reason }) };
  return [...entries, entry(`enrolment ${id} ${status}`, updated, `flow-${status}`, over)];
}

function ofMessage({ id, channel, status, reason, flow, action, created, finished }: MessageItem): Resource {
  return entry(`message ${id}`, finished ?? created, `message-${status.toLowerCase()}`, {
    channel,
    message_id: id,
    ...(flow !== undefined && { flow_id: flow }),
    ...(action !== undefined && { action_id: action }),
    ...(reason !== undefined && { reason }),
  });
}

function ofMember({ kind, group, joined }: MemberItem): Resource {
  const what = kind === 'list-member' ? 'list-joined' : 'segment-entered';
  return entry(`${kind} ${group}`, joined, what, { group_id: group });
}
