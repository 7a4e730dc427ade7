export { defer, type Due, ensureWakeUp } from './defer.ts';
export { dueMessage, type DueMessage, sendMinute, sweepAccount } from './send.ts';
