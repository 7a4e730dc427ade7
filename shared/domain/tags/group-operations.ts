// Tag groups: their operations, one screen.
import * as z from 'zod/mini';
import { flag, maybe, text } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import {
  command,
  create,
  get,
  list,
  relatedMany,
  relationship,
  remove,
  requestDocument,
} from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { allGroups, createGroup, readGroup, renameGroup } from './groups.ts';
import { groupDocument, tagDocument, tagGroupResource, tagResource } from './resources.ts';
import { removeGroupWithTags, tagsInGroup } from './tags.ts';

const read = { tag: 'Tags', scopes: ['tags:read'], tier: tiers.S, resource: tagGroupResource };
const write = { ...read, scopes: ['tags:read', 'tags:write'] };
const name = text({ min: 1, max: 255 });
const fields = { fieldsOf: [tagGroupResource] };

export const tagGroupOperations: readonly Operation<Context>[] = [
  list({
    ...read,
    id: 'get_tag_groups',
    summary: 'The tag groups of the account; there always is a default one.',
    query: {
      ...fields,
      filter: {
        name: { operators: ['contains', 'ends-with', 'equals', 'starts-with'], type: 'string' },
        exclusive: { operators: ['equals'], type: 'boolean' },
        default: { operators: ['equals'], type: 'boolean' },
      },
      sort: ['id', 'name'],
      page: { default: 25, max: 25 },
    },
    run: async ({ query }, { ports, account }) => {
      const groups = await allGroups(ports, account);
      return { page: pageInMemory(groups.map(groupDocument), query) };
    },
  }),
  create({
    ...write,
    id: 'create_tag_group',
    summary: 'Make a tag group; at most 50.',
    query: fields,
    body: requestDocument('tag-group', { attributes: z.strictObject({ name, exclusive: maybe(flag()) }) }),
    run: async ({ body }, { ports, account }) => {
      const { name: called, exclusive } = body.data.attributes;
      const group = await createGroup(ports, account, { name: called, exclusive: exclusive ?? false });
      return { resource: groupDocument(group) };
    },
  }),
  get({
    ...read,
    id: 'get_tag_group',
    summary: 'One tag group.',
    query: fields,
    run: async (input, { ports, account }) => ({
      resource: groupDocument(await readGroup(ports, account, idOf(input))),
    }),
  }),
  command({
    ...write,
    id: 'update_tag_group',
    summary: 'Rename a tag group.',
    method: 'PATCH',
    path: '/api/tag-groups/{id}',
    body: requestDocument('tag-group', {
      id: 'required',
      // The contract takes `return_fields`, and answers with nothing to choose from.
      attributes: z.strictObject({ name, return_fields: maybe(z.array(z.string())) }),
    }),
    status: 204,
    answers: { kind: 'empty' },
    run: async (input, { ports, account }) => {
      await renameGroup(ports, account, idOf(input), input.body.data.attributes.name);
      return { empty: true };
    },
  }),
  remove({
    ...write,
    id: 'delete_tag_group',
    summary: 'Remove a tag group and the tags in it; not the default one.',
    run: async (input, { ports, account }) => removeGroupWithTags(ports, account, idOf(input)),
  }),
  relatedMany({
    ...read,
    id: 'get_tags_for_tag_group',
    summary: 'The tags in a group.',
    relationship: 'tags',
    of: tagResource,
    query: { fieldsOf: [tagResource] },
    run: async (input, { ports, account }) => {
      const tags = await tagsInGroup(ports, account, idOf(input));
      return { page: { resources: tags.map((tag) => tagDocument(tag)) } };
    },
  }),
  relationship({
    ...read,
    id: 'get_tag_ids_for_tag_group',
    summary: 'The ids of the tags in a group.',
    relationship: 'tags',
    of: 'tag',
    many: true,
    run: async (input, { ports, account }) => {
      const tags = await tagsInGroup(ports, account, idOf(input));
      return { linkage: tags.map(({ id }) => ({ type: 'tag', id })) };
    },
  }),
];
