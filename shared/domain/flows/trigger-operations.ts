// Which flows something triggers: two operations each for metrics, lists and segments.
import { notFound } from '../../kernel/errors.ts';
import { type Input, type Operation, type Tier, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { relatedMany, relationship } from '../../jsonapi/verbs/index.ts';
import { listResource, readList } from '../consent/index.ts';
import type { Context } from '../context.ts';
import { findMetric, metricResource } from '../events/index.ts';
import { readSegment, segmentResource } from '../segments/index.ts';
import { flowDocument, flowResource } from './documents.ts';
import { flowsTriggeredBy } from './flow.ts';

interface Trigger {
  tag: string;
  resource: ResourceType;
  tier: Tier;
  /** Refuses with 404 when there is none. */
  read: (context: Context, id: string) => Promise<unknown>;
}

const triggers: readonly Trigger[] = [
  {
    tag: 'Metrics',
    resource: metricResource,
    tier: tiers.M,
    read: async ({ ports, account }, id) => {
      if (!(await findMetric(ports, account, id))) throw notFound('metric', id);
    },
  },
  {
    tag: 'Lists',
    resource: listResource,
    tier: tiers.S,
    read: ({ ports, account }, id) => readList(ports, account, id),
  },
  {
    tag: 'Segments',
    resource: segmentResource,
    tier: tiers.S,
    read: ({ ports, account }, id) => readSegment(ports, account, id),
  },
];

function operationsOf({ tag, resource, tier, read }: Trigger): readonly Operation<Context>[] {
  const { type, path = type } = resource;
  const stated = { tag, resource, tier, scopes: ['flows:read', `${path}:read`], relationship: 'flow-triggers' };
  const triggered = async (input: Input, context: Context) => {
    const id = idOf(input);
    await read(context, id);
    return flowsTriggeredBy(context.ports, context.account, id);
  };
  return [
    relatedMany({
      ...stated,
      id: `get_flows_triggered_by_${type}`,
      summary: `The flows that a ${type} triggers.`,
      of: flowResource,
      query: { fieldsOf: [flowResource] },
      run: async (input, context) => {
        const flows = await triggered(input, context);
        return { page: { resources: flows.map((flow) => flowDocument(flow)) } };
      },
    }),
    relationship({
      ...stated,
      id: `get_ids_for_flows_triggered_by_${type}`,
      summary: `The ids of the flows that a ${type} triggers.`,
      of: 'flow',
      many: true,
      run: async (input, context) => ({
        linkage: (await triggered(input, context)).map(({ id }) => ({ type: 'flow', id })),
      }),
    }),
  ];
}

export const triggerOperations: readonly Operation<Context>[] = triggers.flatMap(operationsOf);
