// Moves an enrolment on, a step at a time. Each step is one transaction: what it does and where the person stands after
// it are written together, on the condition that nobody else took the step.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, MessageItem } from '../../storage/items.ts';
import { accountOf, enrolmentKey, waitingIndex } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Write } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';
import { queueMessage } from '../messaging/index.ts';
import { defer } from '../timers/index.ts';
import { changeOf } from './change.ts';
import type { Flow } from './definition.ts';
import { factsAt } from './facts.ts';
import { channelOf } from './graph.ts';
import { standing } from './standing.ts';
import { type Next, type Sending, takeStep } from './step.ts';
import { concluded } from './winner.ts';

export type AdvanceMessage = Extract<Message<'flows'>, { type: 'advance' }>;

/**
 * Takes the step that the message names, and the steps behind it up to the next wait or the end. Does nothing when the
 * step has been taken. `flows` are the account's: without its flow an enrolment ends.
 */
export async function advance(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Pick<AdvanceMessage, 'profile' | 'enrolment' | 'step' | 'visit'>,
): Promise<void> {
  let { step, visit } = message;
  for (;;) {
    const before = { ...message, step, visit };
    const after = await aboutPerson(ports, account, message.profile, (profile, settled) =>
      advanceOnce(ports, account, flows, { ...before, profile }, settled),
    );
    if (after?.status !== 'active' || after.step === undefined || after.due !== undefined || after.waits !== undefined)
      return;
    ({ step, visit } = after);
  }
}

/** One step; undefined when it is not the one that the enrolment stands before. */
async function advanceOnce(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { profile, enrolment: id, step, visit }: Pick<AdvanceMessage, 'profile' | 'enrolment' | 'step' | 'visit'>,
  settled: boolean,
): Promise<EnrolmentItem | undefined> {
  const before = await ports.store.get(enrolmentKey(account, profile, id));
  if (!before && !settled) throw new ConditionFailed();
  if (before?.status !== 'active' || before.step !== step || before.visit !== visit) return undefined;
  const flow = flows.find(({ id: one }) => one === before.flow);
  const next = await nextOf(ports, account, flow, before);
  const after = moved(before, next, sortable(ports.clock.now()));
  await ports.store.transact([
    { put: after, if: { equals: { version: before.version } } },
    ...(await effects(ports, account, { before, after, next, flow })),
  ]);
  return after;
}

async function nextOf(
  ports: Ports,
  account: AccountId,
  flow: Flow | undefined,
  enrolment: EnrolmentItem,
): Promise<Next> {
  if (!flow) return { status: 'exited', reason: 'Flow Deleted' };
  const place = standing(flow, enrolment);
  if (typeof place !== 'string') return place;
  const present = await concluded(ports, account, flow, { step: place, enrolment: enrolment.id });
  const facts = await factsAt(ports, account, present, enrolment, place);
  return facts ? takeStep(present.definition, place, facts) : { status: 'exited', reason: 'Person Deleted' };
}

/** The enrolment as it stands after the step. */
export function moved(before: EnrolmentItem, next: Next, now: string): EnrolmentItem {
  const after: EnrolmentItem = {
    ...before,
    status: next.status,
    version: before.version + 1,
    visit: before.visit + 1,
    updated: now,
    ...(next.acted !== undefined && { acted: [...(before.acted ?? []), next.acted] }),
    ...(next.status === 'exited' && { reason: next.reason }),
  };
  delete after.step;
  delete after.due;
  delete after.waits;
  delete after.upk;
  delete after.usk;
  if (next.status === 'active') {
    after.step = next.step;
    if (next.due !== undefined) after.due = sortable(next.due);
    if (next.waits !== undefined) Object.assign(after, waitingAt(after, next.waits));
  }
  return after;
}

/** Where someone is found who waits for a variant. */
const waitingAt = (enrolment: EnrolmentItem, waits: string) => ({
  waits,
  ...waitingIndex(accountOf(enrolment), waits, enrolment.profile, enrolment.entered, enrolment.id),
});

interface Move {
  before: EnrolmentItem;
  after: EnrolmentItem;
  next: Next;
  flow: Flow | undefined;
}

/** What is written together with the move: what the step does, the timer of the wait that follows. */
async function effects(ports: Ports, account: AccountId, move: Move): Promise<(Write | Check)[]> {
  const { before, after, next } = move;
  const writes: (Write | Check)[] = [];
  if (next.sending) writes.push(queueMessage(ports, account, messageOf(move, next.sending)));
  if (next.change) writes.push(...(await changeOf(ports, account, before.profile, next.change)));
  if (next.status === 'active' && next.due !== undefined) writes.push(await timer(ports, account, after, next.due));
  return writes;
}

function messageOf({ before, flow }: Move, sending: Sending) {
  const channel: MessageItem['channel'] = flow ? channelOf(flow.definition, sending.action) : 'email';
  return { enrolment: before, channel, ...sending };
}

/** The timer of someone who waits at a delay until `due`. */
export function timer(ports: Ports, account: AccountId, enrolment: EnrolmentItem, due: number): Promise<Write> {
  const { id, profile, step = '', visit } = enrolment;
  const message = { type: 'advance' as const, account, profile, enrolment: id, step, visit };
  return defer(ports, { account, at: due, queue: 'flows', id: `${id}-${visit}`, message });
}
