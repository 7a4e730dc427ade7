// Truth over time, as long as no new fact comes: what holds now, and when it turns. Windows become spans of `now`.
import type { Instant } from '../../kernel/time.ts';

/** Whether something holds now, and the later instants at which it turns: ascending, none twice, all before `until`. */
export interface Truth {
  holds: boolean;
  turns: readonly Instant[];
  /** Known up to here, exclusive; Infinity but for what comes again every year. */
  until: Instant;
}

/** From one instant (inclusive) to another (exclusive). */
export interface Span {
  from: Instant;
  to: Instant;
}

/** From an instant until so long after it, both included. */
export const spanAfter = (at: Instant, length: number): Span => ({ from: at, to: at + length + 1 });

/** From so long before an instant until then, both included. */
export const spanBefore = (at: Instant, length: number): Span => ({ from: at - length, to: at + 1 });

/** Spans that do not overlap, complete up to `until`. */
export interface Spans {
  spans: readonly Span[];
  until: Instant;
}

/** What does not depend on time. */
export const always = (holds: boolean): Truth => ({ holds, turns: [], until: Infinity });

const isAlways = ({ holds, turns, until }: Truth, wanted: boolean) =>
  holds === wanted && turns.length === 0 && until === Infinity;

/** Holds while all hold; true of none. */
export function allOf(truths: readonly Truth[]): Truth {
  // What never holds decides, however much is unknown of the others.
  if (truths.some((one) => isAlways(one, false))) return always(false);
  return combined(truths, (holding) => holding === BigInt(truths.length));
}

/** Holds while any holds; false of none. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.some((one) => isAlways(one, true))) return always(true);
  return combined(truths, (holding) => holding > 0n);
}

function combined(truths: readonly Truth[], decide: (holding: bigint) => boolean): Truth {
  const [only] = truths;
  if (only && truths.length === 1) return only;
  const steps = truths.flatMap(({ holds, turns }) =>
    turns.map((at, i) => ({ at, by: holds === (i % 2 === 0) ? -1n : 1n })),
  );
  const until = Math.min(...truths.map((one) => one.until), Infinity);
  return sweep(BigInt(truths.filter(({ holds }) => holds).length), steps, decide, until);
}

/** The truth about a quantity that starts at `start` and changes by `steps`, all of them later than now. */
export function sweep(
  start: bigint,
  steps: { at: Instant; by: bigint }[],
  decide: (quantity: bigint) => boolean,
  until: Instant = Infinity,
): Truth {
  const holds = decide(start);
  const turns: Instant[] = [];
  let quantity = start;
  let last = holds;
  steps.sort((a, b) => a.at - b.at);
  for (const [i, { at, by }] of steps.entries()) {
    if (at >= until) break;
    quantity += by;
    // What changes at one instant changes at once.
    if (steps[i + 1]?.at === at) continue;
    const next = decide(quantity);
    if (next !== last) turns.push(at);
    last = next;
  }
  return { holds, turns, until };
}

/** The truth of being within one of the spans, which may overlap here. */
export function within({ spans, until }: Spans, now: Instant): Truth {
  const ahead = spans.filter(({ from, to }) => from < to && to > now);
  const steps = ahead.flatMap(({ from, to }) => [
    ...(from > now ? [{ at: from, by: 1n }] : []),
    ...(Number.isFinite(to) ? [{ at: to, by: -1n }] : []),
  ]);
  const holding = ahead.filter(({ from }) => from <= now).length;
  return sweep(BigInt(holding), steps, (quantity) => quantity > 0n, until);
}
