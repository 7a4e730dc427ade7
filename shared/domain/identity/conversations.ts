// Conversations with people, of which Millrace has none: what may be asked about them is answered that there is none.
import * as z from 'zod/mini';
import { oneOf } from '../../jsonapi/fields.ts';
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { relatedMany, relatedOne, relationship } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { readProfile } from './find.ts';
import { profileWithConversations } from './resource.ts';

export const conversationResource: ResourceType = {
  type: 'conversation',
  path: 'conversations',
  attributes: z.object({ channel: oneOf('instagram', 'sms', 'whatsapp') }),
  relationships: { profile: { type: 'profile', many: false, served: false } },
};

const stated = {
  tag: 'Profiles',
  scopes: ['conversations:read', 'profiles:read'],
  tier: tiers.S,
  resource: profileWithConversations,
} as const;
const query = { fieldsOf: [conversationResource] };

/** Refuses with 404 when there is no such profile. */
const known = (input: Input<undefined>, { ports, account }: Context) => readProfile(ports, account, idOf(input));

export const conversationOperations: readonly Operation<Context>[] = [
  relatedOne({
    ...stated,
    id: 'get_conversation_for_profile',
    summary: 'The conversation with a person: there is none.',
    relationship: 'conversation',
    of: conversationResource,
    query,
    run: async (input, context) => {
      await known(input, context);
      return { resource: null };
    },
  }),
  relationship({
    ...stated,
    id: 'get_conversation_id_for_profile',
    summary: 'The id of the conversation with a person: there is none.',
    relationship: 'conversation',
    of: 'conversation',
    many: false,
    run: async (input, context) => {
      await known(input, context);
      return { linkage: null };
    },
  }),
  relatedMany({
    ...stated,
    id: 'get_conversations_for_profile',
    summary: 'The conversations with a person: there are none.',
    relationship: 'conversations',
    of: conversationResource,
    query,
    run: async (input, context) => {
      await known(input, context);
      return { page: { resources: [] } };
    },
  }),
  relationship({
    ...stated,
    id: 'get_conversation_ids_for_profile',
    summary: 'The ids of the conversations with a person: there are none.',
    relationship: 'conversations',
    of: 'conversation',
    many: true,
    run: async (input, context) => {
      await known(input, context);
      return { linkage: [] };
    },
  }),
];
