// Ports that keep their promises and no more: what the services behind them are allowed to do, they do at times.
import { type MemoryWorld, unruly } from '../../shared/adapters/memory/index.ts';
import { hour, second } from '../../shared/kernel/time.ts';
import type { Message, QueueName } from '../../shared/messages.ts';
import {
  type Bus,
  type Http,
  HttpRefused,
  type Mail,
  type Ports,
  type Queue,
  type Schedule,
} from '../../shared/ports.ts';
import type { Store } from '../../shared/storage/store.ts';
import type { FunctionName } from '../../shared/topology.ts';
import type { Dice } from './chaos-catalogue.ts';

interface Trouble extends Dice {
  wait: (ms: number) => Promise<unknown>;
  /** What the services do by themselves, they do in here. */
  world: () => Pick<MemoryWorld, 'queue'> | undefined;
}

/** The ports of one container of a function. */
export function troubled(ports: Ports, name: FunctionName, trouble: Trouble): Ports {
  const { hits, draw } = trouble;
  const where = { function: name };
  const skew = hits('clock-skew', where) ? Math.round((draw() * 2 - 1) * second) : 0;
  return {
    ...ports,
    clock: { now: () => ports.clock.now() + skew },
    store: store(ports.store, trouble, where),
    queue: queue(ports.queue, trouble, where),
    bus: bus(ports.bus, trouble, where),
    schedule: schedule(ports.schedule, trouble, where),
    mail: mail(ports.mail, trouble, where),
    http: http(ports.http, trouble, where),
  };
}

type Where = Readonly<Record<string, unknown>>;

/** Gives the first half of a batch to `take` and fails. */
async function halfOf<T>(batch: readonly T[], take: (half: readonly T[]) => Promise<void>): Promise<never> {
  await take(batch.slice(0, Math.floor(batch.length / 2)));
  throw new Error('Only a part of a batch was taken.');
}

function store(store: Store, { hits }: Trouble, where: Where): Store {
  return {
    ...store,
    async query(query) {
      if (!hits('short-page', where)) return store.query(query);
      // The first page has no end of a page before to give back.
      return query.after === undefined ? store.query({ ...query, limit: 1 }) : { items: [], next: query.after };
    },
    writeMany: (writes) =>
      hits('partial', where) ? halfOf(writes, (half) => store.writeMany(half)) : store.writeMany(writes),
    async transact(actions) {
      await store.transact(actions);
      if (hits('old-token', where)) await store.transact(actions);
    },
  };
}

function queue(port: Queue, { hits, draw, world }: Trouble, where: Where): Queue {
  const late = unruly(port, {
    // Seldom long: the fourth power of a number below 1 is mostly small.
    delay: () => (hits('delayed', where) ? Math.floor(900 * draw() ** 4) : 0),
    again: () => (hits('again', where) ? Math.floor(900 * draw() ** 2) : undefined),
  });
  return {
    async send(name, messages) {
      // What SES reports may be anything: for the queue of its reports there is no poison.
      if (name !== 'feedback' && hits('poison', { ...where, queue: name }))
        await world()?.queue.send(name, [{ body: poison(name) }]);
      if (hits('partial', where)) return halfOf(messages, (half) => late.send(name, half));
      return late.send(name, messages);
    },
  };
}

/** What no queue takes for its own. */
const poison = <Q extends QueueName>(queue: Q): Message<Q> => ({ poison: queue }) as unknown as Message<Q>;

/** Whether the body of a message is that. */
export const isPoison = (body: string): boolean => body.startsWith('{"poison":');

function bus(bus: Bus, { hits }: Trouble, where: Where): Bus {
  return {
    publish: (events) => (hits('partial', where) ? halfOf(events, (half) => bus.publish(half)) : bus.publish(events)),
  };
}

function schedule(schedule: Schedule, { hits, draw }: Trouble, where: Where): Schedule {
  return {
    async once(one) {
      if (hits('schedule-never', where)) return;
      const late = hits('schedule-late', where) ? Math.floor(draw() * hour) : 0;
      await schedule.once({ ...one, at: one.at + late });
      if (hits('schedule-twice', where)) await schedule.once({ ...one, name: `${one.name}-again` });
    },
  };
}

function http(http: Http, { hits }: Trouble, where: Where): Http {
  // As the guarded client answers when it looks the name up, before it connects.
  const lookUp = () => {
    if (hits('rebound', where)) throw new HttpRefused('The name leads to an address that is not public.');
  };
  return {
    async request(call) {
      lookUp();
      return http.request(call);
    },
    async download(call) {
      lookUp();
      return http.download(call);
    },
  };
}

function mail(mail: Mail, { hits, world, wait }: Trouble, where: Where): Mail {
  return {
    async send(email) {
      const answer = await mail.send(email);
      if (hits('provider-event', where)) {
        const known = delivered(answer.id, email.tags);
        const unknown = delivered('unknown', { ...email.tags, message: 'unknown' });
        await world()?.queue.send(
          'feedback',
          [known, known, unknown].map((body) => ({ body })),
        );
        // Time enough for the report to be worked off first.
        await wait(100);
      }
      if (hits('mail-unanswered', where)) throw new Error('The answer of the provider was lost.');
      return answer;
    },
  };
}

/** SES's report of a delivery. */
const delivered = (id: string, tags: Readonly<Record<string, string>>) => ({
  eventType: 'Delivery',
  mail: { messageId: id, tags: Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, [tag]])) },
});
