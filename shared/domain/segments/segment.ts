import type { DefinitionItem } from '../../storage/items.ts';
import type { BuiltCondition, Definition } from './definition.ts';

/** What the definition item keeps as JSON beside the name. */
export interface SegmentData {
  definition: Definition;
  is_starred: boolean;
  /** An inactive segment keeps its members as they are. */
  is_active: boolean;
  /** The version of the item at which the members last had to be built anew. */
  edition: number;
  /** When that was, `sortable`; absent where the edition is of before this was kept. */
  edited?: string;
  /** The definition until then, when all its members had been found. */
  previous?: Definition | undefined;
}

/** A segment with its data parsed. Times are `sortable`. */
export interface Segment extends SegmentData {
  id: string;
  name: string;
  version: number;
  created: string;
  updated: string;
}

export function segmentOf({ id, name, version, created, updated, data }: DefinitionItem): Segment {
  return { ...(JSON.parse(data) as SegmentData), id, name, version, created, updated };
}

/** The metrics that a definition mentions, each once. */
export const metricsOf = (definition: Definition): string[] => [
  ...new Set(
    conditionsOf(definition).flatMap((condition) => {
      if (condition.type === 'profile-metric') return condition.metric_id;
      return condition.type === 'profile-metric-funnel' ? condition.steps.map((step) => step.metric_id) : [];
    }),
  ),
];

/** All conditions of a definition. */
export function conditionsOf({ condition_groups }: Definition): BuiltCondition[] {
  return condition_groups.flatMap(({ conditions }) => conditions);
}
