// The database in memory: what we ask of DynamoDB, answered, refused and charged as DynamoDB would.
import type { Instant } from '../../kernel/time.ts';
import type { Clock } from '../../ports.ts';
import { distinctKeys, keyText, lastPerKey } from '../../storage/actions.ts';
import { checkQuery, isEmptyRange } from '../../storage/range.ts';
import type { Change, Check, Consumed, Item, Page, Query, Refusal, Store, Write } from '../../storage/store.ts';
import { ConditionFailed, TransactionRefused } from '../../storage/store.ts';
import { table } from '../../storage/table.ts';
import { tokenOf } from '../../storage/token.ts';
import { plainKey, plainMap, sameValue } from '../../storage/values.ts';
import { type Attempt, attempt } from './store-attempt.ts';
import { eachWrite, readUnits, writeCost } from './store-capacity.ts';
import { type Image, imageOf } from './store-image.ts';
import { checkKey, checkPart } from './store-key.ts';
import { read } from './store-page.ts';
import { createShelves, type Shelves } from './store-shelves.ts';
import { checkActions, checkBytes } from './store-transaction.ts';

/** A change with its place in the stream: 1, 2, 3 and so on. */
export type StreamedChange = Change & { sequence: number };

export interface MemoryStoreOptions {
  clock: Clock;
  /**
   * Called within the write, once per changed item, in order. Writes that leave an item as it was are no change. What it
   * is told is what is kept: not to be changed.
   */
  onChange?: (change: StreamedChange) => void;
  /** Called once per call that costs something, also when its condition failed. */
  meter?: (consumed: Consumed) => void;
  /** Called with the write units that go to a key: a partition of the table, or `index partition`. */
  heat?: (key: string, units: number) => void;
  /** Start with a global index that learns of changes only by `settle`. */
  lagging?: boolean;
  /** Bytes of the table and its indexes that lie open; the others are laid away in a temporary file. */
  open?: number;
}

export interface MemoryStore extends Store, Pick<Shelves, 'settle'> {
  /** While on, global indexes learn of changes only by `settle`; off, or when `until` has come, they learn of all. */
  lag(on: boolean, until?: Instant): void;
  /** Removes what the table's time to live has ended for; how many items that was. */
  expire(now: Instant): number;
  /** A copy of every item. */
  dump(): Item[];
  /** Shows every item as it is kept, to be read and left as it is: for counting without copies. */
  visit(see: (item: Item) => void): void;
  /** Forgets everything and holds these items instead; nobody is told. */
  load(items: readonly Item[]): void;
}

