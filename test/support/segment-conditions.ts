// Conditions of every kind in the same small world.
import fc from 'fast-check';
import type { BuiltCondition } from '../../shared/domain/segments/index.ts';
import { ways } from '../golden/segments/consents.ts';
import { subscribeMethods } from '../golden/segments/people.ts';
import {
  aroundAnniversary,
  alltime,
  booleanFilter,
  comparison,
  dateFilter,
  existenceFilter,
  listContains,
  listLength,
  listSet,
  listSubstring,
  lists,
  metrics,
  numericFilter,
  phoneCountry,
  relative,
  relativeRange,
  staticDate,
  staticRange,
  textFilter,
  textInFilter,
} from './segment-filters.ts';

type Of<K extends BuiltCondition['type']> = Extract<BuiltCondition, { type: K }>;

const type = <K extends BuiltCondition['type']>(name: K) => fc.constant(name);

const scalarFilters = [textFilter, textInFilter, numericFilter, booleanFilter, existenceFilter] as const;

const property: fc.Arbitrary<Of<'profile-property'>> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      type: type('profile-property'),
      property: fc.constantFrom('email', 'first_name', "properties['a']", "properties['b']", "location['city']"),
      filter: fc.oneof(...scalarFilters, textFilter, listContains, listLength, { weight: 4, arbitrary: dateFilter }),
    }),
  },
  fc.record({ type: type('profile-property'), property: fc.constant('phone_number'), filter: phoneCountry }),
);

const metricFilters = fc.option(
  fc.array(
    fc.record({
      property: fc.constantFrom('a', 'b'),
      filter: fc.oneof(...scalarFilters, listLength, listSet, listSubstring),
    }),
    { maxLength: 2 },
  ),
  { nil: undefined, freq: 2 },
);

export const metric: fc.Arbitrary<Of<'profile-metric'>> = fc.record({
  type: type('profile-metric'),
  metric_id: fc.constantFrom(...metrics),
  measurement: fc.constantFrom('count' as const, 'count' as const, 'sum' as const),
  measurement_filter: fc.record({
    type: fc.constant('numeric' as const),
    operator: comparison,
    value: fc.constantFrom(0, 1, 2, 3, 1.5, 10.1),
  }),
  timeframe_filter: fc.oneof(
    alltime,
    relative('at-least', 'in-the-last', 'in-the-next'),
    relative('in-the-last'),
    relativeRange,
    staticDate,
    staticRange,
    aroundAnniversary,
  ),
  metric_filters: metricFilters,
});

