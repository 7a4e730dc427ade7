// How a look comes by what is measured with totals, and what it keeps of them.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { StateItem, TotalsItem } from '../../storage/items.ts';
import { totalsKey } from '../../storage/patterns.ts';
import type { BuiltCondition } from './definition.ts';
import type { Glance } from './gather.ts';
import { type Kept, isUnchanged, joined, nothingKept, parted, whole } from './heads.ts';
import { type Heads, hasRoom, headsOf, headsText } from './heads-text.ts';
import { fitting } from './fitting.ts';
import { levelNow, levelOf, reliable } from './level.ts';
import { type Measured, isKept, measure } from './measure.ts';
import { shelved } from './pieces.ts';
import type { Whose } from './read-events.ts';
import { type Segment, conditionsOf } from './segment.ts';
import type { Totalled } from './settle.ts';
import type { Range } from './total.ts';
import { textOf, totalsOf } from './totals-text.ts';
import { textOfTrails, trailsOf } from './trails-text.ts';
import type { Reason } from './reason.ts';
import { keysOf, vouchedFor, vouchersFor } from './vouchers.ts';

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
  const { all, rest, held, known, isWrong, isStale } = knownOf(state, stored, active);
  const fresh = new Set((reason.segments ?? []).flatMap(({ definition }) => keysOf(conditionsOf(definition))));
  const measured = await measure(
    whose,
    conditions,
    { ...known, lateOf: (metric) => lateOf(reason, metric), isFresh: (key) => fresh.has(key) },
    now,
  );
  const heads = { heads: state?.heads, legs: state?.legs };
  if (!measured.changed && !isWrong && !isStale) {
    return { now, measured, ...(measured.used && { totals: { over: stored?.version, together: false, heads } }) };
  }
  const parts = parted(measured, rest, held);
  const text = headsText(parts.heads);
  const recounted = isWrong || (measured.recounted && !isUnchanged(parts.rest, rest));
  const moves = recounted || parts.isOver || !state || !hasRoom(state, text);
  const kept = fitting(moves ? whole(measured) : parts.rest, rest);
  if (!moves && isUnchanged(kept, rest)) {
    return { now, measured, totals: { over: stored?.version, together: recounted, heads: text } };
  }
  const { trails } = kept;
  const { totals, puts, gone } = await shelved(whose, kept.totals, all);
  // What the state gives up and where it goes to change together; and what begins, of somebody who may be forgotten by now.
  const together = recounted || (moves && isHeld(heads)) || puts.length > 0 || !stored;
  const next: TotalsItem = {
    ...totalsKey(whose.account, whose.profile),
    kind: 'totals',
    version: (stored?.version ?? 0) + 1,
    recounts: Math.max(stored?.recounts ?? 0, state?.recounts ?? 0) + (recounted ? 1 : 0),
    at: sortable(now),
    totals: textOf(totals),
    ...(trails.size > 0 && { trails: textOfTrails(trails) }),
    vouchers: vouchersFor([...totals.keys(), ...trails.keys()], active),
  };
  return { now, measured, totals: { next, puts, gone, over: stored?.version, together, heads: moves ? {} : text } };
}

/** What is known of a person, `all` totals that are written; `isWrong`: some of it can not be relied on; `isStale`: what the state holds. */
function knownOf(state: StateItem | undefined, stored: TotalsItem | undefined, active: readonly Segment[]) {
  const usable = stored && state && (state.recounts ?? 0) === stored.recounts;
  const all = stored ? totalsOf(stored.totals) : nothingKept.totals;
  const trails = stored?.trails === undefined ? nothingKept.trails : trailsOf(stored.trails);
  const written: Kept = usable ? { totals: all, trails } : nothingKept;
  const level = levelOf(state);
  const isStale = isHeld(state ?? {}) && level < levelNow;
  const rest = vouchedFor(reliable(written, level), stored?.vouchers ?? '', active);
  const held = usable && !isStale ? headsOf(state) : nothingKept;
  const { isWhole, ...known } = joined(rest, held);
  const isReliable = rest.totals.size === written.totals.size && rest.trails.size === written.trails.size;
  return { all, rest, held, known, isWrong: stored !== undefined && !(usable && isReliable && isWhole), isStale };
}

const isHeld = ({ heads, legs }: Heads) => heads !== undefined || legs !== undefined;

/** Where the events that changed may lie. */
function lateOf({ changed, span }: Reason, metric: string): Range | undefined {
  if (changed?.metrics.includes(metric) !== true) return undefined;
  return { from: span ? instantOf(span.from) : -Infinity, to: span ? instantOf(span.to) : Infinity };
}
