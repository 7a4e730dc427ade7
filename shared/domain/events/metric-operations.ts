// The operations that read metrics and what their events have.
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import { get, list, relatedMany, relatedOne, relationship } from '../../jsonapi/verbs/index.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { type Related, oneWithRelated, withRelated } from '../identity/index.ts';
import { type MetricProperty, findMetricProperty, propertiesOfMetric } from './metric-properties.ts';
import { type Metric, allMetrics, findMetric } from './metrics.ts';
import { metricDocument, metricPropertyDocument, metricPropertyResource, metricResource } from './resource.ts';
import { samplesOfMetric } from './sample-values.ts';

/** The metric, read consistently, or a 404. */
async function readMetric({ ports, account }: Context, id: string): Promise<Metric> {
  const metric = await findMetric(ports, account, id);
  if (metric === undefined) throw notFound('metric', id);
  return metric;
}

/** The property that the path names, and its metric; refuses with 404. */
async function propertyOf(input: Input, context: Context): Promise<{ property: MetricProperty; metric: Metric }> {
  const id = idOf(input);
  const property = await findMetricProperty(context.ports, context.account, id);
  if (property === undefined) throw notFound('metric-property', id);
  return { property, metric: await readMetric(context, property.metric) };
}

/** As documents, with sample values where the request asks for them. */
async function documentsOf(
  { ports, account }: Context,
  metric: Pick<Metric, 'id' | 'spread'>,
  properties: readonly MetricProperty[],
  additional: ReadonlySet<string>,
) {
  const samples = additional.has('sample_values') ? await samplesOfMetric(ports, account, metric) : undefined;
  return properties.map((property) => metricPropertyDocument(property, samples?.(property.name)));
}

const ofProperties = { tag: 'Metrics', scopes: ['metrics:read'], tier: tiers.XS } as const;
const propertyQuery = { fieldsOf: [metricPropertyResource], additionalOf: metricPropertyResource } as const;

const propertyOperations: readonly Operation<Context>[] = [
  relatedMany({
    ...ofProperties,
    id: 'get_properties_for_metric',
    summary: 'The properties that events of a metric have had.',
    resource: metricResource,
    relationship: 'metric-properties',
    of: metricPropertyResource,
    query: propertyQuery,
    run: async (input, context) => {
      const metric = await readMetric(context, idOf(input));
      const properties = await propertiesOfMetric(context.ports, context.account, metric.id);
      return { page: { resources: await documentsOf(context, metric, properties, input.query.additional) } };
    },
  }),
  relationship({
    ...ofProperties,
    id: 'get_property_ids_for_metric',
    summary: 'The ids of the properties that events of a metric have had.',
    resource: metricResource,
    relationship: 'metric-properties',
    of: 'metric-property',
    many: true,
    run: async (input, context) => {
      const metric = await readMetric(context, idOf(input));
      const properties = await propertiesOfMetric(context.ports, context.account, metric.id);
      return { linkage: properties.map(({ id }) => ({ type: 'metric-property', id })) };
    },
  }),
  get({
    ...ofProperties,
    id: 'get_metric_property',
    summary: 'One property of the events of a metric.',
    resource: metricPropertyResource,
    query: { ...propertyQuery, include: { metric: metricResource } },
    run: async (input, context) => {
      const { property, metric } = await propertyOf(input, context);
      const [resource = null] = await documentsOf(context, metric, [property], input.query.additional);
      return { resource, included: input.query.include.has('metric') ? [metricDocument(metric)] : [] };
    },
  }),
  relatedOne({
    ...ofProperties,
    id: 'get_metric_for_metric_property',
    summary: 'The metric of a property.',
    resource: metricPropertyResource,
    relationship: 'metric',
    of: metricResource,
    query: { fieldsOf: [metricResource] },
    run: async (input, context) => ({ resource: metricDocument((await propertyOf(input, context)).metric) }),
  }),
  relationship({
    ...ofProperties,
    id: 'get_metric_id_for_metric_property',
    summary: 'The id of the metric of a property.',
    resource: metricPropertyResource,
    relationship: 'metric',
    of: 'metric',
    many: false,
    run: async (input, context) => ({
      linkage: { type: 'metric', id: (await propertyOf(input, context)).metric.id },
    }),
  }),
];

/** Reading metrics; the flows that they trigger belong to an area that comes later, and are handed in by the registry. */
export function metricOperations({ flowTriggers }: { flowTriggers: Related }): readonly Operation<Context>[] {
  const stated = { tag: 'Metrics', scopes: ['metrics:read'], tier: tiers.M, resource: metricResource };
  const query = { fieldsOf: [metricResource], include: { 'flow-triggers': flowTriggers.of } };
  const relationships = { 'flow-triggers': flowTriggers };
  return [
    list({
      ...stated,
      id: 'get_metrics',
      summary: 'The metrics of the account, by the integration that they come from.',
      query: {
        ...query,
        filter: {
          'integration.name': { operators: ['equals'], type: 'string' },
          'integration.category': { operators: ['equals'], type: 'string' },
        },
        page: { default: 200 },
      },
      run: async (input, context) => {
        const metrics = await allMetrics(context.ports, context.account);
        const page = pageInMemory(metrics.map(metricDocument), input.query);
        const linked = await withRelated(context, page.resources, relationships, input.query.include);
        return { page: { ...page, resources: linked.resources }, included: linked.included };
      },
    }),
    get({
      ...stated,
      id: 'get_metric',
      summary: 'One metric.',
      query,
      run: async (input, context) => {
        const metric = await readMetric(context, idOf(input));
        return oneWithRelated(context, metricDocument(metric), relationships, input.query.include);
      },
    }),
    ...propertyOperations,
  ];
}
