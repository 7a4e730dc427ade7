// What the events of a metric tell: the names of their properties and the types of their values. Learned when an event is
// accepted, before it is written; values are not kept, so that forgetting a person leaves none behind.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { metricPropertiesKey } from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import { type EventInput, worthOf } from './event.ts';

/** What values are told apart by. */
export type PropertyType = 'Boolean' | 'List' | 'Number' | 'String';

/** A property of the events of one metric. */
export interface MetricProperty {
  /** The metric's id and a digest of the name. */
  id: string;
  metric: string;
  name: string;
  type: PropertyType;
}

/** What an event tells of its metric. */
type Told = Pick<EventInput, 'properties' | 'value' | 'currency'>;

/** Names with the types seen, in the order of learning. */
type Seen = ReadonlyMap<string, readonly PropertyType[]>;

/** No more are learned of one metric: names that are made up anew for every event would never end. */
const mostProperties = 500;
const longestName = 255;
const mostKnown = 10_000;

/** What is known to be learned, per store: nothing is taken back. */
const known = perStore<Seen>();

/**
 * Learns the properties of an event that no event of the metric had before, or none with a value of that type. Costs
 * nothing once the container knows them; else a read, and a write when they are new to all.
 */
export async function learnProperties(ports: Ports, account: AccountId, metric: string, told: Told): Promise<void> {
  const types = typesIn(told);
  const metrics = known(ports.store);
  const name = JSON.stringify([account, metric]);
  const before = metrics.get(name);
  if (before !== undefined && withTypes(before, types) === before) return;
  const seen = await untilWon(() => learn(ports, account, metric, types), 30);
  if (metrics.size >= mostKnown) metrics.clear();
  metrics.set(name, seen);
}

async function learn(ports: Ports, account: AccountId, metric: string, types: Types): Promise<Seen> {
  const key = metricPropertiesKey(account, metric);
  const item = await ports.store.get(key);
  const before = seenIn(item?.seen);
  const after = withTypes(before, types);
  if (after === before) return before;
  const version = item?.version ?? 0;
  const put = { ...key, kind: 'metric-properties', version: version + 1, seen: JSON.stringify([...after]) };
  await ports.store.write({ put, if: item === undefined ? { absent: true } : { equals: { version } } });
  return after;
}

function seenIn(text = '[]'): Seen {
  return new Map(JSON.parse(text) as [string, PropertyType[]][]);
}

type Types = readonly (readonly [string, PropertyType])[];

/** The same object when it holds them all, or has no room for those that it lacks. */
function withTypes(seen: Seen, types: Types): Seen {
  const fresh = types.filter(([name, type]) => seen.get(name)?.includes(type) !== true);
  const room = mostProperties - seen.size;
  const names = fresh.filter(([name]) => !seen.has(name)).slice(0, room);
  const learned = [...fresh.filter(([name]) => seen.has(name)), ...names];
  if (learned.length === 0) return seen;
  const all = new Map(seen);
  for (const [name, type] of learned) all.set(name, [...(all.get(name) ?? []), type]);
  return all;
}

/** The types of the properties that conditions can look at: those that are set, and are no objects. */
function typesIn({ properties, ...worth }: Told): Types {
  return Object.entries({ ...properties, ...worthOf(worth) }).flatMap(([name, value]) => {
    const type = name.length > longestName ? undefined : typeOf(value);
    return type === undefined ? [] : [[name, type] as const];
  });
}

/** Of events, 0, "" and null count as not set (Klaviyo's guide to the events API). */
function typeOf(value: unknown): PropertyType | undefined {
  if (Array.isArray(value)) return 'List';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number' && value !== 0) return 'Number';
  return typeof value === 'string' && value !== '' ? 'String' : undefined;
}

const propertyIdShape = /^([0-9A-Za-z]{6})[0-9A-Za-z]{22}$/;

/** What the properties of a metric are, in the order of their learning; values of several types are taken for texts. */
export async function propertiesOfMetric(ports: Ports, account: AccountId, metric: string): Promise<MetricProperty[]> {
  const item = await ports.store.get(metricPropertiesKey(account, metric));
  return [...seenIn(item?.seen)].map(([name, [type = 'String', ...others]]) => ({
    id: `${metric}${derivedId(22, name)}`,
    metric,
    name,
    type: others.length === 0 ? type : 'String',
  }));
}

/** The property of an id, read consistently, or undefined. */
export async function findMetricProperty(
  ports: Ports,
  account: AccountId,
  id: string,
): Promise<MetricProperty | undefined> {
  const [, metric] = propertyIdShape.exec(id) ?? [];
  if (metric === undefined) return undefined;
  return (await propertiesOfMetric(ports, account, metric)).find((property) => property.id === id);
}
