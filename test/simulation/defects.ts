// The zoo: defects of the kinds that such systems have had, planted around the handlers and their ports. The product knows
// nothing of them; the simulation must find each.
import { hour } from '../../shared/kernel/time.ts';
import type { Functions } from '../../functions/local/world.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import type { Store, Write } from '../../shared/storage/store.ts';

export interface Defect {
  /** What is wrong. */
  name: string;
  /** The simulation does not find it yet. */
  blind?: true;
  plant: (functions: Functions) => Functions;
}

const every = functionSpecs.map(([name]) => name);

/** Gives some functions other ports, or another handler. */
function around(
  names: readonly FunctionName[],
  how: { ports?: (ports: Ports) => Ports; handler?: (handler: LambdaHandler) => LambdaHandler },
): Defect['plant'] {
  const { ports: change = (same) => same, handler: wrap = (same) => same } = how;
  return (functions) => ({
    ...functions,
    ...Object.fromEntries(names.map((name) => [name, (ports: Ports) => wrap(functions[name](change(ports)))] as const)),
  });
}

const withStore = (change: (store: Store) => Partial<Store>, names = every): Defect['plant'] =>
  around(names, { ports: (ports) => ({ ...ports, store: { ...ports.store, ...change(ports.store) } }) });

function unconditional<W extends Write>(write: W): W {
  const rest = { ...write };
  delete rest.if;
  return rest;
}

/** All but the last of several. */
const cut = <T>(all: readonly T[]): readonly T[] => (all.length > 1 ? all.slice(0, -1) : all);

let batches = 0;
const isFifth = () => (batches += 1) % 5 === 0;

const swallow = async (work: Promise<void>): Promise<void> => work.catch(() => undefined);

interface Batch {
  Records: readonly unknown[];
}

const nothingFailed = { batchItemFailures: [] };

export const defects: readonly Defect[] = [
  {
    name: 'single writes forget their conditions',
    plant: withStore((store) => ({ write: (write) => store.write(unconditional(write)) })),
  },
  {
    name: 'transactions forget their conditions and checks',
    plant: withStore((store) => ({
      transact: (actions) => store.transact(actions.flatMap((one) => ('check' in one ? [] : [unconditional(one)]))),
    })),
  },
  {
    name: 'transactions check nothing beside what they write',
    plant: withStore((store) => ({
      transact(actions) {
        const writes = actions.filter((one) => !('check' in one));
        return writes.length > 0 ? store.transact(writes) : Promise.resolve();
      },
    })),
  },
  {
    name: 'transactions are made write by write',
    plant: withStore((store) => ({
      async transact(actions) {
        for (const one of actions) await store.transact([one]);
      },
    })),
  },
  {
    name: 'what a batch of writes did not take is not written again',
    plant: withStore((store) => ({ writeMany: (writes) => store.writeMany(cut(writes)) })),
  },
  {
    name: 'a batch of writes that fails is taken for written',
    // Such failures are rare among the faults of a seed: here every fifth batch is one.
    plant: withStore((store) => ({
      writeMany: (writes) => (isFifth() ? Promise.resolve() : swallow(store.writeMany(writes))),
    })),
  },
  {
    name: 'a conflict between writers is taken for success',
    plant: withStore(
      (store) => ({ transact: (actions) => swallow(store.transact(actions)) }),
      ['segments', 'flows', 'jobs'],
    ),
  },
  {
    name: 'pages after the first are not read',
    plant: withStore((store) => ({ query: async (query) => ({ items: (await store.query(query)).items }) })),
  },
  {
    name: 'messages that a queue did not take are forgotten',
    plant: around(every, {
      ports: (ports) => ({ ...ports, queue: { send: (name, all) => ports.queue.send(name, cut(all)) } }),
    }),
  },
  {
    name: 'sending to a queue is not waited for, and its failure not seen',
    plant: around(every, {
      ports: (ports) => ({ ...ports, queue: { send: (name, all) => swallow(ports.queue.send(name, all)) } }),
    }),
  },
  {
    name: 'events that the bus did not take are forgotten',
    plant: around(every, {
      ports: (ports) => ({ ...ports, bus: { publish: (all) => ports.bus.publish(cut(all)) } }),
    }),
  },
  {
    name: 'an email is sent again when its answer is lost',
    plant: around(every, {
      ports: (ports) => ({
        ...ports,
        mail: { send: (email) => ports.mail.send(email).catch(() => ports.mail.send(email)) },
      }),
    }),
  },
  {
    name: 'a failed record is acknowledged',
    plant: around(['segments', 'flows', 'messages', 'jobs', 'tallies', 'feedback', 'changes'], {
      handler: (handler) => (event, context) => handler(event, context).then(() => nothingFailed),
    }),
  },
  {
    name: 'a batch is acknowledged although its worker threw',
    plant: around(['segments', 'flows', 'messages', 'jobs', 'tallies', 'feedback', 'changes'], {
      handler: (handler) => (event, context) => handler(event, context).catch(() => nothingFailed),
    }),
  },
  {
    name: 'of a batch of changes only the first is followed up',
    plant: around(['changes'], {
      handler: (handler) => (event, context) => {
        const { Records } = event as Batch;
        return handler({ Records: Records.slice(0, 1) }, context);
      },
    }),
  },
  {
    name: 'segments are reckoned in another time zone',
    // One behind would be put right by its timers, which are looked at as of their own time.
    plant: around(['segments'], {
      ports: (ports) => ({ ...ports, clock: { now: () => ports.clock.now() + 12 * hour } }),
    }),
  },
  {
    name: 'a failed wake-up of the hour is not made up for',
    plant: around(['wake'], { handler: () => async () => undefined }),
  },
];
