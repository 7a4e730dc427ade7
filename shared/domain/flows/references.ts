// What a definition names has to be there.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { definitionKey } from '../../storage/patterns.ts';
import { backInStockMetric } from '../catalog/index.ts';
import { findMetric } from '../events/index.ts';
import { refusePatterns, refuseUnknown } from '../segments/index.ts';
import type { Action, Definition } from './definition.ts';
import { type Filter, sharedPart } from './filter.ts';
import { sendsOf } from './graph.ts';

interface Reference {
  kind: 'metric' | 'list' | 'segment' | 'template';
  id: string;
  at: string;
}

/**
 * Refuses metrics, lists, segments and templates that do not exist, and patterns that are none; `pointer` is where the definition stands,
 * `actionAt` where one of its actions does.
 */
export async function checkReferences(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  pointer: string,
  actionAt: (index: number) => string = (index) => `${pointer}/actions/${index}`,
): Promise<void> {
  await refuseOtherDelays(ports, account, definition, actionAt);
  const references = referencesOf(definition, pointer, actionAt);
  const found = await ports.store.getMany(references.map(({ kind, id }) => definitionKey(account, kind, id)));
  const missing = references.find((_, index) => found[index] === undefined);
  if (missing) throw refuse('invalid', `A ${missing.kind} with id ${missing.id} does not exist.`, missing.at);
  for (const [filter, at] of triggerFiltersOf(definition, pointer, actionAt)) await refusePatterns(filter, at);
  for (const [filter, at] of filtersOf(definition, pointer, actionAt)) {
    await refusePatterns(filter, at);
    await refuseUnknown(ports, account, sharedPart(filter, sortable(0)), at);
  }
}

/** A restock is waited for by those who asked for it, and by nobody else (behaviour 5.2). */
async function refuseOtherDelays(
  ports: Ports,
  account: AccountId,
  { triggers: [trigger], actions }: Definition,
  actionAt: ActionAt,
): Promise<void> {
  const index = actions.findIndex(({ type }) => type === 'back-in-stock-delay');
  if (index < 0) return;
  const metric = trigger.type === 'metric' ? await findMetric(ports, account, trigger.id) : undefined;
  const { name, service } = backInStockMetric;
  if (metric?.name === name && metric.service === service) return;
  const detail = `Only flows that the metric "${name}" of ${service} triggers have a restock to wait for.`;
  throw refuse('invalid', detail, `${actionAt(index)}/type`);
}

type ActionAt = (index: number) => string;

function referencesOf({ triggers: [trigger], actions }: Definition, pointer: string, actionAt: ActionAt): Reference[] {
  const started: Reference[] =
    trigger.type === 'metric' || trigger.type === 'list' || trigger.type === 'segment'
      ? [{ kind: trigger.type, id: trigger.id, at: `${pointer}/triggers/0/id` }]
      : [];
  return [...started, ...actions.flatMap((action, index) => referencesIn(action, `${actionAt(index)}/data`))];
}

function referencesIn(action: Action, at: string): Reference[] {
  if (action.type === 'list-update') {
    const { list_id: id } = action.data;
    return id === null ? [] : [{ kind: 'list', id, at: `${at}/list_id` }];
  }
  return sendsOf(action).flatMap(({ data: { message } }) => {
    const id = 'template_id' in message ? (message.template_id ?? null) : null;
    return id === null ? [] : [{ kind: 'template', id, at: `${at}/message/template_id` }];
  });
}

/** Every filter on people with the place where it stands. */
function filtersOf(definition: Definition, pointer: string, actionAt: ActionAt): [Filter, string][] {
  const of = (filter: Filter | null, at: string): [Filter, string][] => (filter === null ? [] : [[filter, at]]);
  return [
    ...of(definition.profile_filter, `${pointer}/profile_filter`),
    ...definition.actions.flatMap((action, index) => {
      const at = `${actionAt(index)}/data`;
      if (action.type === 'conditional-split') return of(action.data.profile_filter, `${at}/profile_filter`);
      if (action.type === 'multi-branch-split') {
        return action.data.branches.flatMap((one, n) => of(one.branch_filter, `${at}/branches/${n}/branch_filter`));
      }
      return sendsOf(action).flatMap(({ data: { message } }) =>
        'additional_filters' in message ? of(message.additional_filters, `${at}/message/additional_filters`) : [],
      );
    }),
  ];
}

/** Every filter on what let the person in, or on what an action answered, with the place where it stands. */
function triggerFiltersOf(
  { triggers: [trigger], actions }: Definition,
  pointer: string,
  actionAt: ActionAt,
): [object, string][] {
  const filter = 'trigger_filter' in trigger ? trigger.trigger_filter : null;
  const splits = actions.flatMap((action, index): [object, string][] => {
    const at = `${actionAt(index)}/data/trigger_filter`;
    return action.type === 'trigger-split' && action.data.trigger_filter ? [[action.data.trigger_filter, at]] : [];
  });
  return [...(filter ? [[filter, `${pointer}/triggers/0/trigger_filter`] as [object, string]] : []), ...splits];
}
