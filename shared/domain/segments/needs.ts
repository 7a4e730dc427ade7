// What must be read of a profile's events, and no more: the first few events decide most conditions.
import { type Instant, sortable } from '../../kernel/time.ts';
import { type EventMark, eventsOfProfile } from '../../storage/patterns.ts';
import type { Query } from '../../storage/store.ts';
import type { BuiltCondition, MetricFunnel, ProfileMetric } from './definition.ts';
import { enoughFor } from './enough.ts';
import { type Occurrence, passes } from './occurrence.ts';
import { type Whose, bodiesOf, occurrenceOf } from './read-events.ts';
import type { Tail } from './tails.ts';
import { type Reach, reachOf, spansOfEvent } from './windows.ts';

/** What one condition, or one step of a funnel, has to know of a metric's events. */
interface Want {
  metric: string;
  timeframe: ProfileMetric['timeframe_filter'];
  filters: Pick<ProfileMetric, 'metric_filters'>;
  /** So many events that pass decide it. */
  enough: number;
  reach: Reach;
}

/** One walk over the events of a metric, for all that it can serve. */
interface Read extends Reach {
  metric: string;
  wants: readonly Want[];
  bodies: boolean;
}

function wantsOf(condition: BuiltCondition, now: Instant): Want[] {
  if (condition.type === 'profile-metric-funnel')
    return condition.steps.map((step) => wantOfStep(condition, step, now));
  if (condition.type !== 'profile-metric') return [];
  const enough = enoughFor(condition);
  const { metric_id: metric, timeframe_filter: timeframe } = condition;
  return enough > 0 ? [{ metric, timeframe, filters: condition, enough, reach: reachOf(timeframe, now) }] : [];
}

function wantOfStep(
  { timeframe_filter: timeframe }: MetricFunnel,
  step: MetricFunnel['steps'][number],
  now: Instant,
): Want {
  return { metric: step.metric_id, timeframe, filters: step, enough: Infinity, reach: reachOf(timeframe, now) };
}

/** The reads that the conditions need together: one per metric, direction and end. */
function readsOf(conditions: readonly BuiltCondition[], now: Instant): Read[] {
  const wanted = conditions.flatMap((condition) => wantsOf(condition, now));
  const groups = Map.groupBy(wanted, ({ metric, reach }) =>
    JSON.stringify([metric, reach.first, reach.first === 'newest' ? reach.to : null]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const from = lowest(group.map(({ reach }) => reach.from));
    const to = highest(group.map(({ reach }) => reach.to));
    return {
      metric: first.metric,
      first: first.reach.first,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      wants: group,
      bodies: group.some(({ filters: { metric_filters: filters } }) => (filters ?? []).length > 0),
    };
  });
}

/** The lowest bound; undefined when one of them is open. */
const lowest = (bounds: readonly (Instant | undefined)[]) =>
  bounds.every((bound) => bound !== undefined) ? Math.min(...bounds) : undefined;
const highest = (bounds: readonly (Instant | undefined)[]) =>
  bounds.every((bound) => bound !== undefined) ? Math.max(...bounds) : undefined;

/** Events that have been read, by metric, and those that are passed over (by `sk`). */
interface Known {
  tails?: ReadonlyMap<string, Tail> | undefined;
  without?: ReadonlySet<string> | undefined;
}

const none: ReadonlySet<string> = new Set();

/** The events that the conditions need, by metric, read consistently. */
export async function gatherEvents(
  whose: Whose,
  conditions: readonly BuiltCondition[],
  now: Instant,
  { tails, without = none }: Known = {},
): Promise<Map<string, Occurrence[]>> {
  const found = new Map<string, Map<string, Occurrence>>();
  const reads = readsOf(conditions, now);
  await Promise.all(
    reads.map(async (read) => {
      const tail = tails?.get(read.metric);
      const met = tail && decides(tail, read, now) ? tail.occurrences : await walk(whose, read, now, without);
      for (const [sk, occurrence] of met) {
        const events = found.get(read.metric) ?? new Map<string, Occurrence>();
        found.set(read.metric, events);
        // An event that two reads met is kept with its properties.
        if (occurrence.properties !== undefined || !events.has(sk)) events.set(sk, occurrence);
      }
    }),
  );
  return new Map([...found].map(([metric, events]) => [metric, [...events.values()]]));
}

const largestPage = 200;

/** Whether a walk would come no further than the tail. */
function decides({ after, occurrences }: Tail, { first, from, to, bodies, wants }: Read, now: Instant): boolean {
  if (first !== 'newest' || to !== undefined || bodies) return false;
  if (from !== undefined && from > after) return true;
  return wants.every(
    (one) => occurrences.filter(([, occurrence]) => advances(one, occurrence, first, now)).length >= one.enough,
  );
}

/** Reads until every want has enough, page by page. */
async function walk(
  whose: Whose,
  read: Read,
  now: Instant,
  without: ReadonlySet<string>,
): Promise<[string, Occurrence][]> {
  const missing = read.wants.map((one) => ({ ...one, seen: 0 }));
  const occurrences: [string, Occurrence][] = [];
  const most = Math.max(...missing.map(({ enough }) => enough));
  let query: Query<EventMark> = {
    ...eventsOfProfile(whose.account, whose.profile, read.metric, rangeOf(read)),
    newestFirst: read.first === 'newest',
    // Without bodies a few more cost nothing, and clocks that run fast date events a little ahead.
    limit: Math.min(largestPage, most + (read.bodies ? 0 : 3)),
  };
  for (;;) {
    const page = await whose.ports.store.query(query);
    const marks = page.items.filter(({ sk }) => !without.has(sk));
    const bodies = read.bodies ? await bodiesOf(whose, marks) : undefined;
    for (const [i, mark] of marks.entries()) {
      const occurrence = { ...occurrenceOf(mark), ...(bodies && { properties: bodies[i] ?? {} }) };
      occurrences.push([mark.sk, occurrence]);
      for (const one of missing) if (advances(one, occurrence, read.first, now)) one.seen += 1;
    }
    const last = occurrences.at(-1)?.[1].at;
    const done = missing.every(({ seen, enough, reach }) => seen >= enough || isBeyond(reach, last));
    if (done || page.next === undefined) return occurrences;
    query = { ...query, after: page.next, limit: Math.min(largestPage, 4 * (query.limit ?? 1)) };
  }
}

/** From the newest on, only events that count already tell that older ones no longer matter. */
function advances({ timeframe, filters }: Want, occurrence: Occurrence, first: Reach['first'], now: Instant): boolean {
  const { spans } = spansOfEvent(timeframe, occurrence.at, now);
  const matters = spans.some(({ from, to }) => to > now && (first === 'oldest' ? from < Infinity : from <= now));
  return matters && passes(filters, occurrence);
}

/** Whether a walk that has come to `at` has left the reach behind. */
const isBeyond = ({ first, from, to }: Reach, at: Instant | undefined) =>
  at !== undefined && (first === 'newest' ? from !== undefined && at < from : to !== undefined && at > to);

const rangeOf = ({ from, to }: Reach) => ({
  ...(from !== undefined && { from: sortable(from) }),
  ...(to !== undefined && { to: sortable(to) }),
});
