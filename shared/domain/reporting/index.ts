export { aggregateOperations } from './aggregate-operations.ts';
export { customMetricOperations } from './custom-metric-resources.ts';
export { mappedMetricOperations } from './mapped-metric-resources.ts';
export { isOrder } from './orders.ts';
export { quarterOf } from './quarters.ts';
export { tally, untally } from './tally.ts';
