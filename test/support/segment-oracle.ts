// What a definition says, by brute force over all facts. Written from the rules alone: shares no code with the product.

export interface Facts {
  attributes: Record<string, unknown>;
  location: Record<string, unknown>;
  properties: Record<string, unknown>;
  email: { state: 'SUBSCRIBED' | 'UNSUBSCRIBED' | null; suppressed: boolean };
  lists: { id: string; joined: number }[];
  events: { metric: string; at: number; value: number; properties: Record<string, unknown> }[];
}

interface Definition {
  condition_groups: readonly { conditions: readonly object[] }[];
}

// The oracle reads definitions as the plain JSON that they are.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call */

export function belongs(definition: Definition, facts: Facts, now: number): boolean {
  return definition.condition_groups.every((group) => group.conditions.some((one) => holds(one, facts, now)));
}

function holds(condition: Json, facts: Facts, now: number): boolean {
  if (condition.type === 'profile-metric') return measured(condition, facts, now);
  if (condition.type === 'profile-property') return property(condition, facts, now);
  if (condition.type === 'profile-group-membership') {
    const memberships = facts.lists.filter(({ id }) => id === condition.group_ids[0]);
    if (!condition.is_member) return memberships.length === 0;
    const filter = condition.timeframe_filter;
    if (!filter) return memberships.length > 0;
    return memberships.some(({ joined }) => {
      if (filter.operator === 'between-static' && joined >= Date.parse(filter.end)) return false;
      return lies(filter, joined, now);
    });
  }
  const { can_receive_marketing: can, consent_status: status } = condition.consent;
  if (can === facts.email.suppressed) return false;
  const word = { SUBSCRIBED: 'subscribed', UNSUBSCRIBED: 'unsubscribed', none: 'never_subscribed' };
  return status.subscription === 'any' || status.subscription === word[facts.email.state ?? 'none'];
}

const milliseconds: Json = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** Whether the time `at` lies in the timeframe, seen from `now`. */
function lies(filter: Json, at: number, now: number): boolean {
  const unit = milliseconds[filter.unit];
  if (filter.operator === 'alltime') return true;
  if (filter.operator === 'before') return at < Date.parse(filter.date);
  if (filter.operator === 'after') return at > Date.parse(filter.date);
  if (filter.operator === 'between-static') return at >= Date.parse(filter.start) && at <= Date.parse(filter.end);
  if (filter.operator === 'in-the-last') return at <= now && at >= now - filter.quantity * unit;
  if (filter.operator === 'in-the-next') return at >= now && at <= now + filter.quantity * unit;
  if (filter.operator === 'at-least') return at < now - filter.quantity * unit;
  if (filter.operator === 'between') return now - at >= filter.start * unit && now - at < filter.end * unit;
  if (filter.operator === 'calendar-month') return new Date(at).getUTCMonth() + 1 === filter.value;
  throw new Error(`The oracle knows no ${String(filter.operator)}.`);
}

function measured(condition: Json, facts: Facts, now: number): boolean {
  const counted = facts.events.filter(
    (event) =>
      event.metric === condition.metric_id &&
      event.at <= now &&
      lies(condition.timeframe_filter, event.at, now) &&
      (condition.metric_filters ?? []).every(({ property: name, filter }: Json) => {
        const value = Object.hasOwn(event.properties, name) ? event.properties[name] : undefined;
        return matches(value === 0 || value === null || value === '' ? undefined : value, filter);
      }),
  );
  const { operator, value } = condition.measurement_filter;
  if (condition.measurement === 'count') return ordered(operator, counted.length, value);
  const sum = counted.reduce((cents, event) => cents + Math.round(event.value * 100), 0);
  return ordered(operator, sum, Math.round(value * 100));
}

function ordered(operator: string, a: number, b: number): boolean {
  if (operator === 'equals') return a === b;
  if (operator === 'not-equals') return a !== b;
  if (operator === 'greater-than') return a > b;
  if (operator === 'greater-than-or-equal') return a >= b;
  if (operator === 'less-than') return a < b;
  if (operator === 'less-than-or-equal') return a <= b;
  throw new Error(`The oracle knows no ${operator}.`);
}

function property({ property: name, filter }: Json, facts: Facts, now: number): boolean {
  const custom = /^properties\['(.*)'\]$/.exec(name)?.[1];
  const place = /^location\['(.*)'\]$/.exec(name)?.[1];
  const [bag, key]: [Record<string, unknown>, string] =
    custom !== undefined
      ? [facts.properties, custom]
      : place !== undefined
        ? [facts.location, place]
        : [facts.attributes, name];
  const raw = Object.hasOwn(bag, key) ? bag[key] : undefined;
  const value = raw === null || raw === '' ? undefined : raw;
  if (filter.type !== 'date') return matches(value, filter);
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return false;
  return lies(filter, Date.parse(value), now);
}

function matches(value: unknown, filter: Json): boolean {
  if (filter.type === 'existence') return filter.operator === 'is-set' ? value !== undefined : value === undefined;
  if (filter.type === 'numeric') return typeof value === 'number' && ordered(filter.operator, value, filter.value);
  if (filter.type === 'boolean') return typeof value === 'boolean' && value === filter.value;
  if (filter.type === 'list') {
    if (!Array.isArray(value)) return false;
    if (filter.operator === 'contains') return value.some((item) => item === filter.value);
    if (filter.operator === 'not-contains') return value.every((item) => item !== filter.value);
    return ordered(filter.operator.replace('length-', ''), value.length, filter.value);
  }
  if (typeof value !== 'string') return false;
  if (filter.operator === 'in') return filter.value.includes(value);
  if (filter.operator === 'not-in') return !filter.value.includes(value);
  if (filter.operator === 'equals') return value === filter.value;
  if (filter.operator === 'not-equals') return value !== filter.value;
  if (filter.operator === 'contains') return value.indexOf(filter.value) !== -1;
  if (filter.operator === 'not-contains') return value.indexOf(filter.value) === -1;
  const [start, end] = [value.slice(0, filter.value.length), value.slice(-filter.value.length)];
  if (filter.operator === 'starts-with') return start === filter.value;
  if (filter.operator === 'not-starts-with') return start !== filter.value;
  if (filter.operator === 'ends-with') return end === filter.value;
  if (filter.operator === 'not-ends-with') return end !== filter.value;
  throw new Error(`The oracle knows no ${String(filter.operator)}.`);
}
