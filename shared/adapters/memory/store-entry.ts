// What an item shows in the indexes, and which these are.
import { sizeOf } from '../../storage/size.ts';
import type { Value } from '../../storage/store.ts';
import { type IndexName, type IndexSpec, table } from '../../storage/table.ts';
import { positionNames } from '../../storage/token.ts';
import type { Attributes } from '../../storage/values.ts';
import { checkPart } from './store-key.ts';
import { overhead, Row, type Spot } from './store-row.ts';

/** The indexes of the table, each with the names of the attributes that its entries hold. */
export const indexes = (Object.keys(table.indexes) as IndexName[]).map((name) => {
  const spec: IndexSpec = table.indexes[name];
  /** Beside the keys. */
  const carried = spec.projects === 'keys' ? [] : spec.projects;
  return { name, spec, carried, keys: positionNames(name) };
});

/** An index of the table. */
export type Index = (typeof indexes)[number];

/** One place for each of some indexes. */
export type Entries = readonly (Entry | undefined)[];

/** Those that lie with the items, and where they stand among all. */
export const localIndexes = indexes.flatMap((index, at) => (index.spec.kind === 'local' ? { index, at } : []));

/** What an item shows in an index. Its place says all its keys: what it holds is the rest as a text, mostly none. */
export class Entry extends Row {
  readonly rest: string;
  private readonly index: Index;

  constructor(index: Index, spot: Spot, size: number, rest: string) {
    super(spot, size);
    this.index = index;
    this.rest = rest;
  }

  get item(): Attributes {
    return this.copy();
  }

  copy(): Attributes {
    const item = this.position();
    if (this.rest === '') return item;
    const rest = JSON.parse(this.rest) as Attributes;
    for (const name of this.index.carried) {
      const value = rest[name];
      if (value !== undefined) item[name] = value;
    }
    return item;
  }

  position(): Record<string, Value> {
    const { spec } = this.index;
    const item: Record<string, Value> = { pk: this.pk, sk: this.sk };
    // Made name by name: objects made of names that are computed, or of other objects, take five times as long.
    item[spec.partition] = this.partition;
    item[spec.sort] = this.sort;
    return item;
  }

  get weight(): number {
    return overhead + this.rest.length;
  }

  folded(): string {
    return this.rest;
  }

  leave(): void {
    // Nothing of it lies anywhere else.
  }
}

/** The entries of an item: one place for each of `indexes`, empty where it is not in the index. */
export const entriesOf = (item: Attributes, pk: string, sk: string): Entries =>
  indexes.map((index) => entryOf(index, item, pk, sk));

function entryOf(index: Index, item: Attributes, pk: string, sk: string): Entry | undefined {
  const partition = item[index.spec.partition];
  const sort = item[index.spec.sort];
  if (partition !== undefined) checkPart(index.spec.partition, partition);
  if (sort !== undefined) checkPart(index.spec.sort, sort, 'sort');
  if (partition === undefined || sort === undefined) return undefined;
  const [keys, rest] = [picked(item, index.keys), picked(item, index.carried)];
  const text = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
  return new Entry(index, { partition, sort, pk, sk }, sizeOf(keys) + sizeOf(rest), text);
}

function picked(item: Attributes, names: readonly string[]): Attributes {
  const some: Record<string, Value> = {};
  for (const name of names) {
    const value = item[name];
    if (value !== undefined) some[name] = value;
  }
  return some;
}
