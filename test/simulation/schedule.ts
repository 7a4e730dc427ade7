// Who goes on next. Every call of every invocation waits here three times (before it, applied, answered) until it is picked.
import type { FunctionName } from '../../shared/topology.ts';

/** An invocation, by the container that it runs in. */
export interface Actor {
  function: FunctionName;
  container: number;
}

/** Chooses one of those who wait (its index); `step` counts the choices. */
export type Policy = (waiting: readonly Actor[], step: number) => number;

export const policies = ['uniform', 'priorities', 'starving'] as const;
export type PolicyName = (typeof policies)[number];

/** Everybody has the same chance. */
export function uniform(draw: () => number): Policy {
  return (waiting) => Math.floor(draw() * waiting.length);
}

/**
 * Random priorities, of which one to three change on the way: whoever is first then becomes the last. Few changes of
 * priority find most races (Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs).
 */
export function priorities(draw: () => number, steps: number): Policy {
  const ranks = new Map<number, number>();
  const changes = new Set(Array.from({ length: 1 + Math.floor(draw() * 3) }, () => Math.floor(draw() * steps)));
  const rank = ({ container }: Actor): number => {
    const known = ranks.get(container) ?? draw();
    ranks.set(container, known);
    return known;
  };
  const first = (waiting: readonly Actor[]) => {
    let [best, highest] = [0, -Infinity];
    for (const [at, one] of waiting.entries()) {
      const own = rank(one);
      if (own > highest) [best, highest] = [at, own];
    }
    return best;
  };
  return (waiting, step) => {
    const at = first(waiting);
    const one = waiting[at];
    if (one === undefined || !changes.has(step)) return at;
    ranks.set(one.container, -step);
    return first(waiting);
  };
}

/** Whoever runs this function goes on only when nobody else can. */
export function starving(draw: () => number, victim: FunctionName): Policy {
  return (waiting) => {
    const others = waiting.reduce((count, one) => count + Number(one.function !== victim), 0);
    if (others === 0) return Math.floor(draw() * waiting.length);
    // That one of the others, without a list of them: this is done for every call of every run.
    let left = Math.floor(draw() * others);
    return waiting.findIndex((one) => one.function !== victim && left-- === 0);
  };
}

export interface Schedule {
  /** Resolves when it is this one's turn. */
  turn: (actor: Actor) => Promise<void>;
}

/** After so many choices everything else in the process (the pump, streams) gets its turn too. */
const stride = 4;

/** Lets one after the other go on: the next as soon as nobody can go any further by himself. */
export function createSchedule(policy: Policy): Schedule {
  const waiting: (Actor & { go: () => void })[] = [];
  let planned = false;
  let step = 0;

  function choose(): void {
    planned = false;
    const at = policy(waiting, step);
    step += 1;
    const [next] = waiting.splice(at, 1);
    next?.go();
    plan();
  }

  function plan(): void {
    if (planned || waiting.length === 0) return;
    planned = true;
    // By then everything that was let go has come to its next call: a tick comes when no promise has anything left to do.
    if (step % stride === 0) setImmediate(choose);
    else queueMicrotask(() => process.nextTick(choose));
  }

  return {
    turn: (actor) =>
      new Promise((go) => {
        waiting.push({ function: actor.function, container: actor.container, go });
        plan();
      }),
  };
}
