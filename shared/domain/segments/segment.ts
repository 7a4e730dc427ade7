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

/** All conditions of a definition. */
export function conditionsOf({ condition_groups }: Definition): BuiltCondition[] {
  return condition_groups.flatMap(({ conditions }) => conditions);
}
