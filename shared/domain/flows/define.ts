// From the definition that a caller wrote to the one that is stored: everything filled in, ids given, the graph sound.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { definitionKey } from '../../storage/patterns.ts';
import { refuseUnknown } from '../segments/index.ts';
import type { Definition, MetricTrigger } from './definition.ts';
import { type Filter, admitFilter, admitTriggerFilter, asSegment } from './filter.ts';
import { checkGraph } from './graph.ts';
import { makeAction } from './make-action.ts';
import type { RequestedDefinition } from './requested.ts';

const pointer = '/data/attributes/definition';

/**
 * The definition as it is stored. Refuses what is not built yet (`not_allowed`), graphs that are not sound and
 * metrics and templates that do not exist; each refusal points at its cause.
 */
export async function define(ports: Ports, account: AccountId, requested: RequestedDefinition): Promise<Definition> {
  const trigger = triggerOf(requested);
  const newId = () => ports.ids.short();
  const names = namesOf(requested);
  const ids = new Map(names.map((name) => [name, newId()]));
  // A link that leads nowhere keeps its name: the graph's check reports it.
  const toId = (name: string | null | undefined) =>
    name === null || name === undefined ? null : (ids.get(name) ?? name);
  const definition: Definition = {
    triggers: [trigger],
    profile_filter: admitFilter(requested.profile_filter ?? null, `${pointer}/profile_filter`),
    actions: requested.actions.map((action, index) =>
      makeAction(action, { id: toId(names[index]) ?? '', toId, newId, at: `${pointer}/actions/${index}` }),
    ),
    entry_action_id: toId(requested.entry_action_id),
    reentry_criteria: reentryOf(requested),
  };
  checkGraph(definition, pointer);
  await checkReferences(ports, account, definition);
  for (const [filter, at] of filtersOf(definition)) {
    await refuseUnknown(ports, account, asSegment(filter, sortable(0)), at);
  }
  return definition;
}

/** What the actions are called in the request; these names are given up once the actions have ids. */
function namesOf({ actions }: RequestedDefinition): string[] {
  const names: string[] = [];
  for (const [index, action] of actions.entries()) {
    const { id, temporary_id: name } = action as { id?: string | null; temporary_id?: string | null };
    const at = `${pointer}/actions/${index}`;
    if (id !== null && id !== undefined) {
      throw refuse('invalid', 'New actions have no id yet: name them with temporary_id.', `${at}/id`);
    }
    if (name === null || name === undefined) {
      throw refuse('missing', 'Every new action needs a temporary_id.', `${at}/temporary_id`);
    }
    if (names.includes(name)) throw refuse('invalid', `Two actions are named ${name}.`, `${at}/temporary_id`);
    names.push(name);
  }
  return names;
}

function triggerOf({ triggers }: RequestedDefinition): MetricTrigger {
  const [trigger] = triggers;
  if (triggers.length !== 1 || !trigger)
    throw refuse('invalid', 'A flow has exactly one trigger.', `${pointer}/triggers`);
  if (trigger.type !== 'metric') {
    throw refuse(
      'not_allowed',
      `Triggers of the type ${trigger.type} are not built yet.`,
      `${pointer}/triggers/0/type`,
    );
  }
  const { id, trigger_filter } = trigger;
  if (id === null || id === undefined) {
    throw refuse('missing', 'A metric trigger needs the id of its metric.', `${pointer}/triggers/0/id`);
  }
  const filter = admitTriggerFilter(trigger_filter ?? null, id, `${pointer}/triggers/0/trigger_filter`);
  return { type: 'metric', id, trigger_filter: filter };
}

function reentryOf({ reentry_criteria: given }: RequestedDefinition): Definition['reentry_criteria'] {
  // Metric flows let people in again unless told otherwise.
  if (!given) return { unit: 'alltime', duration: 0 };
  if (given.unit === 'alltime' && given.duration > 1) {
    const detail = 'With the unit alltime the duration is 0 (always) or 1 (never again).';
    throw refuse('invalid', detail, `${pointer}/reentry_criteria/duration`);
  }
  return given;
}

/** Every filter on people with the place where it stands. */
function filtersOf(definition: Definition): [Filter, string][] {
  const of = (filter: Filter | null, at: string): [Filter, string][] => (filter === null ? [] : [[filter, at]]);
  return [
    ...of(definition.profile_filter, `${pointer}/profile_filter`),
    ...definition.actions.flatMap((action, index) => {
      const at = `${pointer}/actions/${index}/data`;
      if (action.type === 'conditional-split') return of(action.data.profile_filter, `${at}/profile_filter`);
      if (action.type !== 'send-email') return [];
      return of(action.data.message.additional_filters, `${at}/message/additional_filters`);
    }),
  ];
}

async function checkReferences(ports: Ports, account: AccountId, definition: Definition): Promise<void> {
  const templates = definition.actions.flatMap((action, index) => {
    const id = action.type === 'send-email' ? action.data.message.template_id : null;
    return id === null ? [] : [{ id, at: `${pointer}/actions/${index}/data/message/template_id` }];
  });
  const ids = [...new Set(templates.map(({ id }) => id))];
  const keys = ids.map((id) => definitionKey(account, 'template', id));
  const [metric, ...found] = await ports.store.getMany([
    definitionKey(account, 'metric', definition.triggers[0].id),
    ...keys,
  ]);
  if (!metric) {
    throw refuse(
      'invalid',
      `A metric with id ${definition.triggers[0].id} does not exist.`,
      `${pointer}/triggers/0/id`,
    );
  }
  const missing = templates.find(({ id }) => found[ids.indexOf(id)] === undefined);
  if (missing) throw refuse('invalid', `A template with id ${missing.id} does not exist.`, missing.at);
}
