// One step of one person through a flow: pure. What happens follows from the definition, the facts and the time alone.
import type { Instant } from '../../kernel/time.ts';
import type { Action, Definition } from './definition.ts';
import { endOfDelay } from './delay.ts';
import type { Filter } from './filter.ts';
import { actionOf, actsFrom } from './graph.ts';

/** What is known of the person at the moment of the step. */
export interface Facts {
  now: Instant;
  /** The person's time zone. */
  zone: string;
  passes: (filter: Filter) => boolean;
}

/** An email that the step makes: to be delivered, or kept as skipped with the reason. */
export interface Sending {
  action: string;
  skipped?: string;
}

/** Where the person stands after the step. */
export type Next = { sending?: Sending } & (
  { status: 'active'; step: string; due?: Instant } | { status: 'finished' } | { status: 'exited'; reason: string }
);

/**
 * What the person who stands before the action `step` does next. Splits are decided by the facts of this moment; a
 * delay that nothing but drafts would follow is not waited for; an email whose filters do not let the person through
 * is kept as skipped, and the person walks on.
 */
export function takeStep(definition: Definition, step: string, facts: Facts): Next {
  const action = actionOf(definition, step);
  if (!action) return { status: 'exited', reason: 'Action Deleted' };
  return (steps[action.type] as Step<Action>)(definition, action, facts);
}

type Step<A> = (definition: Definition, action: A, facts: Facts) => Next;
type Steps = { [T in Action['type']]: Step<Extract<Action, { type: T }>> };

const goTo = (step: string | null): Next => (step === null ? { status: 'finished' } : { status: 'active', step });

const steps: Steps = {
  'time-delay': (definition, { data, links: { next } }, { now, zone }) => {
    if (next === null || !actsFrom(definition, next)) return { status: 'finished' };
    const due = endOfDelay(data, now, zone);
    return due > now ? { status: 'active', step: next, due } : goTo(next);
  },

  'conditional-split': (_definition, { data, links }, { passes }) =>
    goTo(data.profile_filter === null || passes(data.profile_filter) ? links.next_if_true : links.next_if_false),

  'send-email': (definition, { id, data, links }, { passes }) => {
    const next = goTo(links.next);
    if (data.status === 'draft' || data.status === 'disabled') return next;
    const through = (filter: Filter | null) => filter === null || passes(filter);
    const skipped = !through(definition.profile_filter)
      ? 'Fails Flow Filters'
      : !through(data.message.additional_filters)
        ? 'Fails Additional Filters'
        : data.status === 'manual'
          ? 'Needs review'
          : undefined;
    return { ...next, sending: { action: id, ...(skipped !== undefined && { skipped }) } };
  },
};

/** The filters that the step at this action looks at. */
export function filtersAt(definition: Definition, step: string): Filter[] {
  const action = actionOf(definition, step);
  if (action?.type === 'conditional-split') return present([action.data.profile_filter]);
  if (action?.type === 'send-email')
    return present([definition.profile_filter, action.data.message.additional_filters]);
  return [];
}

const present = (filters: readonly (Filter | null)[]) => filters.filter((filter) => filter !== null);