/** An empty store. What comes out is a copy of what is kept: changing it changes nothing here. */
export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  const { clock, onChange, meter, heat } = options;
  const shelves = createShelves(options.open);
  let sequence = 0;
  let lagsUntil = Infinity;
  lag(options.lagging ?? false);

  function lag(on: boolean, until = Infinity): void {
    lagsUntil = until;
    shelves.lag(on);
  }

  const decide = (action: Write | Check) => attempt(action, shelves.find);

  function commit(done: readonly Pick<Attempt, 'before' | 'after'>[], expired = false): void {
    const changed = done.filter(({ before, after }) => before !== after);
    for (const { before, after } of changed) shelves.replace(before, after);
    // Whoever listens sees all of a transaction.
    for (const { before, after } of changed) tell(before, after, expired);
  }

  function tell(before: Image | undefined, after: Image | undefined, expired: boolean): void {
    if (!onChange || isSame(before, after)) return;
    sequence += 1;
    onChange({
      ...(before && { before: before.item as unknown as Item }),
      ...(after && { after: after.item as unknown as Item }),
      ...(expired && { expired }),
      at: clock.now(),
      sequence,
    });
  }

  function spend(call: 'write' | 'writeMany' | 'transact', outcomes: readonly Attempt[]): void {
    const how = { transaction: call === 'transact' };
    meter?.({ call, read: 0, write: writeCost(outcomes, how) });
    if (heat) eachWrite(outcomes, how, heat);
  }

  function items<T>(
    keys: readonly { pk: string; sk: string }[],
    call: keyof Store,
    consistent = true,
  ): (T | undefined)[] {
    keys.forEach(checkKey);
    const images = keys.map(shelves.find);
    const units = images.reduce((sum, image) => sum + readUnits(image?.size ?? 0, consistent), 0);
    meter?.({ call, read: units, write: 0 });
    return images.map((image) => image && (itemOf(image) as T));
  }

  return {
    async get<T>(key: { pk: string; sk: string }, { consistent }: { consistent?: boolean } = {}) {
      return items<T>([plainKey(key)], 'get', consistent)[0];
    },

    async getMany<T>(keys: readonly { pk: string; sk: string }[], { consistent }: { consistent?: boolean } = {}) {
      if (keys.length === 0) return [];
      const distinct = distinctKeys(keys);
      const held = items<T>(distinct, 'getMany', consistent);
      const found = new Map(distinct.map((key, at) => [keyText(key), held[at]]));
      return keys.map((key) => found.get(keyText(plainKey(key))));
    },

    async query<T>(query: Query<T>): Promise<Page<T>> {
      checkQuery(query);
      if (isEmptyRange(query)) return { items: [] };
      checkPart(table.partition, query.partition);
      if (clock.now() >= lagsUntil) lag(false);
      // One more than asked for shows whether anything follows.
      const most = query.limit === undefined ? Infinity : query.limit + 1;
      const { rows, bytes, full } = read(shelves.rows(query.index), query, most);
      const global = query.index !== undefined && table.indexes[query.index].kind === 'global';
      meter?.({ call: 'query', read: readUnits(bytes, !global && (query.consistent ?? true)), write: 0 });
      const shown = rows.slice(0, query.limit);
      const found = shown.map((row) => (query.keysOnly ? row.position() : row.copy()) as T);
      const last = full || shown.length < rows.length ? shown.at(-1) : undefined;
      if (!last) return { items: found };
      return {
        items: found,
        // Most who ask for some rows do not go on.
        get next() {
          return tokenOf(last.position(), query.index);
        },
      };
    },

    async write(write) {
      const outcome = decide(write);
      spend('write', [outcome]);
      if (!outcome.holds) throw new ConditionFailed(outcome.before && itemOf(outcome.before));
      commit([outcome]);
    },

    async writeMany(writes) {
      if (writes.length === 0) return;
      const outcomes = lastPerKey(writes).map(decide);
      spend('writeMany', outcomes);
      commit(outcomes);
    },

    async transact(actions) {
      checkActions(actions);
      const outcomes = actions.map(decide);
      checkBytes(outcomes);
      spend('transact', outcomes);
      if (!outcomes.every(({ holds }) => holds)) throw new TransactionRefused(outcomes.map(refusalOf));
      commit(outcomes);
    },

    lag,
    settle: shelves.settle,

    expire(now) {
      const due = shelves.due(now);
      commit(
        due.map((before) => ({ before, after: undefined })),
        true,
      );
      return due.length;
    },

    dump: () => Array.from(shelves.images(), itemOf),

    visit(see) {
      for (const { item } of shelves.images()) see(item as unknown as Item);
    },

    load(items) {
      shelves.clear();
      for (const item of items) {
        const image = imageOf(plainMap(item));
        shelves.replace(shelves.find(image), image);
      }
      shelves.settle();
    },
  };
}

/** What goes out for an image: whoever wrote it knows its shape. */
function itemOf(image: Image): Item {
  return image.copy() as unknown as Item;
}

function refusalOf({ holds, before }: Attempt): Refusal {
  return holds ? { failed: false } : { failed: true, current: before && itemOf(before) };
}

function isSame(before: Image | undefined, after: Image | undefined): boolean {
  return before !== undefined && after !== undefined && sameValue(before.item, after.item);
}
