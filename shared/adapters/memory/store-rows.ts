// Rows in order: the table and each index are shelves of rows, by partition and there by sort key and then the table's key.
import type { Folding, Paper } from './store-folding.ts';
import { comparePlaces, type Place, type Row, type Spot } from './store-row.ts';
import { Runs } from './store-runs.ts';

/** All rows of the table or of an index. */
export interface Shelf<R extends Row = Row> extends Readable<R> {
  /** The row at exactly this place. */
  find: (spot: Spot) => R | undefined;
  /** Replaces a row by another; either may be missing. */
  swap: (before: Spot | undefined, after: R | undefined) => void;
  /** How many runs the rows of a partition are: 0 when there are none, 1 when there are few. */
  runsOf: (partition: string) => number;
  /** Every row, by partition and in order, with nothing unfolded for longer than it takes. */
  all: () => Generator<R>;
  /** Forgets every row; whoever folds them has to be told to as well. */
  clear: () => void;
}

/** A shelf to whoever only reads it: some rows at a time, as they lie together. */
export interface Readable<R extends Row = Row> {
  /** The rows of a partition from the first for which `holds`, in order; whatever follows such a row must hold as well. */
  forward: (partition: string, holds: (place: Place) => boolean) => Iterable<readonly R[]>;
  /** The rows of a partition before the first for which `holds`, last first. */
  backward: (partition: string, holds: (place: Place) => boolean) => Iterable<readonly R[]>;
}

const isSameSpot = (a: Spot, b: Spot) => a.partition === b.partition && comparePlaces(a, b) === 0;

/** Where what was folded up comes from. */
export interface Source {
  /** Fetches what lies in the attic by itself. */
  fetch: (name: number) => string;
  /** Hears of the bytes that a row takes more from now on. */
  grew: (bytes: number) => void;
}

export type Field = string | number;

/** What of a row is written down beside its partition and its attributes, and how it is made again of that. */
export interface Form<R extends Row> {
  /** So many fields. */
  width: number;
  /** Writes them at the end of a line. */
  note: (row: R, line: Field[]) => void;
  /** The fields begin at `at`; `laid` are the attributes as a text, or what that is found by in the attic. */
  remade: (partition: string, fields: readonly Field[], at: number, laid: string | number, source: Source) => R;
}

/** A shelf whose rows can be made again out of what is kept there. */
export function createShelf<R extends Row>(form: Form<R>, folding: Folding): Shelf<R> {
  const { attic } = folding;
  const { width, note, remade } = form;

  /**
   * One line that says where each row stands, and then the attributes of each: they are taken apart when they are asked for.
   * The line is one list of the partition and of `width` fields and a number a row: how long the text of its attributes is
   * or, below zero, what that is found by in the attic. A list of lists takes twice as long to read.
   */
  function fold(rows: readonly R[]): string {
    const line: Field[] = [rows[0]?.partition ?? ''];
    const texts = [''];
    for (const row of rows) {
      const found = row.folded(attic.put);
      if (typeof found === 'string') texts.push(found);
      note(row, line);
      line.push(typeof found === 'string' ? found.length : -found);
    }
    texts[0] = JSON.stringify(line);
    return texts.join('\n');
  }

  function unfold(folded: string, grew: (bytes: number) => void): R[] {
    let end = folded.indexOf('\n');
    const line = JSON.parse(end < 0 ? folded : folded.slice(0, end)) as Field[];
    const partition = String(line[0]);
    const source = { fetch: (name: number) => attic.look(name)[0], grew };
    const rows: R[] = [];
    for (let at = 1; at < line.length; at += width + 1) {
      const length = Number(line[at + width]);
      const text = length < 0 ? -length : folded.slice(end + 1, end + 1 + length);
      if (length >= 0) end += 1 + length;
      rows.push(remade(partition, line, at, text, source));
    }
    return rows;
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
    const found = rowsOf(row.partition);
    const rows = found ?? new Runs(kind);
    if (!found) partitions.set(row.partition, rows);
    rows.place(row);
  }

  return {
    find: (spot) => rowsOf(spot.partition)?.find(spot),
    swap(before, after) {
      if (before && !(after && isSameSpot(before, after))) take(before);
      if (after) place(after);
    },
    runsOf(partition) {
      const found = partitions.get(partition);
      return typeof found === 'number' ? 1 : (found?.count() ?? 0);
    },
    forward: (partition, holds) => rowsOf(partition)?.forward(holds) ?? [],
    backward: (partition, holds) => rowsOf(partition)?.backward(holds) ?? [],
    *all() {
      for (const partition of [...partitions.keys()].sort()) {
        const rows = partitions.get(partition) ?? 0;
        yield* typeof rows === 'number' ? new Runs(kind, rows).all() : rows.all();
      }
    },
    clear: () => {
      partitions.clear();
    },
  };
}
