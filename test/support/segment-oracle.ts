// What a definition says, by brute force over all facts. Written from the rules alone: shares no code with the product.

/** A consent that was given or withdrawn. */
export interface Said {
  state: 'SUBSCRIBED' | 'UNSUBSCRIBED';
  at: number;
  method: string;
  detail: string | null;
  custom: string | null;
  double: boolean;
  /** When it was written down; as far as nothing else is said, when it was said. */
  recorded?: number;
}

export interface Facts {
  attributes: Record<string, unknown>;
  location: Record<string, unknown>;
  properties: Record<string, unknown>;
  /** `suppressed` by anything; `said` is what is known of `state`. */
  email: { state: 'SUBSCRIBED' | 'UNSUBSCRIBED' | null; suppressed: boolean; said?: Said };
  suppressions?: { reason: string; at: number }[];
  others?: { [channel in 'sms' | 'push' | 'whatsapp' | 'whatsapp_transactional']?: Said };
  predicted?: Record<string, unknown>;
  lists: { id: string; joined: number }[];
  events: { metric: string; at: number; value: number; properties: Record<string, unknown> }[];
}

/** No facts at all. */
export const nothing: Facts = {
  attributes: {},
  location: {},
  properties: {},
  email: { state: null, suppressed: false },
  lists: [],
  events: [],
};

interface Definition {
  condition_groups: readonly { conditions: readonly object[] }[];
}

// The oracle reads definitions as the plain JSON that they are.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

/* oxlint-disable typescript/no-unsafe-return, typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-argument, typescript/no-unsafe-call */

export function belongs(definition: Definition, facts: Facts, now: number): boolean {
  return definition.condition_groups.every((group) => group.conditions.some((one) => holds(one, facts, now)));
}

function holds(condition: Json, facts: Facts, now: number): boolean {
  switch (condition.type) {
    case 'profile-metric':
      return measured(condition, facts, now);
    case 'profile-metric-funnel':
      return funnel(condition, facts, now);
    case 'profile-property':
      return property(condition, facts, now);
    case 'profile-group-membership':
      return membership(condition, facts, now);
    case 'profile-marketing-consent':
      return consent(condition.consent, facts, now);
    case 'profile-permissions':
      return permission(condition, facts, now);
    case 'profile-region':
      return region(condition, facts);
    case 'profile-postal-code-distance':
      return distance(condition, facts);
    case 'profile-predictive-analytics':
      return predicted(condition, facts, now);
  }
  throw new Error(`The oracle knows no ${String(condition.type)}.`);
}

function membership(condition: Json, facts: Facts, now: number): boolean {
  const memberships = facts.lists.filter(({ id }) => id === condition.group_ids[0]);
  if (!condition.is_member) return memberships.length === 0;
  const filter = condition.timeframe_filter;
  if (!filter) return memberships.length > 0;
  return memberships.some(({ joined }) => {
    if (filter.operator === 'between-static' && joined >= Date.parse(filter.end)) return false;
    return lies(filter, joined, now);
  });
}

function consent(asked: Json, facts: Facts, now: number): boolean {
  const { email, others = {}, suppressions = [] } = facts;
  const unknown = { state: null, said: undefined };
  const stateOf = (said: Said | undefined) => (said ? { state: said.state, said } : unknown);
  const { state, said } = asked.channel === 'email' ? email : stateOf((others as Json)[asked.channel]);
  const mailable = !!facts.attributes['email'] && !email.suppressed && state !== 'UNSUBSCRIBED';
  const can = asked.channel === 'email' ? mailable : state === 'SUBSCRIBED';
  if (can !== asked.can_receive_marketing) return false;
  const word = { SUBSCRIBED: 'subscribed', UNSUBSCRIBED: 'unsubscribed', none: 'never_subscribed' };
  const status = asked.consent_status;
  if (status.subscription !== 'any' && status.subscription !== word[state ?? 'none']) return false;
  return (status.filters ?? []).every((one: Json) => {
    const reason = { bounce_date: 'HARD_BOUNCE', manual_suppression_date: 'USER_SUPPRESSED' } as Json;
    if (!/^(bounce|manual_suppression|invalid_email)_date$/.test(one.field)) return saidSo(one, said, now);
    const found = suppressions.find((it) => it.reason === (reason[one.field] ?? 'INVALID_EMAIL'));
    return found !== undefined && (one.filter.type === 'existence' || lies(one.filter, found.at, now));
  });
}

function saidSo({ field, method, filter }: Json, said: Said | undefined, now: number): boolean {
  if (!said) return false;
  const equal = (text: string | null) =>
    !filter || (!!text && (filter.operator === 'in' ? filter.value.includes(text) : text === filter.value));
  if (field === 'recorded_date') return lies(filter, said.recorded ?? said.at, now);
  if (field.endsWith('_date')) return lies(filter, said.at, now);
  if (field === 'is_double_opt_in') return said.double === filter.value;
  if (field === 'custom_source') return equal(said.custom);
  if (field === 'is_rcs_capable') return false;
  return said.method === method.toUpperCase() && equal(said.detail);
}

