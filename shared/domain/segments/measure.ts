// What the conditions measure that would read too many events otherwise: sums, and counts that a few events do not decide.
// What is kept of them in totals is read with the profile, so that a look reads the newest events only.
import type { Instant } from '../../kernel/time.ts';
import { amountOf, keyOf } from './amounts.ts';
import { isAnniversary } from './anniversaries.ts';
import type { BuiltCondition, MetricFunnel, ProfileMetric } from './definition.ts';
import { type Echo, lateEchoes, yearsAfter, yearsWith } from './echoes.ts';
import { enoughFor } from './enough.ts';
import { type Followed, followed, isFollowed, standing } from './follow.ts';
import type { Occurrence } from './occurrence.ts';
import { opened } from './pieces.ts';
import type { Whose } from './read-events.ts';
import { loadFor } from './regex.ts';
import { type Ask, type Behind, type Reader, type Tail, filtered, readTails, readerOf, unfiltered } from './tails.ts';
import type { Span } from './timeline.ts';
import type { Trail } from './trail.ts';
import type { Amount } from './blocks.ts';
import { type Range, type Total, brought, endOf, folded, lumpOf } from './total.ts';
import { type Edges, edgesOf, hasEdges, spanOfAnniversary, spansOfEvent } from './windows.ts';

/** What a condition measures: what counts now and stays, and what comes and goes; known up to `until`. */
export interface Measure {
  lump: bigint;
  spans: readonly (Span & { by: bigint })[];
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

const isFiltered = ({ metric_filters }: ProfileMetric) => (metric_filters ?? []).length > 0;

/** True of conditions that totals are kept for. */
export function isTotalled(condition: BuiltCondition): condition is ProfileMetric {
  if (condition.type !== 'profile-metric' || !hasEdges(condition.timeframe_filter)) return false;
  const enough = enoughFor(condition);
  const many = enough > few || isFiltered(condition) || condition.timeframe_filter.operator === 'between';
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
  /** Of anniversaries to come: the events of this instant and later ones, which lie in the timeframe as they happen. */
  present: Ask | undefined;
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
  const read = readerOf(whose);
  const [parts, followings] = await Promise.all([
    Promise.all([...byKey.values()].filter(isTotalled).map((one) => partOf(whose, read, one, before, now))),
    Promise.all([...byKey.values()].filter(isFollowed).map((one) => followingOf(read, one, before, now))),
  ]);
  const asks = [
    ...parts.flatMap(({ ask, present }) => (present ? [ask, present] : [ask])),
    ...followings.flatMap((one) => one.asks),
  ];
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
    const newer = behind.get(part.ask);
    if (!newer) continue;
    const { total, ahead, isFolded } = taken(part, newer.tail);
    note(part.key, totals.has(part.key), { changed: part.changed || isFolded, recounted: part.recounted });
    if (hasParts(total)) totals.set(part.key, total);
    else totals.delete(part.key);
    const present = part.present && behind.get(part.present);
    measures.set(part.key, measureOf(part, total, ahead, { upTo: newer.upTo, present }, now));
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
function followingOf(read: Reader, condition: MetricFunnel, { trails, lateOf, isFresh }: Before, now: Instant) {
  const key = keyOf(condition);
  const lates = condition.steps.flatMap(({ metric_id }) => lateOf(metric_id) ?? []);
  const [from, to] = [Math.min(...lates.map((one) => one.from)), Math.max(...lates.map((one) => one.to))];
  const late = lates.length > 0 ? { from, to } : undefined;
  return followed(read, condition, isFresh(key) ? undefined : trails.get(key), late, now);
}

const hasParts = ({ leaving, blocks, years }: Total) =>
  leaving !== undefined || blocks.length > 0 || years !== undefined;

async function partOf(
  whose: Whose,
  read: Reader,
  condition: ProfileMetric,
  { totals, lateOf, isFresh }: Before,
  now: Instant,
): Promise<Part> {
  const key = keyOf(condition);
  const { metric_id: metric, timeframe_filter: filter } = condition;
  const edges = edgesOf(filter, now);
  const known = isFresh(key) ? undefined : totals.get(key);
  const late = lateOf(metric);
  const echo = await echoOf(whose, condition, known, late);
  const whole = isFiltered(condition);
  const recount = async (after: Instant, upTo: Instant) => {
    const occurrences = await read({ metric, after, upTo }, { whole, echo });
    return occurrences.map((one) => amountIn(condition, one));
  };
  const start = known ?? { from: edges.after, blocks: [] };
  const lates = late === undefined ? [] : echo ? lateEchoes(late, edges.after, edges.upTo, echo.least) : [late];
  const right = await brought(start, edges, lates, { recount, open: (block) => opened(whose, key, block) });
  const total = echo ? { ...right.total, years: echo.years } : right.total;
  const changed = right.changed || (echo !== undefined && echo.years !== known?.years);
  const ask = { metric, after: endOf(total), edges, whole, echo };
  const soon = { after: now - 1, upTo: now, end: Infinity, moving: true };
  const present = echo?.least === 1 ? { metric, after: now - 1, edges: soon, whole } : undefined;
  return { key, condition, edges, ask, present, ...right, total, changed };
}

/** Undefined of conditions that are not about anniversaries. */
async function echoOf(
  whose: Whose,
  { metric_id, timeframe_filter: filter }: ProfileMetric,
  known: Total | undefined,
  late: Range | undefined,
): Promise<Echo | undefined> {
  if (!isAnniversary(filter.operator)) return undefined;
  const years = yearsAfter(known?.years, late) ?? (await yearsWith(whose, metric_id));
  return { years, least: filter.operator === 'anniversary-next' ? 1 : 0 };
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
  const { most, keep } = isFiltered(condition) ? filtered : unfiltered;
  const next = counting.length > most ? folded(total, counting, keep, edges) : undefined;
  if (next === undefined) return { total, ahead, isFolded: false };
  return { total: next, ahead: ahead.filter(({ at }) => at > endOf(next)), isFolded: true };
}

function measureOf(
  { condition, edges }: Part,
  total: Total,
  ahead: readonly Amount[],
  { upTo, present }: { upTo: Instant; present: Behind | undefined },
  now: Instant,
): Measure {
  const { timeframe_filter: filter } = condition;
  const never: Span = { from: Infinity, to: Infinity };
  const spanAt = (at: Instant): Span =>
    spanOfAnniversary(filter, at) ?? spansOfEvent(filter, at, now).spans[0] ?? never;
  const { leaving, blocks } = total;
  const leaves = edges.moving && blocks.length > 0 ? spanAt((leaving?.upTo ?? total.from) + 1).to : Infinity;
  const comes = upTo < edges.end ? spanAt(upTo + 1).from : Infinity;
  const counted = [...(leaving?.amounts ?? []), ...ahead].map(({ at, by }) => ({ ...spanAt(at), by }));
  const here = (present?.tail.occurrences ?? []).flatMap(([, one]) =>
    one.at >= now ? { from: one.at, to: one.at + 1, by: amountOf(condition, one) } : [],
  );
  const until = Math.min(leaves, comes, present ? present.upTo + 1 : Infinity);
  return { lump: lumpOf(total), spans: [...counted, ...here].filter(({ by }) => by !== 0n), until };
}
