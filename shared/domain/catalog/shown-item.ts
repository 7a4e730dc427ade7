// An item of the catalog as templates show it (behaviour 8.2).
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogItemItem, CatalogVariantItem } from '../../storage/items.ts';
import { catalogKey, entryIdOf, variantsOfItem } from '../../storage/patterns.ts';
import { compoundId, externalIdOf } from './compound-id.ts';
import { findEntry } from './entries.ts';
import { linksOf } from './links.ts';
import { metadataOf } from './resources.ts';

/** What `catalog_item` and its variant have. */
interface Shown {
  id: string;
  title: string;
  description: string;
  url: string;
  price?: number;
  published: boolean;
  featured_image: { full: { src: string }; thumbnail: { src: string } };
  images: readonly { full: { src: string } }[];
  /** The custom metadata, and the price where it has none of its own. */
  metadata: object;
}

export interface ShownItem extends Shown {
  /** The names of its categories. */
  categories: readonly string[];
  /** The oldest of its variants that is not hidden, else the oldest. */
  variant?: Shown & Pick<CatalogVariantItem, 'sku' | 'inventory_quantity' | 'inventory_policy'>;
}

/** The item of an external (or compound) id, with its categories and first variant; undefined when there is none. */
export async function shownItem(ports: Ports, account: AccountId, id: string): Promise<ShownItem | undefined> {
  if (id === '') return undefined;
  const item = await findEntry(ports, account, 'catalog-item', externalIdOf(id) === undefined ? compoundId(id) : id);
  if (!item) return undefined;
  const [categories, variant] = await Promise.all([
    categoriesOf(ports, account, item),
    firstVariant(ports, account, item),
  ]);
  return { ...shown(item), categories, ...(variant && { variant: { ...shown(variant), ...inventoryOf(variant) } }) };
}

function shown(entry: CatalogItemItem | CatalogVariantItem): Shown {
  const { title, description, url, price, published, image_full_url: full = '', images = [] } = entry;
  return {
    id: externalIdOf(entry.id) ?? entry.id,
    ...{ title, description, url, published },
    ...(price !== undefined && { price }),
    featured_image: { full: { src: full }, thumbnail: { src: entry.image_thumbnail_url ?? full } },
    images: images.map((src) => ({ full: { src } })),
    metadata: { ...(price !== undefined && { price }), ...(metadataOf(entry) as object | undefined) },
  };
}

const inventoryOf = ({ sku, inventory_quantity, inventory_policy }: CatalogVariantItem) => ({
  sku,
  inventory_quantity,
  inventory_policy,
});

/** True of what is out of stock and says that it is not shown then (behaviour 7). */
const isHidden = ({ inventory_policy: policy, inventory_quantity: stock }: CatalogVariantItem) =>
  policy === 1 && stock <= 0;

/** Variants that are looked at for one to show. */
const mostVariants = 25;

async function categoriesOf(ports: Ports, account: AccountId, item: CatalogItemItem): Promise<string[]> {
  const links = await linksOf(ports, account, item);
  const found = await ports.store.getMany(
    links.map(({ category }) => catalogKey(account, 'catalog-category', category)),
  );
  return found.flatMap((category, i) => (category && category.uid === links[i]?.category_uid ? [category.name] : []));
}

async function firstVariant(
  ports: Ports,
  account: AccountId,
  { uid }: CatalogItemItem,
): Promise<CatalogVariantItem | undefined> {
  const [oldest] = await variantsOf(ports, account, uid, 1);
  if (!oldest || !isHidden(oldest)) return oldest;
  const all = await variantsOf(ports, account, uid, mostVariants);
  return all.find((variant) => !isHidden(variant)) ?? oldest;
}

async function variantsOf({ store }: Ports, account: AccountId, uid: string, limit: number) {
  const { items: marks } = await store.query({ ...variantsOfItem(account, uid), limit });
  const found = await store.getMany(marks.map((mark) => catalogKey(account, 'catalog-variant', entryIdOf(mark))));
  return found.filter((variant): variant is CatalogVariantItem => variant?.item_uid === uid);
}
