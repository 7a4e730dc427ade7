export { allTagOperations } from './operations.ts';
export { tagResource } from './resources.ts';
export { operationsOnTagsOf, tagsAsRelated } from './tagging-operations.ts';
