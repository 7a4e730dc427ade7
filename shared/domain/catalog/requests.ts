// How callers tell of items, variants and categories: the schemas of request bodies.
import * as z from 'zod/mini';
import { bag, flag, list, maybe, number, text } from '../../jsonapi/fields.ts';
import { linkage } from '../../jsonapi/verbs/index.ts';
import { isStorable } from '../../storage/values.ts';
import { inventoryPolicy } from './resources.ts';

const externalId = text({ min: 1, max: 255 });
const quantity = number().check(z.refine(isStorable, 'is out of the range that can be kept'));
/** Flat, at most 100 KB (behaviour 7). */
const metadata = bag({ maxDepth: 1, maxBytes: 100 * 1024 });

/** Where an entry lies: nothing but the defaults exists (behaviour 7). */
const place = {
  external_id: externalId,
  integration_type: maybe(z.literal('$custom')),
  catalog_type: maybe(z.string().check(z.refine((type) => type === '$default', "must be '$default'"))),
};

const pictures = {
  image_full_url: maybe(text()),
  image_thumbnail_url: maybe(text()),
  images: maybe(list(text())),
};

const extras = { ...pictures, custom_metadata: maybe(metadata), published: maybe(flag()) };

const newItem = z.strictObject({
  ...place,
  title: text(),
  price: maybe(quantity),
  description: text(),
  url: text(),
  ...extras,
});

const newVariant = z.strictObject({
  ...place,
  title: text(),
  description: text(),
  sku: text(),
  inventory_policy: maybe(inventoryPolicy),
  inventory_quantity: quantity,
  price: quantity,
  url: text(),
  ...extras,
});

const changedItem = z.strictObject({
  title: maybe(text()),
  price: maybe(quantity),
  description: maybe(text()),
  url: maybe(text()),
  ...extras,
});

const changedVariant = z.strictObject({
  title: maybe(text()),
  description: maybe(text()),
  sku: maybe(text()),
  inventory_policy: maybe(inventoryPolicy),
  inventory_quantity: maybe(quantity),
  price: maybe(quantity),
  url: maybe(text()),
  ...extras,
});

/** Links that are written in one transaction with their entry. */
const mostLinks = 90;
const linksTo = <Type extends string>(type: Type) =>
  z.optional(
    z.array(linkage(type)).check(z.maxLength(mostLinks, `At most ${mostLinks} ${type} links fit in one call.`)),
  );

const categories = z.optional(
  z.strictObject({ categories: z.optional(z.strictObject({ data: linksTo('catalog-category') })) }),
);
const items = z.optional(z.strictObject({ items: z.optional(z.strictObject({ data: linksTo('catalog-item') })) }));
const parent = z.strictObject({ item: z.strictObject({ data: z.optional(linkage('catalog-item')) }) });

/** The resource objects of requests, by what they are about and what they ask for. */
export const itemRequests = {
  create: z.strictObject({ type: z.literal('catalog-item'), attributes: newItem, relationships: categories }),
  update: z.strictObject({
    type: z.literal('catalog-item'),
    id: z.string(),
    attributes: changedItem,
    relationships: categories,
  }),
  remove: z.strictObject({ type: z.literal('catalog-item'), id: z.string() }),
};

export const variantRequests = {
  create: z.strictObject({ type: z.literal('catalog-variant'), attributes: newVariant, relationships: parent }),
  update: z.strictObject({ type: z.literal('catalog-variant'), id: z.string(), attributes: changedVariant }),
  remove: z.strictObject({ type: z.literal('catalog-variant'), id: z.string() }),
};

export const categoryRequests = {
  create: z.strictObject({
    type: z.literal('catalog-category'),
    attributes: z.strictObject({ ...place, name: text() }),
    relationships: items,
  }),
  update: z.strictObject({
    type: z.literal('catalog-category'),
    id: z.string(),
    attributes: z.strictObject({ name: maybe(text()) }),
    relationships: items,
  }),
  remove: z.strictObject({ type: z.literal('catalog-category'), id: z.string() }),
};

export type NewItem = z.infer<typeof itemRequests.create>;
export type ChangedItem = z.infer<typeof itemRequests.update>;
export type NewVariant = z.infer<typeof variantRequests.create>;
export type ChangedVariant = z.infer<typeof variantRequests.update>;
export type NewCategory = z.infer<typeof categoryRequests.create>;
export type ChangedCategory = z.infer<typeof categoryRequests.update>;
