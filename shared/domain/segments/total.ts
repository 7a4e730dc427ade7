// A total: what the events in the timeframe of one condition come to, kept so that a look reads few of them. Stretches of
// time, one after the other. The first is known event by event, as time takes these out next; of the others only the sum
// is. Whatever is wrong of a stretch is counted anew out of the events, never corrected: that is right however often it
// is done (docs/adr/0015).
import type { Instant } from '../../kernel/time.ts';
import type { Edges } from './windows.ts';

/** What one event adds, in millionths; 0 when it does not pass the filters of the condition. */
export interface Amount {
  at: Instant;
  by: bigint;
}

/** All events after the stretch before and up to `upTo`. */
export interface Known {
  upTo: Instant;
  amounts: readonly Amount[];
}
export interface Block {
  upTo: Instant;
  /** Events that lie in it: what it costs to count them anew. */
  count: number;
  by: bigint;
}

export interface Total {
  /** The total begins after this instant. */
  from: Instant;
  leaving?: Known;
  blocks: readonly Block[];
  /** Of anniversaries: the years that the events lie in, and perhaps others. */
  years?: readonly number[];
}

/** The events after `after`, up to `upTo`, read consistently. */
export type Recount = (after: Instant, upTo: Instant) => Promise<readonly Amount[]>;

/** Times, both inclusive. */
export interface Range {
  from: Instant;
  to: Instant;
}

/** So many blocks at most. */
const mostBlocks = 24;
/** So many events of the first stretch are known one by one, unless more of them are of one instant. */
const mostLeaving = 16;
/** What is taken in at once, as a rule, is one block. */
export const smallestPart = 17;
/** A block that begins to leave, or that is counted anew, is split into so many. */
const splitInto = 4;

/** Up to where the total goes; from there on events are read. */
export const endOf = ({ from, leaving, blocks }: Total): Instant => blocks.at(-1)?.upTo ?? leaving?.upTo ?? from;

/**
 * The total as of now: what has left is gone, stretches that changed events lie in are counted anew, and so is a block that
 * begins to leave. `changed`: it is worth keeping; `recounted`: late events may have made it another one.
 */
export async function brought(
  total: Total,
  edges: Edges,
  late: readonly Range[],
  recount: Recount,
): Promise<{ total: Total; changed: boolean; recounted: boolean }> {
  const { leaving, blocks } = total;
  const from = Math.max(total.from, edges.moving ? edges.after : -Infinity);
  const touched = (start: Instant, upTo: Instant) => late.some((one) => one.to > start && one.from <= upTo);
  let [changed, recounted] = [false, false];
  const anew = (start: Instant, upTo: Instant) => {
    changed = true;
    recounted ||= touched(start, upTo);
    return recount(start, upTo);
  };
  let next: Known | undefined;
  if (leaving && leaving.upTo > from) {
    const wrong = touched(from, leaving.upTo);
    next = wrong ? { ...leaving, amounts: await anew(from, leaving.upTo) } : leaving;
  }
  const kept: Block[] = [];
  let start = leaving?.upTo ?? total.from;
  for (const block of blocks) {
    const [begins, { upTo }] = [start, block];
    start = upTo;
    if (upTo <= from) {
      changed = true;
      continue;
    }
    const opens = edges.moving && next === undefined && kept.length === 0;
    if (opens) {
      const known = await anew(Math.max(begins, from), upTo);
      const [first, ...rest] = chunks(known, upTo, mostLeaving, (n) => Math.ceil(n / splitInto));
      next = first ?? { upTo, amounts: [] };
      kept.push(...rest.map(blockOf));
    } else if (touched(begins, upTo)) {
      // Another one may come late there: it finds smaller blocks.
      const again = chunks(await anew(begins, upTo), upTo, undefined, (n) =>
        Math.max(smallestPart, Math.ceil(n / splitInto)),
      );
      kept.push(...(again.length > 0 ? again : [{ upTo, amounts: [] }]).map(blockOf));
    } else kept.push(block);
  }
  return { total: { from, ...(next && { leaving: next }), blocks: kept }, changed, recounted };
}

/**
 * The total with these events taken in, which follow on it; `keep` of the newest are left out, but none when no more can
 * follow. Undefined: none was taken.
 */
export function folded(
  total: Total,
  amounts: readonly Amount[],
  keep: number,
  { moving, end, upTo: counting }: Edges,
): Total | undefined {
  const isOver = counting === end;
  let cut = Math.max(0, amounts.length - (isOver ? 0 : keep));
  while (cut > 0 && amounts[cut - 1]?.at === amounts[cut]?.at) cut -= 1;
  const upTo = isOver ? end : amounts[cut - 1]?.at;
  if (upTo === undefined) return undefined;
  const opens = moving && total.leaving === undefined && total.blocks.length === 0;
  const size = (n: number) => Math.max(smallestPart, Math.ceil((2 * n) / mostBlocks));
  const taken = chunks(amounts.slice(0, cut), upTo, opens ? mostLeaving : undefined, size);
  const [first, ...rest] = taken;
  const leaving = opens ? first : total.leaving;
  const blocks = [...total.blocks, ...(opens ? rest : taken).map(blockOf)];
  return { ...total, ...(leaving && { leaving }), blocks };
}

/** With no more blocks than are kept for long; the older half stays as it is, so that what leaves next is in small ones. */
export const compact = (total: Total): Total => ({ ...total, blocks: fewerBlocks(total.blocks, mostBlocks) });

/** How many events some blocks or legs hold together. */
export const countOf = (parts: readonly { count: number }[]) => parts.reduce((sum, { count }) => sum + count, 0);

/** The quantity of what is not known event by event. */
export const lumpOf = ({ blocks }: Total): bigint => blocks.reduce((sum, { by }) => sum + by, 0n);

const blockOf = ({ upTo, amounts }: Known): Block => ({
  upTo,
  count: amounts.length,
  by: amounts.reduce((sum, { by }) => sum + by, 0n),
});

/** Consecutive stretches that cover all up to `upTo`: the first of `first` events, the others as `sizeFor` wants of them. */
function chunks(
  amounts: readonly Amount[],
  upTo: Instant,
  first: number | undefined,
  sizeFor: (n: number) => number,
): Known[] {
  const size = sizeFor(amounts.length - (first ?? 0));
  const parts: Known[] = [];
  let begun = 0;
  for (const [i, { at }] of amounts.entries()) {
    const enough = i + 1 - begun >= (parts.length === 0 && first !== undefined ? first : size);
    // What happens at one instant stays together.
    if (!enough || i + 1 === amounts.length || amounts[i + 1]?.at === at) continue;
    parts.push({ upTo: at, amounts: amounts.slice(begun, i + 1) });
    begun = i + 1;
  }
  return amounts.length === begun ? parts : [...parts, { upTo, amounts: amounts.slice(begun) }];
}

/** With the smallest neighbours of the newer half made one until there are so few. */
export function fewerBlocks(blocks: readonly Block[], most: number): readonly Block[] {
  const few = [...blocks];
  while (few.length > most) {
    const together = few.map((block, i) => block.count + (few[i + 1]?.count ?? Infinity));
    const smallest = together.indexOf(Math.min(...together.slice(most / 2)), most / 2);
    const [a, b] = few.slice(smallest, smallest + 2);
    if (!a || !b) break;
    few.splice(smallest, 2, { upTo: b.upTo, count: a.count + b.count, by: a.by + b.by });
  }
  return few;
}
