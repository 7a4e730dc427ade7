// The functions of one run, failing as its mood says: what befalls a call, an invocation, a service, and who goes on when.
import { misreporting } from '../../functions/local/chaos-batches.ts';
import type { FaultName } from '../../functions/local/chaos-catalogue.ts';
import { createSurroundings } from '../../functions/local/chaos-world.ts';
import { troubled } from '../../functions/local/chaos-ports.ts';
import { type FunctionCall, fragile } from '../../functions/local/fragile.ts';
import type { Functions, World } from '../../functions/local/world.ts';
import { type Fate, faultsAt } from '../../shared/adapters/memory/index.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import { minute } from '../../shared/kernel/time.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import type { Happening, Mood } from './mood.ts';
import { type Policy, createSchedule, priorities, starving, uniform } from './schedule.ts';
import { type Rarity, rarityOf } from './sometimes.ts';
import { stream } from './streams.ts';
import { createZombies } from './zombies.ts';

/** The state that a run shows to the faults. */
export interface Weather {
  /** Faults may happen. */
  armed: boolean;
  /** The request that is under way may be worked on twice. */
  repeatable: boolean;
  /** Only the degraded port fails. */
  degraded: boolean;
}

export interface UnrulySystem {
  functions: Functions;
  /** Lets some of those who stand still go on, by chance; with `all` everybody. */
  thaw: (all?: boolean) => void;
  /** How many stand still. */
  standing: () => number;
  attach: (world: World) => void;
  /** Ends what befalls the world around calls. */
  calm: () => void;
}

const isHttp = new Set(functionSpecs.flatMap(([name, { trigger }]) => ('http' in trigger ? [name] : [])));

/** About as many choices as a run has. */
const stepsOfRun = 20_000;

function policyOf(seed: number, { policy, victim }: Mood): Policy {
  const draw = stream(seed, 'order');
  if (policy === 'uniform') return uniform(draw);
  return policy === 'priorities' ? priorities(draw, stepsOfRun) : starving(draw, victim);
}

/** What can be noted: faults of calls, of services and of invocations, and rare states. */
export type Told = Exclude<Fate, 'pass'> | FaultName | Happening | Rarity;

/** What a run is told of: every fault, every rare state, every call with its fate. */
export interface Listener {
  note: (what: Told) => void;
  traced: (line: string) => void;
  /** A function is given something to work on: a request of a caller, or an event. */
  began?: (isRequest: boolean) => void;
  /** Hears of every call before it is decided on; what it answers is waited for. */
  arriving?: (call: FunctionCall) => Promise<void> | undefined;
}

