// The actions of a flow as a graph: what follows what, and what a sound one is.
import { refuse } from '../../kernel/errors.ts';
import type { MessageItem } from '../../storage/items.ts';
import type { Action, Definition, Send } from './definition.ts';

/** The actions that can follow an action; null is the end of the flow. */
export function followers(action: Action): readonly (string | null)[] {
  if (action.type === 'multi-branch-split') return action.data.branches.map(({ links }) => links.next);
  const { links } = action;
  return 'next' in links ? [links.next] : [links.next_if_true, links.next_if_false];
}

/** What an action sends, or may send: experiments have more than one. */
export function sendsOf(action: Action): readonly Send[] {
  if (action.type === 'ab-test' || action.type === 'content-experiment') {
    return [action.data.main_action, ...(action.data.current_experiment?.variations ?? [])];
  }
  return action.type.startsWith('send-') ? [action as Send] : [];
}

/** What sends under this id, in an experiment too; undefined when there is none. */
export function sendOf(definition: Definition, id: string): Send | undefined {
  return definition.actions.flatMap(sendsOf).find((send) => send.id === id);
}

/** The status of an action that has one: delays and splits have none. */
export function statusOf(action: Action): Send['data']['status'] | undefined {
  if (!('data' in action) || action.type === 'code' || action.type === 'multi-branch-split') return undefined;
  return 'status' in action.data ? action.data.status : undefined;
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

/** True for an action that does something: drafts and what is disabled are passed by. */
export function isActive(action: Action): boolean {
  const status = statusOf(action);
  return status === 'live' || status === 'manual';
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

const channels = {
  'send-email': 'email',
  'send-sms': 'sms',
  'send-mobile-push': 'push',
  'send-whatsapp': 'whatsapp',
  'send-webhook': 'webhook',
  'send-internal-alert': 'alert',
} as const satisfies Record<Send['type'], MessageItem['channel']>;

/** The channel of what sends; of what is not run here, `code`. */
export function channelOf(definition: Definition, id: string): MessageItem['channel'] {
  const send = sendOf(definition, id);
  return send ? channels[send.type] : 'code';
}
