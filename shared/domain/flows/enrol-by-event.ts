// An event lets its profile into the flows that it triggers.
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem } from '../../storage/items.ts';
import { eventAt, listMemberKey, segmentMemberKey, wasMemberKey } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { originOf } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import type { Flow } from './definition.ts';
import { type Cause, enrolBy } from './enrol.ts';
import { isLate, isOpen } from './trigger.ts';

export type EventMessage = Extract<Message<'flows'>, { type: 'event' }>;
export type JoinedMessage = Extract<Message<'flows'>, { type: 'joined' }>;

/**
 * Enrols the event's profile in those of the account's `flows` that it triggers. Answers the new enrolments. An event of
 * someone who was merged into another person lets that person in.
 */
export async function enrol(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: EventMessage,
): Promise<EnrolmentItem[]> {
  const triggered = flows.filter((flow) => isTriggered(flow, 'metric', message.metric));
  if (triggered.length === 0) return [];
  return aboutPerson(ports, account, message.profile, async (profile, settled) => {
    const event = await ports.store.get(eventAt(account, profile, message.event));
    if (!event && !settled) throw new ConditionFailed();
    // The same event of two who are one person by now counts where it was recorded first.
    if (!event || event.backfill || originOf(event) !== message.profile) return [];
    const { recorded } = event;
    // With the profile in it: events of two people can have the same sort key, and timers are told apart by this id.
    const cause: Cause = { name: [originOf(event), event.sk], profile, at: recorded, event };
    const timely = triggered.filter(({ definition }) => !isLate(definition, instantOf(event.at), instantOf(recorded)));
    return enrolInAll(ports, account, timely, cause);
  });
}

/** Enrols who joined a list, or came into a segment, in the flows that this triggers; nobody who has left it again. */
export async function enrolJoined(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { of, group, joined, profile: person }: JoinedMessage,
): Promise<EnrolmentItem[]> {
  const triggered = flows.filter((flow) => isTriggered(flow, of, group));
  if (triggered.length === 0) return [];
  const keyOf = of === 'list' ? listMemberKey : segmentMemberKey;
  return aboutPerson(ports, account, person, async (profile, settled) => {
    // Lists go with a merge as they are; who takes a place in a segment may not have been looked at yet. The note goes when
    // the place is taken, and so is read before it.
    const left =
      of === 'segment' && settled ? await ports.store.get(wasMemberKey(account, profile, group, person)) : undefined;
    const member = await ports.store.get(keyOf(account, profile, group));
    if (!member && !settled) throw new ConditionFailed();
    const standing = member ?? (left?.judged === undefined ? left : undefined);
    if (standing?.joined !== joined) return [];
    return enrolInAll(ports, account, triggered, { name: [person, of, group, joined], profile, at: joined });
  });
}

function isTriggered(flow: Flow, type: 'metric' | 'list' | 'segment', id: string): boolean {
  const [trigger] = flow.definition.triggers;
  return trigger.type === type && trigger.id === id && isOpen(flow);
}

async function enrolInAll(ports: Ports, account: AccountId, flows: readonly Flow[], cause: Cause) {
  const enrolments: EnrolmentItem[] = [];
  for (const flow of flows) {
    const enrolment = await enrolBy(ports, account, flow, cause);
    if (enrolment) enrolments.push(enrolment);
  }
  return enrolments;
}
