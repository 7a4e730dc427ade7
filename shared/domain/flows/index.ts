export { advance } from './advance.ts';
export { flowContentOf } from './content.ts';
export type { Flow } from './definition.ts';
export { type Cause, enrolBy } from './enrol.ts';
export { enrolByDate, lookAtDates, planDates } from './enrol-by-date.ts';
export { enrol, enrolJoined } from './enrol-by-event.ts';
export { cachedFlows } from './flow.ts';
export { flowOperations, flowTriggers } from './operations.ts';
export { ownFlowOperations } from './own-operations.ts';
