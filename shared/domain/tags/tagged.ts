// What has which tags. The tags of one definition are one item, written against its version, so that no two requests
// together give it more than it may have.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { TaggableKind, TaggedItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, taggedKey, taggedOf } from '../../storage/patterns.ts';
import type { Check, Put } from '../../storage/store.ts';
import type { Group } from './groups.ts';
import { type Tag, allTags, readTag } from './tags.ts';

/** What one list, segment, flow or campaign may have, by the contract (tag_lists). */
const mostTags = 100;

/** Two writes each, and the check of the tag, fit in a transaction. */
const atOnce = 49;

/** The tags of the definition, by name. */
export async function tagsOf(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  kind: TaggableKind,
  id: string,
): Promise<Tag[]> {
  const tagged = await ports.store.get(taggedKey(account, kind, id));
  if (!tagged || tagged.tags.length === 0) return [];
  const { tags } = await allTags(ports, account);
  return livingOf(tagged, tags).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const livingOf = (tagged: TaggedItem | undefined, tags: ReadonlyMap<string, Tag>): Tag[] =>
  (tagged?.tags ?? []).flatMap((id) => tags.get(id) ?? []);

/** The ids of the definitions of the kind that have the tag; a 404 when there is no such tag. */
export async function taggedWith(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  kind: TaggableKind,
  tag: string,
): Promise<string[]> {
  await readTag(ports, account, tag);
  const all = await everything(ports.store, taggedOf(account, kind));
  return all.filter(({ tags }) => tags.includes(tag)).map(({ id }) => id);
}

interface Tagging {
  kind: TaggableKind;
  /** The id of the tag. */
  tag: string;
  /** Ids of definitions of the kind. */
  ids: readonly string[];
}

/**
 * Gives the tag to the definitions. All are looked at before the first is written: a 404 for one that is not there, a 400
 * for one that has 100 tags or another tag of an exclusive group (create_tag_group). Those that have it keep it.
 */
export async function giveTag(ports: Pick<Ports, 'store'>, account: AccountId, tagging: Tagging): Promise<void> {
  const { kind, tag } = tagging;
  const ids = [...new Set(tagging.ids)];
  if (ids.length > atOnce) await writesGiving(ports, account, tagging, ids);
  await inStretches(ids, async (stretch) => {
    const writes = await writesGiving(ports, account, tagging, stretch);
    if (writes.length === 0) return;
    const stays = (key: Check['check']): Check => ({ check: key, if: { present: true } });
    await ports.store.transact([
      stays(definitionKey(account, 'tag', tag)),
      ...writes.flatMap((write) => [stays(definitionKey(account, kind, write.put.id)), write]),
    ]);
  });
}

async function inStretches(ids: readonly string[], work: (stretch: readonly string[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < ids.length; from += atOnce) {
    await untilWon(() => work(ids.slice(from, from + atOnce)));
  }
}

type Tagged = Put & { put: TaggedItem };

/** What gives the tag to these of the definitions that were asked for; refuses as `giveTag` says. */
async function writesGiving(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  { kind, tag: id, ids: asked }: Tagging,
  ids: readonly string[],
): Promise<Tagged[]> {
  const { group } = await readTag(ports, account, id);
  const { tags } = await allTags(ports, account);
  const found = await ports.store.getMany(ids.map((one) => definitionKey(account, kind, one)));
  const held = await ports.store.getMany(ids.map((one) => taggedKey(account, kind, one)));
  return ids.flatMap((one, at) => {
    const pointer = `/data/${asked.indexOf(one)}/id`;
    if (!found[at]) throw refuse('not_found', `A ${kind} with id ${one} does not exist.`, pointer);
    const living = livingOf(held[at], tags);
    if (living.some((other) => other.id === id)) return [];
    refuseMore(living, group, `The ${kind} ${one}`, pointer);
    return [replaced(account, { kind, id: one }, held[at], [...living.map((other) => other.id), id])];
  });
}

function refuseMore(living: readonly Tag[], group: Group, what: string, pointer: string): void {
  if (living.length >= mostTags) throw refuse('invalid', `${what} has ${mostTags} tags, which is the most.`, pointer);
  const rival = group.exclusive && living.find((other) => other.group === group.id);
  if (!rival) return;
  throw refuse('invalid', `${what} has the tag ${rival.name} of the same exclusive group already.`, pointer);
}

function replaced(
  account: AccountId,
  { kind, id }: { kind: TaggableKind; id: string },
  before: TaggedItem | undefined,
  tags: string[],
): Tagged {
  const key = taggedKey(account, kind, id);
  const put: TaggedItem = { ...key, kind: 'tagged', version: (before?.version ?? 0) + 1, id, tags };
  return { put, if: before ? { equals: { version: before.version } } : { absent: true } };
}

/** Takes the tag off the definitions; those that have it not, or are not there, stay as they are. A 404 for the tag. */
export async function takeTag(ports: Pick<Ports, 'store'>, account: AccountId, tagging: Tagging): Promise<void> {
  const { kind, tag } = tagging;
  await readTag(ports, account, tag);
  await inStretches([...new Set(tagging.ids)], async (stretch) => {
    const held = await ports.store.getMany(stretch.map((id) => taggedKey(account, kind, id)));
    const writes = held.flatMap((item) =>
      item?.tags.includes(tag)
        ? [
            replaced(
              account,
              { kind, id: item.id },
              item,
              item.tags.filter((other) => other !== tag),
            ),
          ]
        : [],
    );
    if (writes.length > 0) await ports.store.transact(writes);
  });
}
