// A table: what custom metrics are made of, as the API writes it.
import * as z from 'zod/mini';
import { component, integer, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { refuse } from '../../kernel/errors.ts';
import {
  booleanFilter,
  existenceFilter,
  listContains,
  listSubstring,
  numericFilter,
  refusePatterns,
  textFilter,
  textInFilter,
} from '../segments/index.ts';

const inTexts = z.extend(textInFilter, { operator: z.literal('in') });
const listEnds = z.strictObject({
  type: z.literal('list'),
  operator: oneOf('contains-ends-with', 'contains-starts-with', 'not-contains-ends-with', 'not-contains-starts-with'),
  value: z.nullable(z.union([integer(), text()])),
});

const propertyFilter = z.discriminatedUnion('type', [
  numericFilter,
  z.discriminatedUnion('operator', [inTexts, textFilter]),
  existenceFilter,
  booleanFilter,
  z.discriminatedUnion('operator', [listContains, listEnds, listSubstring]),
]);

const condition = z.strictObject({ property: text({ min: 1, max: 255 }), filter: propertyFilter });

const group = component(
  'CustomMetricGroup',
  z.strictObject({
    metric_id: text(),
    metric_filters: maybe(list(condition, { max: 50 })),
    value_property: maybe(text({ min: 1, max: 255 })),
  }),
);

/** How events are added up: of each group those that pass all of its filters, counted or by a value; groups are added. */
export const customMetricDefinition = component(
  'CustomMetricDefinition',
  z.strictObject({ aggregation_method: oneOf('count', 'value'), metric_groups: list(group, { min: 1, max: 50 }) }),
);
export type CustomMetricDefinition = z.infer<typeof customMetricDefinition>;

const pointer = '/data/attributes/definition/metric_groups';

/** Refuses metrics that are not among `metrics`, and patterns that are none. */
export async function admitDefinition(
  { metric_groups }: CustomMetricDefinition,
  metrics: ReadonlySet<string>,
): Promise<void> {
  for (const [index, { metric_id }] of metric_groups.entries()) {
    const at = `${pointer}/${index}`;
    if (!metrics.has(metric_id)) {
      throw refuse('invalid', `There is no metric with id ${metric_id}.`, `${at}/metric_id`);
    }
  }
  await refusePatterns(metric_groups, pointer);
}