/** Makes the functions of a run fail as its mood says, while the weather lets them. */
export function unrulySystem(
  whole: Functions,
  how: { seed: number; mood: Mood; weather: Weather; listener: Listener; before?: Functions },
): UnrulySystem {
  const { seed, mood, weather, listener, before } = how;
  const { note, traced, began, arriving } = listener;
  const plan = faultsAt(() => mood.rates, stream(seed, 'faults'));
  const versions = stream(seed, 'versions');
  const clocks = stream(seed, 'clocks');
  const [draw, services] = [stream(seed, 'invocations'), stream(seed, 'services')];
  const around = stream(seed, 'surroundings');
  const schedule = createSchedule(policyOf(seed, mood));
  let world: World | undefined;
  const zombies = createZombies({ draw: stream(seed, 'thaw'), now: () => world?.clock.now() ?? 0, note });
  /** Containers that can go on, by number. */
  const active = new Set<number>();
  /** Those that stand still. */
  const still = new Set<number>();
  /** Those that died. */
  const dead = new Set<number>();
  let made = 0;
  // An event that is delivered again is not delivered again from there.
  let nested = false;

  /** Whoever is alone need not wait for others. */
  function turn(call: FunctionCall): Promise<void> | undefined {
    if (active.size > 2) note('three or more could go on');
    return active.size > 1 ? schedule.turn(call) : undefined;
  }

  function died({ container }: FunctionCall): void {
    dead.add(container);
    active.delete(container);
    still.delete(container);
    zombies.died(container);
  }

  const happens = (one: keyof Mood['happenings']) => draw() < mood.happenings[one];

  /** Its container does nothing until `until`, unless another call of it has ended it by then. */
  async function standStill({ container }: FunctionCall, until: Promise<void>): Promise<void> {
    const wasActive = active.delete(container);
    if (wasActive) still.add(container);
    await until;
    if (wasActive && still.delete(container)) active.add(container);
  }

  function overtaken(call: FunctionCall): Promise<void> {
    note('overtaken');
    nested = true;
    return call.deliverAgain().finally(() => (nested = false));
  }

  async function frozen(call: FunctionCall): Promise<Fate> {
    note('frozen');
    call.abandon();
    await standStill(call, zombies.freeze(call));
    return 'pass';
  }

  /** What befalls the invocation around a call that passes. */
  function befall(call: FunctionCall): Fate | Promise<Fate> {
    if (nested) return 'pass';
    if (happens('timed-out')) {
      note('timed-out');
      died(call);
      return 'crash-before';
    }
    const isWorker = !isHttp.has(call.function);
    // An email that is being handed over does not stand still: Lambda ends the invocation long before (W of I4).
    const freezes = () => isWorker && call.port !== 'mail' && happens('frozen');
    if ((weather.repeatable || isWorker) && happens('overtaken'))
      return overtaken(call).then(() => (freezes() ? frozen(call) : 'pass'));
    return freezes() ? frozen(call) : 'pass';
  }

  function heldUp(call: FunctionCall): Promise<void> | undefined {
    const until = arriving?.(call);
    return until && standStill(call, until);
  }

  // Decided on without a wait wherever there is nothing to wait for: this is done for every call of every run.
  function fate(call: FunctionCall): Fate | Promise<Fate> {
    if (weather.degraded) return call.port === mood.degraded && services() < 1 / 30 ? 'throttled' : 'pass';
    if (!weather.armed) return 'pass';
    const held = heldUp(call);
    const until = held ? held.then(() => turn(call)) : turn(call);
    return until ? until.then(() => decide(call)) : decide(call);
  }

  /** Whether a fault with this rate happens now. */
  function happened(fault: FaultName, rate: number, numbers: () => number): boolean {
    if (rate === 0 || numbers() >= rate) return false;
    note(fault);
    return true;
  }

  const surroundings = createSurroundings(
    { draw: around, hits: (fault) => happened(fault, mood.around[fault] ?? 0, around) },
    () => world,
  );

  function decide(call: FunctionCall): Fate | Promise<Fate> {
    // Made beside the call of which its invocation died: it never happens, and nobody is asked again for it (seed 2294 of 500
    // operations: a request was, whose caller had his answer).
    if (dead.has(call.container)) return 'pass';
    surroundings.befall({});
    if (around() < (mood.around.slow ?? 0)) {
      note('slow');
      world?.clock.advance(Math.floor(around() * 500));
    }
    const decided = surroundings.isDown(call.port) ? 'throttled' : plan();
    traced(`${call.function} ${call.port}.${call.method} ${decided}`);
    if (decided === 'pass') return befall(call);
    note(decided);
    const rarity = rarityOf(call, decided, isHttp.has(call.function));
    if (rarity !== undefined) note(rarity);
    if (decided === 'crash-before' || decided === 'crash-after') died(call);
    return decided;
  }

  function hits(fault: FaultName): boolean {
    if (!happened(fault, weather.armed ? (mood.troubles[fault] ?? 0) : 0, services)) return false;
    if (fault === 'mail-unanswered') note('an email was taken and its answer was lost');
    return true;
  }

  const service = { hits, draw: services, wait: async () => undefined, world: () => world };

  /** A container of the release before, where there is one, or of today's. */
  function eitherVersion(name: FunctionName, today: (ports: Ports) => LambdaHandler): (ports: Ports) => LambdaHandler {
    const earlier = before && versions() < 0.5 && Object.hasOwn(before, name) ? before[name] : undefined;
    if (earlier) note('a container of the release before worked');
    return earlier ?? today;
  }

  /** The clock of a container: off by as much as the mood lets it be while faults happen, and stepping at times. */
  function skewed(clock: Ports['clock']) {
    const drawn = () => Math.round((clocks() * 2 - 1) * mood.skew);
    let off = drawn();
    return {
      now: () => clock.now() + (weather.armed ? off : 0),
      step() {
        if (mood.skew === 0 || clocks() >= 0.05) return;
        off = drawn();
        note('a clock stepped');
        if (Math.abs(off) > minute) note('a clock was minutes off');
      },
    };
  }

  // A request is over long before its token is forgotten: that is for work that is done again.
  function weak(name: FunctionName, create: (ports: Ports) => LambdaHandler) {
    return (ports: Ports): LambdaHandler => {
      // Containers are numbered in the order of their making, here as there.
      const container = (made += 1);
      const own = isHttp.has(name)
        ? { ...service, hits: (fault: FaultName) => fault !== 'old-token' && hits(fault) }
        : service;
      const clock = skewed(ports.clock);
      const handler = misreporting(eitherVersion(name, create)(troubled({ ...ports, clock }, name, own)), name, own);
      return async (event, context) => {
        clock.step();
        active.add(container);
        zombies.began(container, event);
        began?.(isHttp.has(name));
        return handler(event, context).finally(() => {
          active.delete(container);
          still.delete(container);
          zombies.ended(container);
        });
      };
    };
  }

  const entries = Object.entries(whole) as [FunctionName, (ports: Ports) => LambdaHandler][];
  const failing = Object.fromEntries(entries.map(([name, create]) => [name, weak(name, create)])) as Functions;

  return {
    functions: fragile(failing, {
      fate,
      pause: (call) => (weather.armed ? turn(call) : undefined),
      twice(name) {
        const can = weather.armed && (weather.repeatable || !isHttp.has(name));
        if (!can || draw() >= mood.happenings['delivered-twice']) return false;
        note('delivered-twice');
        return true;
      },
    }),
    thaw: zombies.thaw,
    standing: zombies.standing,
    attach: (given) => void (world = given),
    calm: surroundings.calm,
  };
}
