// Which items are in which categories: one link for each, beside the item. A link names the uids of both ends, so that
// one that outlived an end says nothing of an entry that was made anew under its id.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { everything, pagesOf } from '../../storage/pages.ts';
import type { CatalogCategoryItem, CatalogItemItem, CategoryLinkItem } from '../../storage/items.ts';
import {
  type EntryPlace,
  categoryLink,
  categoryLinkKey,
  categoryLinksOf,
  everyShard,
  itemsOfCategory,
} from '../../storage/patterns.ts';
import { type Key, type Put, type Remove, removalOf } from '../../storage/store.ts';
import { readEntries, readEntry } from './entries.ts';

/** A transaction holds a hundred writes, and these are not its only ones. */
const mostAtOnce = 90;

/** Where the body of an item names its categories. */
export const categoriesAt = '/data/relationships/categories/data';

/** The link of an item and a category. */
export const linksOfNew = (account: AccountId, item: EntryPlace, category: CatalogCategoryItem): Put => ({
  put: categoryLink(account, item, category),
});

/** The links of an item that still mean it. */
export async function linksOf(ports: Ports, account: AccountId, { id, uid }: EntryPlace): Promise<CategoryLinkItem[]> {
  const links = await everything(ports.store, categoryLinksOf(account, id));
  return links.filter(({ item_uid }) => item_uid === uid);
}

/** The writes that leave an item in these categories and in no others; a 404 when there is none of an id. */
export async function replaceCategories(
  ports: Ports,
  account: AccountId,
  item: CatalogItemItem,
  ids: readonly string[],
): Promise<(Put | Remove)[]> {
  const [wanted, links] = await Promise.all([
    readEntries(ports, account, 'catalog-category', ids, categoriesAt),
    linksOf(ports, account, item),
  ]);
  const stays = new Set(wanted.map(({ id }) => id));
  const writes = [
    ...wanted.map((category) => linksOfNew(account, item, category)),
    ...links.filter(({ category }) => !stays.has(category)).map(removalOf),
  ];
  if (writes.length <= mostAtOnce) return writes;
  throw refuse(
    'invalid',
    `An update changes at most ${mostAtOnce} categories of an item. Use the relationship's own operations.`,
    '/data/relationships/categories',
  );
}

type How = 'add' | 'replace' | 'remove';

/** Adds an item to categories, replaces its categories by these, or takes it out of them. All have to exist (404). */
export async function relateCategories(
  ports: Ports,
  account: AccountId,
  { item: id, categories: ids, how }: { item: string; categories: readonly string[]; how: How },
): Promise<void> {
  const item = await readEntry(ports, account, 'catalog-item', id);
  const categories = await readEntries(ports, account, 'catalog-category', ids, '/data');
  const pairs = categories.map((category): Pair => [item, category]);
  await writeLinks(ports, account, pairs, how);
  if (how !== 'replace') return;
  const stays = new Set(categories.map((category) => category.id));
  const others = (await linksOf(ports, account, item)).filter(({ category }) => !stays.has(category));
  await unlink(
    ports,
    account,
    others.map(({ category }) => [item.id, category]),
  );
}

/** The same from the side of a category. */
export async function relateItems(
  ports: Ports,
  account: AccountId,
  { category: id, items: ids, how }: { category: string; items: readonly string[]; how: How },
): Promise<void> {
  const category = await readEntry(ports, account, 'catalog-category', id);
  const items = await readEntries(ports, account, 'catalog-item', ids, '/data');
  const pairs = items.map((item): Pair => [item, category]);
  await writeLinks(ports, account, pairs, how);
  if (how === 'replace') await unlinkOthers(ports, account, category, new Set(items.map((item) => item.id)));
}

type Pair = readonly [item: CatalogItemItem, category: CatalogCategoryItem];

/** Removes the links of the pairs, or makes them. */
async function writeLinks(ports: Ports, account: AccountId, pairs: readonly Pair[], how: How): Promise<void> {
  if (how === 'remove') {
    await unlink(
      ports,
      account,
      pairs.map(([item, category]) => [item.id, category.id]),
    );
  } else await ports.store.writeMany(pairs.map(([item, category]) => linksOfNew(account, item, category)));
}

const unlink = (ports: Ports, account: AccountId, pairs: readonly (readonly [item: string, category: string])[]) =>
  ports.store.writeMany(pairs.map(([item, category]) => ({ remove: categoryLinkKey(account, item, category) })));

/** Takes all items out of a category but those that stay. */
export async function unlinkOthers(
  ports: Ports,
  account: AccountId,
  { uid }: Pick<CatalogCategoryItem, 'uid'>,
  stays: ReadonlySet<string>,
): Promise<void> {
  await inParallel(everyShard, everyShard.length, async (shard) => {
    for await (const { items: marks } of pagesOf(ports.store, itemsOfCategory(account, uid, shard))) {
      const keys = marks.map(({ pk, sk }): Key<CategoryLinkItem> => ({ pk, sk }));
      const links = (await ports.store.getMany(keys)).filter((link) => link !== undefined);
      const leaving = links.filter(({ category_uid, item }) => category_uid === uid && !stays.has(item));
      await ports.store.writeMany(leaving.map(removalOf));
    }
  });
}
