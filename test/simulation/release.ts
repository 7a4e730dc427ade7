// What is kept of a release: its functions, and the errors that its ports are expected to throw.
export { functions } from '../../functions/local/functions.ts';
export { ConditionFailed, TransactionRefused } from '../../shared/storage/store.ts';
export { HandoverPostponed, HandoverRefused, HttpRefused } from '../../shared/ports.ts';
