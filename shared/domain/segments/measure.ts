// What the conditions measure that would read too many events otherwise: sums, and counts that a few events do not decide.
// What is kept of them in totals is read with the profile, so that a look reads the newest events only.
import type { Instant } from '../../kernel/time.ts';
import { amountOf, keyOf } from './amounts.ts';
import type { BuiltCondition, MetricFunnel, ProfileMetric } from './definition.ts';
import { enoughFor } from './enough.ts';
import { type Followed, followed, isFollowed, standing } from './follow.ts';
import type { Occurrence } from './occurrence.ts';
import { type Whose, bodiesOf, eventsAfter, occurrenceOf } from './read-events.ts';
import { loadFor } from './regex.ts';
import { type Ask, type Tail, filtered, readTails, unfiltered } from './tails.ts';
import type { Trail } from './trail.ts';
import { type Amount, type Range, type Total, brought, endOf, folded, lumpOf } from './total.ts';
import { type Edges, edgesOf, hasEdges, spansOfEvent } from './windows.ts';

/** What a condition measures: what counts now and stays, and what comes and goes; known up to `until`. */
export interface Measure {
  lump: bigint;
  amounts: readonly Amount[];
  until: Instant;
}

export interface Measured {
  measures: ReadonlyMap<string, Measure>;
  funnels: ReadonlyMap<string, Followed>;
  /** Of metrics whose newest events were read on the way. */
  tails: ReadonlyMap<string, Tail>;
  /** What is to be kept, as it is now. */
  totals: ReadonlyMap<string, Total>;
  trails: ReadonlyMap<string, Trail>;
  /** Whether they should be kept; whether late events may have made them other ones; whether any was known before. */
  changed: boolean;
  recounted: boolean;
  used: boolean;
}

/** Counts that so many events decide read no more than these. */
const few = 12;

const filtersOf = ({ metric_filters }: ProfileMetric) => metric_filters ?? [];

/** True of conditions that totals are kept for. */
export function isTotalled(condition: BuiltCondition): condition is ProfileMetric {
  if (condition.type !== 'profile-metric' || !hasEdges(condition.timeframe_filter)) return false;
  const enough = enoughFor(condition);
  const many = enough > few || filtersOf(condition).length > 0 || condition.timeframe_filter.operator === 'between';
  return enough > 0 && many;
}

/** What is known of before: totals, trails, times of changed events by metric, and conditions that are to be measured from the start. */
export interface Before {
  totals: ReadonlyMap<string, Total>;
  trails: ReadonlyMap<string, Trail>;
  lateOf: (metric: string) => Range | undefined;
  isFresh: (key: string) => boolean;
}

interface Part {
  key: string;
  condition: ProfileMetric;
  edges: Edges;
  ask: Ask;
  total: Total;
  changed: boolean;
  recounted: boolean;
}

/** True of conditions whose events are not read with each look. */
export const isKept = (condition: BuiltCondition): condition is ProfileMetric | MetricFunnel =>
  isTotalled(condition) || isFollowed(condition);

/** Measures the conditions that something is kept for. */
export async function measure(
  whose: Whose,
  conditions: readonly BuiltCondition[],
  before: Before,
  now: Instant,
): Promise<Measured> {
  await loadFor(conditions);
  const byKey = new Map(conditions.filter(isKept).map((one) => [keyOf(one), one]));
  const [parts, followings] = await Promise.all([
    Promise.all([...byKey.values()].filter(isTotalled).map((one) => partOf(whose, one, before, now))),
    Promise.all([...byKey.values()].filter(isFollowed).map((one) => followingOf(whose, one, before, now))),
  ]);
  const asks = [...parts.map(({ ask }) => ask), ...followings.flatMap((one) => one.asks)];
  const { behind, newest: tails } = await readTails(whose, asks, now);
  const [measures, funnels] = [new Map<string, Measure>(), new Map<string, Followed>()];
  const [totals, trails] = [new Map(before.totals), new Map(before.trails)];
  let [changed, recounted, used] = [false, false, false];
  const note = (key: string, known: boolean, one: { changed: boolean; recounted: boolean }) => {
    const isAnew = known && before.isFresh(key);
    changed ||= one.changed || isAnew;
    recounted ||= one.recounted || isAnew;
    used ||= known;
  };
  for (const part of parts) {
    const read = behind.get(part.ask);
    if (!read) continue;
    const { total, ahead, isFolded } = taken(part, read.tail);
    note(part.key, totals.has(part.key), { changed: part.changed || isFolded, recounted: part.recounted });
    if (hasParts(total)) totals.set(part.key, total);
    else totals.delete(part.key);
    measures.set(part.key, measureOf(part, total, ahead, read.upTo, now));
  }
  for (const one of followings) {
    const { followed: found, trail } = standing(one, behind, now);
    const { key, recounted: isAnew } = one;
    note(key, trails.has(key), { changed: trail !== undefined || isAnew, recounted: isAnew });
    const next = trail ?? one.trail;
    if (next.legs.length > 0) trails.set(key, next);
    else trails.delete(key);
    funnels.set(key, found);
  }
  return { measures, funnels, tails, totals, trails, changed, recounted, used };
}

