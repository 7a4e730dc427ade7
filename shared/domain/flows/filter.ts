// The filters of flows on people: the conditions of segments, and those that only flows have (`own-conditions.ts`).
import { instantOf, second, sortable } from '../../kernel/time.ts';
import {
  type BuiltCondition,
  type Definition as SegmentDefinition,
  type ProfileMetric,
  type SegmentDefinition as RequestedSegment,
  admit,
} from '../segments/index.ts';
import type { RequestedFilter } from './definition/conditions.ts';
import { type TriggerCondition, admitTriggerCondition, isTriggerCondition } from './trigger-filter.ts';

export type { OutputFilter, TriggerFilter } from './trigger-filter.ts';

/** Counts the events since the person came into the flow. */
type SinceStart = Omit<ProfileMetric, 'timeframe_filter'> & {
  timeframe_filter: { type: 'date'; operator: 'flow-start' };
};

type AnyRequested = RequestedFilter['condition_groups'][number]['conditions'][number];

/** True of so many people in a hundred. */
export type Sample = Extract<AnyRequested, { type: 'profile-sample' }>;
/** What has not happened to the person, ever or in a time. */
export type NotWithin = Extract<AnyRequested, { type: `profile-not-${string}` }>;

/** What only flows ask. */
export type OwnCondition = Sample | NotWithin | TriggerCondition;
export type FlowCondition = BuiltCondition | SinceStart | OwnCondition;

/** A filter that is evaluated: groups joined by and, the conditions of a group by or. */
export interface Filter {
  condition_groups: readonly { conditions: readonly FlowCondition[] }[];
}

type AnyCondition = AnyRequested | FlowCondition;

/** True for a condition that segments do not know. */
export function isOwn(one: AnyCondition): one is OwnCondition {
  return one.type === 'profile-sample' || one.type.startsWith('profile-not-') || isTriggerCondition(one);
}

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

/** Stands for a condition of ours while segments judge the rest, so that their pointers stay right. */
const agreeable: AnyCondition = {
  type: 'profile-property',
  property: 'email',
  filter: { type: 'existence', operator: 'is-set' },
};

/**
 * The filter as it is stored. Refuses conditions that segments refuse; `pointer` is where the filter stands, `metric`
 * what the flow is triggered by: conditions on its events are about that one.
 */
export function admitFilter(filter: RequestedFilter | null, pointer: string, metric?: string): Filter | null {
  if (filter === null || filter.condition_groups.length === 0) return null;
  const groups = filter.condition_groups.map(({ conditions }, group) => ({
    conditions: conditions.map((one, index): AnyCondition => {
      if (!isTriggerCondition(one)) return one;
      return admitTriggerCondition(one, metric, `${pointer}/condition_groups/${group}/conditions/${index}`);
    }),
  }));
  // What only flows have is out of the way: the rest is for the segments to judge.
  const rest = groups.map(({ conditions }) => ({
    conditions: conditions.map((one) => (isOwn(one) ? agreeable : one)),
  }));
  admit(replaced({ condition_groups: rest }, { type: 'date', operator: 'alltime' }) as RequestedSegment, pointer);
  return { condition_groups: groups } as Filter;
}

/**
 * The filter as segments are decided, for someone who came into the flow at `entered` (`sortable`). `decide` answers the
 * conditions that only flows have: a group in which one holds is out of the way. False when a group cannot hold.
 */
export function asSegment(
  filter: Filter,
  entered: string,
  decide: (condition: OwnCondition) => boolean,
): SegmentDefinition | false {
  const left = filter.condition_groups.flatMap(({ conditions }) => {
    if (conditions.some((one) => isOwn(one) && decide(one))) return [];
    return [{ conditions: conditions.filter((one) => !isOwn(one)) }];
  });
  if (left.some(({ conditions }) => conditions.length === 0)) return false;
  return sinceEntry({ condition_groups: left }, entered);
}

/** The conditions of the filter that segments know. */
export function sharedPart(filter: Filter, entered: string): SegmentDefinition {
  const groups = filter.condition_groups.map(({ conditions }) => ({
    conditions: conditions.filter((one) => !isOwn(one)),
  }));
  return sinceEntry({ condition_groups: groups }, entered);
}

function sinceEntry(filter: Filter, entered: string): SegmentDefinition {
  // Events are kept to the second: those of the second of the entry are what led to it.
  const date = sortable(Math.floor(instantOf(entered) / second) * second);
  return replaced(filter, { type: 'date', operator: 'after', date }) as SegmentDefinition;
}

/** The conditions of the filters that only flows have. */
export const ownConditions = (filters: readonly Filter[]): OwnCondition[] =>
  filters.flatMap(({ condition_groups }) => condition_groups.flatMap(({ conditions }) => conditions.filter(isOwn)));
