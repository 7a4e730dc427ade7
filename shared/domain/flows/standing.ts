// Before which action of a flow, as it is now, someone stands who was put before one of it as it was: pure. Behaviour 5.5.
import type { EnrolmentItem } from '../../storage/items.ts';
import type { Action, Flow } from './definition.ts';
import { isDelay } from './delay.ts';
import { actionOf } from './graph.ts';

/** Nobody goes on from here. */
export type Over = { status: 'finished' } | { status: 'exited'; reason: string };

/**
 * The action that is next for an enrolment whose turn has come. One that waited goes on to what follows its delay by now;
 * in the place of an action that was taken out stands what followed it then.
 */
export function standing(
  { definition, removed }: Pick<Flow, 'definition' | 'removed'>,
  { step, due }: Pick<EnrolmentItem, 'step' | 'due'>,
): string | Over {
  const waited = step === undefined ? undefined : actionOf(definition, step);
  let place = due !== undefined && waited && isDelay(waited) ? waited.links.next : (step ?? null);
  const seen = new Set<string>();
  while (place !== null) {
    if (actionOf(definition, place)) return place;
    const way = seen.has(place) ? undefined : removed[place];
    if (!way || 'leave' in way) return { status: 'exited', reason: 'Action Deleted' };
    seen.add(place);
    place = way.next;
  }
  return { status: 'finished' };
}

/** Where the people go who stand before an action that is taken out: on; but out, where the ways parted. */
export function wayPast(action: Action): Flow['removed'][string] {
  if (action.type === 'multi-branch-split' || !('next' in action.links)) return { leave: true };
  return { next: action.links.next };
}
