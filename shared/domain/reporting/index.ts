export { customMetricOperations } from './custom-metric-resources.ts';
export { mappedMetricOperations } from './mapped-metric-resources.ts';
