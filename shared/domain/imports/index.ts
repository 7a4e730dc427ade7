export { importOperations } from './operations.ts';
export { importWorker } from './work.ts';