/** Late events of any of its steps may lie where any other's do. */
function followingOf(whose: Whose, condition: MetricFunnel, { trails, lateOf, isFresh }: Before, now: Instant) {
  const key = keyOf(condition);
  const lates = condition.steps.flatMap(({ metric_id }) => lateOf(metric_id) ?? []);
  const [from, to] = [Math.min(...lates.map((one) => one.from)), Math.max(...lates.map((one) => one.to))];
  const late = lates.length > 0 ? { from, to } : undefined;
  return followed(whose, condition, isFresh(key) ? undefined : trails.get(key), late, now);
}

const hasParts = ({ leaving, blocks }: Total) => leaving !== undefined || blocks.length > 0;

async function partOf(
  whose: Whose,
  condition: ProfileMetric,
  { totals, lateOf, isFresh }: Before,
  now: Instant,
): Promise<Part> {
  const key = keyOf(condition);
  const edges = edgesOf(condition.timeframe_filter, now);
  const known = isFresh(key) ? undefined : totals.get(key);
  const recount = async (after: Instant, upTo: Instant) => {
    const { marks } = await eventsAfter(whose, condition.metric_id, {
      after,
      beyond: Infinity,
      end: upTo,
      limit: 200,
    });
    const bodies = filtersOf(condition).length > 0 ? await bodiesOf(whose, marks) : [];
    return marks.map((mark, i) => amountIn(condition, { ...occurrenceOf(mark), properties: bodies[i] ?? {} }));
  };
  const late = lateOf(condition.metric_id);
  const start = known ?? { from: edges.after, blocks: [] };
  const right = await brought(start, edges, late, recount);
  const ask = { metric: condition.metric_id, after: endOf(right.total), edges, whole: filtersOf(condition).length > 0 };
  return { key, condition, edges, ask, ...right };
}

const amountIn = (condition: ProfileMetric, occurrence: Occurrence): Amount => ({
  at: occurrence.at,
  by: amountOf(condition, occurrence),
});

/** The total with what it takes in of the tail, and what is ahead of it. */
function taken({ condition, edges, total }: Part, { occurrences }: Tail) {
  const end = endOf(total);
  const ahead = occurrences.flatMap(([, one]) => (one.at > end ? amountIn(condition, one) : []));
  const counting = ahead.filter(({ at }) => at <= edges.upTo);
  const { most, keep } = filtersOf(condition).length > 0 ? filtered : unfiltered;
  const next = counting.length > most ? folded(total, counting, keep, edges) : undefined;
  if (next === undefined) return { total, ahead, isFolded: false };
  return { total: next, ahead: ahead.filter(({ at }) => at > endOf(next)), isFolded: true };
}

function measureOf(
  { condition: { timeframe_filter: filter }, edges }: Part,
  total: Total,
  ahead: readonly Amount[],
  upTo: Instant,
  now: Instant,
): Measure {
  const spanAt = (at: Instant) => spansOfEvent(filter, at, now).spans[0];
  const { leaving, blocks } = total;
  const leaves = edges.moving && blocks.length > 0 ? spanAt((leaving?.upTo ?? total.from) + 1)?.to : undefined;
  const comes = upTo < edges.end ? spanAt(upTo + 1)?.from : undefined;
  const amounts = [...(leaving?.amounts ?? []), ...ahead].filter(({ by }) => by !== 0n);
  return { lump: lumpOf(total), amounts, until: Math.min(leaves ?? Infinity, comes ?? Infinity) };
}
