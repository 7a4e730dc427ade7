// Definitions and histories in a small world: few names and round times, so that boundaries are hit often.
import fc from 'fast-check';
import type { BuiltCondition, Definition } from '../../shared/domain/segments/index.ts';
import type { Facts } from './segment-oracle.ts';

export const start = Date.UTC(2026, 0, 10);
const hour = 3_600_000;

export const metrics = ['Order1', 'Click1'];
export const lists = ['ListA1', 'ListB1'];

/** Whole hours around the start, sometimes a second off: where windows begin and end. */
const time = fc
  .tuple(fc.integer({ min: -30, max: 8 }), fc.constantFrom(0, 0, 1, -1))
  .map(([hours, seconds]) => start + hours * hour + seconds * 1000);
const date = time.map((at) => new Date(at).toISOString());
const unit = fc.constantFrom('hour' as const, 'hour' as const, 'hour' as const, 'day' as const);
const quantity = fc.integer({ min: 1, max: 20 });
const comparison = fc.constantFrom(
  'equals' as const,
  'not-equals' as const,
  'greater-than' as const,
  'greater-than-or-equal' as const,
  'less-than' as const,
  'less-than-or-equal' as const,
);

const ofDate = fc.constant('date' as const);
const staticDate = fc.record({ type: ofDate, operator: fc.constantFrom('after' as const, 'before' as const), date });
const staticRange = fc.tuple(date, date).map(([a, b]) => ({
  type: 'date' as const,
  operator: 'between-static' as const,
  start: a < b ? a : b,
  end: a < b ? b : a,
}));
const relative = <O extends 'at-least' | 'in-the-last' | 'in-the-next'>(...operators: O[]) =>
  fc.record({ type: ofDate, operator: fc.constantFrom(...operators), unit, quantity });
const relativeRange = fc.tuple(fc.integer({ min: 0, max: 10 }), quantity, unit).map(([from, length, u]) => ({
  type: 'date' as const,
  operator: 'between' as const,
  start: from,
  end: from + length,
  unit: u,
}));
const alltime = fc.record({ type: ofDate, operator: fc.constant('alltime' as const) });

const word = fc.constantFrom('red', 'Red', 'dark red', 'blue', '');
const small = fc.constantFrom(0, 1, 2, 3, 1.5);
const ofText = fc.constant('string' as const);
const textFilter = fc.record({
  type: ofText,
  operator: fc.constantFrom(
    'equals' as const,
    'not-equals' as const,
    'contains' as const,
    'not-contains' as const,
    'starts-with' as const,
    'not-starts-with' as const,
    'ends-with' as const,
    'not-ends-with' as const,
  ),
  value: fc.constantFrom('red', 'Red', 'dark', 'blue'),
});
const textInFilter = fc.record({
  type: ofText,
  operator: fc.constantFrom('in' as const, 'not-in' as const),
  value: fc.array(word, { maxLength: 2 }),
});
const numericFilter = fc.record({ type: fc.constant('numeric' as const), operator: comparison, value: small });
const booleanFilter = fc.record({
  type: fc.constant('boolean' as const),
  operator: fc.constant('equals' as const),
  value: fc.boolean(),
});
const existenceFilter = fc.record({
  type: fc.constant('existence' as const),
  operator: fc.constantFrom('is-set' as const, 'not-set' as const),
});
const listContains = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom('contains' as const, 'not-contains' as const),
  value: fc.constantFrom('red', 'blue', 1),
});
const listLength = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom('length-equals' as const, 'length-less-than' as const),
  value: fc.integer({ min: 0, max: 2 }),
});

const property: fc.Arbitrary<BuiltCondition> = fc.record({
  type: fc.constant('profile-property' as const),
  property: fc.constantFrom('email', 'first_name', "properties['a']", "properties['b']", "location['city']"),
  filter: fc.oneof(
    textFilter,
    textInFilter,
    numericFilter,
    booleanFilter,
    existenceFilter,
    listContains,
    listLength,
    staticDate,
    staticRange,
    relative('at-least', 'in-the-last', 'in-the-next'),
    relativeRange,
  ),
});

