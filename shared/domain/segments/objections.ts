// What keeps a condition from being evaluated: each kind looks over its own. Nothing is ever silently left out.
import { instantOf } from '../../kernel/time.ts';
import { type Detail, detailsOf } from './consent.ts';
import type { BuiltCondition, Condition, MetricFunnel } from './definition.ts';
import type { AnyFilter, DateFilter } from './filters.ts';
import { placeOf as postalPlace, isMapped } from './postal/positions.ts';
import { placeOf } from './properties.ts';

/** Says what is wrong, where: pointers relative to the condition. */
export type Objection = [code: 'invalid' | 'not_allowed', detail: string, at: string];

type Objections<C> = (condition: C) => Objection[];
type Of<K extends BuiltCondition['type']> = Extract<Condition, { type: K }>;

const objectIf = (wrong: boolean, ...objection: Objection): Objection[] => (wrong ? [objection] : []);

function ofDate(filter: DateFilter, at: string): Objection[] {
  if (filter.operator === 'between') {
    const detail = 'The start of a relative range must be less than its end: both count back from now.';
    return objectIf(filter.start >= filter.end, 'invalid', detail, at);
  }
  if (filter.operator === 'between-static') {
    const backwards = instantOf(filter.start) > instantOf(filter.end);
    return objectIf(backwards, 'invalid', 'The start of a range must not be after its end.', `${at}/start`);
  }
  return [];
}

/** As many values may be picked (behaviour 4.2). */
const mostValues = 1000;

function ofValue(filter: AnyFilter, at: string): Objection[] {
  if (filter.type === 'date') return ofDate(filter, at);
  const value = 'value' in filter ? filter.value : undefined;
  return [
    ...objectIf(
      value === null,
      'invalid',
      'A value to compare with is needed; to ask for what is not set use not-set.',
      `${at}/value`,
    ),
    ...objectIf(
      Array.isArray(value) && value.length === 0,
      'invalid',
      'A filter compares with at least one value.',
      `${at}/value`,
    ),
    ...objectIf(
      Array.isArray(value) && value.length > mostValues,
      'invalid',
      `A filter compares with at most ${mostValues} values.`,
      `${at}/value`,
    ),
    ...objectIf(
      filter.operator.startsWith('length-') && Number(value) < 0,
      'invalid',
      'A list has a length of 0 or more.',
      `${at}/value`,
    ),
    ...(filter.operator.startsWith('phone-country-code-') && Array.isArray(value)
      ? value.flatMap((country, i) =>
          objectIf(
            !/^[A-Z]{2}$/.test(country),
            'invalid',
            'A country is named by its two letters in capitals, such as US.',
            `${at}/value/${i}`,
          ),
        )
      : []),
  ];
}

const ofProperty: Objections<Of<'profile-property'>> = ({ property, filter }) => [
  ...objectIf(
    placeOf(property) === undefined,
    'invalid',
    "The property is the name of an attribute such as email, or properties['name'], or location['city']; what lies within one cannot be compared.",
    '/property',
  ),
  ...ofValue(filter, '/filter'),
];

const ofMetric: Objections<Of<'profile-metric'>> = ({ timeframe_filter: timeframe, metric_filters }) => [
  ...ofDate(timeframe, '/timeframe_filter'),
  ...ofEvents(metric_filters, ''),
];

/** As many filters an event has to pass (behaviour 4.2). */
const mostFilters = 10;

function ofEvents(filters: Of<'profile-metric'>['metric_filters'], at: string): Objection[] {
  return [
    ...objectIf(
      (filters ?? []).length > mostFilters,
      'invalid',
      `An event has at most ${mostFilters} filters.`,
      `${at}/metric_filters`,
    ),
    ...(filters ?? []).flatMap(({ property, filter }, i) => ofEvent(property, filter, `${at}/metric_filters/${i}`)),
  ];
}

