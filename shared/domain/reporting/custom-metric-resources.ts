// Custom metrics: seven operations, one screen.
import * as z from 'zod/mini';
import { maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import {
  create,
  get,
  list,
  relatedMany,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../jsonapi/verbs/index.ts';
import { definedOf } from '../../kernel/bag.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Context } from '../context.ts';
import { metricDocument, metricResource, metricsOf } from '../events/index.ts';
import { customMetricDefinition } from './custom-metric-definition.ts';
import {
  type CustomMetric,
  allCustomMetrics,
  createCustomMetric,
  metricIdsIn,
  readCustomMetric,
  removeCustomMetric,
  updateCustomMetric,
} from './custom-metric.ts';

export const customMetricResource: ResourceType = {
  type: 'custom-metric',
  path: 'custom-metrics',
  attributes: z.object({
    name: text(),
    created: timestamp(),
    updated: timestamp(),
    definition: customMetricDefinition,
  }),
  relationships: { metrics: { type: 'metric', many: true } },
};

const linkageOf = ({ definition }: CustomMetric) => metricIdsIn(definition).map((id) => ({ type: 'metric', id }));

/** The custom metric as the API shows it. */
export function customMetricDocument(metric: CustomMetric): Resource {
  const { id, name, created, updated, definition } = metric;
  return {
    type: 'custom-metric',
    id,
    attributes: { name, created: isoOf(created), updated: isoOf(updated), definition },
    relationships: { metrics: linkageOf(metric) },
  };
}

/** What `include` asks for beside custom metrics: the metrics that they add up. */
async function beside(found: readonly CustomMetric[], { query }: Pick<Input, 'query'>, context: Context) {
  if (!query.include.has('metrics')) return [];
  return metricDocuments(found, context);
}

async function metricDocuments(found: readonly CustomMetric[], { ports, account }: Context): Promise<Resource[]> {
  const ids = found.flatMap(({ definition }) => metricIdsIn(definition));
  return (await metricsOf(ports, account, ids)).map(metricDocument);
}

const named = (input: Input, { ports, account }: Context) => readCustomMetric(ports, account, idOf(input));

const name = text({ min: 1, max: 255 });
const reading = { tag: 'Metrics', scopes: ['metrics:read'], tier: tiers.S, resource: customMetricResource };
const writing = { ...reading, scopes: ['metrics:write'] };
const rare = { ...tiers.XS, daily: '15/d' };
const fields = { fieldsOf: [customMetricResource] };
const withMetrics = { ...fields, include: { metrics: metricResource } };
const toMetrics = { ...reading, relationship: 'metrics' };

export const customMetricOperations: readonly Operation<Context>[] = [
  list({
    ...reading,
    id: 'get_custom_metrics',
    summary: 'The custom metrics of the account.',
    query: withMetrics,
    run: async (input, context) => {
      const found = await allCustomMetrics(context.ports, context.account);
      const included = await beside(found, input, context);
      return { page: { resources: found.map(customMetricDocument) }, included };
    },
  }),
  create({
    ...writing,
    id: 'create_custom_metric',
    summary: 'Make a metric out of others: their events counted or added up.',
    tier: rare,
    query: fields,
    body: requestDocument('custom-metric', {
      attributes: z.strictObject({ name, definition: customMetricDefinition }),
    }),
    run: async ({ body }, { ports, account }) => ({
      resource: customMetricDocument(await createCustomMetric(ports, account, body.data.attributes)),
    }),
  }),
  get({
    ...reading,
    id: 'get_custom_metric',
    summary: 'One custom metric.',
    query: withMetrics,
    run: async (input, context) => {
      const metric = await named(input, context);
      return { resource: customMetricDocument(metric), included: await beside([metric], input, context) };
    },
  }),
  update({
    ...writing,
    id: 'update_custom_metric',
    summary: 'Change the name or the definition of a custom metric.',
    tier: rare,
    query: fields,
    body: requestDocument('custom-metric', {
      attributes: z.strictObject({ name: maybe(name), definition: maybe(customMetricDefinition) }),
      id: 'required',
    }),
    run: async (input, { ports, account }) => {
      const { name: called, definition } = input.body.data.attributes;
      const change = definedOf({ name: called ?? undefined, definition: definition ?? undefined });
      return { resource: customMetricDocument(await updateCustomMetric(ports, account, idOf(input), change)) };
    },
  }),
  remove({
    ...writing,
    id: 'delete_custom_metric',
    summary: 'Remove a custom metric; roles that were mapped to it are mapped to nothing.',
    run: async (input, { ports, account }) => removeCustomMetric(ports, account, idOf(input)),
  }),
  relatedMany({
    ...toMetrics,
    id: 'get_metrics_for_custom_metric',
    summary: 'The metrics that a custom metric adds up.',
    of: metricResource,
    query: { fieldsOf: [metricResource] },
    run: async (input, context) => ({
      page: { resources: await metricDocuments([await named(input, context)], context) },
    }),
  }),
  relationship({
    ...toMetrics,
    id: 'get_metric_ids_for_custom_metric',
    summary: 'The ids of the metrics that a custom metric adds up.',
    of: 'metric',
    many: true,
    run: async (input, context) => ({ linkage: linkageOf(await named(input, context)) }),
  }),
];
