// Rows in order: the table and each index are shelves of rows, by partition and there by sort key and then the table's key.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';
import type { Folding, Paper } from './store-folding.ts';
import { Runs } from './store-runs.ts';

/** Where a row stands within its partition. */
export interface Place {
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
}

/** Where a row stands. */
export interface Spot extends Place {
  readonly partition: string;
}

/** Where the attributes of a row are as long as nobody looks at them: here as a text, or in the attic. */
export interface Laid {
  text?: string;
  /** What they are found by in the attic, when they lie there by themselves. */
  name?: number;
  /** Fetches their text. */
  fetch: (name: number) => string;
  /** Hears of the bytes that they take more from now on. */
  grew: (bytes: number) => void;
}

/** Bytes of a row itself, and how much larger than DynamoDB's measure its attributes are in the heap. */
const overhead = 150;
const inHeap = 2;

/** What stands at a place: the attributes kept there and their bytes. Never changed, only replaced. */
export class Row implements Spot {
  readonly partition: string;
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
  readonly size: number;
  private name: number | undefined;
  private held: Attributes | undefined;
  private readonly laid: Laid | undefined;

  constructor({ partition, sort, pk, sk }: Spot, size: number, held: Attributes | undefined, laid?: Laid) {
    this.partition = partition;
    this.sort = sort;
    this.pk = pk;
    this.sk = sk;
    this.size = size;
    this.held = held;
    this.laid = laid;
    this.name = laid?.name;
  }

  get item(): Attributes {
    if (this.held) return this.held;
    const text = this.laid?.text ?? (this.name === undefined ? undefined : this.laid?.fetch(this.name));
    if (text === undefined) throw new Error('A row has its attributes, or knows where they lie.');
    this.laid?.grew(inHeap * this.size);
    this.held = this.read(text);
    return this.held;
  }

  /** Bytes that it takes as it is. */
  get weight(): number {
    return overhead + (this.laid?.text?.length ?? 0) + (this.held ? inHeap * this.size : 0);
  }

  /** Its attributes as a text, or what that is found by when `lay` lays it away. */
  folded(lay: ((text: string) => number) | undefined): string | number {
    if (this.name === undefined && lay) this.name = lay(this.written(this.item));
    return this.name ?? this.laid?.text ?? this.written(this.item);
  }

  /** The attributes as a text, which `read` reads. */
  protected written(item: Attributes): string {
    return JSON.stringify(item);
  }

  protected read(text: string): Attributes {
    return JSON.parse(text) as Attributes;
  }

  /** Hears that it is not there any more; whoever holds it may look at it still. */
  leave(drop: (name: number) => void): void {
    if (this.name === undefined) return;
    this.held ??= this.item;
    drop(this.name);
    this.name = undefined;
  }
}

/** All rows of the table or of an index. */
export interface Shelf<R extends Row = Row> {
  /** The row at exactly this place. */
  find: (spot: Spot) => R | undefined;
  /** Replaces a row by another; either may be missing. */
  swap: (before: Spot | undefined, after: R | undefined) => void;
  /** The rows of a partition from the first for which `holds`, in order; whatever follows such a row must hold as well. */
  forward: (partition: string, holds: (place: Place) => boolean) => Iterable<R>;
  /** The rows of a partition before the first for which `holds`, last first. */
  backward: (partition: string, holds: (place: Place) => boolean) => Iterable<R>;
  /** Every row, by partition and in order, with nothing unfolded for longer than it takes. */
  all: () => Generator<R>;
  /** Forgets every row; whoever folds them has to be told to as well. */
  clear: () => void;
}

/** A shelf to whoever only reads it. */
export type Readable = Pick<Shelf, 'forward' | 'backward'>;

/** The order of rows of a partition; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

const isSameSpot = (a: Spot, b: Spot) => a.partition === b.partition && comparePlaces(a, b) === 0;

/** What is longer is laid away by itself, once, and need not be read or written when only its neighbours are wanted. */
const longestInside = 512;

