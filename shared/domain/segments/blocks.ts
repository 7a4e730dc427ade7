// Blocks: stretches of time of which only the sum is known. A large one is kept in pieces beside the total, so that an event that
// comes late there, or time that begins to take it out, has a small stretch counted anew (docs/adr/0015).
import type { Instant } from '../../kernel/time.ts';

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

/** Begins where the one before ends. */
export interface Block {
  upTo: Instant;
  /** Events that lie in it: what it costs to count them anew. */
  count: number;
  by: bigint;
  /** What it is made of: smaller blocks, or the mark of the item that these are kept in. */
  pieces?: readonly Block[] | string;
}

/** What is taken in at once, as a rule, is one block. */
export const smallestPart = 17;
/** A block of more events is kept in pieces: what is taken in makes smaller ones another block again and again. */
const largestWhole = 512;
/** It has so many pieces at most, of so many events or more where they can be: some 2 KB. */
export const mostPieces = 64;
const smallestPiece = 32;

/** How many events some blocks or legs hold together. */
export const countOf = (parts: readonly { count: number }[]) => parts.reduce((sum, { count }) => sum + count, 0);

/** Consecutive stretches that cover all up to `upTo`: the first of `first` events, the others as `sizeFor` wants of them. */
export function chunks({ amounts, upTo }: Known, sizeFor: (n: number) => number, first?: number): Known[] {
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

const lumped = ({ upTo, amounts }: Known): Block => ({
  upTo,
  count: amounts.length,
  by: amounts.reduce((sum, { by }) => sum + by, 0n),
});

/** Whether these events are a block that is kept in pieces. */
export const isLarge = ({ amounts }: Known): boolean => amounts.length > largestWhole;

/** The block of these events, with its pieces when it is large. */
export const blockOf = (known: Known): Block => together(inPieces(known)) ?? lumped(known);

/** These events in blocks that are small enough to be pieces of one. */
export function inPieces(known: Known): readonly Block[] {
  const size = (n: number) => Math.max(smallestPiece, Math.ceil(n / mostPieces));
  return isLarge(known) ? chunks(known, size).map(lumped) : [lumped(known)];
}

/** Neighbours as one block; undefined: there are none. */
export function together(neighbours: readonly Block[]): Block | undefined {
  const [last, ...others] = neighbours.toReversed();
  if (!last || others.length === 0) return last;
  const count = countOf(neighbours);
  const pieces = neighbours.flatMap((one) => (isPieced(one) ? one.pieces : one));
  const by = neighbours.reduce((sum, one) => sum + one.by, 0n);
  return { upTo: last.upTo, count, by, ...(count > largestWhole && { pieces }) };
}

/** Whether its pieces are at hand. */
export const isPieced = (block: Block): block is Block & { pieces: readonly Block[] } =>
  typeof block.pieces === 'object';

/** With the smallest neighbours made one until there are so few; those before the `from`th stay as they are. */
export function fewerBlocks(blocks: readonly Block[], most: number, from: number = most / 2): readonly Block[] {
  const few = [...blocks];
  while (few.length > most) {
    const counts = few.map((block, i) => block.count + (few[i + 1]?.count ?? Infinity));
    const smallest = counts.indexOf(Math.min(...counts.slice(from)), from);
    const one = together(few.slice(smallest, smallest + 2));
    if (!one) break;
    few.splice(smallest, 2, one);
  }
  return few;
}
