// The account's definitions: read, written and removed, and held in workers by a stamp that every change raises.
import { notFound, refuse } from '../kernel/errors.ts';
import type { AccountId } from '../kernel/ids.ts';
import { type Instant, sortable } from '../kernel/time.ts';
import { untilWon } from './conflict.ts';
import type { DefinitionItem, DefinitionKind, TaggableKind } from './items.ts';
import { everything } from './pages.ts';
import { accountOf, definitionKey, definitionsOf, stampKey, taggedKey } from './patterns.ts';
import type { Check, Remove, Store, Update, Write } from './store.ts';

/** Reads the definitions of one kind, parsed by `parse`; holds them until the stamp moves. */
export interface Definitions<T> {
  /** Checks the stamp (one consistent read) and reads the definitions again only when it has moved. */
  all(account: AccountId): Promise<readonly T[]>;
  /** The stamp that went with definitions that `all` has answered. */
  stampOf(definitions: readonly T[]): number;
}

/** A cache over `store`; make one per container, call `all` once per batch. */
export function cachedDefinitions<T>(
  store: Store,
  kind: DefinitionKind,
  parse: (item: DefinitionItem) => T,
): Definitions<T> {
  const held = new Map<AccountId, { stamp: number; definitions: readonly T[] }>();
  const stamps = new WeakMap<readonly T[], number>();
  return {
    stampOf: (definitions) => stamps.get(definitions) ?? 0,
    async all(account) {
      // The stamp is read before the definitions: a change in between makes the next check read again.
      const stamp = await readStamp(store, account, kind);
      const known = held.get(account);
      if (known?.stamp === stamp) return known.definitions;
      const items = await everything(store, definitionsOf(account, kind));
      const definitions = items.map(parse);
      held.set(account, { stamp, definitions });
      stamps.set(definitions, stamp);
      return definitions;
    },
  };
}

/** The definition, read consistently, or a 404. */
export async function readDefinition(
  store: Store,
  account: AccountId,
  kind: DefinitionKind,
  id: string,
): Promise<DefinitionItem> {
  const item = await store.get(definitionKey(account, kind, id));
  if (!item) throw notFound(kind, id);
  return item;
}

/** The kinds that can have tags. */
export const taggableKinds: readonly TaggableKind[] = ['campaign', 'flow', 'list', 'segment'];

const isTaggable = (kind: DefinitionKind): kind is TaggableKind => (taggableKinds as readonly string[]).includes(kind);

/** What every definition has. Times are `sortable`. */
export type Outline = Pick<DefinitionItem, 'id' | 'version' | 'name' | 'created' | 'updated'>;

/** What of an outline a definition has that is made now. */
export function firstVersion({ clock }: { clock: { now: () => Instant } }) {
  const now = sortable(clock.now());
  return { version: 1, created: now, updated: now } as const;
}

/** The item of a definition; `data` is what its area keeps beside the name. */
export function definitionItem(
  account: AccountId,
  kind: DefinitionKind,
  outline: Outline,
  data: object,
): DefinitionItem {
  const { id, version, name, created, updated } = outline;
  const key = definitionKey(account, kind, id);
  return { ...key, kind, id, version, name, created, updated, data: JSON.stringify(data) };
}

/** Workers hold all definitions of an account; one of them stays far below what an item can hold. */
const largestDefinition = 100 * 1024;

/** The item, or a 413 when its data has more than 100 KB; `pointer` leads to the definition in the request. */
export function smallDefinition(item: DefinitionItem, pointer = '/data/attributes/definition'): DefinitionItem {
  refuseLarge(item.data, pointer);
  return item;
}

/** Refuses a definition, as JSON, of more than 100 KB with a 413. */
export function refuseLarge(definition: string, pointer: string): void {
  if (Buffer.byteLength(definition) > largestDefinition)
    throw refuse('payload_too_large', 'A definition has at most 100 KB.', pointer);
}

/** The definitions that there are of these ids, each once, read consistently. */
export async function definitionsWith(
  store: Store,
  account: AccountId,
  kind: DefinitionKind,
  ids: readonly string[],
): Promise<DefinitionItem[]> {
  const items = await store.getMany([...new Set(ids)].map((id) => definitionKey(account, kind, id)));
  return items.filter((item) => item !== undefined);
}

/** How often definitions of the kind were changed so far: given to `writeDefinition`, what was counted holds still. */
export async function readStamp(store: Store, account: AccountId, kind: DefinitionKind): Promise<number> {
  return (await store.get(stampKey(account, kind)))?.n ?? 0;
}

/**
 * Writes a definition, and `alongside` with it, in the place of its version before (version 1: where none stands), and
 * raises the stamp. Throws a conflict when another version stands there, or when the stamp is not `stamp` any more.
 */
export async function writeDefinition(
  store: Store,
  item: DefinitionItem,
  alongside: readonly (Write | Check)[] = [],
  stamp?: number,
): Promise<void> {
  const before = item.version - 1;
  await store.transact([
    { put: item, if: before === 0 ? { absent: true } : { equals: { version: before } } },
    ...alongside,
    raiseStamp(accountOf(item), item.kind, stamp),
  ]);
}

/** Writes a definition under an id of its own. All of a kind raise one stamp: one that meets another goes again. */
export function createDefinition(store: Store, item: DefinitionItem, alongside: readonly Write[] = []): Promise<void> {
  return untilWon(() => writeDefinition(store, item, alongside));
}

/**
 * Changes a definition: `change` answers what it is called and what its area keeps of it from then on, and is asked again
 * when another change came first; `admit` may refuse the item. A 404 when there is none.
 */
export function changeDefinition(
  { store, clock }: { store: Store; clock: { now: () => Instant } },
  { account, kind, id }: { account: AccountId; kind: DefinitionKind; id: string },
  change: (before: DefinitionItem) => Promise<Changed> | Changed,
  admit: (item: DefinitionItem) => DefinitionItem = (item) => item,
): Promise<DefinitionItem> {
  return untilWon(async () => {
    const before = await readDefinition(store, account, kind, id);
    const { name, data } = await change(before);
    const outline = { ...before, name, version: before.version + 1, updated: sortable(clock.now()) };
    const item = admit(definitionItem(account, kind, outline, data));
    await writeDefinition(store, item);
    return item;
  });
}

interface Changed {
  name: string;
  data: object;
}

/** Removes a definition, its tags and what `alongside` says of it, and raises the stamp; a 404 when there is none. */
export async function removeDefinition(
  store: Store,
  account: AccountId,
  kind: DefinitionKind,
  id: string,
  alongside: (item: DefinitionItem) => readonly Remove[] = () => [],
): Promise<void> {
  await untilWon(async () => {
    const item = await readDefinition(store, account, kind, id);
    await store.transact([
      { remove: definitionKey(account, kind, id), if: { equals: { version: item.version } } },
      ...(isTaggable(kind) ? [{ remove: taggedKey(account, kind, id) }] : []),
      ...alongside(item),
      raiseStamp(account, kind),
    ]);
  });
}

function raiseStamp(account: AccountId, kind: DefinitionKind, expected?: number): Update {
  const still = expected === 0 ? { absent: true as const } : { equals: { n: expected } };
  return {
    update: stampKey(account, kind),
    set: { kind: 'stamp' },
    add: { n: 1 },
    ...(expected !== undefined && { if: still }),
  };
}
