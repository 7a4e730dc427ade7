// Definitions are decided by a pure function of the facts and the time. Flow filters, which have the same shape, too.
import { instantIn } from '../../jsonapi/instant.ts';
import type { Instant } from '../../kernel/time.ts';
import { amountOf, keyOf, millionths } from './amounts.ts';
import type { Amount } from './blocks.ts';
import { compare, matches } from './compare.ts';
import { ofConsent, ofPermissions } from './consent.ts';
import type {
  BuiltCondition,
  Definition,
  GroupMembership,
  PostalCodeDistance,
  ProfileMetric,
  ProfileProperty,
  Region,
} from './definition.ts';
import { ofDistance } from './distance.ts';
import { ofFunnel } from './funnel.ts';
import { placeOf as postalPlace, placeOfPerson } from './postal/positions.ts';
import { ofPrediction } from './predicted.ts';
import { placeOf, valueAt } from './properties.ts';
import { isIn } from './region.ts';
import type { Snapshot } from './snapshot.ts';
import { type Span, type Truth, allOf, always, anyOf, sweep, within } from './timeline.ts';
import { spansOfDate, spansOfEvent, spansOfJoining } from './windows.ts';

export interface Verdict {
  member: boolean;
  /** The earliest later instant at which the answer changes if no fact comes. */
  flipsAt?: Instant;
  /** Instead, when none is known yet: up to when the answer stays; one has to look again. */
  lookAgainAt?: Instant;
}

/** Whether the profile belongs in, and when that changes by itself. */
export function evaluate(definition: Definition, snapshot: Snapshot, now: Instant): Verdict {
  const groups = definition.condition_groups.map(({ conditions }) =>
    anyOf(conditions.map((condition) => truthOf(condition, snapshot, now))),
  );
  return verdictOf(allOf(groups));
}

/** What a truth says of the moment, and until when. */
export function verdictOf({ holds, turns: [first], until }: Truth): Verdict {
  if (first !== undefined) return { member: holds, flipsAt: first };
  return { member: holds, ...(until !== Infinity && { lookAgainAt: until }) };
}

type Kind = BuiltCondition['type'];
type Of<K extends Kind> = Extract<BuiltCondition, { type: K }>;

const kinds = {
  'profile-property': ofProperty,
  'profile-metric': ofMetric,
  'profile-metric-funnel': ofFunnel,
  'profile-group-membership': ofMembership,
  'profile-marketing-consent': ofConsent,
  'profile-permissions': ofPermissions,
  'profile-postal-code-distance': ofPostalCode,
  'profile-region': ofRegion,
  'profile-predictive-analytics': (condition, { predicted }, now) => ofPrediction(condition, predicted, now),
} as const satisfies { [K in Kind]: (condition: Of<K>, snapshot: Snapshot, now: Instant) => Truth };

/** The truth of one condition. */
export function truthOf(condition: BuiltCondition, snapshot: Snapshot, now: Instant): Truth {
  const decide = kinds[condition.type] as (condition: BuiltCondition, snapshot: Snapshot, now: Instant) => Truth;
  return decide(condition, snapshot, now);
}

function ofProperty({ property, filter }: ProfileProperty, { person }: Snapshot, now: Instant): Truth {
  const value = valueAt(person, placeOf(property));
  if (filter.type !== 'date') return always(matches(value, filter));
  const at = typeof value === 'string' ? instantIn(value) : undefined;
  return at === undefined ? always(false) : within(spansOfDate(filter, at, now), now);
}

function ofMembership(condition: GroupMembership, { lists }: Snapshot, now: Instant): Truth {
  const joined = condition.group_ids.flatMap((id) => lists.get(id) ?? []);
  if (!condition.is_member) return always(joined.length === 0);
  const { timeframe_filter: filter } = condition;
  if (!filter) return always(joined.length > 0);
  return anyOf(joined.map((at) => within(spansOfJoining(filter, at, now), now)));
}

/** Who says nothing of a country is neither in a region nor outside. */
function ofRegion({ in_region, region }: Region, { person: { location } }: Snapshot): Truth {
  const country = location.country === undefined ? '' : String(location.country).trim();
  return always(country !== '' && isIn(region, country) === in_region);
}

function ofPostalCode(condition: PostalCodeDistance, { person, positions }: Snapshot): Truth {
  const [here, there] = [placeOfPerson(person.location), postalPlace(condition.country_code, condition.postal_code)];
  return ofDistance(condition, here && positions.get(here.key), there && positions.get(there.key));
}

function ofMetric(condition: ProfileMetric, { events, measures }: Snapshot, now: Instant): Truth {
  const { measurement_filter, timeframe_filter, metric_id } = condition;
  const measure = measures && measures.size > 0 ? measures.get(keyOf(condition)) : undefined;
  const steps: Amount[] = [];
  let start = measure?.lump ?? 0n;
  let known: Instant = measure?.until ?? Infinity;
  const add = ({ from, to }: Span, by: bigint) => {
    if (to <= now || to <= from) return;
    if (from <= now) start += by;
    else steps.push({ at: from, by });
    if (Number.isFinite(to)) steps.push({ at: to, by: -by });
  };
  for (const { by, ...span } of measure?.spans ?? []) add(span, by);
  for (const one of measure ? [] : (events.get(metric_id) ?? [])) {
    const by = amountOf(condition, one);
    if (by === 0n) continue;
    const { spans, until } = spansOfEvent(timeframe_filter, one.at, now);
    known = Math.min(known, until);
    for (const span of spans) add(span, by);
  }
  const limit = millionths(measurement_filter.value);
  return sweep(start, steps, (quantity) => compare(measurement_filter.operator, quantity, limit), known);
}
