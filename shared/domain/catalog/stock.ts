// What can be bought, and what events say of it.
import { definedOf } from '../../kernel/bag.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogItemItem, CatalogVariantItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { catalogKey, entryIdOf, variantsOfItem } from '../../storage/patterns.ts';
import { externalIdOf } from './compound-id.ts';

/** How much of a variant can be bought: nothing of what is not published. */
export const stockIn = ({ published, inventory_quantity }: CatalogVariantItem): number =>
  published ? inventory_quantity : 0;

/** How much of a variant can be bought now, and of which making and version that is said; undefined: there is none. */
export async function stockOf(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
): Promise<{ stock: number; uid: string; version: number } | undefined> {
  const variant = await ports.store.get(catalogKey(account, 'catalog-variant', id));
  return variant && { stock: stockIn(variant), uid: variant.uid, version: variant.version };
}

/** How much of all variants of the item of a variant can be bought. */
export async function stockOfItem(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  variant: string,
): Promise<number> {
  const one = await store.get(catalogKey(account, 'catalog-variant', variant));
  if (!one) return 0;
  const marks = await everything(store, variantsOfItem(account, one.item_uid));
  const ids = new Set([variant, ...marks.map(entryIdOf)]);
  const found = await store.getMany([...ids].map((id) => catalogKey(account, 'catalog-variant', id)));
  return found.reduce((sum, each) => sum + (each?.item_uid === one.item_uid ? stockIn(each) : 0), 0);
}

/** What templates and flows find of a variant in the events that are about it. */
export function soldProperties(variant: CatalogVariantItem, item: CatalogItemItem | undefined) {
  return definedOf({
    VariantId: externalIdOf(variant.id),
    VariantName: variant.title,
    SKU: variant.sku,
    Price: variant.price,
    URL: variant.url,
    ImageURL: variant.image_full_url ?? item?.image_full_url,
    ProductID: externalIdOf(variant.item),
    ProductName: item?.title,
  });
}
