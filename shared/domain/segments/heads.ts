// The newest of what is kept of events lies in the state, which is written with every look anyway; where the rest is it goes
// only now and then. State and rest go together when the one begins where the other ends (docs/adr/0015).
import type { Instant } from '../../kernel/time.ts';
import { type Block, countOf, fewerBlocks } from './blocks.ts';
import { type Total, compact, endOf } from './total.ts';
import { type Leg, type Trail, endOfTrail, fewerLegs, shorter } from './trail.ts';

/** By condition (`keyOf`). */
export interface Kept {
  totals: ReadonlyMap<string, Total>;
  trails: ReadonlyMap<string, Trail>;
}

export const nothingKept: Kept = { totals: new Map(), trails: new Map() };

/** What is kept under these keys. */
export function only({ totals, trails }: Kept, keys: ReadonlySet<string>): Kept {
  const of = <T>(all: ReadonlyMap<string, T>) => new Map([...all].filter(([key]) => keys.has(key)));
  return { totals: of(totals), trails: of(trails) };
}

/** What totals and trails have in common: stretches of time, one after the other. */
interface Form<T, P extends { upTo: Instant; count: number }> {
  endOf: (one: T) => Instant;
  parts: (one: T) => readonly P[];
  having: (one: T, parts: readonly P[]) => T;
  /** The parts that follow on `from` by themselves. */
  alone: (from: Instant, parts: readonly P[]) => T;
  /** As the rest is written, and as the state holds it. */
  compact: (one: T) => T;
  few: (parts: readonly P[]) => readonly P[];
  isSame: (one: T, other: T) => boolean;
}

const areSame = <T>(one: readonly T[], other: readonly T[]) =>
  one.length === other.length && one.every((part, i) => part === other[i]);

const ofTotals: Form<Total, Block> = {
  endOf,
  parts: ({ blocks }) => blocks,
  having: (total, blocks) => ({ ...total, blocks }),
  alone: (from, blocks) => ({ from, blocks }),
  compact,
  few: (blocks) => fewerBlocks(blocks, 8),
  isSame: (one, other) =>
    one.leaving === other.leaving && one.years === other.years && areSame(one.blocks, other.blocks),
};

const ofTrails: Form<Trail, Leg> = {
  endOf: endOfTrail,
  parts: ({ legs }) => legs,
  having: (trail, legs) => ({ ...trail, legs }),
  alone: (from, legs) => ({ from, legs }),
  compact: shorter,
  few: (legs) => fewerLegs(legs, 4),
  isSame: (one, other) => areSame(one.legs, other.legs),
};

/** So many events, or this part of all, the state holds of one condition, but no more than `ever`: a late one has few counted anew. */
const most = { events: 512, part: 1 / 12, ever: 2048 };

const roomFor = (events: number) => Math.min(most.ever, Math.max(most.events, most.part * events));

/** The rest with what the state holds; `isWhole`: they went together. Of what does not nothing is known. */
export function joined(rest: Kept, heads: Kept): Kept & { isWhole: boolean } {
  const [totals, trails] = [join(ofTotals, rest.totals, heads.totals), join(ofTrails, rest.trails, heads.trails)];
  const isWhole = totals.size === rest.totals.size && trails.size === rest.trails.size;
  return { totals, trails, isWhole };
}

function join<T, P extends { upTo: Instant; count: number }>(
  form: Form<T, P>,
  rest: ReadonlyMap<string, T>,
  heads: ReadonlyMap<string, T>,
): Map<string, T> {
  const together = new Map(rest);
  for (const [key, head] of heads) {
    const one = rest.get(key);
    const [first] = form.parts(head);
    if (!one || !first) continue;
    if (form.endOf(form.having(head, [])) !== form.endOf(one)) together.delete(key);
    else together.set(key, form.having(one, [...form.parts(one), ...form.parts(head)]));
  }
  return together;
}

/** What is kept in two: what has to be written where the rest is, and what the state can hold of it. */
export interface Parted {
  rest: Kept;
  heads: Kept;
  /** The state holds something that has to go where the rest is. */
  isOver: boolean;
}

/** `stored`: the rest as it was read. */
export function parted(kept: Kept, stored: Kept, held: Kept): Parted {
  const totals = part(ofTotals, kept.totals, stored.totals, held.totals);
  const trails = part(ofTrails, kept.trails, stored.trails, held.trails);
  return {
    rest: { totals: totals.rest, trails: trails.rest },
    heads: { totals: totals.heads, trails: trails.heads },
    isOver: totals.isOver || trails.isOver,
  };
}

function part<T, P extends { upTo: Instant; count: number }>(
  form: Form<T, P>,
  kept: ReadonlyMap<string, T>,
  stored: ReadonlyMap<string, T>,
  held: ReadonlyMap<string, T>,
) {
  const [rest, heads] = [new Map<string, T>(), new Map<string, T>()];
  let isOver = false;
  for (const [key, one] of kept) {
    const before = stored.get(key);
    const end = before ? form.endOf(before) : Infinity;
    const old = form.having(
      one,
      form.parts(one).filter(({ upTo }) => upTo <= end),
    );
    const isParted = before !== undefined && form.endOf(old) === end && Number.isFinite(end);
    if (!isParted) {
      rest.set(key, before && form.isSame(one, before) ? before : form.compact(one));
      isOver ||= held.has(key);
      continue;
    }
    rest.set(key, form.isSame(old, before) ? before : form.compact(old));
    const newer = form.parts(one).slice(form.parts(old).length);
    if (newer.length === 0) continue;
    heads.set(key, form.alone(end, form.few(newer)));
    isOver ||= countOf(newer) > roomFor(countOf(form.parts(old)));
  }
  return { rest, heads, isOver };
}

/** All of it, as it is written where the rest is. */
export const whole = ({ totals, trails }: Kept): Kept => ({
  totals: new Map([...totals].map(([key, one]) => [key, compact(one)])),
  trails: new Map([...trails].map(([key, one]) => [key, shorter(one)])),
});

/** Whether it is what was read, object by object; what nobody asks for any more may be missing. */
export const isUnchanged = (rest: Kept, stored: Kept): boolean =>
  [...rest.totals].every(([key, one]) => stored.totals.get(key) === one) &&
  [...rest.trails].every(([key, one]) => stored.trails.get(key) === one);