const metric: fc.Arbitrary<BuiltCondition> = fc.record({
  type: fc.constant('profile-metric' as const),
  metric_id: fc.constantFrom(...metrics),
  measurement: fc.constantFrom('count' as const, 'count' as const, 'sum' as const),
  measurement_filter: fc.record({
    type: fc.constant('numeric' as const),
    operator: comparison,
    value: fc.constantFrom(0, 1, 2, 3, 1.5, 10.1),
  }),
  timeframe_filter: fc.oneof(
    alltime,
    relative('at-least', 'in-the-last'),
    relative('in-the-last'),
    relativeRange,
    staticDate,
    staticRange,
  ),
  metric_filters: fc.option(
    fc.array(
      fc.record({
        property: fc.constantFrom('a', 'b'),
        filter: fc.oneof(textFilter, textInFilter, numericFilter, booleanFilter, existenceFilter),
      }),
      { maxLength: 2 },
    ),
    { nil: undefined, freq: 2 },
  ),
});

const membership: fc.Arbitrary<BuiltCondition> = fc.oneof(
  fc.record({
    type: fc.constant('profile-group-membership' as const),
    is_member: fc.constant(true as const),
    group_ids: fc.constantFrom(...lists).map((id) => [id]),
    timeframe_filter: fc.option(
      fc.oneof(staticDate, staticRange, relative('at-least', 'in-the-last', 'in-the-next'), relativeRange),
    ),
  }),
  fc.record({
    type: fc.constant('profile-group-membership' as const),
    is_member: fc.constant(false as const),
    group_ids: fc.constantFrom(...lists).map((id) => [id]),
  }),
);

const statuses = {
  can: ['any', 'subscribed', 'never_subscribed'],
  cannot: ['any', 'subscribed', 'never_subscribed', 'unsubscribed'],
} as const;
const consent: fc.Arbitrary<BuiltCondition> = fc.boolean().chain((can) =>
  fc.constantFrom<string>(...statuses[can ? 'can' : 'cannot']).map(
    (subscription) =>
      ({
        type: 'profile-marketing-consent',
        consent: {
          channel: 'email',
          can_receive_marketing: can,
          consent_status: { subscription, filters: can ? null : [] },
        },
      }) as BuiltCondition,
  ),
);

/** Definitions of up to three groups of up to three conditions, mostly about events. */
export const definitions: fc.Arbitrary<Definition> = fc.record({
  condition_groups: fc.array(
    fc.record({
      conditions: fc.array(
        fc.oneof(
          { weight: 4, arbitrary: metric },
          { weight: 2, arbitrary: property },
          { weight: 1, arbitrary: membership },
          { weight: 1, arbitrary: consent },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Definitions of one condition about events. */
export const metricDefinitions: fc.Arbitrary<Definition> = metric.map((condition) => ({
  condition_groups: [{ conditions: [condition] }],
}));

/** Definitions of one condition of any kind. */
export const singleDefinitions: fc.Arbitrary<Definition> = fc
  .oneof(metric, property, membership, consent)
  .map((condition) => ({ condition_groups: [{ conditions: [condition] }] }));

const anything = fc.oneof(
  word,
  small,
  fc.boolean(),
  fc.constant(null),
  date,
  fc.array(fc.constantFrom('red', 1, 'blue'), { maxLength: 2 }),
);
const bag = fc.dictionary(fc.constantFrom('a', 'b', 'c'), anything, { maxKeys: 3 });

/** All facts of one profile. */
export const histories: fc.Arbitrary<Facts> = fc.record({
  attributes: fc.record({ first_name: fc.option(word), email: fc.option(fc.constant('red@example.com')) }),
  location: fc.dictionary(fc.constant('city'), word, { maxKeys: 1 }),
  properties: bag,
  email: fc.record({
    state: fc.constantFrom('SUBSCRIBED' as const, 'UNSUBSCRIBED' as const, null),
    suppressed: fc.boolean(),
  }),
  lists: fc.uniqueArray(fc.record({ id: fc.constantFrom(...lists), joined: time }), {
    selector: ({ id }) => id,
    maxLength: 2,
  }),
  events: fc.array(
    fc.record({
      metric: fc.constantFrom(...metrics),
      at: time,
      value: fc.constantFrom(0, 0.1, 0.2, 1, 1.5, -1, 10),
      properties: bag,
    }),
    { maxLength: 8 },
  ),
});
