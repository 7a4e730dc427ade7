// The actions of flows and their messages: declarations of their operations.
import { type Input, type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import * as z from 'zod/mini';
import {
  get,
  relatedMany,
  relatedOne,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { findTemplate, templateDocument, templateResource } from '../templates/index.ts';
import type { Flow, Send } from './definition.ts';
import {
  actionDocument,
  flowActionResource,
  flowDocument,
  flowMessageResource,
  flowResource,
  messageDocument,
  messageDocuments,
  templateIdOf,
} from './documents.ts';
import { changeAction, removeAction } from './edit.ts';
import { readAction, readMessage } from './find.ts';
import { actionOf, sendsOf } from './graph.ts';
import { requestedAction } from './requested.ts';
import { nameFilter, timeFilters } from './resources.ts';

const read = { tag: 'Flows', scopes: ['flows:read'], tier: tiers.S };
const write = { ...read, scopes: ['flows:write'] };
const messageSort = ['created', 'id', 'name', 'updated'];
const messagePage = { default: 50, max: 50 };

/** The page of the action's messages that the query asks for. */
async function messagePageOf(input: Input, { ports, account }: Context) {
  const { flow, action } = await readAction(ports, account, idOf(input));
  // Messages are filtered and sorted by a name that stands only in their definition.
  const names = new Map(sendsOf(action).map(({ data: { message } }) => [message.id, message.name ?? '']));
  const name = ({ id }: Resource) => names.get(id) ?? '';
  return pageInMemory(messageDocuments(flow, action), input.query, { name });
}

/** The template of a message; null when it names none, or one that is gone. */
async function templateOfMessage(
  send: Send,
  { ports, account }: Pick<Context, 'ports' | 'account'>,
): Promise<Resource | null> {
  const id = templateIdOf(send);
  const template = id === null ? undefined : await findTemplate(ports, account, id);
  return template ? templateDocument(template) : null;
}

const flowLinkage = (flow: Flow) => ({ type: 'flow', id: flow.id });
const fieldsOfFlow: QuerySpec = { fieldsOf: [flowResource] };

export const flowActionOperations: readonly Operation<Context>[] = [
  get({
    ...read,
    id: 'get_flow_action',
    summary: 'One action of a flow.',
    resource: flowActionResource,
    query: {
      fieldsOf: [flowActionResource],
      include: { flow: flowResource, 'flow-messages': flowMessageResource },
    },
    run: async (input, { ports, account }) => {
      const { flow, action } = await readAction(ports, account, idOf(input));
      const { include } = input.query;
      const messages = messageDocuments(flow, action);
      const included = [
        ...(include.has('flow') ? [flowDocument(flow)] : []),
        ...(include.has('flow-messages') ? messages : []),
      ];
      return { resource: actionDocument(flow, action), included };
    },
  }),
  update({
    ...write,
    id: 'update_flow_action',
    summary: 'Change what an action does; where it leads stays as it is.',
    resource: flowActionResource,
    query: { fieldsOf: [flowActionResource] },
    body: requestDocument('flow-action', {
      id: 'required',
      attributes: z.strictObject({ definition: requestedAction }),
    }),
    run: async (input, { ports, account }) => {
      const id = idOf(input);
      const flow = await changeAction(ports, account, id, input.body.data.attributes.definition);
      const action = actionOf(flow.definition, id);
      return { resource: action ? actionDocument(flow, action) : null };
    },
  }),
  remove({
    ...write,
    id: 'delete_flow_action',
    summary: 'Take an action out of its flow; whoever stands before it goes on to what followed it.',
    resource: flowActionResource,
    run: async (input, { ports, account }) => removeAction(ports, account, idOf(input)),
  }),
  relatedOne({
    ...read,
    id: 'get_flow_for_flow_action',
    summary: 'The flow of an action.',
    resource: flowActionResource,
    relationship: 'flow',
    of: flowResource,
    query: fieldsOfFlow,
    run: async (input, { ports, account }) => ({
      resource: flowDocument((await readAction(ports, account, idOf(input))).flow),
    }),
  }),
  relationship({
    ...read,
    id: 'get_flow_id_for_flow_action',
    summary: 'The id of the flow of an action.',
    resource: flowActionResource,
    relationship: 'flow',
    of: 'flow',
    many: false,
    run: async (input, { ports, account }) => ({
      linkage: flowLinkage((await readAction(ports, account, idOf(input))).flow),
    }),
  }),
  relatedMany({
    ...read,
    id: 'get_flow_action_messages',
    summary: 'The messages of an action.',
    resource: flowActionResource,
    relationship: 'flow-messages',
    of: flowMessageResource,
    query: {
      fieldsOf: [flowMessageResource],
      filter: { id: { operators: ['any'], type: 'string' }, name: nameFilter, ...timeFilters },
      sort: messageSort,
      page: messagePage,
    },
    run: async (input, context) => ({ page: await messagePageOf(input, context) }),
  }),
  relationship({
    ...read,
    id: 'get_message_ids_for_flow_action',
    summary: 'The ids of the messages of an action.',
    resource: flowActionResource,
    relationship: 'flow-messages',
    of: 'flow-message',
    many: true,
    query: { filter: { name: nameFilter, ...timeFilters }, sort: messageSort, page: messagePage },
    run: async (input, context) => ({
      linkage: (await messagePageOf(input, context)).resources.map(({ type, id }) => ({ type, id })),
    }),
  }),
  get({
    ...read,
    id: 'get_flow_message',
    summary: 'One message of a flow.',
    resource: flowMessageResource,
    query: {
      fieldsOf: [flowMessageResource],
      include: { 'flow-action': flowActionResource, template: templateResource },
    },
    run: async (input, { ports, account }) => {
      const { flow, action, send } = await readMessage(ports, account, idOf(input));
      const { include } = input.query;
      const template = include.has('template') ? await templateOfMessage(send, { ports, account }) : null;
      const included = [
        ...(include.has('flow-action') ? [actionDocument(flow, action)] : []),
        ...(template ? [template] : []),
      ];
      return { resource: messageDocument(flow, action, send), included };
    },
  }),
  relatedOne({
    ...read,
    id: 'get_action_for_flow_message',
    summary: 'The action that sends a message.',
    resource: flowMessageResource,
    relationship: 'flow-action',
    of: flowActionResource,
    query: { fieldsOf: [flowActionResource] },
    run: async (input, { ports, account }) => {
      const { flow, action } = await readMessage(ports, account, idOf(input));
      return { resource: actionDocument(flow, action) };
    },
  }),
  relationship({
    ...read,
    id: 'get_action_id_for_flow_message',
    summary: 'The id of the action that sends a message.',
    resource: flowMessageResource,
    relationship: 'flow-action',
    of: 'flow-action',
    many: false,
    run: async (input, { ports, account }) => {
      const { action } = await readMessage(ports, account, idOf(input));
      return { linkage: { type: 'flow-action', id: action.id } };
    },
  }),
  relatedOne({
    ...read,
    id: 'get_template_for_flow_message',
    summary: 'The template of a message.',
    scopes: ['templates:read'],
    resource: flowMessageResource,
    relationship: 'template',
    of: templateResource,
    query: { fieldsOf: [templateResource] },
    run: async (input, context) => {
      const { send } = await readMessage(context.ports, context.account, idOf(input));
      return { resource: await templateOfMessage(send, context) };
    },
  }),
  relationship({
    ...read,
    id: 'get_template_id_for_flow_message',
    summary: 'The id of the template of a message.',
    scopes: ['templates:read'],
    resource: flowMessageResource,
    relationship: 'template',
    of: 'template',
    many: false,
    run: async (input, { ports, account }) => {
      const { send } = await readMessage(ports, account, idOf(input));
      const id = templateIdOf(send);
      return { linkage: id === null ? null : { type: 'template', id } };
    },
  }),
];
