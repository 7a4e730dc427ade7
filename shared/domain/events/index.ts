export {
  type EventInput,
  type EventName,
  eventId,
  eventItem,
  eventNameOf,
  nameOfItem,
  readEventBody,
  timeOfEvent,
} from './event.ts';
export {
  type Metric,
  type MetricName,
  allMetrics,
  apiService,
  findMetric,
  internalService,
  metricIdOf,
  metricOf,
} from './metrics.ts';
export { type EventPage, profileEvents } from './profile-events.ts';
export { recordEvent, recordEventOf } from './record.ts';
export { eventOperations, metricOperations } from './read-operations.ts';
export { clientEventOperations, recordOperations } from './record-operations.ts';
export { attributionResource, eventDocument, eventResource, metricDocument, metricResource } from './resource.ts';
