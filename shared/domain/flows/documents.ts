// Flows, their actions and messages as the API shows them.
import * as z from 'zod/mini';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Action, Flow, Send, Trigger } from './definition.ts';
import { flowMessage } from './definition/messages.ts';
import { channelOf, sendsOf } from './graph.ts';
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

const namesOfTriggers = {
  metric: 'Metric',
  list: 'Added to List',
  // The API has no name of its own for segments (behaviour 5.1).
  segment: 'Added to List',
  date: 'Date Based',
  'price-drop': 'Price Drop',
  'low-inventory': 'Low Inventory',
} as const satisfies Record<Trigger['type'], (typeof triggerTypes)[number]>;

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
      trigger_type: namesOfTriggers[definition.triggers[0].type],
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
      'flow-messages': sendsOf(action).map(({ data }) => ({ type: 'flow-message', id: data.message.id })),
    },
  };
}

/** The template that a message names; null when it names none. */
export function templateIdOf({ data: { message } }: Send): string | null {
  return 'template_id' in message ? (message.template_id ?? null) : null;
}

/** The message of what sends it; `action` is the action of the flow that it is of. */
export function messageDocument(flow: Flow, action: Action, send: Send): Resource {
  const { message } = send.data;
  const id = templateIdOf(send);
  return {
    type: 'flow-message',
    id: message.id,
    attributes: { channel: channelOf(flow.definition, send.id), ...timesOf(flow), definition: message },
    relationships: {
      'flow-action': { type: 'flow-action', id: action.id },
      template: id === null ? null : { type: 'template', id },
    },
  };
}

/** The messages of an action: one where it sends, more where it tries some, none otherwise. */
export function messageDocuments(flow: Flow, action: Action): Resource[] {
  return sendsOf(action).map((send) => messageDocument(flow, action, send));
}