/**
 * Of a row in the text of a run: its size, its keys (those of the table where they are other ones), and how long the text
 * of its attributes is; or, below zero, what that is found by in the attic.
 */
type Line = [size: number, sort: string, length: number, sk?: string, pk?: string];

/** How rows of a shelf come back. */
export type Remade<R extends Row> = (spot: Spot, size: number, laid: Laid) => R;

/** A shelf whose rows can be made again out of what is kept there. */
export function createShelf<R extends Row>(remade: Remade<R>, folding: Folding): Shelf<R> {
  const { attic } = folding;

  /** One line that says where each row stands, and then the attributes of each: they are taken apart when they are asked for. */
  function fold(rows: readonly R[]): string {
    const texts: string[] = [];
    const lines = rows.map((row): Line => {
      const found = row.folded(row.size > longestInside ? attic.put : undefined);
      if (typeof found === 'string') texts.push(found);
      const length = typeof found === 'string' ? found.length : -found;
      const { size, sort, pk, sk, partition } = row;
      if (pk !== partition) return [size, sort, length, sk, pk];
      return sk === sort ? [size, sort, length] : [size, sort, length, sk];
    });
    return [JSON.stringify([rows[0]?.partition, ...lines]), ...texts].join('\n');
  }

  function unfold(folded: string, grew: (bytes: number) => void): R[] {
    let from = folded.indexOf('\n');
    const [partition, ...lines] = JSON.parse(from < 0 ? folded : folded.slice(0, from)) as [string, ...Line[]];
    return lines.map(([size, sort, length, sk = sort, pk = partition]) => {
      const spot = { partition, sort, pk, sk };
      if (length < 0) return remade(spot, size, { name: -length, fetch: attic.look, grew });
      const text = folded.slice(from + 1, from + 1 + length);
      from += 1 + length;
      return remade(spot, size, { text, fetch: attic.look, grew });
    });
  }

  const paper: Paper<R, Place> = {
    fold,
    unfold,
    placeOf: ({ sort, pk, sk }) => ({ sort, pk, sk }),
    weightOf: ({ weight }) => weight,
    gone: (row) => {
      row.leave(attic.drop);
    },
    resting: ([row], name) => {
      if (row) partitions.set(row.partition, name);
    },
  };
  const kind = { compare: comparePlaces, how: { paper, folding } };
  /** The rows of each partition; of one that rests as a whole, which most do, only what it is found by. */
  const partitions = new Map<string, Runs<R, Place> | number>();

  function rowsOf(partition: string): Runs<R, Place> | undefined {
    const found = partitions.get(partition);
    if (typeof found !== 'number') return found;
    const rows = new Runs(kind, found);
    partitions.set(partition, rows);
    return rows;
  }

  function take(spot: Spot): void {
    const rows = rowsOf(spot.partition);
    rows?.take(spot);
    if (rows?.isEmpty() === true) partitions.delete(spot.partition);
  }

  function place(row: R): void {
    const rows = rowsOf(row.partition) ?? new Runs(kind);
    partitions.set(row.partition, rows);
    rows.place(row);
  }

  return {
    find: (spot) => rowsOf(spot.partition)?.find(spot),
    swap(before, after) {
      if (before && !(after && isSameSpot(before, after))) take(before);
      if (after) place(after);
    },
    forward: (partition, holds) => rowsOf(partition)?.forward(holds) ?? [],
    backward: (partition, holds) => rowsOf(partition)?.backward(holds) ?? [],
    *all() {
      for (const partition of [...partitions.keys()].sort()) {
        const rows = partitions.get(partition) ?? 0;
        yield* typeof rows === 'number' ? unfold(attic.look(rows), () => undefined) : rows.all();
      }
    },
    clear: () => {
      partitions.clear();
    },
  };
}
