// The messages of an action that wait for somebody to look at them; what is decided on them is done by a job.
import * as z from 'zod/mini';
import { list as listOf, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { command, get, list, requestDocument } from '../../jsonapi/verbs/index.ts';
import { isoOf } from '../../kernel/time.ts';
import type { MessageItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { everyShard, messageAt, messagesInReview } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { createJob, readJob } from '../jobs/index.ts';
import { readAction } from './find.ts';
import { flowJobDocument, flowJobResource } from './flow-job.ts';
import { sendsOf } from './graph.ts';
import { type Review, isInReview } from './review.ts';

const waitingResource: ResourceType = {
  type: 'flow-message-in-review',
  attributes: z.object({
    profile_id: text(),
    flow_id: text(),
    /** What would send it: the action, or one of its variations. */
    action_id: text(),
    channel: text(),
    created: timestamp(),
  }),
};

const reviewResource = flowJobResource('flow-message-review');

const waitingDocument = ({ id, profile, flow, action, channel, created }: MessageItem): Resource => ({
  type: waitingResource.type,
  id,
  attributes: {
    profile_id: profile,
    flow_id: flow ?? '',
    action_id: action ?? '',
    channel,
    created: isoOf(created),
  },
});

const stated = { tag: 'Flows', tier: tiers.S };
const reads = { ...stated, scopes: ['flows:read', 'profiles:read'] };

export const reviewOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_messages_in_review_for_flow_action',
    summary: 'The messages of a manual action that wait for somebody to look at them, oldest first.',
    resource: waitingResource,
    path: '/x/flow-actions/{id}/review',
    query: { fieldsOf: [waitingResource], page: { default: 20, max: 100 } },
    run: async (input, { ports, account }) => {
      const { action } = await readAction(ports, account, idOf(input));
      const queries = sendsOf(action).flatMap(({ id }) =>
        everyShard.map((shard) => messagesInReview(account, id, shard)),
      );
      const { items, next } = await mergedPage(ports.store, queries, input.query.page);
      const found = await ports.store.getMany(items.map(messageAt));
      const resources = found
        .filter((item) => item !== undefined && isInReview(item))
        .map((item) => waitingDocument(item as MessageItem));
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
  command({
    ...stated,
    scopes: ['flows:write', 'profiles:read'],
    id: 'review_messages_of_flow_action',
    summary: 'Send or cancel messages of an action that wait: those that are named, or all of them.',
    path: '/x/flow-actions/{id}/review',
    query: { fieldsOf: [reviewResource] },
    body: requestDocument(reviewResource.type, {
      attributes: z.strictObject({
        decision: oneOf('send', 'cancel'),
        messages: z.optional(listOf(z.strictObject({ id: text(), profile_id: text() }), { min: 1, max: 100 })),
      }),
    }),
    status: 202,
    answers: { kind: 'resource', of: reviewResource },
    run: async (input, { ports, account }) => {
      const { flow, action } = await readAction(ports, account, idOf(input));
      const { decision, messages } = input.body.data.attributes;
      const wish: Review = {
        decision,
        sends: sendsOf(action).map(({ id }) => id),
        ...(messages && { messages: messages.map(({ id, profile_id: profile }) => ({ id, profile })) }),
      };
      const total = messages?.length ?? 0;
      const job = await createJob(ports, account, { type: 'review', total, input: wish, flow: flow.id, most: 10 });
      return { resource: flowJobDocument(reviewResource, job) };
    },
  }),
  get({
    ...stated,
    scopes: ['flows:read'],
    id: 'get_flow_message_review',
    summary: 'How far the messages are that were let go or cancelled.',
    resource: reviewResource,
    path: '/x/flow-message-reviews/{id}',
    query: { fieldsOf: [reviewResource] },
    run: async (input, { ports, account }) => {
      const named = { type: 'review', id: idOf(input), called: reviewResource.type } as const;
      return { resource: flowJobDocument(reviewResource, await readJob(ports, account, named)) };
    },
  }),
];
