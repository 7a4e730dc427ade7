// Metrics come into being by being named: the first event of a (service, name) defines it, under an id derived from both.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, definitionsWith, writeDefinition, firstVersion } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf } from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';

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
}

/** The service of events that come without one. */
export const apiService = 'api';

/** The service of the events that Millrace records itself, named as the API names it. */
export const internalService = 'klaviyo';

const mostKnown = 10_000;

/** Ids that are known to be defined, per store: a metric is never taken back. */
const known = perStore<string>();

/** The id of the metric, defined now if this is its first sight. Costs nothing once the container has seen it. */
export async function metricIdOf(ports: Ports, account: AccountId, metric: MetricName): Promise<string> {
  const ids = known(ports.store);
  const name = JSON.stringify([account, metric.service, metric.name]);
  const seen = ids.get(name);
  if (seen !== undefined) return seen;
  const id = await untilWon(() => define(ports, account, metric), 30);
  if (ids.size >= mostKnown) ids.clear();
  ids.set(name, id);
  return id;
}

/** Six characters may collide: an id that another metric has is passed over for the next of the same series. */
async function define(ports: Ports, account: AccountId, metric: MetricName): Promise<string> {
  for (let salt = 0; ; salt += 1) {
    const id = metricIdAt(account, metric, salt);
    const item = await ports.store.get(definitionKey(account, 'metric', id));
    if (item === undefined) {
      const outline = { id, name: metric.name, ...firstVersion(ports) };
      await writeDefinition(ports.store, definitionItem(account, 'metric', outline, { service: metric.service }));
      return id;
    }
    const there = metricOf(item);
    if (there.name === metric.name && there.service === metric.service) return id;
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
  const { service } = JSON.parse(data) as { service: string };
  return { id, name, service, created, updated };
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
