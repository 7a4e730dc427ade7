// Tags as definitions. A tag is there as long as its group is: what is left of a removed group is nobody's.
import { notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, readStamp, removeDefinition, writeDefinition } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf } from '../../storage/patterns.ts';
import { type Group, allGroups, findGroup, readGroup, removeGroup } from './groups.ts';

/** What an account may have, by the contract (create_tag). */
const mostTags = 500;

export interface Tag {
  id: string;
  version: number;
  name: string;
  created: string;
  /** The id of its group. */
  group: string;
}

function tagOf({ id, version, name, created, data }: DefinitionItem): Tag {
  return { id, version, name, created, group: (JSON.parse(data) as Pick<Tag, 'group'>).group };
}

function itemOf(account: AccountId, tag: Tag, updated: string): DefinitionItem {
  return definitionItem(account, 'tag', { ...tag, updated }, { group: tag.group });
}

/** All tags of the account and the groups that they are in, each by its id. */
export async function allTags(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
): Promise<{ tags: ReadonlyMap<string, Tag>; groups: ReadonlyMap<string, Group> }> {
  const [items, groups] = await Promise.all([
    everything(ports.store, definitionsOf(account, 'tag')),
    allGroups(ports, account),
  ]);
  const byId = new Map(groups.map((group) => [group.id, group]));
  const living = items.map(tagOf).filter((tag) => byId.has(tag.group));
  return { tags: new Map(living.map((tag) => [tag.id, tag])), groups: byId };
}

/** The tag and its group, or a 404. */
export async function readTag(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<{ tag: Tag; group: Group }> {
  const item = await ports.store.get(definitionKey(account, 'tag', id));
  const tag = item && tagOf(item);
  const group = tag && (await findGroup(ports, account, tag.group));
  if (!tag || !group) throw notFound('tag', id);
  return { tag, group };
}

/** Makes a tag. A 400 when the account has 500 (create_tag), a 409 when one in the group has this name. */
export async function createTag(
  ports: Ports,
  account: AccountId,
  { name, group: asked }: { name: string; group?: string },
): Promise<Tag> {
  const created = sortable(ports.clock.now());
  const id = ports.ids.uuid();
  return untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'tag');
    const { tags, groups } = await allTags(ports, account);
    const group = asked === undefined ? await readGroup(ports, account) : groups.get(asked);
    if (!group) {
      throw refuse(
        'not_found',
        `A tag-group with id ${asked} does not exist.`,
        '/data/relationships/tag-group/data/id',
      );
    }
    if (tags.size >= mostTags) throw refuse('invalid', `An account has at most ${mostTags} tags.`, '/data');
    const tag = { id, version: 1, name, created, group: group.id };
    refuseTaken(tags, tag);
    const groupStays = { check: definitionKey(account, 'tag-group', group.id), if: { present: true as const } };
    // The default group is there before it is stored, and stays.
    await writeDefinition(ports.store, itemOf(account, tag, created), group.isDefault ? [] : [groupStays], stamp);
    return tag;
  });
}

/** Renames a tag; a 404 when there is none, a 409 when another one in its group has this name. */
export async function renameTag(ports: Ports, account: AccountId, id: string, name: string): Promise<void> {
  await untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'tag');
    const { tag } = await readTag(ports, account, id);
    const renamed = { ...tag, version: tag.version + 1, name };
    refuseTaken((await allTags(ports, account)).tags, renamed);
    await writeDefinition(ports.store, itemOf(account, renamed, sortable(ports.clock.now())), [], stamp);
  });
}

function refuseTaken(tags: ReadonlyMap<string, Tag>, { id, name, group }: Tag): void {
  const isTaken = [...tags.values()].some((other) => other.id !== id && other.group === group && other.name === name);
  if (isTaken) throw refuse('conflict', `There is a tag named ${name} in this group already.`, '/data/attributes/name');
}

/** Removes a tag from everything that has it; a 404 when there is none. */
export async function removeTag(ports: Ports, account: AccountId, id: string): Promise<void> {
  await readTag(ports, account, id);
  await removeDefinition(ports.store, account, 'tag', id);
}

/** The tags in a group, by name; a 404 when there is no such group. */
export async function tagsInGroup(ports: Pick<Ports, 'store'>, account: AccountId, group: string): Promise<Tag[]> {
  await readGroup(ports, account, group);
  const { tags } = await allTags(ports, account);
  return [...tags.values()].filter((tag) => tag.group === group).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Removes a group (`removeGroup`): its tags are gone with it, and are cleared away after it. */
export async function removeGroupWithTags(ports: Ports, account: AccountId, group: string): Promise<void> {
  const tags = await tagsInGroup(ports, account, group);
  await removeGroup(ports, account, group);
  await ports.store.writeMany(tags.map(({ id }) => ({ remove: definitionKey(account, 'tag', id) })));
}
