import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogVariantItem } from '../../storage/items.ts';
import { catalogKey } from '../../storage/patterns.ts';

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
