// Tags are described, because lists, segments and flows can include them; none exist yet, so includes bring none.
import * as z from 'zod/mini';
import { text } from '../../jsonapi/fields.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';

const many = (type: string) => ({ type, many: true, served: false }) as const;

export const tagResource: ResourceType = {
  type: 'tag',
  path: 'tags',
  attributes: z.object({ name: text() }),
  relationships: {
    'tag-group': { type: 'tag-group', many: false, served: false },
    lists: many('list'),
    segments: many('segment'),
    campaigns: many('campaign'),
    flows: many('flow'),
  },
};
