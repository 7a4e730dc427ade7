// From the definition that a caller wrote to the one that is stored: everything filled in, ids given, the graph sound.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import type { Action, Definition, Trigger } from './definition.ts';
import { admitFilter } from './filter.ts';
import { checkGraph, sendsOf } from './graph.ts';
import { makeAction } from './make-action.ts';
import { makeTrigger } from './make-trigger.ts';
import { checkReferences } from './references.ts';
import type { RequestedAction, RequestedDefinition } from './requested.ts';

const place = '/data/attributes/definition';

/**
 * The definition as it is stored. Refuses graphs that are not sound and metrics,
 * lists, segments and templates that do not exist; each refusal points at its cause. Where it takes the place of the
 * definition `before`, its actions may be named by the ids that they have.
 */
export async function define(
  ports: Ports,
  account: AccountId,
  requested: RequestedDefinition,
  before?: Definition,
): Promise<Definition> {
  const trigger = makeTrigger(requested.triggers, `${place}/triggers`);
  const newId = () => ports.ids.short();
  const names = namesOf(requested, before);
  const ids = new Map(names.map(({ name, known }) => [name, known ? name : newId()]));
  // A link that leads nowhere keeps its name: the graph's check reports it.
  const toId = (name: string | null | undefined) =>
    name === null || name === undefined ? null : (ids.get(name) ?? name);
  const metric = trigger.type === 'metric' ? { metric: trigger.id } : {};
  const definition: Definition = {
    triggers: [trigger],
    profile_filter: admitFilter(requested.profile_filter ?? null, `${place}/profile_filter`),
    actions: requested.actions.map((action, index) => {
      const { name = '', known } = names[index] ?? {};
      const parts = { known: new Set(known ? partsOf(known) : []), trigger: trigger.type, ...metric };
      return makeAction(action, { id: toId(name) ?? '', toId, newId, at: `${place}/actions/${index}`, ...parts });
    }),
    entry_action_id: toId(requested.entry_action_id),
    reentry_criteria: reentryOf(requested, trigger),
  };
  checkGraph(definition, place);
  await checkReferences(ports, account, definition, place);
  return definition;
}

/** The ids inside an action: of its message, of its experiment and of what that sends. */
export function partsOf(action: Action): string[] {
  const sends = sendsOf(action).flatMap(({ id, data }) => [id, data.message.id]);
  const trial = action.type === 'ab-test' || action.type === 'content-experiment' ? action.data : undefined;
  return [...sends, ...(trial?.current_experiment ? [trial.current_experiment.id] : [])];
}

interface Names {
  id?: string | null;
  temporary_id?: string | null;
}

interface Name {
  name: string;
  /** The action that has this id already. */
  known?: Action;
}

/** What the actions are called in the request; temporary names are given up once the actions have ids. */
function namesOf({ actions }: RequestedDefinition, before?: Definition): Name[] {
  const names: Name[] = [];
  for (const [index, action] of actions.entries()) {
    const at = `${place}/actions/${index}`;
    const name = nameOf(action, at, before);
    if (names.some((one) => one.name === name.name)) {
      throw refuse('invalid', `Two actions are named ${name.name}.`, `${at}/temporary_id`);
    }
    names.push(name);
  }
  return names;
}

function nameOf(action: RequestedAction, at: string, before?: Definition): Name {
  const { id, temporary_id: name, type } = action as Pick<RequestedAction, 'type'> & Names;
  if (id !== null && id !== undefined) {
    const known = before?.actions.find((one) => one.id === id);
    if (!known) throw refuse('invalid', 'New actions have no id yet: name them with temporary_id.', `${at}/id`);
    if (known.type !== type) throw refuse('invalid', `The action ${id} is of the type ${known.type}.`, `${at}/type`);
    return { name: id, known };
  }
  if (name === null || name === undefined) {
    throw refuse('missing', 'Every new action needs a temporary_id.', `${at}/temporary_id`);
  }
  return { name };
}

/** Lists and segments let people in once, everything else always, unless they are told otherwise (behaviour 5.3). */
function reentryOf(
  { reentry_criteria: given }: RequestedDefinition,
  { type }: Trigger,
): Definition['reentry_criteria'] {
  if (!given) return { unit: 'alltime', duration: type === 'list' || type === 'segment' ? 1 : 0 };
  if (given.unit === 'alltime' && given.duration > 1) {
    const detail = 'With the unit alltime the duration is 0 (always) or 1 (never again).';
    throw refuse('invalid', detail, `${place}/reentry_criteria/duration`);
  }
  return given;
}
