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

/** What is fetched for a row when somebody asks: by the name that it has in the attic. */
export interface Laid {
  name: number;
  fetch: (name: number, size: number) => Attributes;
}

/** What stands at a place: the attributes kept there and their bytes. Never changed, only replaced. */
export class Row implements Spot {
  readonly partition: string;
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
  readonly size: number;
  /** What the attributes are found by in the attic, once they lie there by themselves. */
  name: number | undefined;
  private held: Attributes | undefined;
  private readonly fetch: Laid['fetch'] | undefined;

  constructor({ partition, sort, pk, sk }: Spot, size: number, held: Attributes | undefined, laid?: Laid) {
    this.partition = partition;
    this.sort = sort;
    this.pk = pk;
    this.sk = sk;
    this.size = size;
    this.held = held;
    this.name = laid?.name;
    this.fetch = laid?.fetch;
  }

  get item(): Attributes {
    if (this.held) return this.held;
    if (this.name === undefined || !this.fetch) throw new Error('A row has its attributes, or knows where they lie.');
    this.held = this.fetch(this.name, this.size);
    return this.held;
  }

  /** Bytes that it takes as it is. */
  get weight(): number {
    return this.held ? this.size : skeleton;
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
  clear: () => void;
}

/** A shelf to whoever only reads it. */
export type Readable = Pick<Shelf, 'forward' | 'backward'>;

/** The order of rows of a partition; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

const isSameSpot = (a: Spot, b: Spot) => a.partition === b.partition && comparePlaces(a, b) === 0;

/** Bytes of a row whose attributes lie in the attic. */
const skeleton = 100;

/** What is longer is laid away by itself, once, and need not be read or written when only its neighbours are wanted. */
const longestInside = 512;

/** A row in the text of a run: with its attributes, or with the name of these, and its keys where they are not the table's. */
type Line = [size: number, item: Attributes] | [size: number, name: number, sort: string, pk?: string, sk?: string];

/** How rows of a shelf come back: out of their attributes, or out of where they stand. */
export interface Remade<R extends Row> {
  from: (item: Attributes, size: number) => R;
  at: (spot: Spot, size: number, laid: Laid) => R;
}

/** A shelf whose rows can be made again out of what is kept there. */
export function createShelf<R extends Row>(remade: Remade<R>, folding: Folding): Shelf<R> {
  const { attic } = folding;

  function lineOf(row: R): Line {
    if (row.name === undefined && row.size <= longestInside) return [row.size, row.item];
    row.name ??= attic.put(JSON.stringify(row.item));
    return row.pk === row.partition && row.sk === row.sort
      ? [row.size, row.name, row.sort]
      : [row.size, row.name, row.sort, row.pk, row.sk];
  }

  const paper: Paper<R, Place> = {
    // The partition first: its rows share one text.
    fold: (rows) => JSON.stringify([rows[0]?.partition, ...rows.map(lineOf)]),
    unfold(folded, grew) {
      const fetch: Laid['fetch'] = (name, size) => {
        grew(size - skeleton);
        return JSON.parse(attic.look(name)) as Attributes;
      };
      const [partition, ...lines] = JSON.parse(folded) as [string, ...Line[]];
      return lines.map(([size, what, sort = '', pk = partition, sk = sort]) =>
        typeof what === 'number'
          ? remade.at({ partition, sort, pk, sk }, size, { name: what, fetch })
          : remade.from(what, size),
      );
    },
    placeOf: ({ sort, pk, sk }) => ({ sort, pk, sk }),
    weightOf: ({ weight }) => weight,
    gone({ name }) {
      if (name !== undefined) attic.drop(name);
    },
  };
  const kind = { compare: comparePlaces, how: { paper, folding } };
  const partitions = new Map<string, Runs<R, Place>>();

  function take(spot: Spot): void {
    const rows = partitions.get(spot.partition);
    rows?.take(spot);
    if (rows?.isEmpty() === true) partitions.delete(spot.partition);
  }

  function place(row: R): void {
    const rows = partitions.get(row.partition);
    if (rows) return rows.place(row);
    const fresh = new Runs(kind);
    partitions.set(row.partition, fresh);
    return fresh.place(row);
  }

  return {
    find(spot) {
      const row = partitions.get(spot.partition)?.first((other) => comparePlaces(other, spot) >= 0);
      return row && comparePlaces(row, spot) === 0 ? row : undefined;
    },
    swap(before, after) {
      if (before && !(after && isSameSpot(before, after))) take(before);
      if (after) place(after);
    },
    forward: (partition, holds) => partitions.get(partition)?.forward(holds) ?? [],
    backward: (partition, holds) => partitions.get(partition)?.backward(holds) ?? [],
    *all() {
      for (const partition of [...partitions.keys()].sort()) yield* partitions.get(partition)?.all() ?? [];
    },
    clear() {
      for (const rows of partitions.values()) rows.clear();
      partitions.clear();
    },
  };
}
