// The actions of a flow as a graph: what follows what, and what a sound one is.
import { refuse } from '../../kernel/errors.ts';
import type { Action, Definition, SendEmail } from './definition.ts';

/** The actions that can follow an action; null is the end of the flow. */
function followers(action: Action): readonly (string | null)[] {
  return action.type === 'conditional-split'
    ? [action.links.next_if_true, action.links.next_if_false]
    : [action.links.next];
}

/** The action with this id; undefined when the flow has none. */
export function actionOf(definition: Definition, id: string): Action | undefined {
  return definition.actions.find((action) => action.id === id);
}

/** The actions that can be reached from `start`, itself included. */
export function reachable(definition: Definition, start: string | null): Action[] {
  const seen = new Set<string>();
  const waiting = [start];
  const found: Action[] = [];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const action = id === null || seen.has(id) ? undefined : actionOf(definition, id);
    if (!action) continue;
    seen.add(action.id);
    found.push(action);
    waiting.push(...followers(action));
  }
  return found;
}

/** True for an action that does something: draft and disabled emails are passed by. */
export function isActive(action: Action): action is SendEmail {
  return action.type === 'send-email' && (action.data.status === 'live' || action.data.status === 'manual');
}

/** True when something can still happen from `start` on. */
export function actsFrom(definition: Definition, start: string | null): boolean {
  return reachable(definition, start).some(isActive);
}

/**
 * Refuses a graph that is not sound: every link and the entry lead to an action, every action is reachable from the
 * entry, and no path comes back to an action it has passed. Pointers lead into the body of the request.
 */
export function checkGraph(definition: Definition, pointer: string): void {
  const { actions, entry_action_id: entry } = definition;
  const ids = new Map<string, number>();
  for (const [index, { id }] of actions.entries()) {
    if (ids.has(id)) throw refuse('invalid', `Two actions have the id ${id}.`, `${pointer}/actions/${index}`);
    ids.set(id, index);
  }
  if (entry === null ? actions.length > 0 : !ids.has(entry)) {
    throw refuse('invalid', 'The flow must begin with one of its actions.', `${pointer}/entry_action_id`);
  }
  for (const [index, action] of actions.entries()) {
    const lost = followers(action).find((id) => id !== null && !ids.has(id));
    if (lost !== undefined) {
      throw refuse('invalid', `No action has the id ${String(lost)}.`, `${pointer}/actions/${index}/links`);
    }
  }
  const reached = new Set(reachable(definition, entry).map(({ id }) => id));
  const [lonely] = actions.flatMap(({ id }, index) => (reached.has(id) ? [] : [index]));
  if (lonely !== undefined) {
    throw refuse('invalid', 'No path leads from the entry to this action.', `${pointer}/actions/${lonely}`);
  }
  if (hasCycle(definition)) {
    throw refuse('invalid', 'The links lead in a circle: everyone must come to an end.', `${pointer}/actions`);
  }
}

/** Takes actions away that nothing leads to, until none is left (no circle) or all that are left are led to. */
function hasCycle(definition: Definition): boolean {
  const arrivals = new Map(definition.actions.map(({ id }) => [id, 0]));
  const linked = (action: Action) => followers(action).filter((id) => id !== null);
  for (const id of definition.actions.flatMap(linked)) arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  const free = definition.actions.filter(({ id }) => arrivals.get(id) === 0);
  let taken = 0;
  for (let action = free.pop(); action; action = free.pop()) {
    taken += 1;
    for (const id of linked(action)) {
      const left = (arrivals.get(id) ?? 0) - 1;
      arrivals.set(id, left);
      const next = left === 0 ? actionOf(definition, id) : undefined;
      if (next) free.push(next);
    }
  }
  return taken < definition.actions.length;
}
