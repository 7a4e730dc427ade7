// Categories: what a request makes of them.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogCategoryItem } from '../../storage/items.ts';
import type { Check, Write } from '../../storage/store.ts';
import { changeEntry, createEntry, entryBase, placeOfNew, readEntries } from './entries.ts';
import { linksOfNew, unlinkOthers } from './links.ts';
import type { ChangedCategory, NewCategory } from './requests.ts';

/** Where the body of a category names its items. */
const itemsAt = '/data/relationships/items/data';

type Alongside = readonly (Write | Check)[];

/** Makes a category with its items. Refuses with a 409 one that exists, with a 404 an item that does not. */
export async function createCategory(
  ports: Ports,
  account: AccountId,
  { attributes: { external_id, name }, relationships }: NewCategory,
  alongside: Alongside = [],
): Promise<CatalogCategoryItem> {
  const items = await readEntries(
    ports,
    account,
    'catalog-item',
    relationships?.items?.data?.map(({ id }) => id) ?? [],
    itemsAt,
  );
  const entry: CatalogCategoryItem = {
    ...entryBase(account, 'catalog-category', placeOfNew(ports, external_id)),
    name,
  };
  return createEntry(ports, entry, [...items.map((item) => linksOfNew(account, item, entry)), ...alongside]);
}

/** Changes the name of a category, and its items as a whole, when they are named. */
export async function updateCategory(
  ports: Ports,
  account: AccountId,
  { id, attributes: { name }, relationships }: ChangedCategory,
  alongside: Alongside = [],
): Promise<CatalogCategoryItem> {
  const wanted = relationships?.items?.data?.map((one) => one.id);
  const items = await readEntries(ports, account, 'catalog-item', wanted ?? [], itemsAt);
  const category = await changeEntry(
    ports,
    account,
    { kind: 'catalog-category', id },
    (entry) => ({ ...entry, name: name ?? entry.name }),
    (entry) => [...items.map((item) => linksOfNew(account, item, entry)), ...alongside],
  );
  if (wanted !== undefined) await unlinkOthers(ports, account, category, new Set(wanted));
  return category;
}
