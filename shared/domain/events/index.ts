export { messageBehind } from './attribution.ts';
export { dimensions, dimensionsIn, saidOfDimensions } from './dimensions.ts';
export { engagementMetrics, measuresMessages } from './engagement-metrics.ts';
export { type EventInput, eventId, eventItem, nameOfItem, originOf, readEventBody } from './event.ts';
export { finishMerge } from './finish-merge.ts';
export { metricOperations } from './metric-operations.ts';
export {
  type Metric,
  allMetrics,
  apiService,
  feedOf,
  feedShards,
  findMetric,
  internalService,
  knownMetric,
  metricOf,
  metricsOf,
} from './metrics.ts';
export { newEvent } from './new-event.ts';
export { profileEvents } from './profile-events.ts';
export { recordEvent } from './record.ts';
export { eventOperations } from './read-operations.ts';
export { clientEventOperations, recordOperations } from './record-operations.ts';
export { eventDocument, eventResource, metricDocument, metricResource } from './resource.ts';
export { timeRange } from './time-range.ts';
