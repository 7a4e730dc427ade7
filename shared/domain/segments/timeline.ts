// Truth over time, as long as no new fact comes: what holds now, and when it turns. Windows become spans of `now`.
import type { Instant } from '../../kernel/time.ts';

/** Whether something holds now, and the later instants at which it turns: ascending, none twice. */
export interface Truth {
  holds: boolean;
  turns: readonly Instant[];
}

/** From one instant (inclusive) to another (exclusive). */
export interface Span {
  from: Instant;
  to: Instant;
}

/** What does not depend on time. */
export const always = (holds: boolean): Truth => ({ holds, turns: [] });

/** Holds while all hold; true of none. */
export function allOf(truths: readonly Truth[]): Truth {
  return combined(truths, (holding) => holding === BigInt(truths.length));
}

/** Holds while any holds; false of none. */
export function anyOf(truths: readonly Truth[]): Truth {
  return combined(truths, (holding) => holding > 0n);
}

function combined(truths: readonly Truth[], decide: (holding: bigint) => boolean): Truth {
  const steps = truths.flatMap(({ holds, turns }) =>
    turns.map((at, i) => ({ at, by: holds === (i % 2 === 0) ? -1n : 1n })),
  );
  return sweep(BigInt(truths.filter(({ holds }) => holds).length), steps, decide);
}

/** The truth about a quantity that starts at `start` and changes by `steps`, all of them later than now. */
export function sweep(
  start: bigint,
  steps: { at: Instant; by: bigint }[],
  decide: (quantity: bigint) => boolean,
): Truth {
  const holds = decide(start);
  const turns: Instant[] = [];
  let quantity = start;
  let last = holds;
  steps.sort((a, b) => a.at - b.at);
  for (const [i, { at, by }] of steps.entries()) {
    quantity += by;
    // What changes at one instant changes at once.
    if (steps[i + 1]?.at === at) continue;
    const next = decide(quantity);
    if (next !== last) turns.push(at);
    last = next;
  }
  return { holds, turns };
}

/** The truth of being within the span. */
export function within({ from, to }: Span, now: Instant): Truth {
  if (to <= from) return always(false);
  return { holds: from <= now && now < to, turns: [from, to].filter((at) => at > now && Number.isFinite(at)) };
}
