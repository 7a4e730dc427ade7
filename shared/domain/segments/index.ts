export { admit, refuseUnknown } from './admit.ts';
export { changedPlaces, placesOf } from './changed-places.ts';
export { buildStretch, clocksDiffer, planBuild } from './build.ts';
export { type ValueFilter, eventValue, matches } from './compare.ts';
export {
  type BuiltCondition,
  type Definition,
  type ProfileMetric,
  type SegmentDefinition,
  profileMetric,
  sharedConditions,
} from './definition.ts';
export { type Verdict, evaluate } from './evaluate.ts';
export type { Snapshot } from './snapshot.ts';
export {
  alltime,
  booleanFilter,
  dateFilter,
  existenceFilter,
  listContains,
  listFilter,
  listSubstring,
  metricTimeframe,
  numericFilter,
  numericRangeFilter,
  textFilter,
  textInFilter,
} from './filters.ts';
export { gather } from './gather.ts';
export { loadFor, refusePatterns } from './regex.ts';
export { propertyOf } from './properties.ts';
export { ownSegmentOperations } from './own-operations.ts';
export { segmentOperations, segmentResource } from './resources.ts';
export { segmentsOfProfile, segmentsOfProfileOperations } from './of-profile.ts';
export { type Segment, conditionsOf, segmentOf } from './segment.ts';
export { type Look, lookAt } from './look.ts';
export { isProcessing, readSegment } from './store.ts';
export type { Held, Reason } from './reason.ts';
export { updateProfileSegments } from './update.ts';
export { type MomentFilter, matchesAt } from './value-now.ts';
