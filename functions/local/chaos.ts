// Everything that can go wrong, going wrong at random in the running system: seeded, counted, and a log line for each.
import { type Fate, numbersFrom } from '../../shared/adapters/memory/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import {
  type Dice,
  type FaultName,
  faultKinds,
  faultNames,
  type PortName,
  ports as portNames,
} from './chaos-catalogue.ts';
import { troubled } from './chaos-ports.ts';
import { misreporting } from './chaos-batches.ts';
import { createSurroundings } from './chaos-world.ts';
import { fragile, type FunctionCall } from './fragile.ts';
import type { Functions, World } from './world.ts';

export type Rates = Readonly<Partial<Record<FaultName, number>>>;

export interface ChaosState {
  seed: number;
  on: boolean;
  rates: Rates;
  /** How often each fault has happened since the start. */
  counts: Partial<Record<FaultName, number>>;
  /** Ports that are down, and until when (milliseconds). */
  outages: Partial<Record<PortName, number>>;
}

export interface LocalChaos {
  state: () => ChaosState;
  /** The same functions, which fail as long as any rate is above zero or a port is down. */
  functions: (functions: Functions) => Functions;
  /** Gives it the world whose clock, queues and index it troubles. */
  attach: (world: World) => void;
  /** Takes these rates in the place of all others; a seed starts the draw anew. */
  set: (change: { rates?: Rates; seed?: number }) => void;
  /** Lets a port refuse every call for so long. */
  outage: (port: PortName, ms: number) => void;
  /** Ends every fault and every outage. */
  calm: () => void;
  note: (fault: FaultName, where?: Readonly<Record<string, unknown>>) => void;
}

/** The rates that `--chaos` begins with. */
export const usualRates: Rates = Object.fromEntries(faultNames.map((name) => [name, faultKinds[name].usual]));

const isHttp = new Set(functionSpecs.flatMap(([name, { trigger }]) => ('http' in trigger ? [name] : [])));

/** Chaos that draws from `seed`; with no `rates` it is off until it is set. `wait` lets real time pass (milliseconds). */
export function createChaos(options: {
  seed: number;
  rates?: Rates;
  wait: (ms: number) => Promise<unknown>;
}): LocalChaos {
  const { wait } = options;
  let { seed, rates = {} } = options;
  let numbers = numbersFrom(seed);
  let world: World | undefined;
  const counts: ChaosState['counts'] = {};
  // An event that is delivered again is not delivered again from there.
  let nested = 0;

  const draw = () => numbers();
  const isOn = () => Object.values(rates).some((rate) => rate > 0) || portNames.some(surroundings.isDown);

  function note(fault: FaultName, where: Readonly<Record<string, unknown>> = {}): void {
    counts[fault] = (counts[fault] ?? 0) + 1;
    world?.ports.log.info('fault', { fault, code: faultKinds[fault].code, ...where });
  }

  function hits(fault: FaultName, where?: Readonly<Record<string, unknown>>): boolean {
    const rate = rates[fault] ?? 0;
    if (rate === 0 || draw() >= rate) return false;
    note(fault, where);
    return true;
  }

  const dice: Dice = { hits, draw };
  const surroundings = createSurroundings(dice, () => world);

  /** Lets others work on the event of a call, in containers of their own. */
  async function others(call: FunctionCall, count: number): Promise<void> {
    nested += 1;
    await Promise.all(Array.from({ length: count }, () => call.deliverAgain())).finally(() => (nested -= 1));
  }

  const certain = ['crash-before', 'crash-after', 'lost', 'twice', 'throttled', 'contended'] as const;

  async function fate(call: FunctionCall): Promise<Fate> {
    const { port, method } = call;
    const where = { function: call.function, call: `${port}.${method}` };
    surroundings.befall(where);
    if (surroundings.isDown(port)) return 'throttled';
    if (hits('slow', where)) await wait(draw() * 500);
    if (!isHttp.has(call.function) && nested === 0) {
      if (hits('zombie', where)) await others(call, 1);
      else if (hits('storm', where)) void others(call, 2);
    }
    if (hits('timeout', where)) {
      await wait(draw() * 1000);
      return 'crash-before';
    }
    return certain.find((one) => hits(one, where)) ?? 'pass';
  }

  function functions(whole: Functions): Functions {
    const entries = Object.entries(whole) as [FunctionName, (ports: Ports) => LambdaHandler][];
    const weak = entries.map(([name, create]) => {
      const made = (ports: Ports) =>
        misreporting(create(troubled(ports, name, { ...dice, wait, world: () => world })), name, dice);
      return [name, made] as const;
    });
    const failing = fragile(Object.fromEntries(weak) as Functions, {
      fate,
      twice: (name) => !isHttp.has(name) && hits('delivered-twice', { function: name }),
    });
    return Object.fromEntries(
      entries.map(([name, create]) => {
        return [name, (ports: Ports): LambdaHandler => eitherOf(create(ports), failing[name](ports), isOn)];
      }),
    ) as Functions;
  }

  return {
    state: () => ({
      seed,
      on: isOn(),
      rates,
      counts,
      outages: surroundings.outages(),
    }),
    functions,
    attach: (given) => void (world = given),
    set(change) {
      if (change.rates) rates = change.rates;
      if (change.seed === undefined) return;
      seed = change.seed;
      numbers = numbersFrom(seed);
    },
    outage(port, ms) {
      surroundings.outage(port, ms);
      note('outage', { down: port });
    },
    calm() {
      rates = {};
      surroundings.calm();
    },
    note,
  };
}

const eitherOf =
  (calm: LambdaHandler, failing: LambdaHandler, isOn: () => boolean): LambdaHandler =>
  (event, context) =>
    isOn() ? failing(event, context) : calm(event, context);
