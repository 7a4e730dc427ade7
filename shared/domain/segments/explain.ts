// Why a person is in a segment, or is not: condition by condition, with the facts that decide it and when it flips next.
import { type Instant, iso, isoOf } from '../../kernel/time.ts';
import type { BuiltCondition, Definition, MetricFunnel, ProfileMetric } from './definition.ts';
import { kilometresBetween } from './distance.ts';
import { enoughFor } from './enough.ts';
import { truthOf, verdictOf } from './evaluate.ts';
import type { Snapshot } from './snapshot.ts';
import { type Occurrence, passes } from './occurrence.ts';
import { placeOf as postalPlace, placeOfPerson } from './postal/positions.ts';
import { placeOf, valueAt } from './properties.ts';
import { type Truth, allOf, anyOf } from './timeline.ts';
import { spansOfEvent } from './windows.ts';

/** Facts by name, as the API writes them. */
type Facts = Readonly<Record<string, unknown>>;

/** What a truth says, as the API writes it: times are ISO texts; a flip that nobody knows yet or that never comes is null. */
const toldOf = (truth: Truth) => {
  const { member: holds, flipsAt } = verdictOf(truth);
  return { holds, flips_at: flipsAt === undefined ? null : new Date(flipsAt).toISOString() };
};

/** The verdict on a person, and of every group and condition of the definition. */
export function explain(definition: Definition, snapshot: Snapshot, now: Instant) {
  const groups = definition.condition_groups.map(({ conditions }) =>
    conditions.map((condition) => ({ condition, truth: truthOf(condition, snapshot, now) })),
  );
  const holding = groups.map((conditions) => anyOf(conditions.map(({ truth }) => truth)));
  return {
    ...toldOf(allOf(holding)),
    condition_groups: groups.map((conditions, i) => ({
      ...toldOf(holding[i] ?? anyOf([])),
      conditions: conditions.map(({ condition, truth }) => ({
        ...toldOf(truth),
        condition,
        facts: factsOf(condition, snapshot, now),
      })),
    })),
  };
}

type Kind = BuiltCondition['type'];
type Of<K extends Kind> = Extract<BuiltCondition, { type: K }>;

const facts = {
  'profile-property': ({ property }, { person }) => ({ value: valueAt(person, placeOf(property)) ?? null }),
  'profile-metric': (condition, { events }, now) => measured(condition, events, now),
  'profile-metric-funnel': ({ steps, timeframe_filter }, { events }, now) => ({
    steps: steps.map((step) => newest(counting(step, step.metric_id, timeframe_filter, events, now))),
  }),
  'profile-group-membership': ({ group_ids }, { lists }) => ({
    joined_at: group_ids.flatMap((id) => lists.get(id) ?? []).map((at) => iso(at))[0] ?? null,
  }),
  'profile-marketing-consent': ({ consent: { channel } }, { consents, suppressions }) => ({
    ...saidOf(consents[channel]),
    ...(channel === 'email' && {
      suppressions: suppressions.map(({ reason, at }) => ({ reason, timestamp: isoOf(at) })),
    }),
  }),
  'profile-permissions': ({ channel }, { consents }) =>
    saidOf(consents[channel === 'whatsapp_marketing' ? 'whatsapp' : 'whatsapp_transactional']),
  'profile-postal-code-distance': ({ country_code, postal_code }, { person, positions }) => {
    const { country = null, zip = null } = person.location;
    const [here, there] = [placeOfPerson(person.location), postalPlace(country_code, postal_code)].map(
      (place) => place && positions.get(place.key),
    );
    return { country, zip, kilometers: here && there ? Math.round(kilometresBetween(here, there) * 10) / 10 : null };
  },
  'profile-region': (_, { person }) => ({ country: person.location.country ?? null }),
  'profile-predictive-analytics': ({ dimension }, { predicted }) => ({ value: predicted[dimension] ?? null }),
} as const satisfies { [K in Kind]: (condition: Of<K>, snapshot: Snapshot, now: Instant) => Facts };

function factsOf(condition: BuiltCondition, snapshot: Snapshot, now: Instant): Facts {
  // The type chose the entry that takes this condition.
  return (facts[condition.type] as (condition: BuiltCondition, snapshot: Snapshot, now: Instant) => Facts)(
    condition,
    snapshot,
    now,
  );
}

const saidOf = (said: Snapshot['consents']['email']) => ({
  consent: said?.state ?? 'NEVER_SUBSCRIBED',
  consent_timestamp: said === undefined ? null : isoOf(said.at),
  method: said?.method ?? null,
  method_detail: said?.method_detail ?? null,
});

/** What counts now, of the events that were read: no more are than decide. */
function measured(condition: ProfileMetric, events: Snapshot['events'], now: Instant): Facts {
  const counted = counting(condition, condition.metric_id, condition.timeframe_filter, events, now);
  const millionths = counted.reduce((sum, { value }) => sum + Math.round(value * 1_000_000), 0);
  return {
    measured: condition.measurement === 'count' ? counted.length : millionths / 1_000_000,
    at_least: condition.measurement === 'count' && counted.length >= enoughFor(condition),
    ...newest(counted),
  };
}

function counting(
  filters: Pick<ProfileMetric, 'metric_filters'>,
  metric: string,
  timeframe: ProfileMetric['timeframe_filter'] | MetricFunnel['timeframe_filter'],
  events: Snapshot['events'],
  now: Instant,
): Occurrence[] {
  return (events.get(metric) ?? []).filter(
    (one) =>
      spansOfEvent(timeframe, one.at, now).spans.some(({ from, to }) => from <= now && now < to) &&
      passes(filters, one),
  );
}

const shown = 5;

/** The newest of some events, as they decide. */
const newest = (events: readonly Occurrence[]) => ({
  events: events
    .toSorted((a, b) => b.at - a.at)
    .slice(0, shown)
    .map(({ at, value }) => ({ datetime: iso(at), value })),
});
