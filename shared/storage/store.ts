import type { IndexName } from './table.ts';

/** What an attribute may hold. User-written bags are one JSON string each (docs/adr/0004). */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

declare const held: unique symbol;

/** The address of an item; `T` is the shape of the item that lives there. */
export interface Key<T = unknown> {
  pk: string;
  sk: string;
  readonly [held]?: T;
}

/** A stored item: its key, its index keys where it has them, and its attributes. */
export interface Item {
  pk: string;
  sk: string;
  kind: string;
}

/** Must hold for a write to happen; all parts given must hold. Without a condition a write always happens. */
export interface Condition {
  /** No item stands at the key. */
  absent?: true;
  /** An item stands at the key. */
  present?: true;
  /** These attributes have exactly these values (undefined: the attribute is not there). */
  equals?: Readonly<Record<string, Value | undefined>>;
}

export interface Put {
  put: Item;
  if?: Condition;
}
export interface Update {
  update: Key;
  set?: Readonly<Record<string, Value | undefined>>;
  remove?: readonly string[];
  add?: Readonly<Record<string, number>>;
  if?: Condition;
}
export interface Remove {
  remove: Key;
  if?: Condition;
}

/** The removal of an item, whatever it says. */
export const removalOf = ({ pk, sk }: Pick<Key, 'pk' | 'sk'>): Remove => ({ remove: { pk, sk } });
export interface Check {
  check: Key;
  if: Condition;
}
export type Write = Put | Update | Remove;

/** Reads the items of one partition (of the table or of an index) in the order of its sort key. */
export interface Query<T = unknown> {
  index?: IndexName;
  partition: string;
  /** Sort keys that begin with this. */
  begins?: string;
  /** Sort keys from here (inclusive) to there (inclusive). Either may be left out; not together with `begins`. */
  from?: string;
  to?: string;
  newestFirst?: boolean;
  /** At most this many items; fewer may come although more follow (a page ends at 1 MB). One more is read, and paid for. */
  limit?: number;
  /** Where the page before ended: its `next`. */
  after?: string;
  /** Default true; a global index cannot be read consistently and ignores it. */
  consistent?: boolean;
  /** Of each item only where it stands, its keys and those of the index: what is read, and paid for, is the same. */
  keysOnly?: boolean;
  readonly [held]?: T;
}

/** A page; `next` is absent when nothing follows. A page may be empty and still have a next. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/** What we ask of the database. `test/contract/store.ts` holds every adapter to it. */
export interface Store {
  get<T>(key: Key<T>, options?: { consistent?: boolean }): Promise<T | undefined>;
  /** In the order of the keys; any number of keys (adapters split into batches). */
  getMany<T>(keys: readonly Key<T>[], options?: { consistent?: boolean }): Promise<(T | undefined)[]>;
  query<T>(query: Query<T>): Promise<Page<T>>;
  /** One write. Throws ConditionFailed. */
  write(write: Write): Promise<void>;
  /** Unconditional puts and removes, any number, not atomic, each at least once. */
  writeMany(writes: readonly (Put | Remove)[]): Promise<void>;
  /** All or nothing, at most 100 actions on distinct keys. Throws TransactionRefused. */
  transact(actions: readonly (Write | Check)[]): Promise<void>;
}

/** A condition of a single write did not hold. `current` is the item that stands there. */
export class ConditionFailed extends Error {
  readonly current: Item | undefined;
  constructor(current?: Item) {
    super('The condition of a write did not hold.');
    this.name = 'ConditionFailed';
    this.current = current;
  }
}

/** Why a transaction did not happen: per action, whether its condition failed and what stands there. */
export type Refusal = { failed: true; current: Item | undefined } | { failed: false };

/** A transaction did not happen because a condition did not hold, or (`contended`) another one was in its way. */
export class TransactionRefused extends Error {
  readonly refusals: readonly Refusal[];
  readonly contended: boolean;
  constructor(refusals: readonly Refusal[], contended = false) {
    super(contended ? 'Another transaction was in the way.' : 'The condition of a transaction did not hold.');
    this.name = 'TransactionRefused';
    this.refusals = refusals;
    this.contended = contended;
  }
}

/** True for both ways in which the store says that the world has changed meanwhile. */
export function isConflict(error: unknown): error is ConditionFailed | TransactionRefused {
  return error instanceof ConditionFailed || error instanceof TransactionRefused;
}

/** A change of one item as the stream reports it, at least once, in order per item. */
export interface Change {
  before?: Item;
  after?: Item;
  /** When the change was made, milliseconds. */
  at: number;
  /** True when the table's TTL removed the item. */
  expired?: boolean;
}

/** Units consumed by one call, by AWS's arithmetic; adapters report them to whoever listens. */
export interface Consumed {
  call: keyof Store;
  read: number;
  write: number;
}
