// Entries of the catalog: read, written and removed. Each way takes what is to be written in the same transaction.
import { ApiError, notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { AnyEntry, CatalogKind, EntryOf } from '../../storage/items.ts';
import { type EntryPlace, catalogIndex, catalogKey } from '../../storage/patterns.ts';
import { type Check, TransactionRefused, type Write } from '../../storage/store.ts';
import { compoundId } from './compound-id.ts';

/** The entry, read consistently, or undefined. */
export const findEntry = <K extends CatalogKind>(ports: Ports, account: AccountId, kind: K, id: string) =>
  ports.store.get(catalogKey(account, kind, id));

/** The entry, read consistently, or a 404; `at` is where a body names it. */
export async function readEntry<K extends CatalogKind>(
  ports: Ports,
  account: AccountId,
  kind: K,
  id: string,
  at?: string,
): Promise<EntryOf<K>> {
  const entry = await findEntry(ports, account, kind, id);
  if (entry === undefined) throw notFound(kind, id, at);
  return entry;
}

/** The entries of these ids, in their order, read consistently, or the 404 of the first that there is not; `at` is their list in the body. */
export async function readEntries<K extends CatalogKind>(
  ports: Ports,
  account: AccountId,
  kind: K,
  ids: readonly string[],
  at: string,
): Promise<EntryOf<K>[]> {
  const distinct = [...new Set(ids)];
  const entries = await ports.store.getMany(distinct.map((id) => catalogKey(account, kind, id)));
  return distinct.map((id, i) => {
    const entry = entries[i];
    if (entry === undefined) throw notFound(kind, id, `${at}/${ids.indexOf(id)}/id`);
    return entry;
  });
}

/** What an entry has from its making. */
export function placeOfNew(ports: Ports, externalId: string): EntryPlace {
  return { id: compoundId(externalId), uid: ports.ids.ulid(), created: sortable(ports.clock.now()) };
}

/** The attributes that all entries have, of a new one. */
export function entryBase<K extends CatalogKind>(account: AccountId, kind: K, place: EntryPlace) {
  return {
    ...catalogKey(account, kind, place.id),
    kind,
    ...place,
    version: 1,
    updated: place.created,
    ...catalogIndex(account, kind, place),
  };
}

/** An item of the table holds 400 KB. */
const largestEntry = 300 * 1024;

function refuseLarge(entry: AnyEntry): void {
  if (Buffer.byteLength(JSON.stringify(entry)) <= largestEntry) return;
  throw refuse('payload_too_large', `A ${entry.kind} has at most ${largestEntry / 1024} KB.`, '/data/attributes');
}

/** Writes a new entry; a 409 when there is one of its id. Other conditions that fail throw the conflict. */
export async function createEntry<E extends AnyEntry>(
  ports: Ports,
  entry: E,
  alongside: readonly (Write | Check)[] = [],
): Promise<E> {
  refuseLarge(entry);
  try {
    await ports.store.transact([{ put: entry, if: { absent: true } }, ...alongside]);
  } catch (error) {
    if (error instanceof TransactionRefused && error.refusals[0]?.failed) throw exists(entry);
    throw error;
  }
  return entry;
}

function exists({ kind, id }: AnyEntry): ApiError {
  return refuse('conflict', `A ${kind} with id ${id} exists already.`, '/data/attributes/external_id');
}

/**
 * Replaces the entry by what `change` makes of it, `alongside` with it; a 404 when there is none. Decides anew whenever
 * somebody else changed it meanwhile.
 */
export function changeEntry<K extends CatalogKind>(
  ports: Ports,
  account: AccountId,
  { kind, id }: { kind: K; id: string },
  change: (entry: EntryOf<K>) => EntryOf<K>,
  alongside: (entry: EntryOf<K>) => Promise<readonly (Write | Check)[]> | readonly (Write | Check)[] = () => [],
): Promise<EntryOf<K>> {
  return untilWon(async () => {
    const entry = await readEntry(ports, account, kind, id);
    const { version } = entry;
    const changed = { ...change(entry), version: version + 1, updated: sortable(ports.clock.now()) };
    refuseLarge(changed);
    await ports.store.transact([
      { put: changed, if: { equals: { version, uid: entry.uid } } },
      ...(await alongside(entry)),
    ]);
    return changed;
  });
}

/** Removes an entry; a 404 when there is none. What pointed at it follows from the change (`clearEntry`). */
export async function removeEntry(
  ports: Ports,
  account: AccountId,
  { kind, id }: { kind: CatalogKind; id: string },
  alongside: readonly (Write | Check)[] = [],
): Promise<void> {
  await untilWon(async () => {
    const { uid } = await readEntry(ports, account, kind, id);
    await ports.store.transact([{ remove: catalogKey(account, kind, id), if: { equals: { uid } } }, ...alongside]);
  });
}
