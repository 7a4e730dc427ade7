// A table: the grammar of definitions. Groups are joined by and, the conditions in a group by or; no deeper nesting.
// All conditions of the API are declared here; which of them are evaluated, admit.ts says.
import * as z from 'zod/mini';
import { component, flag, integer, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { marketingConsent, permission } from './consent-filters.ts';
import {
  dateFilter,
  distanceFilter,
  funnelTimeframe,
  integerFilter,
  joinTimeframe,
  metricFilters,
  metricTimeframe,
  numericFilter,
  objectFilter,
  profileFilter,
} from './filters.ts';

const inGroup = z.literal('profile-group-membership');

const groupMembership = z.discriminatedUnion('is_member', [
  z.strictObject({
    type: inGroup,
    is_member: z.literal(true),
    group_ids: list(text()),
    timeframe_filter: maybe(joinTimeframe),
  }),
  z.strictObject({ type: inGroup, is_member: z.literal(false), group_ids: list(text()) }),
]);

export const profileMetric = component(
  'ProfileMetric',
  z.strictObject({
    type: z.literal('profile-metric'),
    metric_id: text(),
    measurement: oneOf('count', 'sum'),
    measurement_filter: numericFilter,
    timeframe_filter: metricTimeframe,
    metric_filters: metricFilters,
  }),
);

const consentCondition = component(
  'ProfileConsent',
  z.strictObject({
    type: z.literal('profile-marketing-consent'),
    consent: marketingConsent,
  }),
);

const profileProperty = component(
  'ProfileProperty',
  z.strictObject({
    type: z.literal('profile-property'),
    property: text(),
    filter: profileFilter,
  }),
);

const postalCodeDistance = component(
  'ProfileDistance',
  z.strictObject({
    type: z.literal('profile-postal-code-distance'),
    country_code: text(),
    postal_code: text(),
    unit: oneOf('kilometers', 'miles'),
    filter: distanceFilter,
  }),
);

const region = component(
  'ProfileRegion',
  z.strictObject({
    type: z.literal('profile-region'),
    in_region: flag(),
    region: oneOf('european_union', 'united_states'),
  }),
);

const predicted = z.literal('profile-predictive-analytics');
const isOrIsNot = z.union([z.literal('equals'), z.literal('not-equals')]);
const affinity = {
  type: predicted,
  dimension: z.literal('channel_affinity'),
  predicted_channel: oneOf('email', 'push', 'sms', 'whatsapp'),
};

const predictiveAnalytics = z.discriminatedUnion('dimension', [
  z.strictObject({ type: predicted, dimension: z.literal('expected_date_of_next_purchase'), filter: dateFilter }),
  z.strictObject({
    type: predicted,
    dimension: oneOf(
      'average_days_between_orders',
      'average_order_value',
      'churn_probability',
      'historic_clv',
      'historic_number_of_orders',
      'predicted_clv',
      'predicted_number_of_orders',
      'total_clv',
    ),
    filter: numericFilter,
  }),
  z.strictObject({
    type: predicted,
    dimension: z.literal('predicted_gender'),
    filter: z.strictObject({
      type: z.literal('string'),
      operator: isOrIsNot,
      value: oneOf('likely_female', 'likely_male', 'uncertain'),
    }),
  }),
  z.discriminatedUnion('measurement', [
    z.strictObject({
      ...affinity,
      measurement: z.literal('priority'),
      filter: z.strictObject({ type: z.literal('numeric'), operator: z.literal('equals'), value: integer() }),
    }),
    z.strictObject({
      ...affinity,
      measurement: z.literal('rank'),
      filter: z.strictObject({
        type: z.literal('string'),
        operator: isOrIsNot,
        value: oneOf('high', 'low', 'medium'),
      }),
    }),
  ]),
]);

const customObject = component(
  'ProfileObject',
  z.strictObject({
    type: z.literal('profile-has-custom-object'),
    object_type_id: text(),
    object_type_relationship_id: text(),
    filter: integerFilter,
    filters: list(z.strictObject({ property_id: integer(), filter: objectFilter })),
  }),
);

const permissions = component(
  'ProfilePermissions',
  z.strictObject({
    type: z.literal('profile-permissions'),
    permission,
    channel: oneOf('whatsapp_marketing', 'whatsapp_transactional'),
  }),
);

const metricFunnel = component(
  'ProfileFunnel',
  z.strictObject({
    type: z.literal('profile-metric-funnel'),
    timeframe_filter: funnelTimeframe,
    completion_window_seconds: maybe(
      oneOf('DAYS_1', 'DAYS_180', 'DAYS_3', 'DAYS_30', 'DAYS_5', 'DAYS_90', 'HOURS_1', 'WEEKS_1', 'YEARS_1'),
    ),
    steps: list(z.strictObject({ metric_exists: flag(), metric_id: text(), metric_filters: metricFilters })),
  }),
);

/** The conditions that the filters of flows have too. */
export const sharedConditions = [
  groupMembership,
  consentCondition,
  postalCodeDistance,
  profileProperty,
  region,
  predictiveAnalytics,
  customObject,
  permissions,
] as const;

const condition = z.discriminatedUnion('type', [...sharedConditions, profileMetric, metricFunnel]);

export const segmentDefinition = z.strictObject({
  condition_groups: list(z.strictObject({ conditions: list(condition) })),
});

export type Condition = z.infer<typeof condition>;
export type GroupMembership = z.infer<typeof groupMembership>;
export type ProfileMetric = z.infer<typeof profileMetric>;
export type ConsentCondition = z.infer<typeof consentCondition>;
export type ProfileProperty = z.infer<typeof profileProperty>;
export type PostalCodeDistance = z.infer<typeof postalCodeDistance>;
export type Region = z.infer<typeof region>;
export type PredictiveAnalytics = z.infer<typeof predictiveAnalytics>;
export type Permissions = z.infer<typeof permissions>;
export type MetricFunnel = z.infer<typeof metricFunnel>;
/** The conditions that are evaluated; `admit` refuses those on custom objects. */
export type BuiltCondition = Exclude<Condition, z.infer<typeof customObject>>;
/** A definition as the API takes it. */
export type SegmentDefinition = z.infer<typeof segmentDefinition>;
/** A definition that `admit` let through. Flow filters have the same shape. */
export interface Definition {
  readonly condition_groups: readonly { readonly conditions: readonly BuiltCondition[] }[];
}
