// What items, variants and categories look like to those who read them.
import * as z from 'zod/mini';
import { bag, flag, list, maybe, number, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type {
  AnyEntry,
  CatalogCategoryItem,
  CatalogItemItem,
  CatalogKind,
  CatalogVariantItem,
} from '../../storage/items.ts';
import { externalIdOf } from './compound-id.ts';

/** What items and variants show alike. */
const shown = {
  external_id: maybe(text()),
  title: maybe(text()),
  description: maybe(text()),
  price: maybe(number()),
  url: maybe(text()),
  image_full_url: maybe(text()),
  image_thumbnail_url: maybe(text()),
  images: maybe(list(text())),
  custom_metadata: maybe(bag()),
  published: maybe(flag()),
  created: maybe(timestamp()),
  updated: maybe(timestamp()),
};

export const inventoryPolicy = z.literal([0, 1, 2]);

export const itemResource: ResourceType = {
  type: 'catalog-item',
  path: 'catalog-items',
  attributes: z.object(shown),
  relationships: { variants: { type: 'catalog-variant', many: true } },
};

export const variantResource: ResourceType = {
  type: 'catalog-variant',
  path: 'catalog-variants',
  attributes: z.object({
    ...shown,
    sku: maybe(text()),
    inventory_policy: maybe(inventoryPolicy),
    inventory_quantity: maybe(number()),
  }),
  relationships: { item: { type: 'catalog-item', many: false, linked: false } },
};

export const categoryResource: ResourceType = {
  type: 'catalog-category',
  path: 'catalog-categories',
  attributes: z.object({ external_id: maybe(text()), name: maybe(text()), updated: maybe(timestamp()) }),
  relationships: { items: { type: 'catalog-item', many: true } },
};

export const resourceOf = {
  'catalog-item': itemResource,
  'catalog-variant': variantResource,
  'catalog-category': categoryResource,
} as const satisfies Record<CatalogKind, ResourceType>;

/** The metadata of an item or variant, as it was sent; undefined when it has none. */
export function metadataOf({ metadata }: CatalogItemItem | CatalogVariantItem): unknown {
  return metadata === undefined ? undefined : (JSON.parse(metadata) as unknown);
}

function soldAttributes(entry: CatalogItemItem | CatalogVariantItem) {
  return {
    external_id: externalIdOf(entry.id) ?? null,
    title: entry.title,
    description: entry.description,
    price: entry.price ?? null,
    url: entry.url,
    image_full_url: entry.image_full_url ?? null,
    image_thumbnail_url: entry.image_thumbnail_url ?? null,
    images: entry.images ?? [],
    custom_metadata: metadataOf(entry) ?? {},
    published: entry.published,
    created: isoOf(entry.created),
    updated: isoOf(entry.updated),
  };
}

const variantDocument = (entry: CatalogVariantItem): Resource => ({
  type: variantResource.type,
  id: entry.id,
  attributes: {
    ...soldAttributes(entry),
    sku: entry.sku,
    inventory_policy: entry.inventory_policy,
    inventory_quantity: entry.inventory_quantity,
  },
  relationships: { item: { type: itemResource.type, id: entry.item } },
});

const categoryDocument = (entry: CatalogCategoryItem): Resource => ({
  type: categoryResource.type,
  id: entry.id,
  attributes: { external_id: externalIdOf(entry.id) ?? null, name: entry.name, updated: isoOf(entry.updated) },
});

/** An entry as the API shows it. */
export function entryDocument(entry: AnyEntry): Resource {
  if (entry.kind === 'catalog-variant') return variantDocument(entry);
  if (entry.kind === 'catalog-category') return categoryDocument(entry);
  return { type: itemResource.type, id: entry.id, attributes: soldAttributes(entry) };
}
