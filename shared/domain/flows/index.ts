export { type AdvanceMessage, advance } from './advance.ts';
export { emailContentOf } from './content.ts';
export type { Flow } from './definition.ts';
export { type EventMessage, enrol } from './enrol.ts';
export { cachedFlows } from './flow.ts';
export { flowOperations, flowTriggers } from './operations.ts';
