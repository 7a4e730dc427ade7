// Tags: their operations, one screen.
import * as z from 'zod/mini';
import { text } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import {
  command,
  create,
  get,
  linkage,
  list,
  relatedOne,
  relationship,
  remove,
  requestDocument,
} from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { groupDocument, tagDocument, tagGroupResource, tagResource } from './resources.ts';
import { allTags, createTag, readTag, removeTag, renameTag } from './tags.ts';

const read = { tag: 'Tags', scopes: ['tags:read'], tier: tiers.S, resource: tagResource };
const write = { ...read, scopes: ['tags:read', 'tags:write'] };
const name = text({ min: 1, max: 255 });
const include = { 'tag-group': tagGroupResource };

export const tagOperations: readonly Operation<Context>[] = [
  list({
    ...read,
    id: 'get_tags',
    summary: 'The tags of the account.',
    query: {
      fieldsOf: [tagResource],
      include,
      filter: { name: { operators: ['contains', 'ends-with', 'equals', 'starts-with'], type: 'string' } },
      sort: ['id', 'name'],
      page: { default: 50, max: 50 },
    },
    run: async ({ query }, { ports, account }) => {
      const { tags, groups } = await allTags(ports, account);
      const linked = query.include.has('tag-group');
      const documents = [...tags.values()].map((tag) => tagDocument(tag, { linked }));
      const page = pageInMemory(documents, query);
      const shown = page.resources.flatMap(({ id }) => groups.get(tags.get(id)?.group ?? '') ?? []);
      return { page, included: linked ? shown.map(groupDocument) : [] };
    },
  }),
  create({
    ...write,
    id: 'create_tag',
    summary: 'Make a tag, in the default group unless another one is named; at most 500.',
    query: { fieldsOf: [tagResource] },
    body: requestDocument('tag', {
      attributes: z.strictObject({ name }),
      relationships: z.optional(
        z.strictObject({ 'tag-group': z.optional(z.strictObject({ data: z.optional(linkage('tag-group')) })) }),
      ),
    }),
    run: async ({ body }, { ports, account }) => {
      const group = body.data.relationships?.['tag-group']?.data?.id;
      const input = { name: body.data.attributes.name, ...(group !== undefined && { group }) };
      return { resource: tagDocument(await createTag(ports, account, input), { linked: true }) };
    },
  }),
  get({
    ...read,
    id: 'get_tag',
    summary: 'One tag.',
    query: { fieldsOf: [tagResource], include },
    run: async (input, { ports, account }) => {
      const { tag, group } = await readTag(ports, account, idOf(input));
      const linked = input.query.include.has('tag-group');
      return { resource: tagDocument(tag, { linked }), included: linked ? [groupDocument(group)] : [] };
    },
  }),
  command({
    ...write,
    id: 'update_tag',
    summary: 'Rename a tag.',
    method: 'PATCH',
    path: '/api/tags/{id}',
    body: requestDocument('tag', { id: 'required', attributes: z.strictObject({ name }) }),
    status: 204,
    answers: { kind: 'empty' },
    run: async (input, { ports, account }) => {
      await renameTag(ports, account, idOf(input), input.body.data.attributes.name);
      return { empty: true };
    },
  }),
  remove({
    ...write,
    id: 'delete_tag',
    summary: 'Remove a tag, from everything that has it.',
    run: async (input, { ports, account }) => removeTag(ports, account, idOf(input)),
  }),
  relatedOne({
    ...read,
    id: 'get_tag_group_for_tag',
    summary: 'The group that a tag is in.',
    relationship: 'tag-group',
    of: tagGroupResource,
    query: { fieldsOf: [tagGroupResource] },
    run: async (input, { ports, account }) => {
      const { group } = await readTag(ports, account, idOf(input));
      return { resource: groupDocument(group) };
    },
  }),
  relationship({
    ...read,
    id: 'get_tag_group_id_for_tag',
    summary: 'The id of the group that a tag is in.',
    relationship: 'tag-group',
    of: 'tag-group',
    many: false,
    run: async (input, { ports, account }) => {
      const { group } = await readTag(ports, account, idOf(input));
      return { linkage: { type: 'tag-group', id: group.id } };
    },
  }),
];
