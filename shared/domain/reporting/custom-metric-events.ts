// Which events a custom metric adds up.
import { own } from '../../kernel/bag.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { readEventBody } from '../events/index.ts';
import { type ValueFilter, eventValue, loadFor, matches } from '../segments/index.ts';
import type { CustomMetricDefinition } from './custom-metric-definition.ts';

type Filter = NonNullable<CustomMetricDefinition['metric_groups'][number]['metric_filters']>[number]['filter'];
type Edge = Extract<Filter, { operator: `${string}contains-ends-with` | `${string}contains-starts-with` }>;

const isEdge = (filter: Filter): filter is Edge => /contains-(ends|starts)-with$/.test(filter.operator);

/** Of custom metrics alone: how one of the texts or numbers of a list begins or ends. */
function hasEdge(value: unknown, { operator, value: asked }: Edge): boolean {
  if (!Array.isArray(value) || asked === null) return false;
  const texts = value.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
  const wanted = String(asked);
  const found = texts.some((text) => (operator.includes('starts') ? text.startsWith(wanted) : text.endsWith(wanted)));
  return found !== operator.startsWith('not-');
}

const passes = (value: unknown, filter: Filter): boolean =>
  isEdge(filter) ? hasEdge(value, filter) : matches(value, filter satisfies ValueFilter);

/** True when the event is of one of the groups: of its metric, and passing all of its filters. What it is worth does not matter. */
export async function addsUp(
  ports: Ports,
  { metric_groups }: CustomMetricDefinition,
  event: EventItem,
): Promise<boolean> {
  const filters = metric_groups
    .filter(({ metric_id }) => metric_id === event.metric)
    .map(({ metric_filters }) => metric_filters ?? []);
  if (filters.length === 0) return false;
  if (filters.some((all) => all.length === 0)) return true;
  await loadFor(filters);
  const properties = await readEventBody(ports, event);
  return filters.some((all) =>
    all.every(({ property, filter }) => passes(eventValue(own(properties, property)), filter)),
  );
}
