// Functions that live as Lambda lets them live: every invocation has a container of its own, a crash takes its container
// with it, and an event may be delivered more than once.
import { type Call, type Fate, withFaults } from '../../shared/adapters/memory/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import type { Functions } from './world.ts';

/** A call with the function that makes it, and a way to deliver the same event to another container meanwhile. */
export interface FunctionCall extends Call {
  function: FunctionName;
  deliverAgain: () => Promise<void>;
}

/** What goes wrong. */
export interface Chaos {
  fate: (call: FunctionCall) => Fate | Promise<Fate>;
  /** True when the next event of the function is delivered twice, one after the other. */
  twice?: (name: FunctionName, event: unknown) => boolean;
}

const isHttp = new Map(functionSpecs.map(([name, { trigger }]) => [name, 'http' in trigger] as const));

/** The same functions, whose calls meet the fates that `chaos` decides on. */
export function fragile(functions: Functions, chaos: Chaos): Functions {
  const entries = Object.entries(functions) as [FunctionName, (ports: Ports) => LambdaHandler][];
  return Object.fromEntries(entries.map(([name, create]) => [name, fragileOne(name, create, chaos)])) as Functions;
}

function fragileOne(name: FunctionName, create: (ports: Ports) => LambdaHandler, chaos: Chaos) {
  return (ports: Ports): LambdaHandler => {
    const idle: Container[] = [];

    async function deliver(event: unknown, context: Parameters<LambdaHandler>[1]): Promise<unknown> {
      const container = idle.pop() ?? createContainer(name, create, ports, chaos);
      container.deliverAgain = async () => {
        await deliver(event, context).catch(() => undefined);
      };
      // A container survives an error of its function, not a crash.
      const answer = await Promise.race([
        container.handler(event, context).finally(() => idle.push(container)),
        container.died,
      ]);
      return answer;
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
}

function createContainer(
  name: FunctionName,
  create: (ports: Ports) => LambdaHandler,
  ports: Ports,
  chaos: Chaos,
): Container {
  const faulty = withFaults(ports, (call) =>
    chaos.fate({ ...call, function: name, deliverAgain: () => container.deliverAgain() }),
  );
  const container: Container = {
    handler: create(faulty.ports),
    died: faulty.died,
    deliverAgain: async () => undefined,
  };
  return container;
}
