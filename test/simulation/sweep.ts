// The sweep: a scenario is run once to count its calls, then again for every call and everything that can happen to it.
import type { FunctionCall } from '../../functions/local/fragile.ts';
import type { Fate } from '../../shared/adapters/memory/index.ts';
import { minute } from '../../shared/kernel/time.ts';
import { differences } from './agreement.ts';
import { brokenIn, givenUpIn } from './invariants.ts';
import { type Scenario, stageOf } from './scenarios.ts';
import { simulated } from './system.ts';

/** What happens to one call, or to one invocation: it is delivered twice. */
export type Mode = Exclude<Fate, 'pass'> | 'overtaken' | 'delivered-twice';

/** One thing that goes wrong: at the call, or the invocation, of this number. */
export interface Point {
  mode: Mode;
  at: number;
}

/** What a run met: its calls by name, and how many invocations there were. */
export interface Counted {
  calls: string[];
  invocations: number;
}

/** Longer than anything that failed stays hidden, and than a claim lasts. */
const recovery = 50 * minute;

/** Runs the scenario with one thing going wrong, or nothing; answers what is broken in the end. */
export async function runScenario(scenario: Scenario, point?: Point): Promise<Counted & { broken: string[] }> {
  const calls: string[] = [];
  let invocations = 0;
  let armed = false;
  async function fate({ function: name, port, method, deliverAgain }: FunctionCall): Promise<Fate> {
    if (!armed) return 'pass';
    calls.push(`${name} ${port}.${method}`);
    if (point === undefined || point.mode === 'delivered-twice' || calls.length - 1 !== point.at) return 'pass';
    if (point.mode !== 'overtaken') return point.mode;
    await deliverAgain();
    return 'pass';
  }
  function twice(): boolean {
    if (!armed) return false;
    invocations += 1;
    return point?.mode === 'delivered-twice' && invocations - 1 === point.at;
  }

  const stage = stageOf(await simulated({ fate, twice }));
  const broken: string[] = [];
  try {
    const prepared = await scenario.prepare(stage);
    armed = true;
    await scenario.act(stage, prepared);
    await stage.world.advance(scenario.follow);
    armed = false;
    await stage.world.advance(recovery);
    broken.push(...brokenIn(stage.world), ...givenUpIn(stage.world), ...(await differences(stage, stage.oracle)));
    broken.push(...((await scenario.expect?.(stage, prepared)) ?? []));
  } catch (error) {
    broken.push(String(error));
  }
  return { calls, invocations, broken };
}

const writes = /write|transact|send|publish|once|put|remove/;

/** What can happen to a call that differs from what happens to others. */
function modesOf(call: string): Mode[] {
  if (!writes.test(call)) return ['crash-before', 'throttled', 'overtaken'];
  const again: Mode[] = call.includes('mail') || call.includes('transact') ? [] : ['twice'];
  const contended: Mode[] = /\.(write|transact)$/.test(call) ? ['contended'] : [];
  return ['crash-before', 'crash-after', 'throttled', 'lost', 'overtaken', ...again, ...contended];
}

/** Every point of a scenario; a create that is sent again while it is under way makes two, as it should. */
export function pointsOf({ calls, invocations }: Counted): Point[] {
  return [
    ...calls.flatMap((call, at) => modesOf(call).map((mode) => ({ mode, at }))),
    ...Array.from({ length: invocations }, (_, at) => ({ mode: 'delivered-twice' as const, at })),
  ];
}
