// A table: the conditions that flows filter by, and the filters made of them. Groups are joined by and, the conditions of a
// group by or. Conditions on people are those of segments and a few that only flows have.
import * as z from 'zod/mini';
import { component, integer, list, oneOf, text } from '../../../jsonapi/fields.ts';
import {
  alltime,
  booleanFilter,
  dateFilter,
  existenceFilter,
  listFilter,
  metricTimeframe,
  numericFilter,
  numericRangeFilter,
  profileMetric,
  sharedConditions,
  textFilter,
  textInFilter,
} from '../../segments/index.ts';

/** A filter of such conditions. */
const filterOf = <Condition extends z.ZodMiniType>(condition: Condition) =>
  z.strictObject({ condition_groups: list(z.strictObject({ conditions: list(condition) })) });

// --- people ---------------------------------------------------------------------------------------------------------

const sinceStart = z.strictObject({ type: z.literal('date'), operator: z.literal('flow-start') });

/** Flows count events since the person came in, too; they know no funnels. */
const flowMetric = component(
  'FlowMetric',
  z.extend(profileMetric, {
    timeframe_filter: z.discriminatedUnion('operator', [metricTimeframe, sinceStart]),
  }),
);

const randomSample = z.strictObject({
  type: z.literal('profile-sample'),
  percentage: integer({ min: 0, max: 100 }),
});

const inTheLast = z.strictObject({
  type: z.literal('date'),
  operator: z.literal('in-the-last'),
  unit: oneOf('day', 'hour', 'week'),
  quantity: integer({ min: 1 }),
});
/** What has not happened to a person in a time. */
const notWithin = <Name extends string>(name: Name) =>
  z.strictObject({
    type: z.literal(name),
    timeframe_filter: z.discriminatedUnion('operator', [alltime, inTheLast]),
  });

const peopleConditions = [
  ...sharedConditions,
  flowMetric,
  randomSample,
  notWithin('profile-not-sent-email'),
  notWithin('profile-not-sent-sms'),
  notWithin('profile-not-sent-push'),
] as const;

/** Whom a flow lets in and keeps: it can also ask who has not been in it. */
export const entryFilter = filterOf(
  z.discriminatedUnion('type', [...peopleConditions, notWithin('profile-not-in-flow')]),
);
/** Who takes a branch, or gets a message. */
export const peopleFilter = filterOf(z.discriminatedUnion('type', [...peopleConditions]));

// --- what triggered the flow ----------------------------------------------------------------------------------------

const numberFilter = z.discriminatedUnion('operator', [numericFilter, numericRangeFilter]);
const wordFilter = z.discriminatedUnion('operator', [textFilter, textInFilter]);

const recordFilter = z.discriminatedUnion('type', [
  wordFilter,
  numberFilter,
  booleanFilter,
  dateFilter,
  listFilter,
  existenceFilter,
]);

/** A test of a field of the triggering event. */
const fieldTest = <Name extends string>(name: Name) =>
  z.strictObject({
    type: z.literal(name),
    metric_id: z.nullable(text()),
    field: text({ min: 1 }),
    filter: recordFilter,
  });

const metricProperty = component('MetricProperty', fieldTest('metric-property'));
const priceDropProperty = component('PriceDropProperty', fieldTest('price-drop-property'));
const lowInventoryProperty = component('LowInventoryProperty', fieldTest('low-inventory-property'));

const objectTrigger = component(
  'ObjectTriggerProperty',
  z.strictObject({
    type: z.literal('custom-object-trigger-property'),
    property_id: integer(),
    filter: recordFilter,
  }),
);

const objectProperty = component(
  'ObjectProperty',
  z.strictObject({
    type: z.literal('custom-object-property'),
    custom_object_label: text(),
    field: text(),
    filter: recordFilter,
  }),
);

export const metricTriggerFilter = filterOf(metricProperty);
export const priceDropFilter = filterOf(priceDropProperty);
export const lowInventoryFilter = filterOf(lowInventoryProperty);

/** Which triggers take a branch. */
export const triggerFilter = filterOf(
  z.discriminatedUnion('type', [
    metricProperty,
    objectTrigger,
    objectProperty,
    priceDropProperty,
    lowInventoryProperty,
  ]),
);

/** Who takes one of many branches: people and their triggers. */
export const branchFilter = filterOf(
  z.discriminatedUnion('type', [...peopleConditions, metricProperty, objectTrigger]),
);

// --- what an earlier action answered --------------------------------------------------------------------------------

export const outputFilter = filterOf(
  z.strictObject({
    type: z.literal('action-output'),
    output_config_id: integer(),
    field: text(),
    filter: z.discriminatedUnion('type', [wordFilter, numberFilter, booleanFilter, existenceFilter]),
  }),
);

export type RequestedFilter = z.infer<typeof entryFilter> | z.infer<typeof peopleFilter> | z.infer<typeof branchFilter>;
export type RequestedOutputFilter = z.infer<typeof outputFilter>;
export type RequestedTriggerFilter =
  | z.infer<typeof triggerFilter>
  | z.infer<typeof metricTriggerFilter>
  | z.infer<typeof priceDropFilter>
  | z.infer<typeof lowInventoryFilter>;