function ofEvent(property: string, filter: AnyFilter | null | undefined, at: string): Objection[] {
  if (!filter) return [['invalid', 'A filter is needed; to ask for any value use is-set.', `${at}/filter`]];
  return [
    ...objectIf(property === '', 'invalid', 'The property of an event has a name.', `${at}/property`),
    ...objectIf(
      /[.[\]]/.test(property),
      'not_allowed',
      'Only top-level properties of events can be compared: a name has no dots or brackets.',
      `${at}/property`,
    ),
    ...ofValue(filter, `${at}/filter`),
  ];
}

const mostSteps = 10;

function ofFunnel({ steps, timeframe_filter: timeframe }: MetricFunnel): Objection[] {
  return [
    ...ofDate(timeframe, '/timeframe_filter'),
    ...objectIf(steps.length === 0, 'invalid', 'A funnel has at least one step.', '/steps'),
    ...objectIf(steps.length > mostSteps, 'invalid', `A funnel has at most ${mostSteps} steps.`, '/steps'),
    ...objectIf(
      steps[0]?.metric_exists === false,
      'invalid',
      'The first step of a funnel is something that was done: metric_exists is true.',
      '/steps/0/metric_exists',
    ),
    ...steps.flatMap(({ metric_filters }, i) => ofEvents(metric_filters, `/steps/${i}`)),
  ];
}

const ofMembership: Objections<Of<'profile-group-membership'>> = (condition) => [
  ...objectIf(
    condition.group_ids.length !== 1,
    'invalid',
    'Exactly one list is needed; for several use several conditions.',
    '/group_ids',
  ),
  ...(condition.is_member && condition.timeframe_filter ? ofDate(condition.timeframe_filter, '/timeframe_filter') : []),
];

const ofConsent: Objections<Of<'profile-marketing-consent'>> = (condition) => {
  const { consent_status: status } = condition.consent;
  const at = '/consent/consent_status/filters';
  const filters = 'filters' in status ? (status.filters ?? []) : [];
  const free = condition.consent.can_receive_marketing && condition.consent.channel === 'email';
  const filterable = !free || status.subscription === 'subscribed';
  if (!Array.isArray(filters) || (!filterable && filters.length > 0)) {
    return [['invalid', `Who is ${status.subscription} here has no filters; leave them out.`, at]];
  }
  return detailsOf(condition).flatMap((detail, i) => ofDetail(detail, `${at}/${i}`));
};

function ofDetail({ filter }: Detail, at: string): Objection[] {
  // As the schema let it through: a filter of one of the shapes that ofValue knows.
  return filter ? ofValue(filter as AnyFilter, `${at}/filter`) : [];
}

const ofPermissions: Objections<Of<'profile-permissions'>> = ({ permission }) =>
  'filters' in permission
    ? permission.filters.flatMap((detail, i) => ofDetail(detail, `/permission/filters/${i}`))
    : [];

const ofDistance: Objections<Of<'profile-postal-code-distance'>> = ({ country_code, postal_code, filter }) => {
  const place = postalPlace(country_code, postal_code);
  return [
    ...objectIf(
      place === undefined || !isMapped(place.country),
      'invalid',
      `No postal codes are known of ${country_code}; there are those of the USA, CAN, AUS, NZL, GBR and the European Union but GRC.`,
      '/country_code',
    ),
    ...objectIf(filter.value <= 0, 'invalid', 'A distance is more than 0.', '/filter/value'),
  ];
};

const built = {
  'profile-property': ofProperty,
  'profile-metric': ofMetric,
  'profile-metric-funnel': ofFunnel,
  'profile-group-membership': ofMembership,
  'profile-marketing-consent': ofConsent,
  'profile-permissions': ofPermissions,
  'profile-postal-code-distance': ofDistance,
  'profile-region': () => [],
  'profile-predictive-analytics': ({ filter }) => (filter.type === 'date' ? ofDate(filter, '/filter') : []),
} as const satisfies { [K in BuiltCondition['type']]: Objections<Of<K>> };

/** Everything that keeps the condition from being evaluated. */
export function objectionsTo(condition: Condition): Objection[] {
  if (condition.type === 'profile-has-custom-object') {
    return [['not_allowed', 'Custom objects come later: conditions on them cannot be evaluated yet.', '/type']];
  }
  // The type chose the entry that takes this condition.
  return (built[condition.type] as Objections<Condition>)(condition);
}
