// A total: what the events in the timeframe of one condition come to, kept so that a look reads few of them. Stretches of
// time, one after the other. The first is known event by event, as time takes these out next; of the others only the sum
// is. Whatever is wrong of a stretch is counted anew out of the events, never corrected: that is right however often it
// is done (docs/adr/0015).
import type { Instant } from '../../kernel/time.ts';
import {
  type Amount,
  type Block,
  type Known,
  blockOf,
  chunks,
  fewerBlocks,
  isLarge,
  inPieces,
  smallestPart,
  together,
} from './blocks.ts';
import type { Edges } from './windows.ts';

export interface Total {
  /** The total begins after this instant. */
  from: Instant;
  leaving?: Known;
  blocks: readonly Block[];
  /** Of anniversaries: the years that the events lie in, and perhaps others. */
  years?: readonly number[];
}

/** How what is wrong of a total is found anew. */
export interface Reads {
  /** The events after `after`, up to `upTo`, read consistently. */
  recount: (after: Instant, upTo: Instant) => Promise<readonly Amount[]>;
  /** The pieces of a block; where none are known, the block itself. */
  open: (block: Block) => Promise<readonly Block[]>;
}

/** Times, both inclusive. */
export interface Range {
  from: Instant;
  to: Instant;
}

/** So many blocks at most. */
const mostBlocks = 24;
/** So many events of the first stretch are known one by one, unless more of them are of one instant. */
const mostLeaving = 16;
/** A small block that begins to leave, or that is counted anew, is split into so many; of a large one so many pieces become blocks. */
const splitInto = 4;

/** Up to where the total goes; from there on events are read. */
export const endOf = ({ from, leaving, blocks }: Total): Instant => blocks.at(-1)?.upTo ?? leaving?.upTo ?? from;

/**
 * The total as of now: what has left is gone, stretches that changed events lie in are counted anew, and so is what begins to
 * leave. `changed`: it is worth keeping; `recounted`: late events may have made it another one.
 */
export async function brought(
  total: Total,
  edges: Edges,
  late: readonly Range[],
  reads: Reads,
): Promise<{ total: Total; changed: boolean; recounted: boolean }> {
  const { leaving, blocks } = total;
  const from = Math.max(total.from, edges.moving ? edges.after : -Infinity);
  const repair = repairOf(late, reads);
  let next = leaving && leaving.upTo > from ? await repair.known(from, leaving) : undefined;
  const kept: Block[] = [];
  let begins = leaving?.upTo ?? total.from;
  for (const block of blocks) {
    if (block.upTo <= from) repair.done.changed = true;
    else if (edges.moving && next === undefined && kept.length === 0) {
      const begun = await repair.leaving(Math.max(begins, from), block, from);
      next = begun.leaving;
      kept.push(...begun.blocks);
    } else kept.push(...(await repair.block(begins, block)));
    begins = block.upTo;
  }
  return { total: { from, ...(next && { leaving: next }), blocks: kept }, ...repair.done };
}

/** Counts anew what events in `late` lie in; `done` tells of all that it did. */
function repairOf(late: readonly Range[], { recount, open }: Reads) {
  const done = { changed: false, recounted: false };
  const isWrong = (after: Instant, upTo: Instant) => late.some((one) => one.to > after && one.from <= upTo);
  const isAllWrong = (after: Instant, upTo: Instant) => late.some((one) => one.from <= after + 1 && one.to >= upTo);

  async function anew(after: Instant, upTo: Instant): Promise<Known> {
    done.changed = true;
    done.recounted ||= isWrong(after, upTo);
    return { upTo, amounts: await recount(after, upTo) };
  }

  /** Pieces that stand together are read at once. */
  async function pieces(after: Instant, blocks: readonly Block[]): Promise<Block[]> {
    const right: Block[] = [];
    for (const { begins, upTo, wrong, some } of stretchesOf(after, blocks, isWrong)) {
      right.push(...(wrong ? inPieces(await anew(begins, upTo)) : some));
    }
    return right;
  }

  return {
    done,
    known: (after: Instant, known: Known) => (isWrong(after, known.upTo) ? anew(after, known.upTo) : known),

    async block(after: Instant, block: Block): Promise<readonly Block[]> {
      if (!isWrong(after, block.upTo)) return [block];
      const parts = isAllWrong(after, block.upTo) ? [block] : await open(block);
      if (parts.length > 1) return [together(await pieces(after, parts)) ?? block];
      const known = await anew(after, block.upTo);
      if (known.amounts.length === 0 || isLarge(known)) return [blockOf(known)];
      // Another one may come late there: it finds smaller blocks.
      return chunks(known, (n) => Math.max(smallestPart, Math.ceil(n / splitInto))).map(blockOf);
    },

    /** Of a block that begins to leave the first events one by one. */
    async leaving(after: Instant, block: Block, from: Instant): Promise<{ leaving: Known; blocks: readonly Block[] }> {
      const [first = block, ...others] = (await open(block)).filter(({ upTo }) => upTo > from);
      const known = await anew(after, first.upTo);
      const [leaving = known, ...rest] = chunks(
        known,
        (n) => Math.max(mostLeaving, Math.ceil(n / splitInto)),
        mostLeaving,
      );
      const right = await pieces(first.upTo, others);
      const left = together(right.slice(splitInto));
      return { leaving, blocks: [...rest.map(blockOf), ...right.slice(0, splitInto), ...(left ? [left] : [])] };
    },
  };
}

/** Neighbours, those that are wrong and stand together as one. */
function stretchesOf(after: Instant, blocks: readonly Block[], isWrong: (after: Instant, upTo: Instant) => boolean) {
  const stretches: { begins: Instant; upTo: Instant; wrong: boolean; some: Block[] }[] = [];
  let begins = after;
  for (const block of blocks) {
    const { upTo } = block;
    const wrong = isWrong(begins, upTo);
    const last = stretches.at(-1);
    if (last && last.wrong === wrong) {
      last.some.push(block);
      last.upTo = upTo;
    } else stretches.push({ begins, upTo, wrong, some: [block] });
    begins = upTo;
  }
  return stretches;
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
  const taken = chunks({ amounts: amounts.slice(0, cut), upTo }, size, opens ? mostLeaving : undefined);
  const [first, ...rest] = taken;
  const leaving = opens ? first : total.leaving;
  const blocks = [...total.blocks, ...(opens ? rest : taken).map(blockOf)];
  return { ...total, ...(leaving && { leaving }), blocks };
}

/** With no more blocks than are kept for long; the older half stays as it is, so that what leaves next is in small ones. */
export const compact = (total: Total): Total => ({ ...total, blocks: fewerBlocks(total.blocks, mostBlocks) });

/** The quantity of what is not known event by event. */
export const lumpOf = ({ blocks }: Total): bigint => blocks.reduce((sum, { by }) => sum + by, 0n);
