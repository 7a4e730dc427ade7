// Custom metrics as definitions: an account has at most fifty, no two of the same name.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import {
  definitionItem,
  definitionsWith,
  readDefinition,
  removeDefinition,
  smallDefinition,
  writeDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem, NameItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf, nameKey } from '../../storage/patterns.ts';
import type { Remove, Write } from '../../storage/store.ts';
import { metricsOf } from '../events/index.ts';
import { type CustomMetricDefinition, admitDefinition } from './custom-metric-definition.ts';

/** A custom metric with its definition parsed. Times are `sortable`. */
export interface CustomMetric {
  id: string;
  version: number;
  name: string;
  created: string;
  updated: string;
  definition: CustomMetricDefinition;
}

const kind = 'custom-metric';
/** Of a paid plan (Klaviyo's custom metrics overview). */
const mostCustomMetrics = 50;

function customMetricOf({ id, version, name, created, updated, data }: DefinitionItem): CustomMetric {
  return { id, version, name, created, updated, definition: JSON.parse(data) as CustomMetricDefinition };
}

/** All custom metrics of the account. */
export async function allCustomMetrics(ports: Ports, account: AccountId): Promise<CustomMetric[]> {
  return (await everything(ports.store, definitionsOf(account, kind))).map(customMetricOf);
}

/** The custom metric, or a 404. */
export async function readCustomMetric(ports: Ports, account: AccountId, id: string): Promise<CustomMetric> {
  return customMetricOf(await readDefinition(ports.store, account, kind, id));
}

/** The custom metrics that there are of these ids, each once. */
export async function customMetricsOf(
  ports: Ports,
  account: AccountId,
  ids: readonly string[],
): Promise<CustomMetric[]> {
  return (await definitionsWith(ports.store, account, kind, ids)).map(customMetricOf);
}

/** The ids of the metrics that a custom metric adds up, each once. */
export function metricIdsIn({ metric_groups }: CustomMetricDefinition): string[] {
  return [...new Set(metric_groups.map(({ metric_id }) => metric_id))];
}

/** Makes a custom metric; refuses a name that another one has, a definition that cannot be, and the fifty-first. */
export async function createCustomMetric(
  ports: Ports,
  account: AccountId,
  { name, definition }: Pick<CustomMetric, 'name' | 'definition'>,
): Promise<CustomMetric> {
  await admit(ports, account, definition);
  const metric = { id: ports.ids.short(), name, definition, ...firstVersion(ports) };
  await untilWon(async () => {
    if ((await allCustomMetrics(ports, account)).length >= mostCustomMetrics) {
      throw refuse('invalid', `An account has at most ${mostCustomMetrics} custom metrics; delete one first.`, '/data');
    }
    await refuseTaken(ports, account, name);
    await writeDefinition(ports.store, itemOf(account, metric), [claim(account, metric)]);
  });
  return metric;
}

/** Changes the name, the definition or both; a 404 when there is none. */
export async function updateCustomMetric(
  ports: Ports,
  account: AccountId,
  id: string,
  change: Partial<Pick<CustomMetric, 'name' | 'definition'>>,
): Promise<CustomMetric> {
  if (change.definition !== undefined) await admit(ports, account, change.definition);
  return untilWon(async () => {
    const before = await readCustomMetric(ports, account, id);
    const after = { ...before, ...change, version: before.version + 1, updated: sortable(ports.clock.now()) };
    const renamed = after.name !== before.name;
    if (renamed) await refuseTaken(ports, account, after.name);
    const names = renamed ? [release(account, before), claim(account, after)] : [];
    await writeDefinition(ports.store, itemOf(account, after), names);
    return after;
  });
}

/** Removes a custom metric; a 404 when there is none. Roles that were mapped to it are mapped to nothing. */
export async function removeCustomMetric(ports: Ports, account: AccountId, id: string): Promise<void> {
  await removeDefinition(ports.store, account, kind, id, ({ name }) => [release(account, { id, name })]);
}

async function admit(ports: Ports, account: AccountId, definition: CustomMetricDefinition): Promise<void> {
  const metrics = await metricsOf(ports, account, metricIdsIn(definition));
  await admitDefinition(definition, new Set(metrics.map(({ id }) => id)));
}

async function refuseTaken(ports: Ports, account: AccountId, name: string): Promise<void> {
  if ((await ports.store.get(nameKey(account, kind, name))) === undefined) return;
  throw refuse('invalid', 'Another custom metric has this name already.', '/data/attributes/name');
}

type Named = Pick<CustomMetric, 'id' | 'name'>;

function claim(account: AccountId, { id, name }: Named): Write {
  const item: NameItem = { ...nameKey(account, kind, name), kind: 'name', holder: id };
  return { put: item, if: { absent: true } };
}

const release = (account: AccountId, { id, name }: Named): Remove => ({
  remove: nameKey(account, kind, name),
  if: { equals: { holder: id } },
});

function itemOf(account: AccountId, { definition, ...outline }: CustomMetric): DefinitionItem {
  return smallDefinition(definitionItem(account, kind, outline, definition));
}
