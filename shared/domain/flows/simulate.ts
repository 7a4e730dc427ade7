// A flow tried out without sending anything: how a person would go through it from now on, or who came through with the
// events of the last days. Filters and splits are decided by the facts of now; times are those that would be.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, day, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { mergedPage } from '../../storage/merge.ts';
import { eventsOfMetric, eventAt, profileOf } from '../../storage/patterns.ts';
import { feedShards, readEventBody } from '../events/index.ts';
import { loadFor } from '../segments/index.ts';
import type { Flow } from './definition.ts';
import { isDelay } from './delay.ts';
import { type Who, gatherFacts } from './facts.ts';
import { actionOf } from './graph.ts';
import { filtersAt, takeStep } from './step.ts';
import { passesTrigger } from './trigger-filter.ts';
import { isLate, mayEnter } from './trigger.ts';

/** One step that would be taken. */
export interface Trial {
  action: string;
  at: Instant;
  /** `wait`, `send`, `change`, `pass`, or the reason for which a message would be skipped. */
  does: string;
}

/** How it would go: why nobody comes in, or the steps. */
export type Course = { refused: string } | { steps: Trial[] };

/** The way of one person through the flow from `who.entered` on. */
export async function tryOut(ports: Ports, account: AccountId, flow: Flow, who: Who): Promise<Course> {
  const { definition } = flow;
  const refused = await whyNot(ports, account, flow, who);
  if (refused !== undefined) return { refused };
  const steps: Trial[] = [];
  let clock = Math.max(instantOf(who.entered), ports.clock.now());
  for (let step = definition.entry_action_id; step !== null;) {
    const action = actionOf(definition, step);
    if (!action) break;
    const needs = { filters: filtersAt(definition, action), zone: isDelay(action), trigger: true };
    const facts = await gatherFacts(ports, account, flow, who, needs);
    if (!facts) break;
    const next = takeStep(definition, step, { ...facts, now: clock });
    const waits = next.status === 'active' && (next.due !== undefined || next.waits !== undefined);
    const does = waits ? 'wait' : next.sending ? (next.sending.skipped ?? 'send') : next.change ? 'change' : 'pass';
    steps.push({ action: step, at: clock, does });
    // When a variant will be in stock nobody can tell.
    if (next.status !== 'active' || next.waits !== undefined) break;
    clock = next.due ?? clock;
    step = waits && isDelay(action) ? action.links.next : next.step;
  }
  return { steps };
}

/** Why the person would not come in; undefined when it would. */
async function whyNot(ports: Ports, account: AccountId, flow: Flow, who: Who): Promise<string | undefined> {
  const {
    triggers: [trigger],
    profile_filter: filter,
  } = flow.definition;
  if (trigger.type === 'metric' && trigger.trigger_filter && who.event !== undefined) {
    await loadFor([trigger.trigger_filter]);
    const event = await ports.store.get(eventAt(account, who.profile, who.event));
    if (event && !passesTrigger(trigger.trigger_filter, await readEventBody(ports, event), ports.clock.now())) {
      return 'Fails Trigger Filter';
    }
  }
  const facts = await gatherFacts(ports, account, flow, who, { filters: filter ? [filter] : [] });
  if (!facts) return 'Person Deleted';
  return filter !== null && !facts.passes(filter) ? 'Fails Flow Filters' : undefined;
}

/** At most so many events are looked at, the newest. */
const mostEvents = 500;

/** The ways of those whose events of the last `days` would have let them in, oldest first. */
export async function tryOutOnEvents(ports: Ports, account: AccountId, flow: Flow, days: number): Promise<Course[]> {
  const [trigger] = flow.definition.triggers;
  if (trigger.type !== 'metric') return [];
  const from = sortable(ports.clock.now() - days * day);
  const shards = await feedShards(ports, account, trigger.id);
  const queries = shards.map((shard) => eventsOfMetric(account, trigger.id, shard, { from }));
  const { items } = await mergedPage(ports.store, queries, { size: mostEvents, newestFirst: true });
  const entered = new Map<string, Instant>();
  const courses: Course[] = [];
  for (const mark of items.toReversed()) {
    const event = await ports.store.get(eventAt(account, profileOf(mark), mark.sk));
    if (!event || event.backfill) continue;
    const { profile, recorded, sk } = event;
    const at = instantOf(recorded);
    const course = isLate(flow.definition, instantOf(event.at), at)
      ? { refused: 'Recorded Late' }
      : !mayEnter(flow.definition.reentry_criteria, entered.get(profile), at)
        ? { refused: 'Re-entry' }
        : await tryOut(ports, account, flow, { profile, entered: recorded, event: sk });
    if ('steps' in course) entered.set(profile, at);
    courses.push(course);
  }
  return courses;
}
