// Where someone would be who should have come in earlier (behaviour 5.2 and 5.5, people who are added late).
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { Flow } from './definition.ts';
import { endOf, isDelay } from './delay.ts';
import { type Who, gatherFacts } from './facts.ts';
import { actionOf, sendsOf } from './graph.ts';
import { filtersAt, takeStep } from './step.ts';

/**
 * The delay at which someone who came in at `who.entered` would wait at `asOf`, and until when; undefined when it would be
 * through, or is gone. What would have been done on the way is not; splits are decided by the facts of now. `asOf` is when
 * it was asked, not when it is worked on: whoever is worked on late, or again, is not left out for that.
 */
export async function pointIn(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  who: Who,
  asOf: Instant,
): Promise<{ step: string; due: Instant } | undefined> {
  const { definition } = flow;
  let clock = instantOf(who.entered);
  for (let step = definition.entry_action_id; step !== null;) {
    const action = actionOf(definition, step);
    if (!action) return undefined;
    const filters = filtersAt(definition, action);
    const facts = await gatherFacts(ports, account, flow, who, { filters, zone: isDelay(action), trigger: true });
    if (!facts) return undefined;
    if (isDelay(action)) {
      const due = endOf(action, { ...facts, now: clock });
      if (due > asOf) return { step, due };
      clock = due;
      step = action.links.next;
      continue;
    }
    const next = takeStep(definition, step, { ...facts, acted: sendsOf(action).length > 0 ? [action.id] : [] });
    // Nobody is put in where something else than time is waited for.
    if (next.status !== 'active' || next.waits !== undefined) return undefined;
    step = next.step;
  }
  return undefined;
}
