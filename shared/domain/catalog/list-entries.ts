// Pages of items, variants and categories: each filter that names something is answered by an index, others are looked at.
import type { ParsedQuery } from '../../jsonapi/operation.ts';
import { type Filter, type FilterSpec, textsIn } from '../../jsonapi/query/filter.ts';
import { holds, pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AnyEntry, CatalogKind, EntryOf } from '../../storage/items.ts';
import type { Placed } from '../../storage/merge.ts';
import {
  catalogKey,
  categoryLinkKey,
  entriesByCreation,
  entryIdOf,
  entryUidOf,
  everyShard,
  itemsOfCategory,
  variantsOfItem,
  variantsWithSku,
} from '../../storage/patterns.ts';
import { siftedPage } from '../../storage/sifted.ts';
import type { Key, Query } from '../../storage/store.ts';
import { findEntry } from './entries.ts';
import { linksOf } from './links.ts';
import { entryDocument } from './resources.ts';

const ids = { operators: ['any'], type: 'string' } as const;
const equals = { operators: ['equals'], type: 'string' } as const;
const contains = { operators: ['contains'], type: 'string' } as const;
const published = { operators: ['equals'], type: 'boolean' } as const;

/** What entries may be filtered by (contract: get_catalog_items, get_catalog_variants, get_catalog_categories). */
export const entryFilters = {
  'catalog-item': { ids, 'category.id': equals, title: contains, published },
  'catalog-variant': { ids, 'item.id': equals, sku: equals, title: contains, published },
  'catalog-category': { ids, 'item.id': equals, name: contains },
} as const satisfies Record<CatalogKind, FilterSpec>;

type Listing = Pick<ParsedQuery, 'filters' | 'sort' | 'page'>;
interface EntryPage<E> {
  entries: E[];
  next?: string;
}
type Mark = Placed & Pick<Key, 'pk'>;

const fields: Readonly<Record<string, (entry: AnyEntry) => unknown>> = {
  ids: ({ id }) => id,
  title: (entry) => ('title' in entry ? entry.title : undefined),
  name: (entry) => ('name' in entry ? entry.name : undefined),
  published: (entry) => ('published' in entry ? entry.published : undefined),
  sku: (entry) => ('sku' in entry ? entry.sku : undefined),
};

/** Whether an entry has what the filters on its own fields ask for. */
const fits = (filters: readonly Filter[]) => (entry: AnyEntry) =>
  filters.every((filter) => {
    if (filter.field === 'item.id' && entry.kind === 'catalog-variant') return holds(filter, entry.item);
    const read = fields[filter.field];
    return read === undefined || holds(filter, read(entry));
  });

/** One page of the entries of a kind that the query asks for, in the order of creation, oldest first unless it says so. */
export async function listEntries<K extends CatalogKind>(
  ports: Ports,
  account: AccountId,
  kind: K,
  query: Listing,
): Promise<EntryPage<EntryOf<K>>> {
  const lookups = { ports, account, query };
  const page = await pageOf(kind, lookups);
  return page as EntryPage<EntryOf<K>>;
}

interface Lookups {
  ports: Ports;
  account: AccountId;
  query: Listing;
}

function pageOf(kind: CatalogKind, lookups: Lookups): Promise<EntryPage<AnyEntry>> {
  const { query } = lookups;
  if (textsIn(query.filters, 'ids').length > 0) return named(kind, lookups);
  if (kind === 'catalog-item') return items(lookups);
  if (kind === 'catalog-variant') return variants(lookups);
  if (textsIn(query.filters, 'item.id').length > 0) return categoriesOfItem(lookups);
  return everyOne(kind, lookups);
}

const everyOne = (kind: CatalogKind, lookups: Lookups) =>
  sifted(
    kind,
    everyShard.map((shard) => entriesByCreation(lookups.account, kind, shard)),
    lookups,
  );

/** By their ids: those that all filters name, whatever else is asked of them. */
async function named(kind: CatalogKind, lookups: Lookups): Promise<EntryPage<AnyEntry>> {
  const { ports, account, query } = lookups;
  const wanted = [...new Set(textsIn(query.filters, 'ids'))];
  const found = await ports.store.getMany(wanted.map((id) => catalogKey(account, kind, id)));
  return inMemory(await linked(kind, found, lookups), query);
}

