// Profiles: create, read, list, update, import, and what browsers tell.
import * as z from 'zod/mini';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { command, create, get, list, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { notFound } from '../../kernel/errors.ts';
import { profileWithState } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { createProfile, updateProfile } from './change.ts';
import { conversationOperations, conversationResource } from './conversations.ts';
import { listProfiles, profilesQuery } from './list-profiles.ts';
import { mergeOperation } from './merge-operation.ts';
import {
  importAttributes,
  nameable,
  largestProfile,
  onsiteAttributes,
  profileAttributes,
  profileInput,
  profileMeta,
} from './request.ts';
import { profileDocument, profileResource, profileWithConversations } from './resource.ts';
import { type Related, oneWithRelated, withRelated } from './related.ts';
import { pushTokenDocument, pushTokenResource, tokensOf } from './push-token.ts';
import { seenIn } from './seen.ts';
import { upsertProfile } from './upsert.ts';

const tag = 'Profiles';
const read = ['profiles:read'];
const write = ['profiles:write'];
const tier = { burst: '75/s', steady: '750/m' };
const asked = { fieldsOf: [profileResource], additionalOf: profileResource };
const whole = { pointer: '/data', largest: largestProfile } as const;

const pushTokens: Related = {
  of: pushTokenResource,
  load: async ({ ports, account }, id) => (await tokensOf(ports, account, id)).map(pushTokenDocument),
};
const conversations: Related = { of: conversationResource, load: () => Promise.resolve([]) };
const ownRelated = { 'push-tokens': pushTokens, conversations };
const ownTypes = { 'push-tokens': pushTokenResource, conversations: conversationResource };

/** The operations on profiles; lists and segments belong to areas that come later, and are handed in by the registry. */
export function profileOperations(related: { lists: Related; segments: Related }): readonly Operation<Context>[] {
  return [...writing, mergeOperation, getProfiles, getProfile(related), ...conversationOperations];
}

const writing: readonly Operation<Context>[] = [
  create({
    id: 'create_profile',
    tag,
    summary: 'Make a profile; refused with 409 when one of its identifiers is taken.',
    scopes: write,
    tier,
    resource: profileResource,
    query: asked,
    body: requestDocument('profile', { attributes: profileAttributes }),
    run: async ({ body, query }, { ports, account }) => {
      const item = await createProfile(
        ports,
        account,
        profileInput(body.data, { ...whole, identified: nameable.made }),
      );
      return { resource: profileDocument(item, query) };
    },
  }),
  update({
    id: 'update_profile',
    tag,
    summary: 'Change a profile: null clears a field, an absent field stays.',
    scopes: write,
    tier,
    resource: profileResource,
    query: asked,
    body: requestDocument('profile', { attributes: profileAttributes, meta: z.optional(profileMeta), id: 'required' }),
    run: async (input, { ports, account }) => {
      const item = await updateProfile(ports, account, idOf(input), profileInput(input.body.data, whole));
      return { resource: profileDocument(item, input.query) };
    },
  }),
  command({
    id: 'create_or_update_profile',
    tag,
    summary: 'Make the profile, or change the one that has the identifiers: 201 or 200.',
    scopes: write,
    tier,
    path: '/api/profile-import',
    query: asked,
    body: requestDocument('profile', { attributes: importAttributes, meta: z.optional(profileMeta), id: 'optional' }),
    status: 200,
    also: [201],
    answers: { kind: 'resource', of: profileResource },
    run: async ({ body, query }, { ports, account }) => {
      const input = profileInput(body.data, { ...whole, identified: nameable.imported });
      const { profile, created } = await upsertProfile(ports, account, input);
      return { resource: profileDocument(profile, query), status: created ? 201 : 200 };
    },
  }),
];

const getProfiles: Operation<Context> = list({
  id: 'get_profiles',
  tag,
  summary:
    'Profiles by identifier, suppression or time, in the order of ids, creation, change or email. Sorted by the time of a suppression: those who have one.',
  scopes: read,
  tier,
  resource: profileWithConversations,
  query: { ...profilesQuery, fieldsOf: [profileResource], additionalOf: profileResource, include: ownTypes },
  run: async ({ query }, context) => {
    const page = await listProfiles(context.ports, context.account, query);
    const { resources, included } = await withRelated(context, page.resources, ownRelated, query.include);
    return { page: { ...page, resources }, included };
  },
});

function getProfile(related: { lists: Related; segments: Related }): Operation<Context> {
  return get({
    id: 'get_profile',
    tag,
    summary: 'One profile, with its lists and segments when asked.',
    scopes: read,
    tier,
    resource: profileWithConversations,
    query: { ...asked, include: { lists: related.lists.of, segments: related.segments.of, ...ownTypes } },
    run: async (input, context) => {
      const profile = await profileWithLastEvent(context, idOf(input), input.query.additional);
      return oneWithRelated(context, profile, { ...related, ...ownRelated }, input.query.include);
    },
  });
}

/** The profile's document with the time of its newest event; refuses with 404 when there is none. */
export async function profileWithLastEvent(
  { ports, account }: Context,
  id: string,
  additional: ReadonlySet<string>,
): Promise<Resource> {
  const { items } = await ports.store.query(profileWithState(account, id));
  const item = items.find((one) => one.kind === 'profile');
  const state = items.find((one) => one.kind === 'state');
  if (item === undefined) throw notFound('profile', id);
  return profileDocument(item, { additional, lastEvent: state?.last_event ?? null });
}

/** What browsers may do with profiles, behind the public company id. */
export const clientProfileOperations: readonly Operation<Context>[] = [
  command({
    id: 'create_client_profile',
    tag: 'Client',
    summary: 'Make or change a profile; identifiers of a known profile stay as they are.',
    auth: 'public',
    scopes: write,
    tier: tiers.XL,
    path: '/client/profiles',
    body: requestDocument('profile', { attributes: onsiteAttributes, meta: z.optional(profileMeta), id: 'optional' }),
    status: 202,
    answers: { kind: 'empty' },
    run: async ({ body }, context) => {
      const input = { ...profileInput(body.data, { ...whole, identified: nameable.told }), ...seenIn(context) };
      await upsertProfile(context.ports, context.account, input, 'keep');
      return { empty: true };
    },
  }),
];
