// What must be read of a profile's events, and no more: the first few events decide most conditions.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { EventMark } from '../../storage/patterns.ts';
import { eventAt, eventsOfProfile, timeOfMark } from '../../storage/patterns.ts';
import type { Query } from '../../storage/store.ts';
import { readEventBody } from '../events/index.ts';
import type { BuiltCondition, MetricFunnel, ProfileMetric } from './definition.ts';
import { isAnniversary } from './anniversaries.ts';
import { type Occurrence, passes } from './occurrence.ts';
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

/**
 * How many matching events decide the condition: more of them change nothing. Sums need all, and so do anniversaries,
 * where those that count longest are at neither end. Count at least 3 is decided by 3, equal to 3 by 4, less than 3 by 3.
 */
function enoughFor({ measurement, measurement_filter: { operator, value }, timeframe_filter }: ProfileMetric): number {
  if (measurement === 'sum' || isAnniversary(timeframe_filter.operator)) return Infinity;
  return Math.max(0, deciding[operator](value));
}

const deciding = {
  'greater-than-or-equal': Math.ceil,
  'less-than': Math.ceil,
  'greater-than': (value) => Math.floor(value) + 1,
  'less-than-or-equal': (value) => Math.floor(value) + 1,
  equals: (value) => (Number.isInteger(value) ? value + 1 : 0),
  'not-equals': (value) => (Number.isInteger(value) ? value + 1 : 0),
} as const satisfies Record<ProfileMetric['measurement_filter']['operator'], (value: number) => number>;

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

/** The events that the conditions need, by metric, read consistently. */
export async function gatherEvents(
  ports: Ports,
  account: AccountId,
  profile: string,
  conditions: readonly BuiltCondition[],
  now: Instant,
): Promise<Map<string, Occurrence[]>> {
  const found = new Map<string, Map<string, Occurrence>>();
  const reads = readsOf(conditions, now);
  await Promise.all(
    reads.map(async (read) => {
      for (const [sk, occurrence] of await walk(ports, account, profile, read, now)) {
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

/** Reads until every want has enough, page by page. */
async function walk(
  ports: Ports,
  account: AccountId,
  profile: string,
  read: Read,
  now: Instant,
): Promise<[string, Occurrence][]> {
  const missing = read.wants.map((one) => ({ ...one, seen: 0 }));
  const occurrences: [string, Occurrence][] = [];
  const most = Math.max(...missing.map(({ enough }) => enough));
  let query: Query<EventMark> = {
    ...eventsOfProfile(account, profile, read.metric, rangeOf(read)),
    newestFirst: read.first === 'newest',
    // Without bodies a few more cost nothing, and clocks that run fast date events a little ahead.
    limit: Math.min(largestPage, most + (read.bodies ? 0 : 3)),
  };
  for (;;) {
    const page = await ports.store.query(query);
    const bodies = read.bodies ? await bodiesOf(ports, account, profile, page.items) : undefined;
    for (const [i, mark] of page.items.entries()) {
      const occurrence = { ...occurrenceOf(mark), ...(bodies && { properties: bodies[i] ?? {} }) };
      occurrences.push([mark.sk, occurrence]);
      for (const one of missing) if (advances(one, occurrence, read.first, now)) one.seen += 1;
    }
    const last = occurrences.at(-1)?.[1].at;
    const done = missing.every(({ seen, enough, reach }) => seen >= enough || isBeyond(reach, last));
    if (page.next === undefined || done) return occurrences;
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

const occurrenceOf = (mark: EventMark): Occurrence => ({ at: instantOf(timeOfMark(mark)), value: mark.value ?? 0 });

async function bodiesOf(ports: Ports, account: AccountId, profile: string, marks: readonly EventMark[]) {
  const items = await ports.store.getMany(marks.map(({ sk }) => eventAt(account, profile, sk)));
  return Promise.all(items.map(async (item) => item && readEventBody(ports, item)));
}
