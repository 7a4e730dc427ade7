// An event lets its profile into the flows that it triggers: once per flow and event, whatever arrives how often.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, EntryItem, EventItem } from '../../storage/items.ts';
import { enrolmentKey, entryKey, eventAt, profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Write } from '../../storage/store.ts';
import { originOf, readEventBody } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import type { Flow } from './definition.ts';
import { gatherFacts } from './facts.ts';
import { isLate, isOpen, mayEnter, passesTrigger, smallestGap } from './trigger.ts';

export type EventMessage = Extract<Message<'flows'>, { type: 'event' }>;

/**
 * Enrols the event's profile in those of the account's `flows` that it triggers. Answers the new enrolments; they stand
 * before their first step. Those that exist already stay as they are and are not answered: the change feed moves them on.
 * An event of someone who was merged into another person lets that person in.
 */
export async function enrol(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: EventMessage,
): Promise<EnrolmentItem[]> {
  const triggered = flows.filter((flow) => flow.definition.triggers[0].id === message.metric && isOpen(flow));
  if (triggered.length === 0) return [];
  return aboutPerson(ports, account, message.profile, async (profile, settled) => {
    const event = await ports.store.get(eventAt(account, profile, message.event));
    if (!event && !settled) throw new ConditionFailed();
    // The same event of two who are one person by now counts where it was recorded first.
    if (!event || event.backfill || originOf(event) !== message.profile) return [];
    const enrolments: EnrolmentItem[] = [];
    for (const flow of triggered) {
      const enrolment = await enrolOnce(ports, account, flow, event);
      if (enrolment) enrolments.push(enrolment);
    }
    return enrolments;
  });
}

async function enrolOnce(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  event: EventItem,
): Promise<EnrolmentItem | undefined> {
  const { profile, recorded } = event;
  const enrolment = newEnrolment(ports, account, flow, event);
  if (isLate(flow.definition, instantOf(event.at), instantOf(recorded))) return undefined;
  // Looked for before anything dear: duplicates are common, and re-entry must not count the event's own entry.
  if (await ports.store.get(enrolmentKey(account, profile, enrolment.id))) return undefined;
  if (!(await letsIn(ports, account, flow, event, enrolment))) return undefined;

  const writes: (Write | Check)[] = [
    { put: enrolment, if: { absent: true } },
    // Nobody who is being deleted leaves traces in a flow.
    { check: profileKey(account, profile), if: { present: true } },
  ];
  if (smallestGap(flow.definition.reentry_criteria) > 0) {
    const key = entryKey(account, profile, flow.id);
    const before = await ports.store.get(key);
    if (!mayEnter(flow.definition.reentry_criteria, before && instantOf(before.entered), instantOf(recorded))) {
      return undefined;
    }
    const entry: EntryItem = { ...key, kind: 'entry', flow: flow.id, entered: recorded };
    writes.push({ put: entry, if: before ? { equals: { entered: before.entered } } : { absent: true } });
  }
  await ports.store.transact(writes);
  return enrolment;
}

/** Trigger filter and profile filter. */
async function letsIn(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  event: EventItem,
  enrolment: EnrolmentItem,
): Promise<boolean> {
  const { triggers, profile_filter: filter } = flow.definition;
  const { trigger_filter } = triggers[0];
  if (trigger_filter && !passesTrigger(trigger_filter, await readEventBody(ports, event))) return false;
  const facts = await gatherFacts(ports, account, enrolment, filter ? [filter] : []);
  return facts !== undefined && (filter === null || facts.passes(filter));
}

function newEnrolment(ports: Ports, account: AccountId, flow: Flow, event: EventItem): EnrolmentItem {
  // With the profile in it: events of two people can have the same sort key, and timers are told apart by this id.
  const id = derivedId(16, flow.id, originOf(event), event.sk);
  return {
    ...enrolmentKey(account, event.profile, id),
    kind: 'enrolment',
    id,
    profile: event.profile,
    flow: flow.id,
    flow_version: flow.version,
    version: 1,
    status: 'active',
    ...(flow.definition.entry_action_id !== null && { step: flow.definition.entry_action_id }),
    visit: 0,
    // When the event came in, not when its turn came: what happens while work waits happens after the start.
    entered: event.recorded,
    updated: sortable(ports.clock.now()),
    event: event.sk,
  };
}
