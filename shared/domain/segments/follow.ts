// How far somebody is in funnels: the trails that are kept, and the events behind them.
import type { Instant } from '../../kernel/time.ts';
import { keyOf } from './amounts.ts';
import { type Completed, type Course, courseOf, happeningsOf, wentOn } from './attempts.ts';
import type { BuiltCondition, MetricFunnel } from './definition.ts';
import type { Occurrence } from './occurrence.ts';
import { type Ask, type Behind, type Reader, filtered, unfiltered } from './tails.ts';
import type { Range } from './total.ts';
import { type Tell, type Trail, doneOf, endOfTrail, goneOn, progressOf, retraced } from './trail.ts';
import { type Edges, edgesOf, hasEdges, spansOfEvent } from './windows.ts';

/** The attempts that came to the end, as far as they matter; known up to `until`. */
export interface Followed {
  completed: readonly Completed[];
  until: Instant;
}

/** True of funnels that trails are kept for. */
export const isFollowed = (condition: BuiltCondition): condition is MetricFunnel =>
  condition.type === 'profile-metric-funnel' && hasEdges(condition.timeframe_filter);

/** A funnel whose trail is right up to its end, and the events that have to be read behind it. */
export interface Following {
  key: string;
  condition: MetricFunnel;
  course: Course;
  edges: Edges;
  trail: Trail;
  asks: readonly Ask[];
  recounted: boolean;
}

/** `late`: where events that changed may lie. */
export async function followed(
  read: Reader,
  condition: MetricFunnel,
  known: Trail | undefined,
  late: Range | undefined,
  now: Instant,
): Promise<Following> {
  const course = courseOf(condition);
  const edges = edgesOf(condition.timeframe_filter, now);
  const metrics = metricsOf(condition);
  const tell: Tell = async (after, upTo) => {
    const events = await Promise.all(
      [...metrics].map(async ([metric, whole]): Promise<[string, readonly Occurrence[]]> => {
        return [metric, await read({ metric, after, upTo }, { whole })];
      }),
    );
    const count = events.reduce((sum, [, some]) => sum + some.length, 0);
    return { happenings: happeningsOf(condition, new Map(events)), count };
  };
  const start = known ?? { from: edges.after, legs: [] };
  const { trail, recounted } = await retraced(course, start, edges, late, tell);
  const after = endOfTrail(trail);
  const asks = [...metrics].map(([metric, whole]): Ask => ({ metric, after, edges, whole }));
  return { key: keyOf(condition), condition, course, edges, trail, asks, recounted };
}

/** The metrics of the steps, and whether the properties of their events matter. */
function metricsOf({ steps }: MetricFunnel): Map<string, boolean> {
  const metrics = new Map<string, boolean>();
  for (const { metric_id: metric, metric_filters: filters } of steps) {
    metrics.set(metric, metrics.get(metric) === true || (filters ?? []).length > 0);
  }
  return metrics;
}

/** Where the funnel stands, with what lies behind its trail; `trail` is there when some of that was taken in. */
export function standing(
  { condition, course, edges, trail, asks }: Following,
  behind: ReadonlyMap<Ask, Behind>,
  now: Instant,
): { followed: Followed; trail?: Trail } {
  const end = endOfTrail(trail);
  const reads = asks.flatMap((ask) => behind.get(ask) ?? []);
  // Beyond, events of one metric are known and of another not.
  const upTo = Math.min(...reads.map((one) => one.upTo));
  const events = new Map(
    asks.map(({ metric }, i) => {
      const occurrences = reads[i]?.tail.occurrences.map(([, one]) => one) ?? [];
      return [metric, occurrences.filter(({ at }) => at > end && at <= upTo)];
    }),
  );
  const happenings = happeningsOf(condition, events);
  const { completed } = wentOn(course, progressOf(trail), happenings);
  const done = doneOf(trail);
  const comes = upTo < edges.end ? spansOfEvent(condition.timeframe_filter, upTo + 1, now).spans[0]?.from : undefined;
  const times = [...events.values()].flat().flatMap(({ at }) => (at <= edges.upTo ? at : []));
  const { most, keep } = asks.some(({ whole }) => whole) ? filtered : unfiltered;
  const counted = { happenings, times: times.sort((a, b) => a - b) };
  const next = times.length > most ? goneOn(course, trail, counted, keep, edges) : undefined;
  return {
    followed: { completed: done ? [done, ...completed] : completed, until: comes ?? Infinity },
    ...(next && { trail: next }),
  };
}
