// Both ways between tags and what has them: the same operations for lists, segments, flows and campaigns.
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { relate, relatedMany, relationship } from '../../jsonapi/verbs/index.ts';
import { readDefinition, taggableKinds } from '../../storage/definitions.ts';
import type { TaggableKind } from '../../storage/items.ts';
import type { Context } from '../context.ts';
import type { Related } from '../identity/index.ts';
import { tagDocument, tagResource } from './resources.ts';
import { giveTag, tagsOf, takeTag, taggedWith } from './tagged.ts';

/** More than an account has of any kind. */
const mostAtOnce = 1000;

function operationsFrom(kind: TaggableKind): readonly Operation<Context>[] {
  const of = { tag: 'Tags', tier: tiers.S, resource: tagResource, relationship: `${kind}s`, of: kind };
  const scopes = [`${kind}s:write`, 'tags:write'];
  return [
    relationship({
      ...of,
      id: `get_${kind}_ids_for_tag`,
      summary: `The ids of the ${kind}s that have a tag.`,
      scopes: [`${kind}s:read`, 'tags:read'],
      many: true,
      run: async (input, { ports, account }) => {
        const ids = await taggedWith(ports, account, kind, idOf(input));
        return { linkage: ids.map((id) => ({ type: kind, id })) };
      },
    }),
    relate({
      ...of,
      id: `tag_${kind}s`,
      summary: `Give a tag to ${kind}s; each has at most 100 tags, and one of an exclusive group.`,
      scopes,
      method: 'POST',
      max: mostAtOnce,
      run: (input, { ports, account }) => giveTag(ports, account, { kind, tag: idOf(input), ids: input.body }),
    }),
    relate({
      ...of,
      id: `remove_tag_from_${kind}s`,
      summary: `Take a tag off ${kind}s.`,
      scopes,
      method: 'DELETE',
      max: mostAtOnce,
      run: (input, { ports, account }) => takeTag(ports, account, { kind, tag: idOf(input), ids: input.body }),
    }),
  ];
}

/** From a tag to what has it, gives it and takes it. */
export const taggingOperations: readonly Operation<Context>[] = taggableKinds.flatMap(operationsFrom);

/** The tags of definitions of a kind, for `include=tags`. */
export const tagsAsRelated = (kind: TaggableKind): Related => ({
  of: tagResource,
  load: async ({ ports, account }, id) => (await tagsOf(ports, account, kind, id)).map((tag) => tagDocument(tag)),
});

/** From what has tags to its tags: the two operations that the owner of the resource has among its own. */
export function operationsOnTagsOf(
  resource: ResourceType,
  { kind, tag }: { kind: TaggableKind; tag: string },
): readonly Operation<Context>[] {
  const stated = { tag, tier: tiers.S, scopes: [`${kind}s:read`, 'tags:read'], resource, relationship: 'tags' };
  const load = async (input: Input, { ports, account }: Context) => {
    const { id } = await readDefinition(ports.store, account, kind, idOf(input));
    return tagsOf(ports, account, kind, id);
  };
  return [
    relatedMany({
      ...stated,
      id: `get_tags_for_${kind}`,
      summary: `The tags of a ${kind}.`,
      of: tagResource,
      query: { fieldsOf: [tagResource] },
      run: async (input, context) => ({
        page: { resources: (await load(input, context)).map((one) => tagDocument(one)) },
      }),
    }),
    relationship({
      ...stated,
      id: `get_tag_ids_for_${kind}`,
      summary: `The ids of the tags of a ${kind}.`,
      of: 'tag',
      many: true,
      run: async (input, context) => ({
        linkage: (await load(input, context)).map(({ id }) => ({ type: 'tag', id })),
      }),
    }),
  ];
}
