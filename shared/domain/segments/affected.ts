// Which segments a change can concern: those whose definition mentions what changed.
import type { TimeSpan } from '../../kernel/span.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { BuiltCondition } from './definition.ts';
import { nameOf, placeOf } from './properties.ts';
import { type Segment, conditionsOf } from './segment.ts';
import { edgesOf, hasEdges } from './windows.ts';

/** What changed of a profile. */
export type Changed = Pick<
  Extract<Message<'segments'>, { type: 'profile' }>,
  'metrics' | 'lists' | 'properties' | 'places' | 'consent'
>;

const anyPlace = 'places';
const mentionOf = (name: string) => `place ${name}`;

/** A place by its name, and as one of those of which any may have changed. */
const placed = (name: string) => [anyPlace, mentionOf(name)];

const mentions = {
  'profile-property': ({ property }) => {
    const place = placeOf(property);
    return place ? placed(nameOf(place)) : [];
  },
  'profile-metric': ({ metric_id }) => [`metric ${metric_id}`],
  'profile-metric-funnel': ({ steps }) => steps.map(({ metric_id }) => `metric ${metric_id}`),
  'profile-group-membership': ({ group_ids }) => group_ids.map((id) => `list ${id}`),
  // Whether a profile can be reached by email also depends on its having an address.
  'profile-marketing-consent': () => ['consent', ...placed('email')],
  'profile-permissions': () => ['consent'],
  'profile-postal-code-distance': () => placed('location'),
  'profile-region': () => placed('location'),
  'profile-predictive-analytics': () => [],
} as const satisfies {
  [K in BuiltCondition['type']]: (condition: Extract<BuiltCondition, { type: K }>) => readonly string[];
};

/** A segment that mentions something, and for events the times at which they can count: later than `after`, up to `end`. */
interface Mention {
  segment: Segment;
  after: Instant;
  end: Instant;
}

type Index = ReadonlyMap<string, readonly Mention[]>;

/** Indexes live as long as the array of segments that they index, which a worker holds until a definition changes. */
const indexes = new WeakMap<readonly Segment[], Index>();

function indexOf(segments: readonly Segment[]): Index {
  const known = indexes.get(segments);
  if (known) return known;
  const pairs = segments.flatMap((segment) =>
    conditionsOf(segment.definition).flatMap((condition) => {
      const place = { segment, ...alwaysOf(condition) };
      // The type chose the entry that takes this condition.
      const named = (mentions[condition.type] as (condition: BuiltCondition) => readonly string[])(condition);
      return named.map((mention) => [mention, place] as const);
    }),
  );
  const index = new Map(
    [...Map.groupBy(pairs, ([mention]) => mention)].map(([mention, group]) => [
      mention,
      group.map(([, place]) => place),
    ]),
  );
  indexes.set(segments, index);
  return index;
}

/** Where events must lie to count, whatever the time is. */
function alwaysOf(condition: BuiltCondition): Omit<Mention, 'segment'> {
  const anywhere = { after: -Infinity, end: Infinity };
  if (condition.type !== 'profile-metric' && condition.type !== 'profile-metric-funnel') return anywhere;
  if (!hasEdges(condition.timeframe_filter)) return anywhere;
  const { after, end, moving } = edgesOf(condition.timeframe_filter, 0);
  return moving ? anywhere : { after, end };
}

/** The segments among these that a change can concern, each once; all its events lie within the span. */
export function affectedBy(segments: readonly Segment[], changed: Changed, span?: TimeSpan): Segment[] {
  const index = indexOf(segments);
  const [from, to] = span ? [instantOf(span.from), instantOf(span.to)] : [-Infinity, Infinity];
  const counted = changed.metrics
    .flatMap((id) => index.get(`metric ${id}`) ?? [])
    .filter(({ after, end }) => to > after && from <= end);
  const mentioned = [
    ...changed.lists.map((id) => `list ${id}`),
    ...(changed.properties ? (changed.places?.map(mentionOf) ?? [anyPlace]) : []),
    ...(changed.consent ? ['consent'] : []),
  ];
  const others = mentioned.flatMap((mention) => index.get(mention) ?? []);
  return [...new Set([...counted, ...others].map(({ segment }) => segment))];
}
