// Lists: their operations, one screen.
import * as z from 'zod/mini';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import {
  create,
  get,
  list,
  relate,
  relatedMany,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../jsonapi/verbs/index.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf, listMemberKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { defaultOptIn } from '../account/index.ts';
import { type Related, oneWithRelated, profileResource, readProfile, withRelated } from '../identity/index.ts';
import { operationsOnTagsOf, tagsAsRelated } from '../tags/index.ts';
import { createList, listDocument, readList, removeList, updateList } from './lists.ts';
import { memberDocuments, memberLinkage, memberQuery, membersOf } from './members.ts';
import { addToList, countMembers, listIdsOf, removeFromList } from './membership.ts';

const optIn = z.enum(['double_opt_in', 'single_opt_in']);
const name = z
  .string()
  .check(z.minLength(1, 'A list needs a name.'), z.maxLength(255, 'A name has at most 255 characters.'));

export const listResource: ResourceType = {
  type: 'list',
  path: 'lists',
  attributes: z.object({
    name: maybe(z.string()),
    created: maybe(timestamp()),
    updated: maybe(timestamp()),
    opt_in_process: maybe(optIn),
    profile_count: z.optional(z.int()),
  }),
  additional: ['profile_count'],
  relationships: {
    profiles: { type: 'profile', many: true },
    tags: { type: 'tag', many: true },
    'flow-triggers': { type: 'flow', many: true },
  },
};

/** Profiles as members of a group show when they joined. */
export const memberResource: ResourceType = {
  ...profileResource,
  attributes: z.extend(profileResource.attributes, { joined_group_at: timestamp() }),
};

const tag = 'Lists';
const read = ['lists:read'];
const write = ['lists:write'];
const L = { burst: '75/s', steady: '750/m' };
const fields: QuerySpec = { fieldsOf: [listResource] };

/** The lists of a profile, for its own operation and for `include=lists`. */
export const listsOfProfile: Related = {
  of: listResource,
  load: async ({ ports, account }, profile) => {
    const ids = await listIdsOf(ports, account, profile);
    const items = await ports.store.getMany(ids.map((id) => definitionKey(account, 'list', id)));
    return items.flatMap((item) => (item ? [listDocument(item)] : []));
  },
};

/** The operations on lists; the flows that a list triggers belong to an area that comes later. */
export function listOperations({ flowTriggers }: { flowTriggers: Related }): readonly Operation<Context>[] {
  const relationships = { 'flow-triggers': flowTriggers, tags: tagsAsRelated('list') };
  const include = { 'flow-triggers': flowTriggers.of, tags: relationships.tags.of };
  return [
    list({
      id: 'get_lists',
      tag,
      summary: 'The lists of the account.',
      scopes: read,
      tier: L,
      resource: listResource,
      query: {
        ...fields,
        include,
        filter: {
          name: { operators: ['any', 'equals'], type: 'string' },
          id: { operators: ['any', 'equals'], type: 'string' },
          created: { operators: ['greater-than'], type: 'datetime' },
          updated: { operators: ['greater-than'], type: 'datetime' },
        },
        sort: ['created', 'id', 'name', 'updated'],
        page: { default: 10, max: 10 },
      },
      run: async ({ query }, context) => {
        const items = await everything(context.ports.store, definitionsOf(context.account, 'list'));
        const documents = items.map((item) => listDocument(item));
        const page = pageInMemory(documents, query);
        const linked = await withRelated(context, page.resources, relationships, query.include);
        return { page: { ...page, resources: linked.resources }, included: linked.included };
      },
    }),
    create({
      id: 'create_list',
      tag,
      summary: 'Make a list.',
      scopes: write,
      tier: { ...tiers.M, daily: '150/d' },
      resource: listResource,
      query: fields,
      body: requestDocument('list', { attributes: z.strictObject({ name, opt_in_process: maybe(optIn) }) }),
      run: async ({ body }, { ports, account, owner }) => {
        const { name: called, opt_in_process: process } = body.data.attributes;
        const optIn = process ?? defaultOptIn(owner);
        return { resource: listDocument(await createList(ports, account, { name: called, optIn })) };
      },
    }),
    get({
      id: 'get_list',
      tag,
      summary: 'One list; how many are on it, when asked.',
      scopes: read,
      tier: L,
      resource: listResource,
      query: { ...fields, additionalOf: listResource, include },
      run: async (input, context) => {
        const { ports, account } = context;
        const item = await readList(ports, account, idOf(input));
        const counted = input.query.additional.has('profile_count');
        const document = listDocument(item, counted ? await countMembers(ports, account, item.id) : undefined);
        return oneWithRelated(context, document, relationships, input.query.include);
      },
    }),
    update({
      id: 'update_list',
      tag,
      summary: 'Rename a list, or change how people opt in.',
      scopes: write,
      tier: tiers.M,
      resource: listResource,
      query: fields,
      body: requestDocument('list', {
        attributes: z.strictObject({ name: maybe(name), opt_in_process: maybe(optIn) }),
        id: 'required',
      }),
      run: async (input, { ports, account }) => {
        const { name: called, opt_in_process: process } = input.body.data.attributes;
        const change = { ...(called && { name: called }), ...(process && { optIn: process }) };
        return { resource: listDocument(await updateList(ports, account, idOf(input), change)) };
      },
    }),
    remove({
      id: 'delete_list',
      tag,
      summary: 'Remove a list and all memberships in it.',
      scopes: write,
      tier: tiers.M,
      resource: listResource,
      run: async (input, { ports, account }) => removeList(ports, account, idOf(input)),
    }),
    relatedMany({
      id: 'get_profiles_for_list',
      tag,
      summary: 'The people on a list, in the order in which they joined.',
      scopes: ['lists:read', 'profiles:read'],
      tier: L,
      resource: listResource,
      relationship: 'profiles',
      of: memberResource,
      query: { ...memberQuery, fieldsOf: [memberResource], additionalOf: memberResource },
      run: async (input, { ports, account }) => {
        const { id } = await readList(ports, account, idOf(input));
        const key = (profile: string) => listMemberKey(account, profile, id);
        const { members, next } = await membersOf(ports, account, { id, key }, input.query);
        const resources = await memberDocuments(ports, account, members, input.query.additional);
        return { page: { resources, ...(next !== undefined && { next }) } };
      },
    }),
    relationship({
      id: 'get_profile_ids_for_list',
      tag,
      summary: 'The ids of the people on a list.',
      scopes: ['lists:read', 'profiles:read'],
      tier: L,
      resource: listResource,
      relationship: 'profiles',
      of: 'profile',
      many: true,
      query: memberQuery,
      run: async (input, { ports, account }) => {
        const { id } = await readList(ports, account, idOf(input));
        const key = (profile: string) => listMemberKey(account, profile, id);
        const { members, next } = await membersOf(ports, account, { id, key }, input.query);
        return { linkage: memberLinkage(members), ...(next !== undefined && { next }) };
      },
    }),
    relate({
      id: 'add_profiles_to_list',
      tag,
      summary: 'Put up to 1000 people on a list; changes no consent.',
      scopes: ['lists:write', 'profiles:write'],
      tier: tiers.M,
      resource: listResource,
      relationship: 'profiles',
      method: 'POST',
      of: 'profile',
      max: 1000,
      run: async (input, { ports, account }) => {
        const { id } = await readList(ports, account, idOf(input));
        await addToList(ports, account, id, input.body);
      },
    }),
    relate({
      id: 'remove_profiles_from_list',
      tag,
      summary: 'Take up to 1000 people off a list; changes no consent.',
      scopes: ['lists:write', 'profiles:write'],
      tier: tiers.M,
      resource: listResource,
      relationship: 'profiles',
      method: 'DELETE',
      of: 'profile',
      max: 1000,
      run: async (input, { ports, account }) => {
        const { id } = await readList(ports, account, idOf(input));
        await removeFromList(ports, account, id, input.body);
      },
    }),
    ...operationsOnTagsOf(listResource, { kind: 'list', tag }),
    relatedMany({
      id: 'get_lists_for_profile',
      tag: 'Profiles',
      summary: 'The lists that a person is on.',
      scopes: ['lists:read', 'profiles:read'],
      tier: tiers.S,
      resource: profileResource,
      relationship: 'lists',
      of: listResource,
      query: fields,
      run: async (input, context) => {
        const { id } = await readProfile(context.ports, context.account, idOf(input));
        return { page: { resources: await listsOfProfile.load(context, id) } };
      },
    }),
    relationship({
      id: 'get_list_ids_for_profile',
      tag: 'Profiles',
      summary: 'The ids of the lists that a person is on.',
      scopes: ['lists:read', 'profiles:read'],
      tier: tiers.S,
      resource: profileResource,
      relationship: 'lists',
      of: 'list',
      many: true,
      run: async (input, context) => {
        const { id } = await readProfile(context.ports, context.account, idOf(input));
        // Through the lists themselves: a membership outlives its list until a job has removed it.
        const lists = await listsOfProfile.load(context, id);
        return { linkage: lists.map((one) => ({ type: 'list', id: one.id })) };
      },
    }),
  ];
}
