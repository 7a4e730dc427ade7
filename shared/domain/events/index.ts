export { type EventInput, eventId, eventItem, nameOfItem, originOf, readEventBody } from './event.ts';
export { finishMerge } from './finish-merge.ts';
export { allMetrics, apiService, findMetric, internalService, metricIdOf, metricOf } from './metrics.ts';
export { profileEvents } from './profile-events.ts';
export { recordEvent } from './record.ts';
export { eventOperations, metricOperations } from './read-operations.ts';
export { clientEventOperations, recordOperations } from './record-operations.ts';
export { metricResource } from './resource.ts';