function permission({ permission: asked, channel }: Json, { others = {} }: Facts, now: number): boolean {
  const said = channel === 'whatsapp_marketing' ? others.whatsapp : others.whatsapp_transactional;
  const is = !said ? 'implicitly_unreachable' : `explicitly_${said.state === 'SUBSCRIBED' ? '' : 'un'}reachable`;
  const wanted: string[] = asked.reachable_status.startsWith('implicitly_or')
    ? [asked.reachable_status.replace('_or_explicitly', ''), asked.reachable_status.replace('implicitly_or_', '')]
    : [asked.reachable_status];
  return wanted.includes(is) && (asked.filters ?? []).every((one: Json) => saidSo(one, said, now));
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const union = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
/** Of the countries that the histories are told in. */
const known: Json = { Germany: 'DE', deu: 'DE', 'United States': 'US', usa: 'US', 'United Kingdom': 'GB', GBR: 'GB' };

function region({ region: asked, in_region }: Json, { location }: Facts): boolean {
  if (!location['country']) return false;
  const country = known[text(location['country'])] ?? location['country'];
  return (asked === 'united_states' ? country === 'US' : union.includes(country)) === in_region;
}

/** Roughly: the definitions ask for distances that no two of these are nearly apart. */
const cities: Json = {
  'US 10001': [40.75, -74],
  'US 02108': [42.36, -71.07],
  'DE 10115': [52.53, 13.38],
  'GB SW1A': [51.5, -0.14],
};

function distance({ country_code, postal_code, unit, filter }: Json, { location }: Facts): boolean {
  const country = known[text(location['country'])] ?? location['country'];
  const here = cities[`${country} ${text(location['zip']).replace(/ \d[A-Z]{2}$|-\d{4}$/, '')}`];
  const there = cities[`${known[country_code] ?? (country_code === 'USA' ? 'US' : 'DE')} ${postal_code}`];
  if (!here || !there) return false;
  const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
  const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
  const arc = sin(here[0]) * sin(there[0]) + cos(here[0]) * cos(there[0]) * cos(here[1] - there[1]);
  const apart = Math.acos(Math.min(1, arc)) * (unit === 'miles' ? 3958.8 : 6371);
  return filter.operator === 'less-than' ? apart < filter.value : apart > filter.value;
}

function predicted(condition: Json, { predicted: all = {} }: Facts, now: number): boolean {
  const value: Json =
    condition.dimension === 'channel_affinity'
      ? (all['channel_affinity'] as Json)?.[condition.predicted_channel]?.[condition.measurement]
      : all[condition.dimension];
  if (value === undefined) return false;
  if (condition.filter.type === 'date') return lies(condition.filter, Date.parse(value), now);
  return matches(value, condition.filter);
}

/** Every chain of events in the timeframe, tried one by one; from the same place on only the one that began last, as the others add nothing. */
function funnel({ steps, timeframe_filter, completion_window_seconds: window }: Json, facts: Facts, now: number) {
  const inFrame = facts.events.filter((event) => happens(timeframe_filter, event.at, now)).sort((a, b) => a.at - b.at);
  const done = new Map<Json, Facts['events']>(
    steps.map((step: Json) => [
      step,
      inFrame.filter((event) => event.metric === step.metric_id && passes(step, event)).reverse(),
    ]),
  );
  const of = (step: Json) => done.get(step) ?? [];
  const starts = new Map<number, number>();
  const tried = new Map<string, number>();
  const go = (i: number, last: number | undefined, start: number, unless: Json[]): void => {
    const place = `${i} ${last} ${unless.length}`;
    if ((tried.get(place) ?? -1) >= start) return;
    tried.set(place, start);
    if (steps.slice(i).every((step: Json) => !step.metric_exists)) {
      if (last !== undefined) starts.set(last, Math.max(start, starts.get(last) ?? -Infinity));
      return;
    }
    if (!steps[i].metric_exists) return go(i + 1, last, start, [...unless, steps[i]]);
    for (const { at } of of(steps[i])) {
      if (last !== undefined && at <= last) continue;
      const spoiled = unless.some((step) => of(step).some((other) => other.at > (last ?? 0) && other.at < at));
      if (!spoiled) go(i + 1, at, last === undefined ? at : start, []);
    }
  };
  go(0, undefined, 0, []);
  const [unit, length] = window ? window.split('_') : [];
  const units: Json = { HOURS: 3_600_000, DAYS: 86_400_000, WEEKS: 604_800_000, YEARS: 365 * 86_400_000 };
  const longest: number = window ? units[unit] * Number(length) : Infinity;
  const lastWanted: number = steps.findLastIndex((step: Json) => step.metric_exists);
  return [...starts].some(
    ([end, start]) =>
      end - start <= longest &&
      !steps.slice(lastWanted + 1).some((step: Json) => of(step).some(({ at }) => at > end && at - start <= longest)),
  );
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
  if (filter.operator === 'anniversary-month') return new Date(at).getUTCMonth() === new Date(now).getUTCMonth();
  const years = Array.from({ length: 7 }, (_, i) => new Date(now).getUTCFullYear() - 3 + i);
  const days = years.map((year) => inYear(at, year));
  const today = Math.floor(now / milliseconds.day);
  if (filter.operator === 'anniversary') return days.some((one) => Math.floor(one / milliseconds.day) === today);
  if (filter.operator === 'anniversary-last')
    return days.some((one) => one <= now && now - one <= filter.quantity * unit);
  if (filter.operator === 'anniversary-next')
    return days.some((one) => one >= now && now >= one - filter.quantity * unit);
  throw new Error(`The oracle knows no ${String(filter.operator)}.`);
}

/** Whether an event lies in it: of those to come only what is asked of them. */
const happens = (filter: Json, at: number, now: number): boolean =>
  (at <= now || filter.operator === 'in-the-next') && lies(filter, at, now);

const iso = (at: number) => new Date(at).toISOString();

/** What was found before, by the time and then by the year: the same few are asked for again and again. */
const foundIn = new Map<number, Map<number, number>>();

/** The same day and time in another year; 29 February where there is one, otherwise the day before 1 March. */
function inYear(at: number, year: number): number {
  const found = foundIn.get(at) ?? new Map<number, number>();
  if (foundIn.size > 10_000) foundIn.clear();
  foundIn.set(at, found);
  const known = found.get(year);
  if (known !== undefined) return known;
  const text = `${year}${iso(at).slice(4)}`;
  const there = iso(Date.parse(text)) === text ? Date.parse(text) : Date.parse(text.replace('-02-29', '-02-28'));
  found.set(year, there);
  return there;
}

const passes = ({ metric_filters: filters }: Json, event: Facts['events'][number]): boolean =>
  (filters ?? []).every(({ property: name, filter }: Json) => {
    const value = Object.hasOwn(event.properties, name) ? event.properties[name] : undefined;
    return matches(value === 0 || value === null || value === '' ? undefined : value, filter);
  });

function measured(condition: Json, facts: Facts, now: number): boolean {
  const counted = facts.events.filter(
    (event) =>
      event.metric === condition.metric_id &&
      happens(condition.timeframe_filter, event.at, now) &&
      passes(condition, event),
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
  if (filter.type === 'list') return listMatches(value, filter);
  if (typeof value !== 'string') return false;
  if (filter.operator.startsWith('phone-country')) {
    const country = phones[Object.keys(phones).find((start) => value.startsWith(start)) ?? ''];
    if (!country) return false;
    return filter.value.includes(country) === filter.operator.endsWith('code-in');
  }
  if (filter.operator === 'in') return filter.value.includes(value);
  if (filter.operator === 'not-in') return !filter.value.includes(value);
  if (filter.operator === 'equals') return value === filter.value;
  if (filter.operator === 'not-equals') return value !== filter.value;
  if (filter.operator === 'contains') return value.indexOf(filter.value) !== -1;
  if (filter.operator === 'not-contains') return value.indexOf(filter.value) === -1;
  if (filter.operator.endsWith('regex')) {
    // JavaScript's own engine: the patterns here mean the same to it.
    const caseless = filter.value.startsWith('(?i)');
    const found = new RegExp(filter.value.replace('(?i)', ''), caseless ? 'i' : '').test(value);
    return found === (filter.operator === 'regex');
  }
  const [start, end] = [value.slice(0, filter.value.length), value.slice(-filter.value.length)];
  if (filter.operator === 'starts-with') return start === filter.value;
  if (filter.operator === 'not-starts-with') return start !== filter.value;
  if (filter.operator === 'ends-with') return end === filter.value;
  if (filter.operator === 'not-ends-with') return end !== filter.value;
  throw new Error(`The oracle knows no ${String(filter.operator)}.`);
}

/** By how the numbers of the histories begin. */
const phones: Json = { '+1415': 'US', '+1613': 'CA', '+44': 'GB', '+49': 'DE' };

function listMatches(value: unknown, { operator, value: wanted }: Json): boolean {
  if (!Array.isArray(value) || value.some((item) => item !== null && typeof item === 'object')) return false;
  if (operator.startsWith('length-')) return ordered(operator.replace('length-', ''), value.length, wanted);
  const has = (item: unknown) => value.some((one) => one === item);
  const tests: Record<string, () => boolean> = {
    contains: () => has(wanted),
    'contains-any': () => wanted.some(has),
    'contains-all': () => !wanted.some((item: unknown) => !has(item)),
    'contains-substring': () =>
      value.filter((one) => typeof one === 'string').some((one) => one.split(wanted).length > 1),
  };
  const test = tests[operator.replace(/^not-/, '')];
  if (!test) throw new Error(`The oracle knows no ${String(operator)}.`);
  return operator.startsWith('not-') ? !test() : test();
}
