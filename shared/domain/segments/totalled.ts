// How a look comes by what is measured with totals, and what it keeps of them.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { TotalsItem } from '../../storage/items.ts';
import { totalsKey } from '../../storage/patterns.ts';
import { keyOf } from './amounts.ts';
import type { BuiltCondition } from './definition.ts';
import type { Glance } from './gather.ts';
import { type Measured, isKept, measure } from './measure.ts';
import type { Whose } from './read-events.ts';
import { type Segment, conditionsOf } from './segment.ts';
import type { Totalled } from './settle.ts';
import type { Range, Total } from './total.ts';
import type { Trail } from './trail.ts';
import { textOf, totalsOf } from './totals-text.ts';
import { textOfTrails, trailsOf } from './trails-text.ts';
import type { Reason } from './reason.ts';

interface Look {
  active: readonly Segment[];
  reason: Reason;
}

/** What the conditions measure by totals, and what is to be kept; `now` is never before what the totals were brought up to. */
export async function totalled(
  whose: Whose,
  { state, totals: stored }: Glance,
  conditions: readonly BuiltCondition[],
  early: Instant,
  { active, reason }: Look,
): Promise<{ now: Instant; measured?: Measured; totals?: Totalled }> {
  if (!conditions.some(isKept)) return { now: early };
  const now = Math.max(early, stored ? instantOf(stored.at) : 0);
  const usable = stored && state && (state.recounts ?? 0) === stored.recounts;
  const known = usable ? totalsOf(stored.totals) : new Map<string, Total>();
  const trails = usable && stored.trails !== undefined ? trailsOf(stored.trails) : new Map<string, Trail>();
  const fresh = new Set((reason.segments ?? []).flatMap(({ definition }) => keysOf(conditionsOf(definition))));
  const measured = await measure(
    whose,
    conditions,
    { totals: known, trails, lateOf: (metric) => lateOf(reason, metric), isFresh: (key) => fresh.has(key) },
    now,
  );
  const isWrong = stored !== undefined && !usable;
  const recounted = measured.recounted || isWrong;
  if (!measured.changed && !isWrong) {
    return { now, measured, ...(measured.used && { totals: { over: stored?.version, recounted } }) };
  }
  const alive = new Set([...keysOf(conditions), ...liveKeys(active)]);
  const next: TotalsItem = {
    ...totalsKey(whose.account, whose.profile),
    kind: 'totals',
    version: (stored?.version ?? 0) + 1,
    recounts: Math.max(stored?.recounts ?? 0, state?.recounts ?? 0) + (recounted ? 1 : 0),
    at: sortable(now),
    totals: textOf(of(measured.totals, alive)),
    ...(measured.trails.size > 0 && { trails: textOfTrails(of(measured.trails, alive)) }),
  };
  return { now, measured, totals: { next, over: stored?.version, recounted } };
}

const of = <T>(kept: ReadonlyMap<string, T>, keys: ReadonlySet<string>) =>
  new Map([...kept].filter(([key]) => keys.has(key)));

/** Where the events that changed may lie. */
function lateOf({ changed, span }: Reason, metric: string): Range | undefined {
  if (changed?.metrics.includes(metric) !== true) return undefined;
  return { from: span ? instantOf(span.from) : -Infinity, to: span ? instantOf(span.to) : Infinity };
}

const keysOf = (conditions: readonly BuiltCondition[]): string[] => conditions.filter(isKept).map(keyOf);

const live = new WeakMap<readonly Segment[], ReadonlySet<string>>();

/** Of all segments that are evaluated. */
function liveKeys(active: readonly Segment[]): ReadonlySet<string> {
  const keys = live.get(active) ?? new Set(active.flatMap(({ definition }) => keysOf(conditionsOf(definition))));
  live.set(active, keys);
  return keys;
}
