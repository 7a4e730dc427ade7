// Lists as definitions: a name and how people opt in.
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import {
  type Outline,
  changeDefinition,
  createDefinition,
  definitionItem,
  readDefinition,
  removeDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem, OptInProcess } from '../../storage/items.ts';

interface ListData {
  opt_in_process: OptInProcess;
}

/** The list, or a 404. */
export async function readList(ports: Ports, account: AccountId, id: string): Promise<DefinitionItem> {
  return readDefinition(ports.store, account, 'list', id);
}

/** Makes a list. */
export async function createList(
  ports: Ports,
  account: AccountId,
  input: { name: string; optIn: OptInProcess },
): Promise<DefinitionItem> {
  const outline = { id: ports.ids.short(), name: input.name, ...firstVersion(ports) };
  const item = itemOf(account, outline, { opt_in_process: input.optIn });
  await createDefinition(ports.store, item);
  return item;
}

/** Changes a list; what is not given stays. A 404 when there is none. */
export async function updateList(
  ports: Ports,
  account: AccountId,
  id: string,
  change: { name?: string; optIn?: OptInProcess },
): Promise<DefinitionItem> {
  return changeDefinition(ports, { account, kind: 'list', id }, (before) => {
    const data: ListData = { opt_in_process: change.optIn ?? optInOf(before) };
    return { name: change.name ?? before.name, data };
  });
}

/** Removes the list, or a 404; its memberships are emptied by a job that the change feed starts. */
export async function removeList(ports: Ports, account: AccountId, id: string): Promise<void> {
  await removeDefinition(ports.store, account, 'list', id);
}

const itemOf = (account: AccountId, outline: Outline, data: ListData) => definitionItem(account, 'list', outline, data);

/** How people opt in to a list. */
export const optInOf = (item: DefinitionItem): OptInProcess => dataOf(item).opt_in_process;

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
      opt_in_process: optInOf(item),
      ...(profileCount !== undefined && { profile_count: profileCount }),
    },
  };
}
