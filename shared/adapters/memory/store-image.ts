// An item as it stands in the table, with the entries that it makes in the indexes, all within the database's limits.
import { sizeOf } from '../../storage/size.ts';
import { table } from '../../storage/table.ts';
import { type Attributes, copyOf, malformed } from '../../storage/values.ts';
import { type Entries, entriesOf, localIndexes } from './store-entry.ts';
import { checkPart } from './store-key.ts';
import { overhead, Row, type Spot } from './store-row.ts';
import type { Source } from './store-rows.ts';

/** What is longer is laid away by itself, once, and need not be read or written when only its neighbours are wanted. */
const longestInside = 512;

/** How much larger than DynamoDB's measure attributes are in the heap. */
const inHeap = 2;

/** What is at hand of an item: its attributes and entries, or where they lie. */
type Known = { held: Attributes; entries: Entries } | { laid: string | number; source: Source };

/** A stored item. */
export class Image extends Row {
  /** Its entries in the local indexes, which lie with it: one place for each, empty where the item is not in the index. */
  readonly locals: Entries;
  private made: Entries | undefined;
  private held: Attributes | undefined;
  private readonly text: string | undefined;
  /** What the text is found by in the attic, when it lies there by itself. */
  private name: number | undefined;
  private readonly source: Source | undefined;

  constructor(spot: Spot, size: number, locals: Entries, known: Known) {
    super(spot, size);
    const isHeld = 'held' in known;
    this.locals = locals;
    this.made = isHeld ? known.entries : undefined;
    this.held = isHeld ? known.held : undefined;
    this.text = isHeld || typeof known.laid === 'number' ? undefined : known.laid;
    this.name = isHeld || typeof known.laid === 'string' ? undefined : known.laid;
    this.source = isHeld ? undefined : known.source;
  }

  /** One place for each of `indexes`. Those of an item that comes out of the attic are made when somebody looks. */
  get entries(): Entries {
    this.made ??= entriesOf(this.item, this.pk, this.sk);
    return this.made;
  }

  get item(): Attributes {
    if (this.held) return this.held;
    const { name, source } = this;
    const text = this.text ?? (name === undefined ? undefined : source?.fetch(name));
    if (text === undefined) throw new Error('A row has its attributes, or knows where they lie.');
    source?.grew(inHeap * this.size);
    this.held = this.read(text);
    return this.held;
  }

  copy(): Attributes {
    return copyOf(this.item);
  }

  position(): Attributes {
    return { pk: this.pk, sk: this.sk };
  }

  get weight(): number {
    const entries = this.locals.length * overhead;
    return overhead + entries + (this.text?.length ?? 0) + (this.held ? inHeap * this.size : 0);
  }

  folded(lay: (text: string) => number): string | number {
    if (this.name !== undefined) return this.name;
    const text = this.text ?? this.written();
    if (this.size <= longestInside) return text;
    this.name = lay(text);
    return this.name;
  }

  leave(drop: (name: number) => void): void {
    if (this.name === undefined) return;
    this.held ??= this.item;
    drop(this.name);
    this.name = undefined;
  }

  /** The attributes as a text; the keys that its place tells are left out where they come first, as they mostly do. */
  private written(): string {
    const text = JSON.stringify(this.item);
    const keys = this.keys();
    return text.startsWith(keys) ? text.slice(keys.length) : text;
  }

  private read(text: string): Attributes {
    return JSON.parse(text.startsWith('{') ? text : this.keys() + text) as Attributes;
  }

  /** How the text of the attributes begins when the keys come first: with a comma behind, so that the rest begins with a name. */
  private keys(): string {
    const sorts = localIndexes.map(({ index }, nth) => {
      const entry = this.locals[nth];
      return entry ? `"${index.spec.sort}":${JSON.stringify(entry.sort)},` : '';
    });
    return `{"pk":${JSON.stringify(this.pk)},"sk":${JSON.stringify(this.sk)},${sorts.join('')}`;
  }
}

const largestItem = 400 * 1024;

/** Makes the image of an item. Throws when its keys or its size are out of bounds. */
export function imageOf(item: Attributes): Image {
  const { pk, sk } = keyIn(item);
  const size = sizeOf(item);
  const entries = entriesOf(item, pk, sk);
  const locals = localIndexes.map(({ at }) => entries[at]);
  // A local index shares the item's bounds: the item and its entries together.
  if (locals.reduce((sum, entry) => sum + (entry?.size ?? 0), size) > largestItem)
    throw malformed('Item size has exceeded the maximum allowed size.');
  return new Image({ partition: pk, sort: sk, pk, sk }, size, locals, { held: item, entries });
}

function keyIn(item: Attributes): { pk: string; sk: string } {
  const { pk, sk } = item;
  checkPart(table.partition, pk);
  checkPart(table.sort, sk, 'sort');
  return { pk, sk };
}
