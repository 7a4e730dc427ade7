// Metrics come into being by being named: the first event of a (service, name) defines it, under an id derived from both.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, definitionsWith, writeDefinition, firstVersion } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import {
  type FeedMark,
  definitionKey,
  definitionsOf,
  eventsOfMetric,
  shards,
  shardsUpTo,
} from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import type { Query } from '../../storage/store.ts';

/** Which metric is meant. The same name from two services is two metrics. */
export interface MetricName {
  name: string;
  service: string;
}

/** A metric with its data parsed. Times are `sortable`. */
export interface Metric extends MetricName {
  id: string;
  created: string;
  updated: string;
  /** In how many shards its events are filed by now, a power of two: none was ever filed beyond. */
  spread: number;
}

/** What a container knows of a metric that it records events of. */
export interface KnownMetric {
  id: string;
  /** As many shards as the metric had when it was looked at last. */
  spread: number;
  /** Events recorded since they were counted last. */
  uncounted: number;
}

/** The service of events that come without one. */
export const apiService = 'api';

/** The service of the events that Millrace records itself, named as the API names it. */
export const internalService = 'klaviyo';

const mostKnown = 10_000;

/** Metrics that are known to be defined, per store: none is taken back, nor are its shards. */
const known = perStore<KnownMetric>();

/** The metric, defined now if this is its first sight: one object as long as the container knows it, which costs nothing. */
export async function knownMetric(ports: Ports, account: AccountId, metric: MetricName): Promise<KnownMetric> {
  const metrics = known(ports.store);
  const name = JSON.stringify([account, metric.service, metric.name]);
  const seen = metrics.get(name);
  if (seen !== undefined) return seen;
  const { id, spread } = await untilWon(() => define(ports, account, metric), 30);
  if (metrics.size >= mostKnown) metrics.clear();
  const fresh = metrics.get(name) ?? { id, spread, uncounted: 0 };
  metrics.set(name, fresh);
  return fresh;
}

/** Six characters may collide: an id that another metric has is passed over for the next of the same series. */
async function define(ports: Ports, account: AccountId, metric: MetricName): Promise<Metric> {
  for (let salt = 0; ; salt += 1) {
    const id = metricIdAt(account, metric, salt);
    const item = await ports.store.get(definitionKey(account, 'metric', id));
    if (item === undefined) {
      const outline = { id, name: metric.name, ...firstVersion(ports) };
      const fresh = definitionItem(account, 'metric', outline, { service: metric.service });
      await writeDefinition(ports.store, fresh);
      return metricOf(fresh);
    }
    const there = metricOf(item);
    if (there.name === metric.name && there.service === metric.service) return there;
  }
}

/** The id at one place of the metric's series of ids. */
function metricIdAt(account: AccountId, { service, name }: MetricName, salt: number): string {
  return salt === 0
    ? derivedId(6, 'metric', account, service, name)
    : derivedId(6, 'metric', account, service, name, String(salt));
}

/** The metric that a definition holds. */
export function metricOf({ id, name, created, updated, data }: DefinitionItem): Metric {
  const { service, spread = shards } = JSON.parse(data) as { service: string; spread?: number };
  return { id, name, service, created, updated, spread };
}

/** The metric, read consistently, or undefined. */
export async function findMetric(ports: Ports, account: AccountId, id: string): Promise<Metric | undefined> {
  const item = await ports.store.get(definitionKey(account, 'metric', id));
  return item && metricOf(item);
}

/** The metrics that there are of these ids, each once. */
export async function metricsOf(ports: Ports, account: AccountId, ids: readonly string[]): Promise<Metric[]> {
  return (await definitionsWith(ports.store, account, 'metric', ids)).map(metricOf);
}

/** All metrics of the account, in the order of their ids. */
export async function allMetrics(ports: Ports, account: AccountId): Promise<Metric[]> {
  return (await everything(ports.store, definitionsOf(account, 'metric'))).map(metricOf);
}

/** The queries that together find the events of a metric, in the order of time each. */
export const feedOf = (
  account: AccountId,
  { id, spread }: Pick<Metric, 'id' | 'spread'>,
  range: Parameters<typeof eventsOfMetric>[3] = {},
): Query<FeedMark>[] => shardsUpTo(spread).map((shard) => eventsOfMetric(account, id, shard, range));

/**
 * The shards that hold the events of a metric, read consistently: to be asked for before the first of them is read, as
 * they grow in number. Costs a read unit.
 */
export async function feedShards(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<readonly number[]> {
  const item = await ports.store.get(definitionKey(account, 'metric', id));
  return shardsUpTo(item ? metricOf(item).spread : shards);
}
