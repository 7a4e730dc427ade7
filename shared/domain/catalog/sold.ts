// Items and variants: what a request makes of them.
import { definedOf } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogItemItem, CatalogVariantItem } from '../../storage/items.ts';
import { variantIndex } from '../../storage/patterns.ts';
import type { Check, Write } from '../../storage/store.ts';
import { changeEntry, createEntry, entryBase, placeOfNew, readEntries, readEntry } from './entries.ts';
import { categoriesAt, linksOfNew, replaceCategories } from './links.ts';
import type { ChangedItem, ChangedVariant, NewItem, NewVariant } from './requests.ts';

type Alongside = readonly (Write | Check)[];

/** What is kept of an item beside what requests say of it; refuses by throwing. `entry` is what stands there. */
type Kept = (entry?: CatalogItemItem) => Pick<CatalogItemItem, 'feed'>;
const asItWas: Kept = (entry) => (entry?.feed === undefined ? {} : { feed: entry.feed });

interface Told {
  title?: string | null | undefined;
  description?: string | null | undefined;
  url?: string | null | undefined;
  price?: number | null | undefined;
  image_full_url?: string | null | undefined;
  image_thumbnail_url?: string | null | undefined;
  images?: string[] | null | undefined;
  custom_metadata?: Readonly<Record<string, unknown>> | null | undefined;
  published?: boolean | null | undefined;
}

/** What may be taken away again by saying null; everything else stays as it was. */
function optional(told: Told) {
  const { image_full_url, image_thumbnail_url, images, custom_metadata } = told;
  return {
    ...(image_full_url !== undefined && { image_full_url: image_full_url ?? undefined }),
    ...(image_thumbnail_url !== undefined && { image_thumbnail_url: image_thumbnail_url ?? undefined }),
    ...(images !== undefined && { images: images ?? undefined }),
    ...(custom_metadata !== undefined && {
      metadata: custom_metadata === null ? undefined : JSON.stringify(custom_metadata),
    }),
  };
}

/** What is always there: null leaves it as it is. */
const required = ({ title, description, url, published }: Told) =>
  definedOf({
    title: title ?? undefined,
    description: description ?? undefined,
    url: url ?? undefined,
    published: published ?? undefined,
  });

/** Makes an item, in its categories. Refuses with a 409 one that exists, with a 404 a category that does not. */
export async function createItem(
  ports: Ports,
  account: AccountId,
  { attributes, relationships }: NewItem,
  alongside: Alongside = [],
  kept: Kept = asItWas,
): Promise<CatalogItemItem> {
  const { external_id, title, description, url, price, published } = attributes;
  const ids = relationships?.categories?.data?.map(({ id }) => id) ?? [];
  const categories = await readEntries(ports, account, 'catalog-category', ids, categoriesAt);
  const place = placeOfNew(ports, external_id);
  const entry: CatalogItemItem = definedOf({
    ...entryBase(account, 'catalog-item', place),
    title,
    description,
    url,
    ...(typeof price === 'number' && { price }),
    published: published ?? true,
    ...optional(attributes),
    ...kept(),
  });
  const links = categories.map((category) => linksOfNew(account, place, category));
  return createEntry(ports, entry, [...links, ...alongside]);
}

/** Changes what the request names of an item; its categories as a whole, when they are named. */
export function updateItem(
  ports: Ports,
  account: AccountId,
  { id, attributes, relationships }: ChangedItem,
  alongside: Alongside = [],
  kept: Kept = asItWas,
): Promise<CatalogItemItem> {
  const { price } = attributes;
  const categories = relationships?.categories?.data?.map((one) => one.id);
  return changeEntry(
    ports,
    account,
    { kind: 'catalog-item', id },
    (entry) =>
      definedOf({
        ...entry,
        feed: undefined,
        ...required(attributes),
        ...optional(attributes),
        ...(price !== undefined && { price: price ?? undefined }),
        ...kept(entry),
      }),
    async (entry) => [
      ...(categories === undefined ? [] : await replaceCategories(ports, account, entry, categories)),
      ...alongside,
    ],
  );
}

/** Makes a variant of an item, which has to exist (404). Refuses with a 409 one that exists. */
export async function createVariant(
  ports: Ports,
  account: AccountId,
  { attributes, relationships }: NewVariant,
  alongside: Alongside = [],
): Promise<CatalogVariantItem> {
  const { external_id, title, description, url, price, sku, inventory_quantity, published } = attributes;
  const parent = relationships.item.data?.id;
  if (parent === undefined) throw refuse('missing', 'A variant belongs to an item.', '/data/relationships/item/data');
  const item = await readEntry(ports, account, 'catalog-item', parent, '/data/relationships/item/data/id');
  const place = placeOfNew(ports, external_id);
  const entry: CatalogVariantItem = definedOf({
    ...entryBase(account, 'catalog-variant', place),
    ...variantIndex(account, { ...place, sku, item_uid: item.uid }),
    title,
    description,
    url,
    price,
    sku,
    inventory_policy: attributes.inventory_policy ?? 0,
    inventory_quantity,
    item: item.id,
    item_uid: item.uid,
    published: published ?? true,
    ...optional(attributes),
  });
  const { pk, sk, uid } = item;
  return createEntry(ports, entry, [{ check: { pk, sk }, if: { equals: { uid } } }, ...alongside]);
}

/** Changes what the request names of a variant. */
export function updateVariant(
  ports: Ports,
  account: AccountId,
  { id, attributes }: ChangedVariant,
  alongside: Alongside = [],
): Promise<CatalogVariantItem> {
  return changeEntry(
    ports,
    account,
    { kind: 'catalog-variant', id },
    (entry) => {
      const sku = attributes.sku ?? entry.sku;
      return definedOf({
        ...entry,
        ...required(attributes),
        ...optional(attributes),
        sku,
        price: attributes.price ?? entry.price,
        inventory_policy: attributes.inventory_policy ?? entry.inventory_policy,
        inventory_quantity: attributes.inventory_quantity ?? entry.inventory_quantity,
        ...variantIndex(account, { ...entry, sku }),
      });
    },
    () => alongside,
  );
}
