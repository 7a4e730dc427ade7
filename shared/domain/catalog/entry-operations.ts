// The operations that items, variants and categories have alike: list, read, make, change, remove.
import * as z from 'zod/mini';
import { type Operation, type QuerySpec, idOf } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { create, get, list, remove, update } from '../../jsonapi/verbs/index.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AnyEntry, CatalogKind } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { catalogKey, entryIdOf, variantsOfItem } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { type Related, oneWithRelated, withRelated } from '../identity/index.ts';
import { createCategory, updateCategory } from './category.ts';
import { findEntry, readEntry, removeEntry } from './entries.ts';
import { entryFilters, listEntries } from './list-entries.ts';
import { categoryRequests, itemRequests, variantRequests } from './requests.ts';
import { entryDocument, resourceOf, variantResource } from './resources.ts';
import { createItem, createVariant, updateItem, updateVariant } from './sold.ts';

export const XL = { burst: '350/s', steady: '3500/m' };
export const L = { burst: '75/s', steady: '750/m' };
export const reads = { tag: 'Catalogs', scopes: ['catalogs:read'], tier: XL } as const;
export const writes = { tag: 'Catalogs', scopes: ['catalogs:write'], tier: L } as const;

/** Every variant of an item; it has few. */
async function variantsOf({ ports, account }: Context, id: string): Promise<Resource[]> {
  const item = await findEntry(ports, account, 'catalog-item', id);
  if (item === undefined) return [];
  const marks = await everything(ports.store, variantsOfItem(account, item.uid));
  const keys = marks.map((mark) => catalogKey(account, 'catalog-variant', entryIdOf(mark)));
  const variants = await ports.store.getMany(keys);
  return variants.flatMap((one) => (one?.item_uid === item.uid ? [entryDocument(one)] : []));
}

/** What items include. */
export const relatedToItem: Readonly<Record<'variants', Related>> = {
  variants: { of: variantResource, load: variantsOf },
};

/** What a query may ask for of the resources of a kind. */
export const fieldsOfKind = (kind: CatalogKind): QuerySpec =>
  kind === 'catalog-item'
    ? { fieldsOf: [resourceOf[kind]], include: { variants: variantResource } }
    : { fieldsOf: [resourceOf[kind]] };

/** What lists of a kind can be asked. */
export const listOfKind = (kind: CatalogKind): QuerySpec => ({
  filter: entryFilters[kind],
  sort: ['created'],
  page: { default: 100, max: 100 },
});

/** A page of entries as an operation answers it, with what it was asked to include. */
export async function pageOfEntries(
  context: Context,
  kind: CatalogKind,
  query: Parameters<typeof listEntries>[3] & { include: ReadonlySet<string> },
) {
  const { entries, next } = await listEntries(context.ports, context.account, kind, query);
  const found = entries.map(entryDocument);
  const { resources, included } = await withRelated(
    context,
    found,
    kind === 'catalog-item' ? relatedToItem : {},
    query.include,
  );
  return { page: { resources, ...(next !== undefined && { next }) }, included };
}

interface Family<New, Changed> {
  kind: CatalogKind;
  /** As in the operations' names: `catalog_item`. */
  one: string;
  many: string;
  /** In words. */
  called: string;
  requests: { create: z.ZodMiniType<New>; update: z.ZodMiniType<Changed> };
  create: (ports: Ports, account: AccountId, asked: New) => Promise<AnyEntry>;
  update: (ports: Ports, account: AccountId, asked: Changed) => Promise<AnyEntry>;
}

function operationsOf<New, Changed>(family: Family<New, Changed>): readonly Operation<Context>[] {
  const { kind, one, many, called } = family;
  const resource = resourceOf[kind];
  const fields = { fieldsOf: [resource] };
  return [
    list({
      ...reads,
      id: `get_${many}`,
      summary: `The ${called} of the catalog, a page at a time, in the order of creation.`,
      resource,
      query: { ...fieldsOfKind(kind), ...listOfKind(kind) },
      run: ({ query }, context) => pageOfEntries(context, kind, query),
    }),
    get({
      ...reads,
      id: `get_${one}`,
      summary: `One of the ${called}.`,
      resource,
      query: fieldsOfKind(kind),
      run: async (input, context) => {
        const entry = await readEntry(context.ports, context.account, kind, idOf(input));
        const related = kind === 'catalog-item' ? relatedToItem : {};
        return oneWithRelated(context, entryDocument(entry), related, input.query.include);
      },
    }),
    create({
      ...writes,
      id: `create_${one}`,
      summary: `Add to the ${called} of the catalog.`,
      resource,
      query: fields,
      body: z.strictObject({ data: family.requests.create }),
      run: async ({ body }, { ports, account }) => ({
        resource: entryDocument(await family.create(ports, account, body.data)),
      }),
    }),
    update({
      ...writes,
      id: `update_${one}`,
      summary: `Change one of the ${called}: what is not named stays as it is.`,
      resource,
      query: fields,
      body: z.strictObject({ data: family.requests.update }),
      run: async ({ body }, { ports, account }) => ({
        resource: entryDocument(await family.update(ports, account, body.data)),
      }),
    }),
    remove({
      ...writes,
      id: `delete_${one}`,
      summary: `Remove one of the ${called}.`,
      resource,
      run: (input, { ports, account }) => removeEntry(ports, account, { kind, id: idOf(input) }),
    }),
  ];
}

export const entryOperations: readonly Operation<Context>[] = [
  ...operationsOf({
    kind: 'catalog-item',
    one: 'catalog_item',
    many: 'catalog_items',
    called: 'items',
    requests: itemRequests,
    create: createItem,
    update: updateItem,
  }),
  ...operationsOf({
    kind: 'catalog-variant',
    one: 'catalog_variant',
    many: 'catalog_variants',
    called: 'variants',
    requests: variantRequests,
    create: createVariant,
    update: updateVariant,
  }),
  ...operationsOf({
    kind: 'catalog-category',
    one: 'catalog_category',
    many: 'catalog_categories',
    called: 'categories',
    requests: categoryRequests,
    create: createCategory,
    update: updateCategory,
  }),
];
