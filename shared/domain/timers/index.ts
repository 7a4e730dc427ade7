export { type Due, clearIfLate, defer, ensureWakeUp, setTimer } from './defer.ts';
export { dueMessage, sendMinute, sweepAccount } from './send.ts';
