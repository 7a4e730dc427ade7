// Flows: declarations of their operations.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { text } from '../../jsonapi/fields.ts';
import { type Input, type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import type { FilterSpec, Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import {
  create,
  get,
  list,
  relatedMany,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { oneWithRelated, withRelated } from '../identity/index.ts';
import { operationsOnTagsOf, tagsAsRelated } from '../tags/index.ts';
import { define } from './define.ts';
import type { Flow } from './definition.ts';
import {
  actionDocument,
  definedFlowResource,
  flowActionResource,
  flowDocument,
  flowResource,
  triggerTypes,
} from './documents.ts';
import { allFlows, createFlow, readFlow, removeFlow, setStatus } from './flow.ts';
import { statusOf } from './graph.ts';
import { requestedDefinition } from './requested.ts';

const tag = 'Flows';
const tags = tagsAsRelated('flow');
const read = { tag, scopes: ['flows:read'], tier: tiers.S };
const write = { tag, scopes: ['flows:write'], tier: tiers.S };

const comparisons: readonly Operator[] = ['equals', 'greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];
const texts: readonly Operator[] = ['contains', 'ends-with', 'equals', 'starts-with'];
/** Filters on when something was made and changed. */
export const timeFilters = {
  created: { operators: comparisons, type: 'datetime' },
  updated: { operators: comparisons, type: 'datetime' },
} as const satisfies FilterSpec;
export const nameFilter = { operators: texts, type: 'string' } as const;

const flowFilter: FilterSpec = {
  id: { operators: ['any'], type: 'string' },
  name: nameFilter,
  status: { operators: ['equals'], type: 'string' },
  archived: { operators: ['equals'], type: 'boolean' },
  ...timeFilters,
  trigger_type: { operators: ['equals'], type: 'string', values: triggerTypes },
};

const actionQuery: QuerySpec = {
  filter: {
    id: { operators: ['any'], type: 'string' },
    action_type: { operators: ['any', 'equals'], type: 'string' },
    status: { operators: ['equals'], type: 'string' },
    ...timeFilters,
  },
  sort: ['action_type', 'created', 'id', 'status', 'updated'],
  page: { default: 50, max: 50 },
};

const statuses: readonly string[] = ['draft', 'manual', 'live'] satisfies Flow['status'][];
const isStatus = (status: string): status is Flow['status'] => statuses.includes(status);

/** The page of the flow's actions that the query asks for. */
async function actionPage(input: Input, { ports, account }: Context) {
  const flow = await readFlow(ports, account, idOf(input));
  const byId = new Map(flow.definition.actions.map((action) => [action.id, action]));
  return pageInMemory(
    flow.definition.actions.map((action) => actionDocument(flow, action)),
    input.query,
    {
      action_type: ({ id }) => byId.get(id)?.type,
      status: ({ id }) => {
        const action = byId.get(id);
        return action && statusOf(action);
      },
    },
  );
}

/** The operations on flows. */
export const flowDefinitionOperations: readonly Operation<Context>[] = [
  list({
    ...read,
    id: 'get_flows',
    summary: 'The flows of the account.',
    resource: flowResource,
    query: {
      fieldsOf: [flowResource],
      include: { 'flow-actions': flowActionResource, tags: tags.of },
      filter: flowFilter,
      sort: ['created', 'id', 'name', 'status', 'trigger_type', 'updated'],
      page: { default: 50, max: 50 },
    },
    run: async ({ query }, context) => {
      const { ports, account } = context;
      const flows = await allFlows(ports, account);
      const linked = query.include.has('flow-actions');
      const documents = flows.map((flow) => flowDocument(flow, { linked }));
      const page = pageInMemory(documents, query);
      const shown = new Set(page.resources.map(({ id }) => id));
      const included = flows
        .filter(({ id }) => linked && shown.has(id))
        .flatMap((flow) => flow.definition.actions.map((action) => actionDocument(flow, action)));
      const tagged = await withRelated(context, page.resources, { tags }, query.include);
      return { page: { ...page, resources: tagged.resources }, included: [...included, ...tagged.included] };
    },
  }),
  create({
    ...write,
    id: 'create_flow',
    summary: 'Make a flow; it is a draft until its status is changed.',
    tier: { burst: '1/s', steady: '15/m', daily: '100/d' },
    resource: definedFlowResource,
    query: { fieldsOf: [definedFlowResource], additionalOf: definedFlowResource },
    body: requestDocument('flow', {
      attributes: z.strictObject({ name: text({ min: 1, max: 255 }), definition: requestedDefinition }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { name, definition: requested } = body.data.attributes;
      const definition = await define(ports, account, requested);
      return { resource: flowDocument(await createFlow(ports, account, { name, definition }), { definition: true }) };
    },
  }),
  get({
    ...read,
    id: 'get_flow',
    summary: 'One flow; its definition, when asked.',
    resource: definedFlowResource,
    query: {
      fieldsOf: [definedFlowResource],
      additionalOf: definedFlowResource,
      include: { 'flow-actions': flowActionResource, tags: tags.of },
    },
    run: async (input, context) => {
      const flow = await readFlow(context.ports, context.account, idOf(input));
      const linked = input.query.include.has('flow-actions');
      const resource = flowDocument(flow, { definition: input.query.additional.has('definition'), linked });
      const included = linked ? flow.definition.actions.map((action) => actionDocument(flow, action)) : [];
      const tagged = await oneWithRelated(context, resource, { tags }, input.query.include);
      return { resource: tagged.resource, included: [...included, ...tagged.included] };
    },
  }),
  update({
    ...write,
    id: 'update_flow',
    summary: 'Change the status of a flow and of all its actions.',
    resource: flowResource,
    query: { fieldsOf: [flowResource] },
    body: requestDocument('flow', { id: 'required', attributes: z.strictObject({ status: text() }) }),
    run: async (input, { ports, account }) => {
      const { status } = input.body.data.attributes;
      if (!isStatus(status)) {
        throw refuse('invalid', 'The status of a flow is draft, manual or live.', '/data/attributes/status');
      }
      return { resource: flowDocument(await setStatus(ports, account, idOf(input), status)) };
    },
  }),
  remove({
    ...write,
    id: 'delete_flow',
    summary: 'Remove a flow; whoever is in it leaves it.',
    resource: flowResource,
    run: async (input, { ports, account }) => removeFlow(ports, account, idOf(input)),
  }),
  relatedMany({
    ...read,
    id: 'get_actions_for_flow',
    summary: 'The actions of a flow.',
    resource: flowResource,
    relationship: 'flow-actions',
    of: flowActionResource,
    query: { fieldsOf: [flowActionResource], ...actionQuery },
    run: async (input, context) => ({ page: await actionPage(input, context) }),
  }),
  relationship({
    ...read,
    id: 'get_action_ids_for_flow',
    summary: 'The ids of the actions of a flow.',
    resource: flowResource,
    relationship: 'flow-actions',
    of: 'flow-action',
    many: true,
    query: actionQuery,
    run: async (input, context) => {
      const { resources, next } = await actionPage(input, context);
      const linkage = resources.map(({ type, id }) => ({ type, id }));
      return { linkage, ...(next !== undefined && { next }) };
    },
  }),
  ...operationsOnTagsOf(flowResource, { kind: 'flow', tag }),
];
