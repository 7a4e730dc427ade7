// Items in categories and variants of items, from either end.
import { type Input, type Operation, idOf } from '../../jsonapi/operation.ts';
import type { Filter } from '../../jsonapi/query/filter.ts';
import { relate, relatedMany, relationship } from '../../jsonapi/verbs/index.ts';
import type { CatalogKind } from '../../storage/items.ts';
import type { Context } from '../context.ts';
import { readEntry } from './entries.ts';
import { fieldsOfKind, listOfKind, pageOfEntries, reads, writes } from './entry-operations.ts';
import { relateCategories, relateItems } from './links.ts';
import { listEntries } from './list-entries.ts';
import { resourceOf } from './resources.ts';

/** What is at the other end of a relationship: a list of it with a filter of its own. */
interface Relation {
  from: CatalogKind;
  relationship: string;
  to: CatalogKind;
  /** The filter that the relationship comes to. */
  field: string;
  /** The operations of resources and of ids. */
  ids: readonly [resources: string, ids: string];
  summary: string;
}

const relations: readonly Relation[] = [
  {
    from: 'catalog-category',
    relationship: 'items',
    to: 'catalog-item',
    field: 'category.id',
    ids: ['get_items_for_catalog_category', 'get_item_ids_for_catalog_category'],
    summary: 'items of a category',
  },
  {
    from: 'catalog-item',
    relationship: 'variants',
    to: 'catalog-variant',
    field: 'item.id',
    ids: ['get_variants_for_catalog_item', 'get_variant_ids_for_catalog_item'],
    summary: 'variants of an item',
  },
  {
    from: 'catalog-item',
    relationship: 'categories',
    to: 'catalog-category',
    field: 'item.id',
    ids: ['get_categories_for_catalog_item', 'get_category_ids_for_catalog_item'],
    summary: 'categories that an item is in',
  },
];

/** The query of a request with the relationship's own filter before its others; a 404 when there is nothing it begins at. */
async function asked({ from, field }: Relation, input: Input, { ports, account }: Context) {
  const { id } = await readEntry(ports, account, from, idOf(input));
  const own: Filter = { field, operator: 'equals', values: [id] };
  return { ...input.query, filters: [own, ...input.query.filters] };
}

const readsOf = (relation: Relation): readonly Operation<Context>[] => {
  const { from, relationship: name, to, ids, summary } = relation;
  const stated = { ...reads, resource: resourceOf[from], relationship: name };
  return [
    relatedMany({
      ...stated,
      id: ids[0],
      summary: `The ${summary}, a page at a time.`,
      of: resourceOf[to],
      query: { ...fieldsOfKind(to), ...listOfKind(to) },
      run: async (input, context) => pageOfEntries(context, to, await asked(relation, input, context)),
    }),
    relationship({
      ...stated,
      id: ids[1],
      summary: `The ids of the ${summary}, a page at a time.`,
      of: to,
      many: true,
      query: listOfKind(to),
      run: async (input, context) => {
        const query = await asked(relation, input, context);
        const { entries, next } = await listEntries(context.ports, context.account, to, query);
        return { linkage: entries.map(({ id }) => ({ type: to, id })), ...(next !== undefined && { next }) };
      },
    }),
  ];
};

const ways = [
  { method: 'POST', how: 'add', items: 'add_items_to', categories: 'add_categories_to', verb: 'Add' },
  { method: 'PATCH', how: 'replace', items: 'update_items_for', categories: 'update_categories_for', verb: 'Replace' },
  { method: 'DELETE', how: 'remove', items: 'remove_items_from', categories: 'remove_categories_from', verb: 'Remove' },
] as const;

/** Links in one call; the contract names no limit. */
const max = 1000;

export const catalogRelationshipOperations: readonly Operation<Context>[] = [
  ...relations.flatMap(readsOf),
  ...ways.flatMap(({ method, how, items, categories, verb }) => [
    relate<Context>({
      ...writes,
      id: `${items}_catalog_category`,
      summary: `${verb} items of a category.`,
      resource: resourceOf['catalog-category'],
      relationship: 'items',
      method,
      of: 'catalog-item',
      max,
      run: (input, { ports, account }) =>
        relateItems(ports, account, { category: idOf(input), items: input.body, how }),
    }),
    relate<Context>({
      ...writes,
      id: `${categories}_catalog_item`,
      summary: `${verb} categories of an item.`,
      resource: resourceOf['catalog-item'],
      relationship: 'categories',
      method,
      of: 'catalog-category',
      max,
      run: (input, { ports, account }) =>
        relateCategories(ports, account, { item: idOf(input), categories: input.body, how }),
    }),
  ]),
];
