// One step of one person through a flow: pure. What happens follows from the definition, the facts and the time alone.
import type { Action, Definition } from './definition.ts';
import { endOf, isDelay } from './delay.ts';
import type { Filter, OutputFilter } from './filter.ts';
import { actionOf, actsFrom, isActive, sendsOf } from './graph.ts';
import { whatIsSent } from './sending.ts';
import type { Change, Facts, Next } from './shapes.ts';
import { passesOutput } from './trigger-filter.ts';

export type * from './shapes.ts';

/**
 * What the person who stands before the action `step` does next. Splits are decided by the facts of this moment; a
 * delay that nothing but drafts would follow is not waited for; an action whose filters do not let the person through is
 * passed over (a message is kept as skipped), and the person walks on. Nothing is done twice.
 */
export function takeStep(definition: Definition, step: string, facts: Facts): Next {
  const action = actionOf(definition, step);
  if (!action) return { status: 'exited', reason: 'Action Deleted' };
  if (!facts.dateHolds) return { status: 'exited', reason: 'Date Changed' };
  return (steps[action.type] as Step<Action>)(definition, action, facts);
}

type Step<A> = (definition: Definition, action: A, facts: Facts) => Next;
type Steps = { [T in Action['type']]: Step<Extract<Action, { type: T }>> };

/** On to the action, or the end. */
export const goTo = (step: string | null): Next =>
  step === null ? { status: 'finished' } : { status: 'active', step };

const wait: Step<Extract<Action, { type: 'time-delay' | 'countdown-delay' | 'target-date' }>> = (
  definition,
  delay,
  facts,
) => {
  const { next } = delay.links;
  if (next === null || !actsFrom(definition, next)) return { status: 'finished' };
  const due = endOf(delay, facts);
  return due > facts.now ? { status: 'active', step: delay.id, due } : goTo(next);
};

/** Nobody waits where nothing but drafts would follow (behaviour 7). */
const waitForStock: Step<Extract<Action, { type: 'back-in-stock-delay' }>> = (
  definition,
  { id, links },
  { variant },
) => {
  if (links.next === null || !actsFrom(definition, links.next)) return { status: 'finished' };
  if (variant === undefined) return { status: 'exited', reason: 'Catalog Item Unavailable' };
  return { status: 'active', step: id, waits: variant };
};

const send: Step<Extract<Action, { type: `send-${string}` | 'ab-test' | 'content-experiment' }>> = (
  definition,
  action,
  facts,
) => {
  const next = goTo(action.links.next);
  if (!isActive(action) || facts.acted.includes(action.id)) return next;
  const sending = whatIsSent(definition, action, facts);
  // The message waits, and the person does not walk on meanwhile: in the morning all is asked again.
  if (sending.skipped === undefined && facts.quietUntil !== undefined) {
    return { status: 'active', step: action.id, due: facts.quietUntil };
  }
  return { ...next, sending, acted: action.id };
};

/** Changes the person where the flow's filter still lets it through. */
const change = (
  definition: Definition,
  action: Extract<Action, { type: 'update-profile' | 'list-update' }>,
  facts: Facts,
  what: Change | undefined,
): Next => {
  const next = goTo(action.links.next);
  const { profile_filter: filter } = definition;
  if (!what || !isActive(action) || facts.acted.includes(action.id)) return next;
  if (filter !== null && !facts.passes(filter)) return next;
  return { ...next, change: what, acted: action.id };
};

/** What is kept but not run here says so once. */
const unrun: Step<Extract<Action, { type: 'code' | 'internal-service' }>> = (_definition, { id, links }, { acted }) =>
  acted.includes(id)
    ? goTo(links.next)
    : { ...goTo(links.next), sending: { action: id, skipped: 'Not run here' }, acted: id };

const steps: Steps = {
  'time-delay': wait,
  'countdown-delay': wait,
  'target-date': wait,
  'back-in-stock-delay': waitForStock,

  'conditional-split': (_definition, { id, data, links }, { passes }) =>
    goTo(data.profile_filter === null || passes(data.profile_filter, id) ? links.next_if_true : links.next_if_false),

  'trigger-split': (_definition, { data, links }, { passesTrigger }) =>
    goTo(data.trigger_filter === null || passesTrigger(data.trigger_filter) ? links.next_if_true : links.next_if_false),

  'action-output-split': (_definition, { data, links }) =>
    goTo(holds(data.action_output_filter) ? links.next_if_true : links.next_if_false),

  'multi-branch-split': (_definition, { id, data }, { passes }) => {
    const taken = data.branches.find(
      ({ is_else, branch_filter: filter }) => is_else || filter === null || passes(filter, id),
    );
    return goTo(taken?.links.next ?? null);
  },

  'update-profile': (definition, action, facts) =>
    change(definition, action, facts, { type: 'update-profile', operations: action.data.profile_operations }),

  'list-update': (definition, action, facts) => {
    const { list_id: list, on_execution: on } = action.data;
    return change(
      definition,
      action,
      facts,
      list === null ? undefined : { type: 'list-update', list, on: on !== false },
    );
  },

  'ab-test': send,
  'content-experiment': send,
  'send-email': send,
  'send-sms': send,
  'send-mobile-push': send,
  'send-whatsapp': send,
  'send-webhook': send,
  'send-internal-alert': send,
  code: unrun,
  'internal-service': unrun,
};

const holds = (filter: OutputFilter | null) => filter === null || passesOutput(filter);

/** The filters on people that the step at this action looks at. */
export function filtersAt(definition: Definition, action: Action): Filter[] {
  if (action.type === 'conditional-split') return present([action.data.profile_filter]);
  if (action.type === 'multi-branch-split') return present(action.data.branches.map((one) => one.branch_filter));
  if (isDelay(action) || !isActive(action)) return [];
  return present([definition.profile_filter, ...additionalFilters(action)]);
}

function additionalFilters(action: Action): (Filter | null)[] {
  return sendsOf(action).map(({ data }) =>
    'additional_filters' in data.message ? data.message.additional_filters : null,
  );
}

const present = (filters: readonly (Filter | null)[]) => filters.filter((filter) => filter !== null);
