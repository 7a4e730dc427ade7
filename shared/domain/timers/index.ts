export { type Due, clearIfLate, defer, ensureWakeUp, onTheMinute, setTimer, undefer } from './defer.ts';
export { dueMessage, sendMinute, sweepAccount } from './send.ts';
