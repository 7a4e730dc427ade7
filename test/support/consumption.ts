// A local world whose every call to the store is counted, by the function that makes it.
import { functions } from '../../functions/local/functions.ts';
import { seed } from '../../functions/local/seed.ts';
import { type World, createWorld } from '../../functions/local/world.ts';
import { createClock } from '../../shared/adapters/memory/index.ts';
import type { Store } from '../../shared/storage/store.ts';
import type { FunctionName } from '../../shared/topology.ts';
import { callWorld } from './call-world.ts';

/** What one function asked of the store: calls, and units by AWS's arithmetic. */
export interface Consumption {
  calls: number;
  read: number;
  write: number;
}

export type ByFunction = Partial<Record<FunctionName, Consumption>>;

export interface CountedWorld {
  world: World;
  /** Runs `work` and answers what each function consumed meanwhile. */
  consumedBy: (work: () => Promise<unknown>) => Promise<ByFunction>;
  /** Calls the API with a key of full access; throws on anything but a 2xx. */
  call: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

export interface Answer {
  data: { id: string; attributes: Record<string, unknown> };
}

/** A fresh world at noon that moves only when it is told to. */
export async function countedWorld(): Promise<CountedWorld> {
  let counted: ByFunction = {};
  let caller: FunctionName | undefined;
  const world = createWorld({
    functions,
    clock: createClock({ real: false, start: Date.UTC(2026, 5, 1, 12) }),
    seed: 1,
    meter({ read, write }) {
      if (caller === undefined) return;
      const before = counted[caller] ?? { calls: 0, read: 0, write: 0 };
      counted[caller] = { calls: before.calls + 1, read: before.read + read, write: before.write + write };
    },
    portsFor: (name, ports) => ({ ...ports, store: calledBy(name, ports.store) }),
  });

  /** The memory store meters before it gives up control: whoever called is still the caller. */
  function as<T>(name: FunctionName, call: () => Promise<T>): Promise<T> {
    caller = name;
    try {
      return call();
    } finally {
      caller = undefined;
    }
  }

  const calledBy = (name: FunctionName, store: Store): Store => ({
    get: (key, options) => as(name, () => store.get(key, options)),
    getMany: (keys, options) => as(name, () => store.getMany(keys, options)),
    query: (query) => as(name, () => store.query(query)),
    write: (write) => as(name, () => store.write(write)),
    writeMany: (writes) => as(name, () => store.writeMany(writes)),
    transact: (actions) => as(name, () => store.transact(actions)),
  });

  await seed(world.ports);
  return {
    world,
    async consumedBy(work) {
      counted = {};
      await work();
      return counted;
    },
    call: async (...asked) => (await callWorld(world, ...asked)) as Answer,
  };
}
