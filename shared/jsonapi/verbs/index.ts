// The verbs that most operations are: each turns a short declaration into an operation.
export { command } from './command.ts';
export { linkage, requestDocument } from './common.ts';
export { create } from './create.ts';
export { get } from './get.ts';
export { list } from './list.ts';
export { relate } from './relate.ts';
export { relatedMany, relatedOne, relationship } from './related.ts';
export { remove } from './remove.ts';
export { update } from './update.ts';
