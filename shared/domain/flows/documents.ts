// Flows, their actions and messages as the API shows them.
import * as z from 'zod/mini';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Action, Flow, SendEmail } from './definition.ts';
import { flowMessage } from './definition/messages.ts';
import { requestedAction, requestedDefinition } from './requested.ts';

export const triggerTypes = [
  'Added to List',
  'Date Based',
  'Low Inventory',
  'Metric',
  'Price Drop',
  'Unconfigured',
] as const;

const times = { created: maybe(timestamp()), updated: maybe(timestamp()) };

/** A flow without its definition, as collections show it. */
export const flowResource: ResourceType = {
  type: 'flow',
  path: 'flows',
  attributes: z.object({
    name: maybe(z.string()),
    status: maybe(z.string()),
    archived: maybe(z.boolean()),
    ...times,
    trigger_type: maybe(z.enum(triggerTypes)),
  }),
  relationships: {
    'flow-actions': { type: 'flow-action', many: true },
    tags: { type: 'tag', many: true },
  },
};

/** A flow whose definition can be asked for. */
export const definedFlowResource: ResourceType = {
  ...flowResource,
  attributes: z.extend(flowResource.attributes, { definition: maybe(requestedDefinition) }),
  additional: ['definition'],
};

export const flowActionResource: ResourceType = {
  type: 'flow-action',
  path: 'flow-actions',
  attributes: z.object({ ...times, definition: maybe(requestedAction) }),
  relationships: { flow: { type: 'flow', many: false }, 'flow-messages': { type: 'flow-message', many: true } },
};

export const flowMessageResource: ResourceType = {
  type: 'flow-message',
  path: 'flow-messages',
  attributes: z.object({ channel: maybe(z.string()), ...times, definition: maybe(flowMessage) }),
  relationships: {
    'flow-action': { type: 'flow-action', many: false },
    template: { type: 'template', many: false },
  },
};

const timesOf = ({ created, updated }: Flow) => ({
  created: isoOf(created),
  updated: isoOf(updated),
});

/** A flow; with its definition where it was asked for. */
export function flowDocument(flow: Flow, options: { definition?: boolean; linked?: boolean } = {}): Resource {
  const { id, name, status, definition } = flow;
  const { definition: whole = false, linked = false } = options;
  return {
    type: 'flow',
    id,
    attributes: {
      name,
      status,
      archived: false,
      ...timesOf(flow),
      trigger_type: 'Metric',
      ...(whole && { definition }),
    },
    ...(linked && {
      relationships: { 'flow-actions': definition.actions.map((action) => ({ type: 'flow-action', id: action.id })) },
    }),
  };
}

/** An action of a flow; it is as old as its flow. */
export function actionDocument(flow: Flow, action: Action): Resource {
  return {
    type: 'flow-action',
    id: action.id,
    attributes: { ...timesOf(flow), definition: action },
    relationships: {
      flow: { type: 'flow', id: flow.id },
      'flow-messages': messagesOf(action).map(({ id }) => ({ type: 'flow-message', id })),
    },
  };
}

/** The message of a sending action. */
export function messageDocument(flow: Flow, action: SendEmail): Resource {
  const { message } = action.data;
  const template = message.template_id === null ? null : { type: 'template', id: message.template_id };
  return {
    type: 'flow-message',
    id: message.id,
    attributes: { channel: 'email', ...timesOf(flow), definition: message },
    relationships: { 'flow-action': { type: 'flow-action', id: action.id }, template },
  };
}

/** The messages of an action: one where it sends, none otherwise. */
export function messagesOf(action: Action): readonly SendEmail['data']['message'][] {
  return action.type === 'send-email' ? [action.data.message] : [];
}
