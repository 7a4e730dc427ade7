// How the state writes down what it holds of totals and trails: as short as can be, as few bytes are left of its kilobyte.
import type { StateItem } from '../../storage/items.ts';
import { sizeOf } from '../../storage/size.ts';
import { oneWhole } from './amounts.ts';
import { type Kept, nothingKept } from './heads.ts';
import type { Block } from './blocks.ts';
import type { Total } from './total.ts';
import { time, timeOf } from './totals-text.ts';
import { textOfTrails, trailsOf } from './trails-text.ts';

/** As attributes of the state. */
export interface Heads {
  heads?: string | undefined;
  legs?: string | undefined;
}

/** From where it goes on; of each block how much later it ends than the one before, its count, and its quantity if that is another. */
function textOf({ from, blocks }: Total): string {
  let end = from;
  const written = blocks.map(({ upTo, count, by }) => {
    const [length] = [upTo - end, (end = upTo)];
    const sum = by === BigInt(count) * oneWhole ? '' : ` ${by}`;
    return `${time(length)} ${count.toString(36)}${sum}`;
  });
  return [time(from), ...written].join();
}

function totalOf(text: string): Total {
  const [from = '', ...written] = text.split(',');
  let end = timeOf(from);
  const blocks = written.map((block): Block => {
    const [length = '', many = '', sum] = block.split(' ');
    end += timeOf(length);
    const count = parseInt(many, 36);
    return { upTo: end, count, by: sum === undefined ? BigInt(count) * oneWhole : BigInt(sum) };
  });
  return { from: timeOf(from), blocks };
}

export const headsText = ({ totals, trails }: Kept): Heads => ({
  ...(totals.size > 0 && {
    heads: JSON.stringify(Object.fromEntries([...totals].map(([key, total]) => [key, textOf(total)]))),
  }),
  ...(trails.size > 0 && { legs: textOfTrails(trails) }),
});

export function headsOf({ heads, legs }: Heads): Kept {
  const totals = Object.entries(JSON.parse(heads ?? '{}') as Record<string, string>);
  return {
    totals: new Map(totals.map(([key, text]) => [key, totalOf(text)])),
    trails: legs === undefined ? nothingKept.trails : trailsOf(legs),
  };
}

/** A unit of writing, bytes. */
const unit = 1024;
/** What this look may add to the state besides: a segment, a timer. */
const reserve = 96;
/** Before it holds anything there must be room for so many times as much: what is held grows. */
const room = 3;

/** Whether the state costs no more to write with these than without. */
export function hasRoom(state: StateItem, { heads, legs }: Heads): boolean {
  const { heads: before, legs: also, ...rest } = state;
  const isFirst = before === undefined && also === undefined;
  const size = sizeOf({ ...rest });
  const more = sizeOf({ ...(heads !== undefined && { heads }), ...(legs !== undefined && { legs }) });
  return Math.ceil((size + reserve + more * (isFirst ? room : 1)) / unit) <= Math.ceil(size / unit);
}
