// The filters of flows: the conditions of segments, and a few that only flows have. Which of them are built is said here.
import { own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import { instantOf, second, sortable } from '../../kernel/time.ts';
import {
  type BuiltCondition,
  type Definition as SegmentDefinition,
  type ProfileMetric,
  type SegmentDefinition as RequestedSegment,
  type ValueFilter,
  admit,
  eventValue,
  matches,
} from '../segments/index.ts';
import type { RequestedFilter, RequestedTriggerFilter } from './definition/conditions.ts';

/** Counts the events since the person came into the flow. */
type SinceStart = Omit<ProfileMetric, 'timeframe_filter'> & {
  timeframe_filter: { type: 'date'; operator: 'flow-start' };
};

export type FlowCondition = BuiltCondition | SinceStart;

/** A filter that is evaluated: groups joined by and, the conditions of a group by or. */
export interface Filter {
  condition_groups: readonly { conditions: readonly FlowCondition[] }[];
}

/** A test of a top-level property of the triggering event. */
export interface MetricProperty {
  type: 'metric-property';
  metric_id: string;
  field: string;
  filter: ValueFilter;
}

export interface TriggerFilter {
  condition_groups: readonly { conditions: readonly MetricProperty[] }[];
}

type AnyCondition = RequestedFilter['condition_groups'][number]['conditions'][number] | FlowCondition;

const isSinceStart = (one: AnyCondition): one is SinceStart =>
  one.type === 'profile-metric' && one.timeframe_filter.operator === 'flow-start';

/** The filter with `timeframe` in every condition that looks back to the start of the flow. */
function replaced(
  filter: { condition_groups: readonly { conditions: readonly AnyCondition[] }[] },
  timeframe: { type: 'date'; operator: 'alltime' } | { type: 'date'; operator: 'after'; date: string },
) {
  return {
    condition_groups: filter.condition_groups.map(({ conditions }) => ({
      conditions: conditions.map((one) => (isSinceStart(one) ? { ...one, timeframe_filter: timeframe } : one)),
    })),
  };
}

/** The filter as it is stored. Refuses conditions that are not built yet; `pointer` is where the filter stands. */
export function admitFilter(filter: RequestedFilter | null, pointer: string): Filter | null {
  if (filter === null || filter.condition_groups.length === 0) return null;
  for (const [group, { conditions }] of filter.condition_groups.entries()) {
    for (const [index, { type }] of conditions.entries()) {
      if (type !== 'profile-sample' && !/^profile-not-/.test(type)) continue;
      const at = `${pointer}/condition_groups/${group}/conditions/${index}/type`;
      throw refuse('not_allowed', `Conditions of the type ${type} are not built yet.`, at);
    }
  }
  // What only flows have is out of the way: the rest is for the segments to judge.
  admit(replaced(filter, { type: 'date', operator: 'alltime' }) as RequestedSegment, pointer);
  return filter as Filter;
}

/** The trigger filter as it is stored; its conditions are about the metric that triggers the flow. */
export function admitTriggerFilter(
  filter: RequestedTriggerFilter | null,
  metric: string,
  pointer: string,
): TriggerFilter | null {
  if (filter === null || filter.condition_groups.length === 0) return null;
  const groups = filter.condition_groups.map(({ conditions }, group) => ({
    conditions: conditions.map(({ type, metric_id, field, filter: test }, index): MetricProperty => {
      const at = `${pointer}/condition_groups/${group}/conditions/${index}`;
      if (metric_id !== null && metric_id !== metric) {
        throw refuse('invalid', 'A trigger filter is about the metric of its trigger.', `${at}/metric_id`);
      }
      if (isLater(test)) {
        const name = test.type === 'date' ? 'date' : test.operator;
        throw refuse('not_allowed', `${name} filters on events are not built yet.`, `${at}/filter`);
      }
      return { type, metric_id: metric, field, filter: test };
    }),
  }));
  return { condition_groups: groups };
}

type RequestedTest = RequestedTriggerFilter['condition_groups'][number]['conditions'][number]['filter'];

const laterOperators: ReadonlySet<string> = new Set(['between', 'nregex', 'regex']);

const isLater = (test: RequestedTest): test is Exclude<RequestedTest, ValueFilter> =>
  test.type === 'date' || laterOperators.has(test.operator);

/** The filter as segments are decided, for someone who came into the flow at `entered` (`sortable`). */
export function asSegment(filter: Filter, entered: string): SegmentDefinition {
  // Events are kept to the second: those of the second of the entry are what led to it.
  const date = sortable(Math.floor(instantOf(entered) / second) * second);
  return replaced(filter, { type: 'date', operator: 'after', date }) as SegmentDefinition;
}

/** Whether the triggering event passes one condition of a trigger filter. */
export function passesProperty(
  { field, filter }: MetricProperty,
  properties: Readonly<Record<string, unknown>>,
): boolean {
  return matches(eventValue(own(properties, field)), filter);
}
