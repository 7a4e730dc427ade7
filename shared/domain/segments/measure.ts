// What the conditions measure that would read too many events otherwise: sums, and counts that a few events do not decide.
// What is kept of them in totals is read with the profile, so that a look reads the newest events only.
import type { Instant } from '../../kernel/time.ts';
import { amountOf, keyOf } from './amounts.ts';
import type { BuiltCondition, ProfileMetric } from './definition.ts';
import { enoughFor } from './enough.ts';
import type { Occurrence } from './occurrence.ts';
import { type Whose, bodiesOf, eventsAfter, occurrenceOf } from './read-events.ts';
import { loadFor } from './regex.ts';
import { type Amount, type Range, type Total, brought, endOf, folded, lumpOf } from './total.ts';
import { type Edges, edgesOf, hasEdges, spansOfEvent } from './windows.ts';

/** What a condition measures: what counts now and stays, and what comes and goes; known up to `until`. */
export interface Measure {
  lump: bigint;
  amounts: readonly Amount[];
  until: Instant;
}

/** All events of a metric after an instant. */
export interface Tail {
  after: Instant;
  /** By the sort keys of the events. */
  occurrences: readonly (readonly [sk: string, occurrence: Occurrence])[];
}

export interface Measured {
  measures: ReadonlyMap<string, Measure>;
  /** Of metrics whose newest events were read on the way. */
  tails: ReadonlyMap<string, Tail>;
  /** The totals as they are now. */
  totals: ReadonlyMap<string, Total>;
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

/** So many events may lie behind a total before they are taken in, and so many of the newest are left: these may still be joined by others. */
const unfiltered = { most: 24, keep: 8 };
/** Each of these is read whole. */
const filtered = { most: 12, keep: 4 };

/** What is known of before: totals, times of changed events by metric, and conditions that are to be measured from the start. */
export interface Before {
  totals: ReadonlyMap<string, Total>;
  lateOf: (metric: string) => Range | undefined;
  isFresh: (key: string) => boolean;
}

interface Part {
  key: string;
  condition: ProfileMetric;
  edges: Edges;
  total: Total;
  changed: boolean;
  recounted: boolean;
}

/** Measures the conditions that totals are kept for. */
export async function measure(
  whose: Whose,
  conditions: readonly BuiltCondition[],
  before: Before,
  now: Instant,
): Promise<Measured> {
  await loadFor(conditions);
  const byKey = new Map(conditions.filter(isTotalled).map((one) => [keyOf(one), one]));
  const parts = await Promise.all([...byKey].map(([key, one]) => partOf(whose, key, one, before, now)));
  const groups = Map.groupBy(parts, ({ key, condition, edges }) =>
    edges.end === Infinity && edges.upTo === now ? `newest ${condition.metric_id}` : key,
  );
  const [measures, tails, totals] = [new Map<string, Measure>(), new Map<string, Tail>(), new Map(before.totals)];
  let [changed, recounted, used] = [false, false, false];
  await Promise.all(
    [...groups].map(async ([name, group]) => {
      const { tail, upTo } = await tailOf(whose, group);
      if (name.startsWith('newest ')) tails.set(name.slice('newest '.length), tail);
      for (const part of group) {
        const { total, ahead, isFolded } = taken(part, tail);
        const known = before.totals.get(part.key);
        if (hasParts(total)) totals.set(part.key, total);
        else totals.delete(part.key);
        changed ||= part.changed || isFolded || (known !== undefined && before.isFresh(part.key));
        recounted ||= part.recounted || (known !== undefined && before.isFresh(part.key));
        used ||= known !== undefined;
        measures.set(part.key, measureOf(part, total, ahead, upTo, now));
      }
    }),
  );
  return { measures, tails, totals, changed, recounted, used };
}

const hasParts = ({ leaving, blocks }: Total) => leaving !== undefined || blocks.length > 0;

async function partOf(
  whose: Whose,
  key: string,
  condition: ProfileMetric,
  { totals, lateOf, isFresh }: Before,
  now: Instant,
): Promise<Part> {
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
  return { key, condition, edges, ...(await brought(start, edges, late, recount)) };
}

/** The events behind the totals, up to and beyond those that count now. */
async function tailOf(whose: Whose, group: readonly Part[]): Promise<{ tail: Tail; upTo: Instant }> {
  const [first] = group;
  if (!first) return { tail: { after: Infinity, occurrences: [] }, upTo: Infinity };
  const { end, upTo: beyond } = first.edges;
  const after = Math.min(...group.map(({ total }) => endOf(total)));
  const { marks, upTo } = await eventsAfter(whose, first.condition.metric_id, {
    after,
    beyond,
    end,
    limit: unfiltered.most + 1,
  });
  const asked = group.filter(({ condition }) => filtersOf(condition).length > 0).map(({ total }) => endOf(total));
  const from = Math.min(...asked, Infinity);
  const whole = marks.filter((mark) => occurrenceOf(mark).at > from);
  const bodies = await bodiesOf(whose, whole);
  const told = new Map(whole.map(({ sk }, i) => [sk, bodies[i] ?? {}]));
  const occurrences = marks.map((mark) => {
    const properties = told.get(mark.sk);
    return [mark.sk, { ...occurrenceOf(mark), ...(properties && { properties }) }] as const;
  });
  return { tail: { after, occurrences }, upTo };
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
