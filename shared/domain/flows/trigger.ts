// Whether an event lets its profile into a flow: pure.
import { type Instant, day, hour, week } from '../../kernel/time.ts';
import type { Definition, Flow, Reentry } from './definition.ts';
import { lengthOf } from './delay.ts';
import { actionOf, actsFrom } from './graph.ts';

/** How much later than it happened an event may be recorded and still let someone in. */
const tolerance = 4 * hour;

/** True when the flow takes people in: it is live or manual and something in it is. */
export function isOpen({ status, definition }: Flow): boolean {
  return status !== 'draft' && actsFrom(definition, definition.entry_action_id);
}

/**
 * True for an event that was recorded too late: more than 4 hours after it happened, or more than the delay that the
 * flow begins with where that is longer.
 */
export function isLate(definition: Definition, happened: Instant, recorded: Instant): boolean {
  const first = definition.entry_action_id === null ? undefined : actionOf(definition, definition.entry_action_id);
  const delay = first?.type === 'time-delay' ? lengthOf(first.data) : 0;
  return recorded - happened > Math.max(tolerance, delay);
}

const units = { day, hour, week } as const satisfies Record<Exclude<Reentry['unit'], 'alltime'>, number>;

/** The smallest gap between two entries in milliseconds: 0 is always, Infinity never again. */
export function smallestGap({ unit, duration }: Reentry): number {
  if (unit !== 'alltime') return duration * units[unit];
  return duration === 0 ? 0 : Number.POSITIVE_INFINITY;
}

/** True when someone who was let in at `before` (undefined: never) may come in again with an event recorded at `now`. */
export function mayEnter(reentry: Reentry, before: Instant | undefined, now: Instant): boolean {
  const gap = smallestGap(reentry);
  return before === undefined || gap === 0 || now - before >= gap;
}
