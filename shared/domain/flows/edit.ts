// Edits of a flow's graph while people are on their way through it (behaviour 5.5): whoever waits stays where it is, and
// goes on to what follows there by then; what was taken out leads to what followed it.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import { define, partsOf } from './define.ts';
import type { Action, Definition, Flow } from './definition.ts';
import { readAction } from './find.ts';
import { changeFlow } from './flow.ts';
import { actionOf, followers, reachable } from './graph.ts';
import { makeAction } from './make-action.ts';
import { checkReady } from './ready.ts';
import { checkReferences } from './references.ts';
import type { RequestedAction, RequestedDefinition } from './requested.ts';
import { wayPast } from './standing.ts';

const place = '/data/attributes/definition';

/**
 * Puts another definition in the place of the flow's; actions that stay are named by their ids. What starts the flow can
 * be filtered otherwise, but not be another thing: people came in by it.
 */
export function replaceDefinition(
  ports: Ports,
  account: AccountId,
  id: string,
  requested: RequestedDefinition,
): Promise<Flow> {
  return changeFlow(ports, account, id, async (flow) => {
    const definition = await define(ports, account, requested, flow.definition);
    if (whatStarts(definition) !== whatStarts(flow.definition)) {
      throw refuse('invalid', 'What triggers a flow stays what it is: make another flow.', `${place}/triggers/0`);
    }
    return edited(flow, definition);
  });
}

/** What starts the flow, without how it is filtered and timed. */
function whatStarts({ triggers: [trigger] }: Definition): string {
  const property = 'date_profile_property' in trigger ? trigger.date_profile_property : '';
  return [trigger.type, 'id' in trigger ? trigger.id : '', property].join(' ');
}

/** The flow with another definition; it remembers the way on from what is gone. */
function edited(flow: Flow, definition: Definition): Flow {
  checkReady(definition);
  const gone = flow.definition.actions.filter(({ id }) => !actionOf(definition, id));
  const ways = gone.map((action) => [action.id, wayPast(action)] as const);
  return { ...flow, definition, removed: { ...flow.removed, ...Object.fromEntries(ways) } };
}

/** Changes what one action does, or 404; where it leads stays as it is. Answers the flow. */
export async function changeAction(
  ports: Ports,
  account: AccountId,
  id: string,
  requested: RequestedAction,
): Promise<Flow> {
  const found = await readAction(ports, account, id);
  return changeFlow(ports, account, found.flow.id, async (flow) => {
    const before = actionOf(flow.definition, id);
    if (!before) throw refuse('not_found', `A flow-action with id ${id} does not exist.`);
    const made = remade(ports, flow, before, requested);
    const actions = flow.definition.actions.map((action) => (action.id === id ? made : action));
    const definition = { ...flow.definition, actions };
    const alone = { ...definition, profile_filter: null, actions: [made] };
    await checkReferences(ports, account, alone, place, () => place);
    return edited(flow, definition);
  });
}

function remade(ports: Ports, { definition }: Flow, before: Action, requested: RequestedAction): Action {
  const { id = before.id } = requested as { id?: string | null };
  if (id !== before.id && id !== null) throw refuse('invalid', 'The id is that of the path.', `${place}/id`);
  if (requested.type !== before.type) {
    throw refuse('invalid', `The action is of the type ${before.type}, and stays so.`, `${place}/type`);
  }
  const [trigger] = definition.triggers;
  const made = makeAction(requested, {
    id: before.id,
    toId: (name) => name ?? null,
    newId: () => ports.ids.short(),
    at: place,
    trigger: trigger.type,
    ...(trigger.type === 'metric' && { metric: trigger.id }),
    known: new Set(partsOf(before)),
  });
  const told = 'links' in requested && requested.links !== null && requested.links !== undefined;
  if ((told || made.type === 'multi-branch-split') && followers(made).join() !== followers(before).join()) {
    const detail = 'Where an action leads is not changed here: put the whole definition to /x/flows/{id}/definition.';
    throw refuse('not_allowed', detail, `${place}/links`);
  }
  return 'links' in before ? ({ ...made, links: before.links } as Action) : made;
}

/**
 * Takes one action out of its flow, or 404. What led to it leads to what followed it; where the ways parted, to the first
 * of them, and what only the others led to is taken out too.
 */
export async function removeAction(ports: Ports, account: AccountId, id: string): Promise<void> {
  const found = await readAction(ports, account, id);
  await changeFlow(ports, account, found.flow.id, (flow) => {
    const gone = actionOf(flow.definition, id);
    if (!gone) return flow;
    const [on = null] = followers(gone);
    const past = (to: string | null) => (to === id ? on : to);
    const linked = flow.definition.actions.filter((one) => one.id !== id).map((one) => relinked(one, past));
    const entry = past(flow.definition.entry_action_id);
    const definition = { ...flow.definition, actions: linked, entry_action_id: entry };
    return edited(flow, { ...definition, actions: inOrder(linked, reachable(definition, entry)) });
  });
}

const inOrder = (all: readonly Action[], kept: readonly Action[]) => all.filter((action) => kept.includes(action));

function relinked(action: Action, past: (to: string | null) => string | null): Action {
  if (action.type === 'multi-branch-split') {
    const branches = action.data.branches.map((one) => ({ ...one, links: { next: past(one.links.next) } }));
    return { ...action, data: { ...action.data, branches } };
  }
  const links = Object.fromEntries(
    Object.entries(action.links).map(([name, to]: [string, string | null]) => [name, past(to)]),
  );
  // The same names of links.
  return { ...action, links } as Action;
}
