// Groups of tags. Every account has a default one from the beginning: it is stored once it is changed.
import { notFound, refuse } from '../../kernel/errors.ts';
import { type AccountId, derivedUuid } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, readStamp, removeDefinition, writeDefinition } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf } from '../../storage/patterns.ts';

/** What an account may have, by the contract (create_tag_group). */
const mostGroups = 50;

export interface Group {
  id: string;
  /** 0: the default group as it is before anyone changed it. */
  version: number;
  name: string;
  created: string;
  /** What is tagged has one tag of this group at most. */
  exclusive: boolean;
  isDefault: boolean;
}

/** The id of the group that tags are in which name no group. */
const defaultId = (account: AccountId) => derivedUuid('tag-group', account);

/** The default group before anyone changed it. */
function untouched(account: AccountId): Group {
  const created = sortable(0);
  return { id: defaultId(account), version: 0, name: 'Default', created, exclusive: false, isDefault: true };
}

function groupOf(account: AccountId, item: DefinitionItem): Group {
  const { id, version, name, created } = item;
  const { exclusive } = JSON.parse(item.data) as Pick<Group, 'exclusive'>;
  return { id, version, name, created, exclusive, isDefault: id === defaultId(account) };
}

/** All groups of the account, the default one among them. */
export async function allGroups({ store }: Pick<Ports, 'store'>, account: AccountId): Promise<Group[]> {
  const items = await everything(store, definitionsOf(account, 'tag-group'));
  const groups = items.map((item) => groupOf(account, item));
  return groups.some(({ isDefault }) => isDefault) ? groups : [...groups, untouched(account)];
}

/** The group; undefined when there is none. */
export async function findGroup(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<Group | undefined> {
  const item = await store.get(definitionKey(account, 'tag-group', id));
  if (item) return groupOf(account, item);
  return id === defaultId(account) ? untouched(account) : undefined;
}

/** The group, or a 404; without an id, the default one. */
export async function readGroup(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id = defaultId(account),
): Promise<Group> {
  const group = await findGroup(ports, account, id);
  if (!group) throw notFound('tag-group', id);
  return group;
}

function itemOf(account: AccountId, group: Group, updated: string): DefinitionItem {
  return definitionItem(account, 'tag-group', { ...group, updated }, { exclusive: group.exclusive });
}

/** Makes a group. A 400 when the account has 50 (create_tag_group), a 409 when one has this name. */
export async function createGroup(
  ports: Ports,
  account: AccountId,
  { name, exclusive }: { name: string; exclusive: boolean },
): Promise<Group> {
  const created = sortable(ports.clock.now());
  const group = { id: ports.ids.uuid(), version: 1, name, created, exclusive, isDefault: false };
  await untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'tag-group');
    const others = await allGroups(ports, account);
    if (others.length >= mostGroups)
      throw refuse('invalid', `An account has at most ${mostGroups} tag groups.`, '/data');
    refuseTaken(others, group);
    await writeDefinition(ports.store, itemOf(account, group, created), [], stamp);
  });
  return group;
}

/** Renames a group; a 404 when there is none, a 409 when another one has this name. */
export async function renameGroup(ports: Ports, account: AccountId, id: string, name: string): Promise<void> {
  await untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'tag-group');
    const group = await readGroup(ports, account, id);
    refuseTaken(await allGroups(ports, account), { id, name });
    const item = itemOf(account, { ...group, version: group.version + 1, name }, sortable(ports.clock.now()));
    await writeDefinition(ports.store, item, [], stamp);
  });
}

function refuseTaken(others: readonly Group[], { id, name }: Pick<Group, 'id' | 'name'>): void {
  if (!others.some((other) => other.id !== id && other.name === name)) return;
  throw refuse('conflict', `There is a tag group named ${name} already.`, '/data/attributes/name');
}

/** Removes a group, and with it every tag in it; a 404 when there is none, a 400 for the default one. */
export async function removeGroup(ports: Pick<Ports, 'store'>, account: AccountId, id: string): Promise<void> {
  if (id === defaultId(account)) throw refuse('not_allowed', 'The default tag group cannot be removed.', '/data');
  await removeDefinition(ports.store, account, 'tag-group', id);
}
