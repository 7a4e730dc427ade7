// A shop with a flow, and the way work takes through it: change feed, queue, wake-ups. Deliveries can be made unkind.
import { flowsWork } from '../../../functions/flows/work.ts';
import { followUp } from '../../../functions/changes/follow-up.ts';
import { wake } from '../../../functions/wake/wake.ts';
import { memoryPorts, type StreamedChange } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { recordEvent } from '../../../shared/domain/events/index.ts';
import type { Definition, Flow } from '../../../shared/domain/flows/definition.ts';
import { createFlow, setStatus } from '../../../shared/domain/flows/flow.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import type { Ports } from '../../../shared/ports.ts';
import { type Instant, second } from '../../../shared/kernel/time.ts';
import { messages as queueMessages } from '../../../shared/messages.ts';
import type { EnrolmentItem, MessageItem } from '../../../shared/storage/items.ts';
import type { Consumed, Item } from '../../../shared/storage/store.ts';
import { metricIdOf } from '../../support/metric-id.ts';

export const account = accountId('SHOP01');

/** How often the next batch is delivered: one time after the other, or all at once and the wrong way round. */
export interface Mood {
  times: number;
  reversed: boolean;
}
const kind: Mood = { times: 1, reversed: false };

const patient = { visibilitySeconds: 30, maxReceives: 100 };
const queues = {
  segments: patient,
  flows: patient,
  messages: patient,
  jobs: patient,
  tallies: patient,
  campaigns: patient,
  feedback: patient,
};

/** Ports whose calls that write or send take place, but whose answers are lost whenever `loses` says so. */
function losing(ports: Ports, loses: () => boolean): Ports {
  const after = async (done: Promise<void>): Promise<void> => {
    await done;
    if (loses()) throw new Error('The answer was lost.');
  };
  return {
    ...ports,
    store: { ...ports.store, transact: (actions) => after(ports.store.transact(actions)) },
    queue: { send: (queue, messages) => after(ports.queue.send(queue, messages)) },
  };
}

export async function openShop(moodOf: () => Mood = () => kind, loses: () => boolean = () => false) {
  const changes: StreamedChange[] = [];
  let unitsRead = 0;
  const meter = ({ read }: Consumed) => (unitsRead += read);
  const world = memoryPorts({ queues, onChange: (change) => changes.push(change), meter });
  const { ports, queue, schedule, clock, store } = world;
  const shaky = losing(ports, loses);
  const work = flowsWork(shaky);
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const metric = await metricIdOf(ports, account, { name: 'Ordered', service: 'api' });

  /** Delivers a batch as the mood will have it. */
  async function unkindly<T>(batch: readonly T[], deliver: (batch: readonly T[]) => Promise<void>): Promise<void> {
    const { times, reversed } = moodOf();
    if (reversed) return deliver(Array.from({ length: times }, () => batch.toReversed()).flat());
    for (let i = 0; i < times; i += 1) await deliver(batch);
  }

  /** Works off everything that can be worked off now. */
  async function settle(): Promise<void> {
    for (;;) {
      const fresh = changes.splice(0);
      try {
        if (fresh.length > 0) await unkindly(fresh, (batch) => followUp(shaky, batch));
      } catch {
        changes.unshift(...fresh);
        continue;
      }
      const received = queue.receive('flows', 10);
      const deliveries = received.map(({ id, body }) => ({
        id,
        body: queueMessages.flows.parse(JSON.parse(body)),
      }));
      const failed = new Set<string>();
      await unkindly(deliveries, async (batch) => {
        for (const id of await work(batch)) failed.add(id);
      });
      queue.remove(
        'flows',
        received.filter(({ id }) => !failed.has(id)).map(({ receipt }) => receipt),
      );
      if (fresh.length === 0 && received.length === 0) return;
    }
  }

  /** Turns the clock forward, stopping wherever something falls due. */
  async function pass(time: number): Promise<void> {
    const end = clock.now() + time;
    for (;;) {
      await settle();
      const next = Math.min(schedule.dueAt() ?? Infinity, queue.dueAt('flows') ?? Infinity);
      if (next > end) break;
      clock.advance(Math.max(0, next - clock.now()));
      for (let due = schedule.take(); due; due = schedule.take()) {
        const { payload } = due;
        // A wake-up that failed is tried again, as the scheduler does.
        await unkindly([payload], ([one = payload]) => wake(shaky, one).catch(() => wake(ports, one)));
      }
    }
    clock.advance(end - clock.now());
    await settle();
  }

  const ofKind = <T extends Item>(name: T['kind']): T[] => store.dump().filter((item): item is T => item.kind === name);

  return {
    ...world,
    metric,
    work,
    settle,
    pass,
    /** Makes a live flow that the metric triggers. */
    flow: async (definition: Definition, status: Flow['status'] = 'live'): Promise<Flow> => {
      const [trigger] = definition.triggers;
      const triggers: Definition['triggers'] = [trigger.type === 'metric' ? { ...trigger, id: metric } : trigger];
      const made = await createFlow(ports, account, { name: 'Orders', definition: { ...definition, triggers } });
      return status === 'draft' ? made : setStatus(ports, account, made.id, status);
    },
    order: (
      email: string,
      rest: { time?: Instant; unique_id?: string; backfill?: boolean; properties?: Record<string, unknown> } = {},
    ) => {
      const { properties = {}, ...event } = rest;
      const name = { name: 'Ordered', service: 'api' };
      return recordEvent(ports, account, {
        metric: name,
        properties,
        profile: { identifiers: { email }, attributes: {} },
        ...event,
      });
    },
    enrolments: () => ofKind<EnrolmentItem>('enrolment'),
    messages: () => ofKind<MessageItem>('message'),
    emails: () =>
      ofKind<MessageItem>('message')
        .sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0))
        .map(({ action, status, reason, created }) => ({ action, status, reason, created })),
    /** Read units consumed so far. */
    unitsRead: () => unitsRead,
    tick: () => clock.advance(second),
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
