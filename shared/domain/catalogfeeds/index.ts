export { clearFeed, pullFeed } from './begin.ts';
export { catalogFeedOperations } from './operations.ts';
export { catalogFeedWorkers } from './work.ts';
export { forgetEntry } from './forget.ts';
