// Which segments a change can concern: those whose definition mentions what changed.
import type { Message } from '../../messages.ts';
import type { BuiltCondition } from './definition.ts';
import { type Segment, conditionsOf } from './segment.ts';

/** What changed of a profile. */
export type Changed = Pick<
  Extract<Message<'segments'>, { type: 'profile' }>,
  'metrics' | 'lists' | 'properties' | 'consent'
>;

const mentions = {
  'profile-property': () => ['properties'],
  'profile-metric': ({ metric_id }) => [`metric ${metric_id}`],
  'profile-metric-funnel': ({ steps }) => steps.map(({ metric_id }) => `metric ${metric_id}`),
  'profile-group-membership': ({ group_ids }) => group_ids.map((id) => `list ${id}`),
  // Whether a profile can be reached by email also depends on its having an address.
  'profile-marketing-consent': () => ['consent', 'properties'],
  'profile-permissions': () => ['consent', 'properties'],
  // A place is part of the profile.
  'profile-postal-code-distance': () => ['properties'],
  'profile-region': () => ['properties'],
  'profile-predictive-analytics': () => [],
} as const satisfies {
  [K in BuiltCondition['type']]: (condition: Extract<BuiltCondition, { type: K }>) => readonly string[];
};

type Index = ReadonlyMap<string, readonly Segment[]>;

/** Indexes live as long as the array of segments that they index, which a worker holds until a definition changes. */
const indexes = new WeakMap<readonly Segment[], Index>();

function indexOf(segments: readonly Segment[]): Index {
  const known = indexes.get(segments);
  if (known) return known;
  const pairs = segments.flatMap((segment) =>
    conditionsOf(segment.definition).flatMap((condition) =>
      // The type chose the entry that takes this condition.
      (mentions[condition.type] as (condition: BuiltCondition) => readonly string[])(condition).map(
        (mention) => [mention, segment] as const,
      ),
    ),
  );
  const index = new Map(
    [...Map.groupBy(pairs, ([mention]) => mention)].map(([mention, group]) => [
      mention,
      group.map(([, segment]) => segment),
    ]),
  );
  indexes.set(segments, index);
  return index;
}

/** The segments among these that a change can concern, each once. */
export function affectedBy(segments: readonly Segment[], changed: Changed): Segment[] {
  const index = indexOf(segments);
  const mentioned = [
    ...changed.metrics.map((id) => `metric ${id}`),
    ...changed.lists.map((id) => `list ${id}`),
    ...(changed.properties ? ['properties'] : []),
    ...(changed.consent ? ['consent'] : []),
  ];
  return [...new Set(mentioned.flatMap((mention) => index.get(mention) ?? []))];
}