async function items(lookups: Lookups): Promise<EntryPage<AnyEntry>> {
  const { ports, account, query } = lookups;
  const [category] = textsIn(query.filters, 'category.id');
  if (category === undefined) return everyOne('catalog-item', lookups);
  const entry = await findEntry(ports, account, 'catalog-category', category);
  if (entry === undefined) return { entries: [] };
  return sifted(
    'catalog-item',
    everyShard.map((shard) => itemsOfCategory(account, entry.uid, shard)),
    lookups,
  );
}

async function variants(lookups: Lookups): Promise<EntryPage<AnyEntry>> {
  const { ports, account, query } = lookups;
  const [item] = textsIn(query.filters, 'item.id');
  const [sku] = textsIn(query.filters, 'sku');
  if (item !== undefined) {
    const entry = await findEntry(ports, account, 'catalog-item', item);
    return entry ? sifted('catalog-variant', [variantsOfItem(account, entry.uid)], lookups) : { entries: [] };
  }
  if (sku !== undefined) return sifted('catalog-variant', [variantsWithSku(account, sku)], lookups);
  return everyOne('catalog-variant', lookups);
}

/** An item is in few categories. */
async function categoriesOfItem(lookups: Lookups): Promise<EntryPage<AnyEntry>> {
  const { ports, account, query } = lookups;
  const [id = ''] = textsIn(query.filters, 'item.id');
  const item = await findEntry(ports, account, 'catalog-item', id);
  if (item === undefined) return { entries: [] };
  const links = await linksOf(ports, account, item);
  const found = await ports.store.getMany(links.map((link) => catalogKey(account, 'catalog-category', link.category)));
  const entries = found.filter((entry, i) => entry?.uid === links[i]?.category_uid);
  return inMemory(await linked('catalog-category', entries, lookups), query);
}

/** Entries at hand, of which there are few. */
function inMemory(entries: readonly AnyEntry[], query: Listing): EntryPage<AnyEntry> {
  const kept = entries.filter(fits(query.filters));
  const byId = new Map(kept.map((entry) => [entry.id, entry]));
  const { resources, next } = pageInMemory(
    kept.map(entryDocument),
    { sort: { field: 'created', descending: false }, ...query, filters: [] },
    { created: ({ id }) => byId.get(id)?.created },
  );
  return { entries: resources.flatMap(({ id }) => byId.get(id) ?? []), ...(next !== undefined && { next }) };
}

/** What the indexes name, as far as it is there and fits. */
async function sifted(
  kind: CatalogKind,
  queries: readonly Query<Mark>[],
  lookups: Lookups,
): Promise<EntryPage<AnyEntry>> {
  const { ports, account, query } = lookups;
  const { size, position } = query.page;
  const newestFirst = query.sort?.descending ?? false;
  const options = { size, newestFirst, ...(position !== undefined && { position }) };
  const { items: entries, next } = await siftedPage(ports.store, queries, options, async (marks) => {
    const found = await ports.store.getMany(marks.map((mark) => catalogKey(account, kind, entryIdOf(mark))));
    const living = found.filter((entry, i) => entry?.uid === uidOf(marks[i]));
    return (await linked(kind, living, lookups)).filter(fits(query.filters));
  });
  return { entries, ...(next !== undefined && { next }) };
}

const uidOf = (mark: Mark | undefined) => entryUidOf(mark?.gsk ?? mark?.usk ?? mark?.esk ?? '');

/** The entries that are there and linked to everything that the filters name: items to categories, categories to items. */
async function linked(
  kind: CatalogKind,
  entries: readonly (AnyEntry | undefined)[],
  { ports, account, query }: Lookups,
): Promise<readonly AnyEntry[]> {
  const field = { 'catalog-item': 'category.id', 'catalog-category': 'item.id', 'catalog-variant': undefined }[kind];
  const others = field === undefined ? [] : [...new Set(textsIn(query.filters, field))];
  let left: readonly AnyEntry[] = entries.filter((entry) => entry !== undefined);
  for (const other of others) {
    const kindOfOther = kind === 'catalog-item' ? 'catalog-category' : 'catalog-item';
    const end = await findEntry(ports, account, kindOfOther, other);
    const keys = left.map(({ id }) =>
      kind === 'catalog-item' ? categoryLinkKey(account, id, other) : categoryLinkKey(account, other, id),
    );
    const links = await ports.store.getMany(keys);
    left = left.filter((entry, i) => {
      const uids = [links[i]?.item_uid, links[i]?.category_uid];
      return end !== undefined && uids.includes(entry.uid) && uids.includes(end.uid);
    });
  }
  return left;
}
