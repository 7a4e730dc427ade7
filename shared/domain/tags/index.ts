// Tags and tag groups, on lists, segments, flows and campaigns.
import type { Operation } from '../../jsonapi/operation.ts';
import type { Context } from '../context.ts';
import { tagGroupOperations } from './group-operations.ts';
import { tagOperations } from './tag-operations.ts';
import { taggingOperations } from './tagging-operations.ts';

export { tagResource } from './resources.ts';
export { operationsOnTagsOf, tagsAsRelated } from './tagging-operations.ts';

/** The operations on tags, their groups and what has them. */
export const allTagOperations: readonly Operation<Context>[] = [
  ...tagOperations,
  ...tagGroupOperations,
  ...taggingOperations,
];
