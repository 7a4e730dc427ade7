// Tags and the groups that they are in, as the API shows them.
import * as z from 'zod/mini';
import { flag, text } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { Group } from './groups.ts';
import type { Tag } from './tags.ts';

/** The contract has ids of these behind a tag, and no resources: no links lead there. */
const many = (type: string) => ({ type, many: true, served: false }) as const;

export const tagResource: ResourceType = {
  type: 'tag',
  path: 'tags',
  attributes: z.object({ name: text() }),
  relationships: {
    'tag-group': { type: 'tag-group', many: false },
    lists: many('list'),
    segments: many('segment'),
    campaigns: many('campaign'),
    flows: many('flow'),
  },
};

export const tagGroupResource: ResourceType = {
  type: 'tag-group',
  path: 'tag-groups',
  attributes: z.object({ name: text(), exclusive: flag(), default: flag() }),
  relationships: { tags: { type: 'tag', many: true } },
};

/** A tag as the API shows it; with `linked`, also the id of its group. */
export function tagDocument({ id, name, group }: Tag, { linked = false } = {}): Resource {
  const relationships = { 'tag-group': { type: 'tag-group', id: group } };
  return { type: 'tag', id, attributes: { name }, ...(linked && { relationships }) };
}

/** A group as the API shows it. */
export function groupDocument({ id, name, exclusive, isDefault }: Group): Resource {
  return { type: 'tag-group', id, attributes: { name, exclusive, default: isDefault } };
}
