// Lists as definitions: a name and how people opt in.
import { type AccountId } from '../../kernel/ids.ts';
import { notFound } from '../../kernel/errors.ts';
import { isoOf, sortable } from '../../kernel/time.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { raiseStamp } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { definitionKey } from '../../storage/patterns.ts';

export type OptInProcess = 'single_opt_in' | 'double_opt_in';

interface ListData {
  opt_in_process: OptInProcess;
}

/** The list, or a 404. */
export async function readList(ports: Ports, account: AccountId, id: string): Promise<DefinitionItem> {
  const item = await ports.store.get(definitionKey(account, 'list', id));
  if (!item) throw notFound('list', id);
  return item;
}

export async function createList(
  ports: Ports,
  account: AccountId,
  input: { name: string; optIn: OptInProcess },
): Promise<DefinitionItem> {
  const now = sortable(ports.clock.now());
  const id = ports.ids.short();
  const data: ListData = { opt_in_process: input.optIn };
  const item: DefinitionItem = {
    ...definitionKey(account, 'list', id),
    kind: 'list',
    id,
    version: 1,
    name: input.name,
    created: now,
    updated: now,
    data: JSON.stringify(data),
  };
  await ports.store.transact([{ put: item, if: { absent: true } }, raiseStamp(account, 'list')]);
  return item;
}

export async function updateList(
  ports: Ports,
  account: AccountId,
  id: string,
  change: { name?: string; optIn?: OptInProcess },
): Promise<DefinitionItem> {
  return untilWon(async () => {
    const before = await readList(ports, account, id);
    const data: ListData = { opt_in_process: change.optIn ?? dataOf(before).opt_in_process };
    const item: DefinitionItem = {
      ...before,
      version: before.version + 1,
      name: change.name ?? before.name,
      updated: sortable(ports.clock.now()),
      data: JSON.stringify(data),
    };
    const unchanged = { equals: { version: before.version } };
    await ports.store.transact([{ put: item, if: unchanged }, raiseStamp(account, 'list')]);
    return item;
  });
}

/** Removes the list; its memberships are emptied by a job that the change feed starts. */
export async function removeList(ports: Ports, account: AccountId, id: string): Promise<void> {
  await readList(ports, account, id);
  await ports.store.transact([
    { remove: definitionKey(account, 'list', id), if: { present: true } },
    raiseStamp(account, 'list'),
  ]);
}

const dataOf = (item: DefinitionItem) => JSON.parse(item.data) as ListData;

/** A list as the API shows it; `profileCount` only where it was asked for. */
export function listDocument(item: DefinitionItem, profileCount?: number): Resource {
  return {
    type: 'list',
    id: item.id,
    attributes: {
      name: item.name,
      created: isoOf(item.created),
      updated: isoOf(item.updated),
      opt_in_process: dataOf(item).opt_in_process,
      ...(profileCount !== undefined && { profile_count: profileCount }),
    },
  };
}
