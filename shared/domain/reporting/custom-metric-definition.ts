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

/** Refuses what no event could be held against, and metrics that are not among `metrics`. */
export function admitDefinition({ metric_groups }: CustomMetricDefinition, metrics: ReadonlySet<string>): void {
  for (const [index, { metric_id, metric_filters }] of metric_groups.entries()) {
    const at = `${pointer}/${index}`;
    if (!metrics.has(metric_id)) {
      throw refuse('invalid', `There is no metric with id ${metric_id}.`, `${at}/metric_id`);
    }
    for (const [i, { filter }] of (metric_filters ?? []).entries()) {
      if (filter.operator === 'regex' || filter.operator === 'nregex') {
        const detail = 'Regular expressions are not run; use contains, starts-with or ends-with.';
        throw refuse('not_allowed', detail, `${at}/metric_filters/${i}/filter/operator`);
      }
    }
  }
}
