// Functions that live as Lambda lets them live: every invocation has a container of its own, a crash takes its container
// with it, and an event may be delivered more than once.
import { type Call, type Fate, type Pause, withFaults } from '../../shared/adapters/memory/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import type { Functions } from './world.ts';

/** A call with the function that makes it, and a way to deliver the same event to another container meanwhile. */
export interface FunctionCall extends Call {
  function: FunctionName;
  /** Tells the containers of a function apart; no two of them ever have the same number. */
  container: number;
  deliverAgain: () => Promise<void>;
  /** The platform gives the invocation up as timed out, although it may go on. */
  abandon: () => void;
}

/** What goes wrong. */
export interface Chaos {
  fate: (call: FunctionCall) => Fate | Promise<Fate>;
  /** Holds calls up in the middle; see `Pause`. */
  pause?: (call: FunctionCall, point: Parameters<Pause>[1]) => ReturnType<Pause>;
  /** True when the next event of the function is delivered twice, one after the other. */
  twice?: (name: FunctionName, event: unknown) => boolean;
}

const isHttp = new Map(functionSpecs.map(([name, { trigger }]) => [name, 'http' in trigger] as const));

/** The same functions, whose calls meet the fates that `chaos` decides on. */
export function fragile(functions: Functions, chaos: Chaos): Functions {
  const entries = Object.entries(functions) as [FunctionName, (ports: Ports) => LambdaHandler][];
  let made = 0;
  const number = () => (made += 1);
  return Object.fromEntries(
    entries.map(([name, create]) => [name, fragileOne({ name, create, chaos, number })]),
  ) as Functions;
}

/** An invocation had its time. */
class TimedOut extends Error {
  constructor() {
    super('The invocation timed out.');
    this.name = 'TimedOut';
  }
}

/** A function, what goes wrong with it, and the numbers for its containers. */
interface Weak {
  name: FunctionName;
  create: (ports: Ports) => LambdaHandler;
  chaos: Chaos;
  number: () => number;
}

function fragileOne(weak: Weak) {
  const { name, chaos } = weak;
  return (ports: Ports): LambdaHandler => {
    const idle: Container[] = [];

    async function deliver(event: unknown, context: Parameters<LambdaHandler>[1]): Promise<unknown> {
      const container = idle.pop() ?? createContainer(weak, ports);
      const abandoned = Promise.withResolvers<never>();
      container.deliverAgain = async () => {
        await deliver(event, context).catch(() => undefined);
      };
      container.abandon = () => {
        abandoned.reject(new TimedOut());
      };
      // A container survives an error of its function, not a crash.
      return Promise.race([
        container.handler(event, context).finally(() => idle.push(container)),
        container.died,
        abandoned.promise,
      ]);
    }

    return async (event, context) => {
      if (chaos.twice?.(name, event) !== true) return deliver(event, context);
      const first = await deliver(event, context);
      const second = await deliver(event, context);
      // A caller has had the first answer by then; a queue goes by the last.
      return isHttp.get(name) === true ? first : second;
    };
  };
}

interface Container {
  handler: LambdaHandler;
  died: Promise<never>;
  deliverAgain: () => Promise<void>;
  abandon: () => void;
}

function createContainer({ name, create, chaos, number }: Weak, ports: Ports): Container {
  const made = number();
  const { pause } = chaos;
  const deliverAgain = () => container.deliverAgain();
  const abandon = () => {
    container.abandon();
  };
  const called = (call: Call): FunctionCall => ({ ...call, function: name, container: made, deliverAgain, abandon });
  const faulty = withFaults(
    ports,
    (call) => chaos.fate(called(call)),
    pause && ((call, point) => pause(called(call), point)),
  );
  const container: Container = {
    handler: create(faulty.ports),
    died: faulty.died,
    deliverAgain: async () => undefined,
    abandon: () => undefined,
  };
  return container;
}
