export { advance } from './advance.ts';
export { emailContentOf } from './content.ts';
export type { Flow } from './definition.ts';
export { enrol } from './enrol.ts';
export { cachedFlows } from './flow.ts';
export { flowOperations, flowTriggers } from './operations.ts';
