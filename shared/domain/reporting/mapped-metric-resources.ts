// Mapped metrics: seven operations, one screen.
import * as z from 'zod/mini';
import { oneOf, timestamp } from '../../jsonapi/fields.ts';
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { get, linkage, list, relatedOne, relationship, update } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Context } from '../context.ts';
import { metricDocument, metricResource } from '../events/index.ts';
import { customMetricDocument, customMetricResource } from './custom-metric-resources.ts';
import {
  type MappedMetric,
  type Target,
  allMappedMetrics,
  mapMetric,
  readMappedMetric,
  roleOf,
  roles,
} from './mapped-metric.ts';

const mappedMetricResource: ResourceType = {
  type: 'mapped-metric',
  path: 'mapped-metrics',
  ids: roles,
  attributes: z.object({ updated: timestamp() }),
  relationships: {
    metric: { type: 'metric', many: false },
    'custom-metric': { type: 'custom-metric', many: false },
  },
};

const link = (type: string, one: { id: string } | undefined) => (one === undefined ? undefined : { type, id: one.id });

/** A role as the API shows it: what does not play it is a relationship with links alone. */
function document({ role, updated, metric, custom }: MappedMetric): Resource {
  const metricLink = link('metric', metric);
  const customLink = link('custom-metric', custom);
  return {
    type: 'mapped-metric',
    id: role,
    attributes: { updated: isoOf(updated) },
    relationships: { ...(metricLink && { metric: metricLink }), ...(customLink && { 'custom-metric': customLink }) },
  };
}

/** What `include` asks for beside roles, each once. */
function beside(mapped: readonly MappedMetric[], { query }: Pick<Input, 'query'>): Resource[] {
  const all = mapped.flatMap(({ metric, custom }) => [
    ...(metric && query.include.has('metric') ? [metricDocument(metric)] : []),
    ...(custom && query.include.has('custom-metric') ? [customMetricDocument(custom)] : []),
  ]);
  return [...new Map(all.map((one) => [`${one.type} ${one.id}`, one])).values()];
}

const named = (input: Input, context: Context) => readMappedMetric(context, roleOf(idOf(input)));

/** A role is played by one: refuses none, and both. */
function targetOf({ metric, 'custom-metric': custom }: Played): Target {
  if (metric?.data && !custom?.data) return { metric: metric.data.id };
  if (custom?.data && !metric?.data) return { custom: custom.data.id };
  throw refuse('invalid', 'Name either a metric or a custom metric.', '/data/relationships');
}

const played = z.strictObject({
  metric: z.optional(z.strictObject({ data: z.optional(linkage('metric')) })),
  'custom-metric': z.optional(z.strictObject({ data: z.optional(linkage('custom-metric')) })),
});
type Played = z.infer<typeof played>;

const reading = { tag: 'Metrics', scopes: ['metrics:read'], tier: tiers.S, resource: mappedMetricResource };
const fields = { fieldsOf: [mappedMetricResource] };
const withTargets = { ...fields, include: { 'custom-metric': customMetricResource, metric: metricResource } };
const toMetric = { ...reading, relationship: 'metric' };
const toCustomMetric = { ...reading, relationship: 'custom-metric' };

export const mappedMetricOperations: readonly Operation<Context>[] = [
  list({
    ...reading,
    id: 'get_mapped_metrics',
    summary: 'The roles that metrics can play, and which does.',
    query: withTargets,
    run: async (input, context) => {
      const mapped = await allMappedMetrics(context);
      return { page: { resources: mapped.map(document) }, included: beside(mapped, input) };
    },
  }),
  get({
    ...reading,
    id: 'get_mapped_metric',
    summary: 'One role, and the metric that plays it.',
    query: withTargets,
    run: async (input, context) => {
      const mapped = await named(input, context);
      return { resource: document(mapped), included: beside([mapped], input) };
    },
  }),
  update({
    ...reading,
    id: 'update_mapped_metric',
    summary: 'Have another metric or custom metric play a role.',
    scopes: ['metrics:write'],
    tier: { ...tiers.XS, daily: '30/d' },
    query: fields,
    body: z.strictObject({
      data: z.strictObject({
        type: z.literal('mapped-metric'),
        id: oneOf(...roles),
        relationships: z.optional(played),
      }),
    }),
    run: async (input, context) => {
      const target = targetOf(input.body.data.relationships ?? {});
      return { resource: document(await mapMetric(context, roleOf(idOf(input)), target)) };
    },
  }),
  relatedOne({
    ...toMetric,
    id: 'get_metric_for_mapped_metric',
    summary: 'The metric that plays a role, if one does.',
    of: metricResource,
    query: { fieldsOf: [metricResource] },
    run: async (input, context) => {
      const { metric } = await named(input, context);
      return { resource: metric === undefined ? null : metricDocument(metric) };
    },
  }),
  relationship({
    ...toMetric,
    id: 'get_metric_id_for_mapped_metric',
    summary: 'The id of the metric that plays a role, if one does.',
    of: 'metric',
    many: false,
    run: async (input, context) => ({ linkage: link('metric', (await named(input, context)).metric) ?? null }),
  }),
  relatedOne({
    ...toCustomMetric,
    id: 'get_custom_metric_for_mapped_metric',
    summary: 'The custom metric that plays a role, if one does.',
    of: customMetricResource,
    query: { fieldsOf: [customMetricResource] },
    run: async (input, context) => {
      const { custom } = await named(input, context);
      return { resource: custom === undefined ? null : customMetricDocument(custom) };
    },
  }),
  relationship({
    ...toCustomMetric,
    id: 'get_custom_metric_id_for_mapped_metric',
    summary: 'The id of the custom metric that plays a role, if one does.',
    of: 'custom-metric',
    many: false,
    run: async (input, context) => ({ linkage: link('custom-metric', (await named(input, context)).custom) ?? null }),
  }),
];
