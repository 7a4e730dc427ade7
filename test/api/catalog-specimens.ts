// A catalog with one of everything, and good requests about it.
import type { Stage } from './stage.ts';

const kinds = { item: 'items', variant: 'variants', category: 'categories' } as const;
const hows = ['create', 'update', 'delete'] as const;
type Kind = keyof typeof kinds;
type How = (typeof hows)[number];

/** Ids of what a catalog is furnished with. */
export type CatalogThings = Record<Kind, string> & Record<`${Kind}_${How}_job`, string>;

export const catalogId = (externalId: string): string => `$custom:::$default:::${externalId}`;

export const itemOf = (external_id: string, rest: object = {}) => ({
  type: 'catalog-item',
  attributes: {
    external_id,
    title: `Coffee ${external_id}`,
    description: 'Beans',
    url: 'https://shop.example/coffee',
    price: 9.5,
    ...rest,
  },
});

export const variantOf = (external_id: string, item: string, rest: object = {}) => ({
  type: 'catalog-variant',
  attributes: {
    external_id,
    title: `Bag ${external_id}`,
    description: '250 g',
    sku: `SKU ${external_id}`,
    inventory_quantity: 3,
    price: 9.5,
    url: 'https://shop.example/coffee?bag',
    ...rest,
  },
  relationships: { item: { data: { type: 'catalog-item', id: item } } },
});

export const categoryOf = (external_id: string, rest: object = {}) => ({
  type: 'catalog-category',
  attributes: { external_id, name: `Category ${external_id}` },
  ...rest,
});

const linksTo = (type: string, ...ids: string[]) => ({ data: ids.map((id) => ({ type, id })) });

export const bulkOf = (kind: Kind, how: How, ...rows: object[]) => ({
  data: { type: `catalog-${kind}-bulk-${how}-job`, attributes: { [kinds[kind]]: { data: rows } } },
});

const updated = {
  item: ({ item, category }: CatalogThings) => ({
    type: 'catalog-item',
    id: item,
    attributes: { title: 'Espresso', price: 8, custom_metadata: { roast: 'dark' }, published: true },
    relationships: { categories: linksTo('catalog-category', category) },
  }),
  variant: ({ variant }: CatalogThings) => ({
    type: 'catalog-variant',
    id: variant,
    attributes: { sku: 'New', inventory_quantity: 0, inventory_policy: 1, price: 8 },
  }),
  category: ({ category, item }: CatalogThings) => ({
    type: 'catalog-category',
    id: category,
    attributes: { name: 'Sale' },
    relationships: { items: linksTo('catalog-item', item) },
  }),
};

const fresh = {
  item: ({ category }: CatalogThings) => ({
    ...itemOf('new-item', {
      custom_metadata: { roast: 'light', organic: true },
      images: ['https://shop.example/1.png'],
    }),
    relationships: { categories: linksTo('catalog-category', category) },
  }),
  variant: ({ item }: CatalogThings) => variantOf('new-variant', item, { inventory_policy: 1 }),
  category: ({ item }: CatalogThings) =>
    categoryOf('new-category', { relationships: { items: linksTo('catalog-item', item) } }),
};

const removed = {
  item: ({ item }: CatalogThings) => ({ type: 'catalog-item', id: item }),
  variant: ({ variant }: CatalogThings) => ({ type: 'catalog-variant', id: variant }),
  category: ({ category }: CatalogThings) => ({ type: 'catalog-category', id: category }),
};

const rows = { create: fresh, update: updated, delete: removed };
const items = ({ item }: CatalogThings) => linksTo('catalog-item', item);
const categories = ({ category }: CatalogThings) => linksTo('catalog-category', category);

const everyJob = (Object.keys(kinds) as Kind[]).flatMap((kind) => hows.map((how) => ({ kind, how })));

/** A good body for every operation on the catalog that takes one. */
export const catalogBodies: Readonly<Record<string, (things: CatalogThings) => object>> = {
  ...Object.fromEntries(
    (Object.keys(kinds) as Kind[]).flatMap((kind): [string, (things: CatalogThings) => object][] => [
      [`create_catalog_${kind}`, (things: CatalogThings) => ({ data: fresh[kind](things) })],
      [`update_catalog_${kind}`, (things: CatalogThings) => ({ data: updated[kind](things) })],
    ]),
  ),
  ...Object.fromEntries(
    everyJob.map(({ kind, how }) => [
      `bulk_${how}_catalog_${kinds[kind]}`,
      (things: CatalogThings) => bulkOf(kind, how, rows[how][kind](things)),
    ]),
  ),
  add_items_to_catalog_category: items,
  update_items_for_catalog_category: items,
  remove_items_from_catalog_category: items,
  add_categories_to_catalog_item: categories,
  update_categories_for_catalog_item: categories,
  remove_categories_from_catalog_item: categories,
};

/** What the paths of the catalog name. */
export const catalogIds: Readonly<Record<string, keyof CatalogThings>> = {
  'catalog-items': 'item',
  'catalog-variants': 'variant',
  'catalog-categories': 'category',
  ...Object.fromEntries<keyof CatalogThings>(
    everyJob.map(({ kind, how }) => [`catalog-${kind}-bulk-${how}-jobs`, `${kind}_${how}_job` as const]),
  ),
};

/** Furnishes an account with a catalog of its own ids. */
export async function furnishCatalog(stage: Stage, account: string, key: string): Promise<CatalogThings> {
  const send = async (target: string, body: unknown): Promise<string> => {
    const { status, text, one } = await stage.send('POST', target, { key, body });
    if (status >= 300) throw new Error(`Furnishing was answered ${status}: ${text}`);
    return one.id;
  };
  const category = await send('/api/catalog-categories', { data: categoryOf(`category-${account}`) });
  const item = await send('/api/catalog-items', {
    data: {
      ...itemOf(`item-${account}`, { custom_metadata: { roast: 'light' } }),
      relationships: { categories: linksTo('catalog-category', category) },
    },
  });
  const variant = await send('/api/catalog-variants', { data: variantOf(`variant-${account}`, item) });
  const things = { item, variant, category } as CatalogThings;
  // Each job changes nothing of the above: its row is about what nobody knows.
  const nobody = { ...things, item: catalogId('none'), variant: catalogId('none'), category: catalogId('none') };
  for (const { kind, how } of everyJob) {
    const row =
      how === 'create'
        ? { item: itemOf(`i-${account}`), variant: variantOf('v', nobody.item), category: categoryOf(`c-${account}`) }[
            kind
          ]
        : rows[how][kind](nobody);
    things[`${kind}_${how}_job`] = await send(`/api/catalog-${kind}-bulk-${how}-jobs`, bulkOf(kind, how, row));
  }
  return things;
}
