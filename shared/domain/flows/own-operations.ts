// What the API of ours adds to flows: the graph of a live flow, who is in it and what came of it.
import * as z from 'zod/mini';
import { list as listOf, integer, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { command, list, requestDocument } from '../../jsonapi/verbs/index.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { enrolmentAt, enrolmentsOfFlow, everyShard } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { backPopulateOperations } from './back-populate-operations.ts';
import { countsOf } from './counts.ts';
import { definedFlowResource, flowDocument } from './documents.ts';
import { replaceDefinition } from './edit.ts';
import { readFlow } from './flow.ts';
import { requestedDefinition } from './requested.ts';
import { portableOperations } from './portable-operations.ts';
import { reviewOperations } from './review-operations.ts';
import { simulateOperation } from './simulate-operation.ts';
import { timelineOperation } from './timeline.ts';

const shared = { tag: 'Flows', tier: tiers.S };
const read = { ...shared, scopes: ['flows:read'] };

const enrolmentResource: ResourceType = {
  type: 'flow-enrolment',
  path: 'flow-enrolments',
  attributes: z.object({
    profile_id: text(),
    flow_id: text(),
    /** The version of the definition that the person came into. */
    flow_version: integer(),
    status: text(),
    reason: maybe(text()),
    /** The action that is next, or the delay that is waited at. */
    action_id: maybe(text()),
    due_at: maybe(timestamp()),
    /** The variant that is waited for, until it is in stock. */
    waits_for: maybe(text()),
    entered_at: timestamp(),
    updated_at: timestamp(),
    /** The day that a date flow is about. */
    date: maybe(text()),
    /** The actions that did something. */
    acted: listOf(text()),
  }),
};

/** An enrolment as people read it. */
export function enrolmentDocument(item: EnrolmentItem): Resource {
  return {
    type: enrolmentResource.type,
    id: item.id,
    attributes: {
      profile_id: item.profile,
      flow_id: item.flow,
      flow_version: item.flow_version,
      status: item.status,
      reason: item.reason ?? null,
      action_id: item.step ?? null,
      due_at: item.due === undefined ? null : isoOf(item.due),
      waits_for: item.waits ?? null,
      entered_at: isoOf(item.entered),
      updated_at: isoOf(item.updated),
      date: item.date ?? null,
      acted: item.acted ?? [],
    },
  };
}

const countsResource: ResourceType = {
  type: 'flow-action-count',
  path: 'flow-action-counts',
  attributes: z.object({
    action_type: text(),
    waiting: integer(),
    /** People for whom it did something: sent, skipped with a reason, changed. */
    acted: integer(),
  }),
};

async function enrolmentPage(
  ports: Ports,
  account: Context['account'],
  flow: string,
  page: { size: number; position?: string },
) {
  const queries = everyShard.map((shard) => enrolmentsOfFlow(account, flow, shard));
  const { items, next } = await mergedPage(ports.store, queries, { ...page, newestFirst: true });
  const found = await ports.store.getMany(items.map(enrolmentAt));
  return { items: found.filter((item) => item !== undefined), ...(next !== undefined && { next }) };
}

export const ownFlowOperations: readonly Operation<Context>[] = [
  command({
    ...shared,
    scopes: ['flows:write'],
    id: 'replace_flow_definition',
    summary: "Put another definition in the place of a flow's, also while people are on their way through it.",
    method: 'PUT',
    path: '/x/flows/{id}/definition',
    query: { fieldsOf: [definedFlowResource], additionalOf: definedFlowResource },
    body: requestDocument('flow', {
      id: 'required',
      attributes: z.strictObject({ definition: requestedDefinition }),
    }),
    status: 200,
    answers: { kind: 'resource', of: definedFlowResource },
    run: async (input, { ports, account }) => {
      const flow = await replaceDefinition(ports, account, idOf(input), input.body.data.attributes.definition);
      return { resource: flowDocument(flow, { definition: true }) };
    },
  }),
  list({
    ...read,
    id: 'get_enrolments_for_flow',
    summary: 'Who came into a flow, newest first: where each stands, until when it waits, how it ended.',
    scopes: ['flows:read', 'profiles:read'],
    resource: enrolmentResource,
    path: '/x/flows/{id}/enrolments',
    query: { fieldsOf: [enrolmentResource], page: { default: 20, max: 100 } },
    run: async (input, { ports, account }) => {
      const { id } = await readFlow(ports, account, idOf(input));
      const { items, next } = await enrolmentPage(ports, account, id, input.query.page);
      const resources = items.map(enrolmentDocument);
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
  list({
    ...read,
    id: 'get_action_counts_for_flow',
    summary: 'For every action of a flow: how many wait there, and for how many it did something.',
    resource: countsResource,
    path: '/x/flows/{id}/counts',
    query: { fieldsOf: [countsResource] },
    run: async (input, { ports, account }) => {
      const flow = await readFlow(ports, account, idOf(input));
      const counts = await countsOf(ports, account, flow.id);
      const resources = flow.definition.actions.map(({ id, type }) => ({
        type: countsResource.type,
        id,
        attributes: { action_type: type, ...counts(id) },
      }));
      return { page: { resources } };
    },
  }),
  timelineOperation,
  simulateOperation,
  ...portableOperations,
  ...backPopulateOperations,
  ...reviewOperations,
];
