// Mapped metrics: which metric, or custom metric, plays which role for an account. There are as many as there are roles.
import { notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, writeDefinition } from '../../storage/definitions.ts';
import type { AccountItem, DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf } from '../../storage/patterns.ts';
import { type Metric, metricsOf } from '../events/index.ts';
import { type CustomMetric, customMetricsOf } from './custom-metric.ts';

/** The roles, as the API names them. */
export const roles = [
  'added_to_cart',
  'cancelled_sales',
  'ordered_product',
  'refunded_sales',
  'revenue',
  'started_checkout',
  'viewed_product',
] as const;
export type Role = (typeof roles)[number];

/** What a role is mapped to: one of both. */
export type Target = { metric: string } | { custom: string };

/** A role and what plays it; neither when nothing does. `updated` is `sortable`. */
export interface MappedMetric {
  role: Role;
  updated: string;
  metric?: Metric;
  custom?: CustomMetric;
}

type Whose = { ports: Ports; account: AccountId; owner: AccountItem };

const kind = 'mapped-metric';

/** The role of this name, or a 404. */
export function roleOf(id: string): Role {
  const role = roles.find((one) => one === id);
  if (role === undefined) throw notFound(kind, id);
  return role;
}

/** What plays every role, in the order of their names. */
export async function allMappedMetrics(whose: Whose): Promise<MappedMetric[]> {
  const items = await everything(whose.ports.store, definitionsOf(whose.account, kind));
  const byRole = new Map(items.map((item) => [item.id, item]));
  return resolved(
    whose,
    roles.map((role) => ({ role, item: byRole.get(role) })),
  );
}

/** What plays a role. */
export async function readMappedMetric(whose: Whose, role: Role): Promise<MappedMetric> {
  const item = await whose.ports.store.get(definitionKey(whose.account, kind, role));
  const [mapped] = await resolved(whose, [{ role, item }]);
  return mapped ?? { role, updated: whose.owner.created };
}

/** A custom metric that is gone plays no role any more; nobody has to remember to say so. */
async function resolved(
  { ports, account, owner }: Whose,
  mappings: readonly { role: Role; item: DefinitionItem | undefined }[],
): Promise<MappedMetric[]> {
  const targets = mappings.map(({ item }) =>
    item === undefined ? {} : (JSON.parse(item.data) as Partial<{ metric: string; custom: string }>),
  );
  const [metrics, customs] = await Promise.all([
    metricsOf(
      ports,
      account,
      targets.flatMap(({ metric }) => metric ?? []),
    ),
    customMetricsOf(
      ports,
      account,
      targets.flatMap(({ custom }) => custom ?? []),
    ),
  ]);
  return mappings.map(({ role, item }, i) => {
    const metric = metrics.find(({ id }) => id === targets[i]?.metric);
    const custom = customs.find(({ id }) => id === targets[i]?.custom);
    const updated = item?.updated ?? owner.created;
    return { role, updated, ...(metric && { metric }), ...(custom && { custom }) };
  });
}

/** Has a metric or custom metric play the role from now on; refuses one that there is not. */
export async function mapMetric(whose: Whose, role: Role, target: Target): Promise<MappedMetric> {
  const { ports, account } = whose;
  await refuseUnknown(whose, target);
  await untilWon(async () => {
    const before = await ports.store.get(definitionKey(account, kind, role));
    const now = sortable(ports.clock.now());
    const version = (before?.version ?? 0) + 1;
    const outline = { id: role, version, name: role, created: before?.created ?? now, updated: now };
    await writeDefinition(ports.store, definitionItem(account, kind, outline, target));
  });
  return readMappedMetric(whose, role);
}

async function refuseUnknown({ ports, account }: Whose, target: Target): Promise<void> {
  const at = (name: string) => `/data/relationships/${name}/data/id`;
  if ('metric' in target && (await metricsOf(ports, account, [target.metric])).length === 0) {
    throw refuse('invalid', `There is no metric with id ${target.metric}.`, at('metric'));
  }
  if ('custom' in target && (await customMetricsOf(ports, account, [target.custom])).length === 0) {
    throw refuse('invalid', `There is no custom metric with id ${target.custom}.`, at('custom-metric'));
  }
}
