export { defer, type Due } from './defer.ts';
export { dueMessage, type DueMessage, sendMinute, sweepAccount } from './send.ts';
