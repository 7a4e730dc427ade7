export { exportOperations } from './operations.ts';
