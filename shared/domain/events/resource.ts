import * as z from 'zod/mini';
import { anyOf, bag, flag, integer, list, maybe, number, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { iso, isoOf, second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { eventId, eventUuid, nameOfItem, readEventBody, timeOfEvent } from './event.ts';
import type { MetricProperty } from './metric-properties.ts';
import { type Metric, apiService, internalService } from './metrics.ts';
import type { Sample } from './sample-values.ts';

export const eventResource: ResourceType = {
  type: 'event',
  path: 'events',
  attributes: z.object({
    timestamp: maybe(integer()),
    event_properties: maybe(bag()),
    datetime: maybe(timestamp()),
    uuid: maybe(text()),
  }),
  relationships: {
    profile: { type: 'profile', many: false },
    metric: { type: 'metric', many: false },
    attributions: { type: 'attribution', many: true, served: false },
  },
};

/** What led to an event (attribution.ts). */
export const attributionResource: ResourceType = {
  type: 'attribution',
  path: 'attributions',
  attributes: z.object({}),
  relationships: Object.fromEntries(
    Object.entries({
      event: 'event',
      'attributed-event': 'event',
      campaign: 'campaign',
      'campaign-message': 'campaign-message',
      flow: 'flow',
      'flow-message': 'flow-message',
      'flow-message-variation': 'flow-message',
    }).map(([name, type]) => [name, { type, many: false, served: false }]),
  ),
};

export const metricResource: ResourceType = {
  type: 'metric',
  path: 'metrics',
  attributes: z.object({
    name: maybe(text()),
    created: maybe(text()),
    updated: maybe(text()),
    integration: maybe(bag()),
  }),
  relationships: { 'flow-triggers': { type: 'flow', many: true } },
};

/** A property that events of a metric have had. */
export const metricPropertyResource: ResourceType = {
  type: 'metric-property',
  path: 'metric-properties',
  attributes: z.object({
    label: text(),
    property: text(),
    inferred_type: text(),
    sample_values: maybe(list(anyOf(integer(), number(), text(), flag()))),
  }),
  additional: ['sample_values'],
  relationships: { metric: { type: 'metric', many: false } },
};

/** How people call the properties that Millrace adds to events. */
const labels: ReadonlyMap<string, string> = new Map([
  ['$value', 'Value'],
  ['$value_currency', 'Value Currency'],
]);

/** The property as the API shows it, with examples of its values where they were asked for. */
export function metricPropertyDocument(
  { id, metric, name, type }: MetricProperty,
  samples?: readonly Sample[],
): Resource {
  return {
    type: 'metric-property',
    id,
    attributes: {
      label: labels.get(name) ?? name,
      property: name,
      inferred_type: type,
      ...(samples !== undefined && { sample_values: samples }),
    },
    relationships: { metric: { type: 'metric', id: metric } },
  };
}

const integrations: Readonly<Record<string, { name: string; category: string }>> = {
  [apiService]: { name: 'API', category: 'API' },
  [internalService]: { name: 'Klaviyo', category: 'Internal' },
};

/** The metric as the API shows it; its service stands behind `integration`. */
export function metricDocument({ id, name, service, created, updated }: Metric): Resource {
  const known = Object.hasOwn(integrations, service) ? integrations[service] : undefined;
  const integration = known ?? { name: service, category: 'API' };
  return {
    type: 'metric',
    id,
    attributes: {
      name,
      created: isoOf(created),
      updated: isoOf(updated),
      integration: { object: 'integration', id: derivedId(6, 'integration', service), ...integration },
    },
  };
}

/** The event as the API shows it, with its properties wherever they lie, and what led to it where that was asked for. */
export async function eventDocument(
  ports: Ports,
  account: AccountId,
  item: EventItem,
  attributions?: readonly Resource[],
): Promise<Resource> {
  const name = nameOfItem(item);
  const time = timeOfEvent(item);
  return {
    type: 'event',
    id: eventId(name),
    attributes: {
      timestamp: time / second,
      event_properties: await readEventBody(ports, item),
      datetime: iso(time),
      uuid: eventUuid(account, name),
    },
    relationships: {
      profile: { type: 'profile', id: item.profile },
      metric: { type: 'metric', id: item.metric },
      ...(attributions && { attributions: attributions.map(({ type, id }) => ({ type, id })) }),
    },
  };
}
