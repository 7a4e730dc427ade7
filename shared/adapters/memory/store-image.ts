// An item as it stands in the table, with the entries that it makes in the indexes, all within the database's limits.
import { type IndexName, type IndexSpec, table } from '../../storage/table.ts';
import { positionNames } from '../../storage/token.ts';
import { type Attributes, malformed } from '../../storage/values.ts';
import type { Value } from '../../storage/store.ts';
import { type Laid, Row, type Spot } from './store-rows.ts';
import { sizeOf } from '../../storage/size.ts';

/** A stored item; `entries` has one place for each of `indexes`, empty where the item is not in the index. */
export class Image extends Row {
  private made: readonly (Entry | undefined)[] | undefined;

  /** Those of an item that comes out of the attic are made when somebody looks. */
  get entries(): readonly (Entry | undefined)[] {
    this.made ??= indexes.map((index) => entryOf(index, this.item, this.pk, this.sk));
    return this.made;
  }
}

/** The indexes of the table, each with the names of the attributes that its entries hold. */
export const indexes = (Object.keys(table.indexes) as IndexName[]).map((name) => {
  const spec: IndexSpec = table.indexes[name];
  /** Beside the keys. */
  const carried = spec.projects === 'keys' ? [] : spec.projects;
  return { name, spec, carried, projected: [...positionNames(name), ...carried] };
});

type Index = (typeof indexes)[number];

/** What an item shows in an index. Its place says all its keys: what is written down of it is the rest, mostly nothing. */
export class Entry extends Row {
  private readonly index: Index;

  constructor(index: Index, spot: Spot, size: number, held: Attributes | undefined, laid?: Laid) {
    super(spot, size, held, laid);
    this.index = index;
  }

  protected override written(item: Attributes): string {
    const rest = this.index.carried.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]);
    return rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest));
  }

  protected override read(text: string): Attributes {
    const { pk, sk, partition, sort } = this;
    const { spec } = this.index;
    const keys = { pk, sk, [spec.partition]: partition, [spec.sort]: sort };
    return text === '' ? keys : { ...keys, ...(JSON.parse(text) as Attributes) };
  }
}

const largestItem = 400 * 1024;
/** The longest keys, in bytes. */
const longest = { partition: 2048, sort: 1024 };

/** Makes the image of an item. Throws when its keys or its size are out of bounds. */
export function imageOf(item: Attributes): Image {
  const { pk, sk } = keyIn(item);
  const size = sizeOf(item);
  const image = new Image({ partition: pk, sort: sk, pk, sk }, size, item);
  // A local index shares the item's bounds: the item and its entries together.
  const local = indexes.map(({ spec }, at) => (spec.kind === 'local' ? (image.entries[at]?.size ?? 0) : 0));
  if (local.reduce((sum, bytes) => sum + bytes, size) > largestItem)
    throw malformed('Item size has exceeded the maximum allowed size.');
  return image;
}

/** Throws unless both parts of a key are there and not too long. */
export function checkKey(key: { pk: string; sk: string }): void {
  checkPart(table.partition, key.pk);
  checkPart(table.sort, key.sk, 'sort');
}

/** Throws unless a text can be a partition key (2,048 bytes) or a sort key (1,024 bytes). */
export function checkPart(
  name: string,
  value: Value | undefined,
  part: keyof typeof longest = 'partition',
): asserts value is string {
  if (typeof value !== 'string') throw malformed(`The key attribute ${name} must be a text.`);
  if (value === '') throw malformed(`The key attribute ${name} cannot be empty.`);
  // A UTF-16 unit takes 3 bytes at most: short texts need no counting.
  if (value.length * 3 > longest[part] && Buffer.byteLength(value) > longest[part]) {
    throw malformed(`The key attribute ${name} has more than ${longest[part]} bytes.`);
  }
}

function keyIn(item: Attributes): { pk: string; sk: string } {
  const { pk, sk } = item;
  checkPart(table.partition, pk);
  checkPart(table.sort, sk, 'sort');
  return { pk, sk };
}

function entryOf(index: Index, item: Attributes, pk: string, sk: string): Entry | undefined {
  const partition = item[index.spec.partition];
  const sort = item[index.spec.sort];
  if (partition !== undefined) checkPart(index.spec.partition, partition);
  if (sort !== undefined) checkPart(index.spec.sort, sort, 'sort');
  if (partition === undefined || sort === undefined) return undefined;
  const kept: Record<string, Value> = {};
  for (const name of index.projected) {
    const value = item[name];
    if (value !== undefined) kept[name] = value;
  }
  return new Entry(index, { partition, sort, pk, sk }, sizeOf(kept), kept);
}
