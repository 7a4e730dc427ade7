export { clearIfLate, defer, ensureWakeUp } from './defer.ts';
export { dueMessage, sendMinute, sweepAccount } from './send.ts';
