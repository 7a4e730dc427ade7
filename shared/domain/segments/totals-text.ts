// How totals are written down: short, as they are read with every look.
import type { Amount, Block } from './blocks.ts';
import type { Total } from './total.ts';

export const time = (at: number) => (Number.isFinite(at) ? at.toString(36) : '');
export const timeOf = (text: string) => (text === '' ? -Infinity : parseInt(text, 36));

const known = ({ at, by }: Amount) => `${time(at)} ${by}`;
const bare = ({ upTo, count, by }: Block) => `${time(upTo)} ${count} ${by}`;
const block = (one: Block) => (typeof one.pieces === 'string' ? `${bare(one)} ${one.pieces}` : bare(one));

/** Of one condition: from, and of anniversaries the years; the first stretch or null, the blocks. */
type Written = [
  from: string | readonly [string, ...number[]],
  leaving: [upTo: string, ...amounts: string[]] | null,
  ...blocks: string[],
];

/** By condition (`keyOf`), as JSON. */
export function textOf(totals: ReadonlyMap<string, Total>): string {
  const written = [...totals].map(([key, { from, leaving, blocks, years }]): [string, Written] => {
    const first: Written[1] = leaving ? [time(leaving.upTo), ...leaving.amounts.map(known)] : null;
    return [key, [years ? [time(from), ...years] : time(from), first, ...blocks.map(block)]];
  });
  return JSON.stringify(Object.fromEntries(written));
}

export function totalsOf(text: string): Map<string, Total> {
  const written = Object.entries(JSON.parse(text) as Record<string, Written>);
  return new Map(written.map(([key, one]) => [key, totalOf(one)]));
}

function totalOf([begin, leaving, ...blocks]: Written): Total {
  const from = typeof begin === 'string' ? begin : begin[0];
  const years = typeof begin === 'string' ? undefined : begin.slice(1).map(Number);
  return {
    from: timeOf(from),
    ...(years && { years }),
    ...(leaving && { leaving: { upTo: timeOf(leaving[0]), amounts: leaving.slice(1).map(amountOf) } }),
    blocks: blocks.map(blockIn),
  };
}

function blockIn(text: string): Block {
  const [upTo = '', count = '', by = '', pieces] = text.split(' ');
  return { upTo: timeOf(upTo), count: Number(count), by: BigInt(by), ...(pieces !== undefined && { pieces }) };
}

/** The pieces of a block, which have none of their own. */
export const textOfPieces = (pieces: readonly Block[]): string => pieces.map(bare).join();
export const piecesIn = (text: string): Block[] => text.split(',').map(blockIn);

function amountOf(text: string): Amount {
  const [at = '', by = ''] = text.split(' ');
  return { at: timeOf(at), by: BigInt(by) };
}