export const funnel: fc.Arbitrary<Of<'profile-metric-funnel'>> = fc
  .record({
    type: type('profile-metric-funnel'),
    timeframe_filter: fc.oneof(relative('at-least', 'in-the-last', 'in-the-next'), relativeRange, staticRange),
    completion_window_seconds: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('HOURS_1' as const, 'DAYS_1' as const, null, undefined) },
      fc.constantFrom(...(['DAYS_3', 'DAYS_5', 'WEEKS_1', 'DAYS_30', 'DAYS_90', 'DAYS_180', 'YEARS_1'] as const)),
    ),
    steps: fc.array(
      fc.record({
        metric_exists: fc.constantFrom(true, true, false),
        metric_id: fc.constantFrom(...metrics),
        metric_filters: metricFilters,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map((one) => ({ ...one, steps: one.steps.map((step, i) => (i === 0 ? { ...step, metric_exists: true } : step)) }));

const membership: fc.Arbitrary<Of<'profile-group-membership'>> = fc.oneof(
  fc.record({
    type: type('profile-group-membership'),
    is_member: fc.constant(true as const),
    group_ids: fc.constantFrom(...lists).map((id) => [id]),
    timeframe_filter: fc.option(
      fc.oneof(staticDate, staticRange, relative('at-least', 'in-the-last', 'in-the-next'), relativeRange),
    ),
  }),
  fc.record({
    type: type('profile-group-membership'),
    is_member: fc.constant(false as const),
    group_ids: fc.constantFrom(...lists).map((id) => [id]),
  }),
);

const dated = (...fields: string[]) => fc.record({ field: fc.constantFrom(...fields), filter: dateFilter });
/** One of the ways to say it, often one that the histories have; of some of them only from some sources. */
const by = (name: keyof typeof ways, ...usual: string[]) => {
  const { sourced, plain, platform } = ways[name];
  const field = fc.constant('method');
  const sources = fc.record({
    type: fc.constant('string'),
    operator: fc.constant('in'),
    value: fc.array(fc.constantFrom('F1', 'F2'), { maxLength: 2 }),
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ field, method: fc.constantFrom(...usual) }) },
    fc.record({ field, method: fc.constantFrom(...sourced), filter: sources }),
    { weight: 3, arbitrary: fc.record({ field, method: fc.constantFrom(...sourced, ...plain) }) },
    fc.constant({
      field: 'method',
      method: 'integration',
      filter: { type: 'string', operator: 'in', value: [platform] },
    }),
  );
};
const grants = fc.array(
  fc.oneof(
    dated('status_date'),
    by('email subscribed', 'api', 'form', 'manual_add'),
    fc.record({
      field: fc.constant('custom_source'),
      filter: fc.record({ type: fc.constant('string'), operator: fc.constant('equals'), value: fc.constant('Till') }),
    }),
    fc.record({ field: fc.constant('is_double_opt_in'), filter: booleanFilter }),
  ),
  { maxLength: 2 },
);
const smsGrants = fc.array(
  fc.oneof(
    dated('status_date'),
    by('sms subscribed', 'form', 'manual_add'),
    fc.record({ field: fc.constant('is_rcs_capable'), filter: booleanFilter }),
  ),
  { maxLength: 2 },
);
const smsWithdrawals = fc.array(fc.oneof(dated('status_date'), by('sms unsubscribed', 'form', 'manual_add')), {
  maxLength: 2,
});
const withdrawals = fc.array(fc.oneof(dated('status_date'), by('email unsubscribed', 'api')), { maxLength: 2 });
const suppressions = fc.array(
  fc.record({
    field: fc.constantFrom('bounce_date', 'manual_suppression_date', 'invalid_email_date'),
    filter: fc.oneof(dateFilter, fc.constant({ type: 'existence', operator: 'is-set' })),
  }),
  { maxLength: 2 },
);
const none = fc.constant(undefined);

/** Channel, whether it can be used, what was said of it, and how that may be narrowed down. */
const statuses: readonly (readonly [string, boolean, string, fc.Arbitrary<unknown>])[] = [
  ['email', true, 'any', fc.constant(null)],
  ['email', true, 'subscribed', grants],
  ['email', true, 'never_subscribed', none],
  ['email', false, 'any', suppressions],
  ['email', false, 'unsubscribed', fc.oneof(withdrawals, suppressions)],
  ['email', false, 'never_subscribed', suppressions],
  ['email', false, 'subscribed', suppressions],
  ['sms', true, 'subscribed', smsGrants],
  ['sms', false, 'any', none],
  ['sms', false, 'unsubscribed', smsWithdrawals],
  ['sms', false, 'never_subscribed', none],
  ['push', true, 'any', fc.array(dated('status_date'), { maxLength: 2 })],
  ['push', false, 'any', none],
];

const consent: fc.Arbitrary<Of<'profile-marketing-consent'>> = fc
  .constantFrom(...statuses)
  .chain(([channel, can, subscription, filters]) =>
    filters.map((chosen) => ({
      type: 'profile-marketing-consent' as const,
      consent: {
        channel,
        can_receive_marketing: can,
        consent_status: { subscription, ...(chosen !== undefined && { filters: chosen }) },
      } as Of<'profile-marketing-consent'>['consent'],
    })),
  );

const permissions: fc.Arbitrary<Of<'profile-permissions'>> = fc
  .record({
    channel: fc.constantFrom('whatsapp_marketing' as const, 'whatsapp_transactional' as const),
    how: fc.constantFrom('explicitly_', 'implicitly_', 'implicitly_or_explicitly_'),
    reachable: fc.constantFrom('reachable', 'unreachable'),
    filters: fc.array(
      fc.oneof(
        dated('effective_date', 'recorded_date'),
        fc.record({
          field: fc.constant('subscribe_method'),
          method: fc.oneof(fc.constantFrom('api', 'form'), {
            weight: 3,
            arbitrary: fc.constantFrom(...subscribeMethods),
          }),
        }),
        fc.constant({
          field: 'subscribe_method',
          method: 'form',
          filter: { type: 'string', operator: 'in', value: ['F1'] },
        }),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ channel, how, reachable, filters }) => ({
    type: 'profile-permissions',
    channel,
    permission: {
      reachable_status: `${how}${reachable}`,
      ...(how === 'explicitly_' && { filters }),
    } as Of<'profile-permissions'>['permission'],
  }));

const saidBy = (channel: string, subscription: string, detail: object): BuiltCondition => ({
  type: 'profile-marketing-consent',
  consent: {
    channel,
    can_receive_marketing: subscription === 'subscribed',
    consent_status: { subscription, filters: [{ field: 'method', ...detail }] },
  } as Of<'profile-marketing-consent'>['consent'],
});

/** Of every way to say yes or no one condition that asks for nothing else. */
export const everyWay: readonly BuiltCondition[] = [
  ...Object.entries(ways).flatMap(([name, { sourced, plain, platform }]) => {
    const [channel = '', subscription = ''] = name.split(' ');
    const filter = { type: 'string', operator: 'in', value: [platform] };
    const methods = [...sourced, ...plain].map((method) => ({ method }));
    return [...methods, { method: 'integration', filter }].map((one) => saidBy(channel, subscription, one));
  }),
  ...subscribeMethods.flatMap((method) =>
    ['explicitly_reachable', 'explicitly_unreachable'].map((reachable_status): BuiltCondition => ({
      type: 'profile-permissions',
      channel: 'whatsapp_marketing',
      permission: {
        reachable_status,
        filters: [{ field: 'subscribe_method', method }],
      } as Of<'profile-permissions'>['permission'],
    })),
  ),
];

const region: fc.Arbitrary<Of<'profile-region'>> = fc.record({
  type: type('profile-region'),
  in_region: fc.boolean(),
  region: fc.constantFrom('european_union' as const, 'united_states' as const),
});

const near = (country_code: string, postal_code: string, value: number): Of<'profile-postal-code-distance'> => ({
  type: 'profile-postal-code-distance',
  country_code,
  postal_code,
  unit: 'kilometers',
  filter: { type: 'numeric', operator: 'less-than', value },
});

/** From New York 306 km to Boston (190 miles), 5,570 to London, 6,380 to Berlin; from Berlin 930 to London. */
export const conditionsNear = [near('USA', '10001', 250), near('USA', '02108', 400), near('DEU', '10115', 6200)];
const distance: fc.Arbitrary<Of<'profile-postal-code-distance'>> = fc
  .record({
    type: type('profile-postal-code-distance'),
    unit: fc.constantFrom('kilometers' as const, 'miles' as const),
    filter: fc.record({
      type: fc.constant('numeric' as const),
      operator: fc.constantFrom('less-than' as const, 'greater-than' as const),
      value: fc.constantFrom(100, 250, 400, 3700, 6200),
    }),
    place: fc.constantFrom(...conditionsNear),
  })
  .map(({ place: { country_code, postal_code }, ...one }) => ({ ...one, country_code, postal_code }));

/** Dimensions that are numbers. */
export const amounts = [
  'average_days_between_orders',
  'average_order_value',
  'churn_probability',
  'historic_clv',
  'historic_number_of_orders',
  'predicted_clv',
  'predicted_number_of_orders',
  'total_clv',
] as const;
const channels = fc.constantFrom('email' as const, 'push' as const, 'sms' as const, 'whatsapp' as const);

const predictive: fc.Arbitrary<Of<'profile-predictive-analytics'>> = fc.oneof(
  fc.record({
    type: type('profile-predictive-analytics'),
    dimension: fc.constant('expected_date_of_next_purchase' as const),
    filter: dateFilter,
  }),
  fc.record({
    type: type('profile-predictive-analytics'),
    dimension: fc.constantFrom(...amounts),
    filter: numericFilter,
  }),
  fc.record({
    type: type('profile-predictive-analytics'),
    dimension: fc.constant('predicted_gender' as const),
    filter: fc.record({
      type: fc.constant('string' as const),
      operator: fc.constantFrom('equals' as const, 'not-equals' as const),
      value: fc.constantFrom('likely_female' as const, 'uncertain' as const),
    }),
  }),
  fc.record({
    type: type('profile-predictive-analytics'),
    dimension: fc.constant('channel_affinity' as const),
    measurement: fc.constant('priority' as const),
    predicted_channel: channels,
    filter: fc.record({
      type: fc.constant('numeric' as const),
      operator: fc.constant('equals' as const),
      value: fc.constantFrom(1, 2),
    }),
  }),
  fc.record({
    type: type('profile-predictive-analytics'),
    dimension: fc.constant('channel_affinity' as const),
    measurement: fc.constant('rank' as const),
    predicted_channel: channels,
    filter: fc.record({
      type: fc.constant('string' as const),
      operator: fc.constantFrom('equals' as const, 'not-equals' as const),
      value: fc.constantFrom('high' as const, 'low' as const),
    }),
  }),
);

/** Conditions on what the kinds of facts are beside events. */
export const otherConditions: readonly fc.Arbitrary<BuiltCondition>[] = [
  property,
  membership,
  consent,
  permissions,
  region,
  distance,
  predictive,
];
/** One condition on consent: there are many ways to give it. */
export const anyConsent: fc.Arbitrary<BuiltCondition> = fc.oneof(consent, permissions);
/** One condition of any kind. */
export const anyCondition: fc.Arbitrary<BuiltCondition> = fc.oneof(metric, funnel, ...otherConditions);

/** A condition on custom objects, which is refused: they come later. */
export const owning = {
  type: 'profile-has-custom-object',
  object_type_id: '1',
  object_type_relationship_id: '2',
  filter: { type: 'numeric', operator: 'greater-than', value: 0 },
  filters: [],
};
