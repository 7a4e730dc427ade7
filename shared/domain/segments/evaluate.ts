// Definitions are decided by a pure function of the facts and the time. Flow filters, which have the same shape, too.
import { instantIn } from '../../jsonapi/instant.ts';
import { own } from '../../kernel/bag.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Person } from '../identity/index.ts';
import { compare, eventValue, matches } from './compare.ts';
import type {
  BuiltCondition,
  ConsentCondition,
  Definition,
  GroupMembership,
  ProfileMetric,
  ProfileProperty,
} from './definition.ts';
import { placeOf, valueAt } from './properties.ts';
import { type Truth, allOf, always, anyOf, sweep, within } from './timeline.ts';
import { type Timeframe, spanOfDate, spanOfEvent, spanOfJoining } from './windows.ts';

/** An event as conditions see it. */
export interface Occurrence {
  at: Instant;
  value: number;
  /** Absent when no condition looks at them. */
  properties?: Readonly<Record<string, unknown>>;
}

/** The facts of one profile. */
export interface Snapshot {
  person: Person;
  email: { subscription: 'subscribed' | 'unsubscribed' | 'never_subscribed'; suppressed: boolean };
  /** The lists that the profile is on, with the time of joining. */
  lists: ReadonlyMap<string, Instant>;
  /** By metric: at least the events that `readsOf` asks for, in any order. */
  events: ReadonlyMap<string, readonly Occurrence[]>;
}

export interface Verdict {
  member: boolean;
  /** The earliest later instant at which the answer changes if no fact comes. */
  flipsAt?: Instant;
}

/** Whether the profile belongs in, and when that changes by itself. */
export function evaluate(definition: Definition, snapshot: Snapshot, now: Instant): Verdict {
  const { holds, turns } = allOf(truthsOf(definition, snapshot, now).map(anyOf));
  return { member: holds, ...(turns[0] !== undefined && { flipsAt: turns[0] }) };
}

/** The truth of every condition, by group. */
function truthsOf(definition: Definition, snapshot: Snapshot, now: Instant): Truth[][] {
  return definition.condition_groups.map(({ conditions }) =>
    conditions.map((condition) => truthOf(condition, snapshot, now)),
  );
}

type Kind = BuiltCondition['type'];
type Of<K extends Kind> = Extract<BuiltCondition, { type: K }>;

const kinds = {
  'profile-property': ofProperty,
  'profile-metric': ofMetric,
  'profile-group-membership': ofMembership,
  'profile-marketing-consent': ofConsent,
} as const satisfies { [K in Kind]: (condition: Of<K>, snapshot: Snapshot, now: Instant) => Truth };

/** The truth of one condition. */
function truthOf(condition: BuiltCondition, snapshot: Snapshot, now: Instant): Truth {
  const decide = kinds[condition.type] as (condition: BuiltCondition, snapshot: Snapshot, now: Instant) => Truth;
  return decide(condition, snapshot, now);
}

function ofProperty({ property, filter }: ProfileProperty, { person }: Snapshot, now: Instant): Truth {
  const value = valueAt(person, placeOf(property));
  if (filter.type !== 'date') return always(matches(value, filter));
  const at = typeof value === 'string' ? instantIn(value) : undefined;
  return at === undefined ? always(false) : within(spanOfDate(timeframe(filter), at), now);
}

function ofMembership(condition: GroupMembership, { lists }: Snapshot, now: Instant): Truth {
  const joined = condition.group_ids.flatMap((id) => lists.get(id) ?? []);
  if (!condition.is_member) return always(joined.length === 0);
  const { timeframe_filter: filter } = condition;
  if (!filter) return always(joined.length > 0);
  return anyOf(joined.map((at) => within(spanOfJoining(timeframe(filter), at), now)));
}

function ofConsent({ consent }: ConsentCondition, { email }: Snapshot): Truth {
  if (consent.can_receive_marketing === email.suppressed) return always(false);
  const { subscription } = consent.consent_status;
  return always(subscription === 'any' || subscription === email.subscription);
}

function ofMetric(condition: ProfileMetric, { events }: Snapshot, now: Instant): Truth {
  const { measurement, measurement_filter, timeframe_filter } = condition;
  const limit = millionths(measurement_filter.value);
  const filter = timeframe(timeframe_filter);
  const steps: { at: Instant; by: bigint }[] = [];
  let start = 0n;
  for (const occurrence of events.get(condition.metric_id) ?? []) {
    const { from, to } = spanOfEvent(filter, occurrence.at);
    if (to <= now || to <= from || !counts(condition, occurrence)) continue;
    const by = measurement === 'count' ? 1_000_000n : millionths(occurrence.value);
    if (from <= now) start += by;
    else steps.push({ at: from, by });
    if (Number.isFinite(to)) steps.push({ at: to, by: -by });
  }
  return sweep(start, steps, (quantity) => compare(measurement_filter.operator, quantity, limit));
}

/** Whether an event passes the filters of the condition. */
export function counts({ metric_filters }: ProfileMetric, { properties = {} }: Occurrence): boolean {
  return (metric_filters ?? []).every(
    ({ property, filter }) => filter && matches(eventValue(own(properties, property)), filter),
  );
}

/** In millionths, so that sums are exact in any order. */
function millionths(value: number): bigint {
  return BigInt(Math.trunc(value)) * 1_000_000n + BigInt(Math.round((value % 1) * 1_000_000));
}

/** `admit` lets no other timeframes through. */
const timeframe = (filter: Timeframe | { operator: string }): Timeframe => filter as Timeframe;
