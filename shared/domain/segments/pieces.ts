// Where the pieces of large blocks lie: beside the total, each block's in an item of its own, which is read when something in the
// block is wrong or begins to leave.
import { derivedId } from '../../kernel/ids.ts';
import type { PiecesItem } from '../../storage/items.ts';
import { piecesKey } from '../../storage/patterns.ts';
import type { Key, Put } from '../../storage/store.ts';
import { type Block, fewerBlocks, isPieced, mostPieces } from './blocks.ts';
import type { Whose } from './read-events.ts';
import type { Total } from './total.ts';
import { piecesIn, textOfPieces, time } from './totals-text.ts';

type Totals = ReadonlyMap<string, Total>;

/** The block names the text that was written with it: what somebody else has written since, or never came to write, is none of it. */
const markOf = (text: string) => derivedId(5, text);

/** The pieces of a block; where none are known, the block itself. `key`: what the condition measures. */
export async function opened(whose: Whose, key: string, block: Block): Promise<readonly Block[]> {
  const { pieces, ...bare } = block;
  if (pieces === undefined) return [block];
  if (typeof pieces !== 'string') return pieces;
  const item = await whose.ports.store.get(keyOfItem(whose, key, block));
  return item && markOf(item.pieces) === pieces ? piecesIn(item.pieces) : [bare];
}

const keyOfItem = ({ account, profile }: Whose, key: string, { upTo }: Block) =>
  piecesKey(account, profile, key, time(upTo));

/** So many puts one transaction takes beside others; blocks beyond are kept as they are, and have pieces when they are wrong next. */
const mostPut = 36;

/** Totals as they are written, and what is written with them. */
export interface Shelved {
  totals: Totals;
  /** Pieces that came up or changed: to go with the total that names them, in one transaction with the state. */
  puts: readonly Put[];
  /** Those that nothing names any more. */
  gone: readonly Key[];
}

/** Makes items of the pieces that are at hand. `before`: the totals that were written. */
export async function shelved(whose: Whose, totals: Totals, before: Totals): Promise<Shelved> {
  const pieced = [...totals].flatMap(([key, { blocks }]) => blocks.filter(isPieced).map((block) => ({ key, block })));
  const made = new Map<Block, PiecesItem>();
  await Promise.all(
    pieced.slice(0, mostPut).map(async ({ key, block }) => {
      made.set(block, await itemOf(whose, key, block));
    }),
  );
  const named = (block: Block): Block => {
    const { pieces, ...bare } = block;
    if (typeof pieces !== 'object') return block;
    const item = made.get(block);
    return item ? { ...bare, pieces: markOf(item.pieces) } : bare;
  };
  const next = new Map([...totals].map(([key, one]) => [key, { ...one, blocks: one.blocks.map(named) }]));
  const ends = new Set(namedIn(next).map(({ end }) => end));
  const gone = namedIn(before).filter(({ end }) => !ends.has(end));
  return {
    totals: next,
    puts: [...made.values()].map((put) => ({ put })),
    gone: gone.map(({ key, block }) => keyOfItem(whose, key, block)),
  };
}

/** The item of a block's pieces; those that it was made of may have their own. */
async function itemOf(whose: Whose, key: string, block: Block & { pieces: readonly Block[] }): Promise<PiecesItem> {
  const found = await Promise.all(block.pieces.map((piece) => opened(whose, key, piece)));
  const pieces = textOfPieces(fewerBlocks(found.flat(), mostPieces, 0));
  return { ...keyOfItem(whose, key, block), kind: 'pieces', pieces };
}

/** Which blocks have pieces that are written. */
const namedIn = (totals: Totals) =>
  [...totals].flatMap(([key, { blocks }]) =>
    blocks
      .filter(({ pieces }) => typeof pieces === 'string')
      .map((block) => ({ key, block, end: `${key} ${block.upTo}` })),
  );
