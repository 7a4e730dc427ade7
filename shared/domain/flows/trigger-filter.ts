// Conditions on what let the person in, and on what an earlier action answered.
import { own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Instant } from '../../kernel/time.ts';
import { type MomentFilter, eventValue, matchesAt } from '../segments/index.ts';
import type { RequestedFilter, RequestedOutputFilter, RequestedTriggerFilter } from './definition/conditions.ts';

type AnyRequested =
  | RequestedTriggerFilter['condition_groups'][number]['conditions'][number]
  | RequestedFilter['condition_groups'][number]['conditions'][number];
type ObjectTest = Extract<AnyRequested, { type: `custom-object-${string}` }>;

/** A test of a top-level property of what let the person in. */
export interface FieldTest {
  type: 'metric-property' | 'price-drop-property' | 'low-inventory-property';
  metric_id: string | null;
  field: string;
  filter: MomentFilter;
}

/** Custom objects start with the catalog: conditions on them are kept, and nobody passes them. */
export type TriggerCondition = FieldTest | ObjectTest;

export interface TriggerFilter {
  condition_groups: readonly { conditions: readonly TriggerCondition[] }[];
}

export interface OutputFilter {
  condition_groups: readonly { conditions: readonly { field: string; filter: MomentFilter }[] }[];
}

const triggerTypes: ReadonlySet<string> = new Set([
  'metric-property',
  'price-drop-property',
  'low-inventory-property',
  'custom-object-trigger-property',
  'custom-object-property',
]);

type Asked = Extract<AnyRequested, { filter: unknown; type: FieldTest['type'] | ObjectTest['type'] }>;

export const isTriggerCondition = (one: { type: string }): one is Asked & TriggerCondition =>
  triggerTypes.has(one.type);

/** The condition as it is stored. One on an event is about the metric that triggers the flow. */
export function admitTriggerCondition(one: Asked, metric: string | undefined, at: string): TriggerCondition {
  if (!('metric_id' in one)) return one;
  if (one.type === 'metric-property' && one.metric_id !== null && one.metric_id !== metric) {
    throw refuse('invalid', 'A trigger filter is about the metric of its trigger.', `${at}/metric_id`);
  }
  const about = one.type === 'metric-property' ? (metric ?? null) : one.metric_id;
  return { type: one.type, metric_id: about, field: one.field, filter: one.filter };
}

/** The trigger filter as it is stored; `metric` is what triggers the flow, where a metric does. */
export function admitTriggerFilter(
  filter: RequestedTriggerFilter | null,
  metric: string | undefined,
  pointer: string,
): TriggerFilter | null {
  if (filter === null || filter.condition_groups.length === 0) return null;
  const groups = filter.condition_groups.map(({ conditions }, group) => ({
    conditions: conditions.map((one, index) =>
      admitTriggerCondition(one, metric, `${pointer}/condition_groups/${group}/conditions/${index}`),
    ),
  }));
  return { condition_groups: groups };
}

/** The filter as it is stored. */
export const admitOutputFilter = (filter: RequestedOutputFilter | null): OutputFilter | null =>
  filter === null || filter.condition_groups.length === 0 ? null : filter;

type Bag = Readonly<Record<string, unknown>>;

/** Whether what let the person in passes one condition at `now`. */
export function passesCondition(one: TriggerCondition, properties: Bag, now: Instant): boolean {
  return 'field' in one && 'metric_id' in one && matchesAt(eventValue(own(properties, one.field)), one.filter, now);
}

/** True when the properties of what let the person in pass the filter at `now`: in every group one of the conditions holds. */
export function passesTrigger(filter: TriggerFilter, properties: Bag, now: Instant): boolean {
  return filter.condition_groups.every(({ conditions }) =>
    conditions.some((one) => passesCondition(one, properties, now)),
  );
}

/** Nothing that runs here answers anything yet: only what asks for what is not there holds. */
export function passesOutput(filter: OutputFilter): boolean {
  return filter.condition_groups.every(({ conditions }) =>
    conditions.some(({ filter: one }) => matchesAt(undefined, one, 0)),
  );
}
