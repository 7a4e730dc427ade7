// Faults as switches of the memory adapters: any call of a port can end its invocation before it happens or after, be
// throttled, lose against another writer, lose its answer, or happen twice.
import { HandoverPostponed, type Ports, type Queue } from '../../ports.ts';
import { TransactionRefused } from '../../storage/store.ts';

/** The calls that can fail. Clock, ids, log and settings are the invocation's own. */
const calls = {
  store: ['get', 'getMany', 'query', 'write', 'writeMany', 'transact'],
  queue: ['send'],
  bus: ['publish'],
  schedule: ['once'],
  mail: ['send'],
  sms: ['send'],
  push: ['send'],
  http: ['request', 'download'],
  files: ['put', 'get', 'remove'],
} as const satisfies { [P in keyof Ports]?: readonly (keyof Ports[P])[] };

/** A call that an invocation is about to make. */
export interface Call {
  port: keyof typeof calls;
  method: string;
}

/**
 * What becomes of a call. `crash-before`, `crash-after`: the invocation dies; the call did not happen, or did.
 * `throttled`: it did not happen, and says so. `contended`: a write or transaction of the store lost against another.
 * `lost`: it happened and failed to answer. `twice`: its first answer was lost, so the client called again.
 */
export type Fate = 'pass' | 'crash-before' | 'crash-after' | 'throttled' | 'contended' | 'lost' | 'twice';

/** Decides on every call, in the order of the calls; may take its time, in which other work goes on. */
export type FaultPlan = (call: Call) => Fate | Promise<Fate>;

/**
 * Where an invocation can be held up while others go on, beside the moment before a call, which is the plan's: the call
 * was applied and its answer is on the way; the answer is there. Undefined goes on at once.
 */
export type Pause = (call: Call, point: 'applied' | 'answered') => Promise<void> | undefined;

/** An invocation died in the middle. */
export class Crash extends Error {
  constructor() {
    super('The invocation died.');
    this.name = 'Crash';
  }
}

type Happening = () => Promise<unknown>;

/** Who hands messages over: what was handed over is never handed over again. */
const providers: ReadonlySet<Call['port']> = new Set(['mail', 'sms', 'push', 'http']);

function throttled({ port }: Call): Error {
  // The adapter has waited and tried again by then; its last word is that the provider has no room now.
  if (providers.has(port) && port !== 'http') return new HandoverPostponed('Too many requests.');
  return Object.assign(new Error('Too many requests.'), { name: 'ThrottlingException' });
}

const canBeContended = ({ method }: Call) => method === 'write' || method === 'transact';

/** Clients send again what is safe to send again: transactions carry a token, and messages are never sent again. */
const isSentAgain = ({ port, method }: Call) => !providers.has(port) && method !== 'transact';

/** Fates of which the invocation does not die. */
const survived: Record<Exclude<Fate, 'crash-before' | 'crash-after'>, (call: Call, happen: Happening) => unknown> = {
  pass: (_, happen) => happen(),
  throttled: (call) => Promise.reject(throttled(call)),
  contended: (call, happen) =>
    canBeContended(call) ? Promise.reject(new TransactionRefused([{ failed: false }], true)) : happen(),
  lost: async (_, happen) => {
    await happen();
    throw new Error('The answer was lost.');
  },
  twice: async (call, happen) => {
    const answer = await happen();
    return isSentAgain(call) ? happen() : answer;
  },
};

/**
 * The ports of one invocation, every call of which meets the fate that `plan` decides on; `died` rejects with `Crash`
 * when the invocation dies. None of its calls answers after that, and none that it makes then happens. With `pause` the
 * calls are held up in the middle too.
 */
export function withFaults(ports: Ports, plan: FaultPlan, pause?: Pause): { ports: Ports; died: Promise<never> } {
  let dead = false;
  const isDead = () => dead;
  const { promise: died, reject } = Promise.withResolvers<never>();
  // Nobody has to listen.
  died.catch(() => undefined);
  const silence = new Promise<never>(() => undefined);

  function die(): Promise<never> {
    dead = true;
    reject(new Crash());
    return silence;
  }

  async function meet(call: Call, happen: Happening): Promise<unknown> {
    if (isDead()) return silence;
    const planned = plan(call);
    const fate = typeof planned === 'string' ? planned : await planned;
    if (isDead()) return silence;
    if (fate === 'crash-before') return die();
    if (fate === 'crash-after') return happen().then(die, die);
    try {
      const answer = await survived[fate](call, happen);
      return isDead() ? await silence : answer;
    } catch (error) {
      if (isDead()) return await silence;
      throw error;
    } finally {
      const until = isDead() ? undefined : pause?.(call, 'answered');
      if (until) await until;
    }
  }

  /** The call itself, which may be applied long before its answer is there. */
  async function paused(call: Call, happen: Happening, pause: Pause): Promise<unknown> {
    try {
      return await happen();
    } finally {
      const until = pause(call, 'applied');
      if (until) await until;
    }
  }

  function faulty<P extends keyof typeof calls>(name: P): Ports[P] {
    const port = ports[name];
    const wrapped = calls[name].map((method) => {
      const original = Reflect.get(port, method) as (...given: unknown[]) => Promise<unknown>;
      const call = { port: name, method };
      const happening = (given: unknown[]): Happening =>
        pause ? () => paused(call, () => original(...given), pause) : () => original(...given);
      return [method, (...given: unknown[]) => meet(call, happening(given))] as const;
    });
    return { ...port, ...Object.fromEntries(wrapped) };
  }

  return {
    ports: {
      ...ports,
      store: faulty('store'),
      queue: faulty('queue'),
      bus: faulty('bus'),
      schedule: faulty('schedule'),
      mail: faulty('mail'),
      sms: faulty('sms'),
      push: faulty('push'),
      http: faulty('http'),
      files: faulty('files'),
    },
    died,
  };
}

/** How often each fate is met, 0 to 1; the rest pass. */
export type FaultRates = Readonly<Partial<Record<Exclude<Fate, 'pass'>, number>>>;

/** A plan that draws exactly one number (0 to 1) for every call: equal numbers, equal fates. */
export function faultsAt(rates: () => FaultRates, draw: () => number): () => Fate {
  let [known, limits]: [FaultRates | undefined, readonly (readonly [Fate, number])[]] = [undefined, []];
  return () => {
    const now = rates();
    if (now !== known) [known, limits] = [now, limitsOf(now)];
    const drawn = draw();
    return limits.find(([, limit]) => drawn < limit)?.[0] ?? 'pass';
  };
}

/** Each fate up to the number below which it is met. */
function limitsOf(rates: FaultRates): readonly (readonly [Fate, number])[] {
  let limit = 0;
  return Object.entries(rates).map(([fate, rate]) => [fate as Fate, (limit += rate)] as const);
}

/** Numbers from 0 to 1 that follow from a seed alone (splitmix32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const longestDelay = 900;

/**
 * A queue that keeps its promise and no more: every message is held up by `delay()` seconds, so that others overtake it,
 * and comes once more `again()` seconds later unless that is undefined.
 */
export function unruly(queue: Queue, how: { delay: () => number; again: () => number | undefined }): Queue {
  return {
    send: (name, messages) =>
      queue.send(
        name,
        messages.flatMap(({ body, delaySeconds = 0 }) => {
          const first = Math.min(longestDelay, delaySeconds + how.delay());
          const more = how.again();
          const copies = more === undefined ? [] : [{ body, delaySeconds: Math.min(longestDelay, first + more) }];
          return [{ body, delaySeconds: first }, ...copies];
        }),
      ),
  };
}
