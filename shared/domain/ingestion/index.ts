export { ingestionOperations } from './operations.ts';
