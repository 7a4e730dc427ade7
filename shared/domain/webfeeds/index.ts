export { feedNamed } from './content.ts';
export { webFeedOperations } from './operations.ts';
