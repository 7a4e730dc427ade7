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
export { recordEvent, recordEventOf } from './record.ts';
