export {
  type Due,
  clearIfLate,
  defer,
  ensureWakeUp,
  longestStandstill,
  onTheMinute,
  setTimer,
  undefer,
} from './defer.ts';
export { dueMessage, sendMinute, sweepAccount } from './send.ts';
