// Feeds of the catalog: a JSON or XML document of the account's own server, pulled on a schedule (behaviour 7).
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourcePage } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import {
  changeDefinition,
  createDefinition,
  definitionItem,
  smallDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { feedStateKey } from '../../storage/patterns.ts';
import { feedFields } from './row.ts';
import { type CatalogFeedData, allCatalogFeeds, catalogFeedData } from './stored.ts';

type Told = CatalogFeedData & { name: string };

const admit = (item: DefinitionItem) => smallDefinition(item, '/data/attributes');

/** Makes a feed; the change feed has it pulled. */
export async function createCatalogFeed(
  ports: Ports,
  account: AccountId,
  { name, ...data }: Told,
): Promise<DefinitionItem> {
  const outline = { id: ports.ids.ulid(), name, ...firstVersion(ports) };
  const item = admit(definitionItem(account, 'catalog-feed', outline, data));
  await createDefinition(ports.store, item);
  return item;
}

/** Changes what is given; it is pulled anew by that. A 404 when there is none. */
export function updateCatalogFeed(
  ports: Ports,
  account: AccountId,
  id: string,
  told: Partial<Told>,
): Promise<DefinitionItem> {
  const change = (before: DefinitionItem) => {
    const { name = before.name, ...data } = told;
    return { name, data: { ...catalogFeedData(before), ...data } };
  };
  return changeDefinition(ports, { account, kind: 'catalog-feed', id }, change, admit);
}

/** A page of the feeds of an account. */
export async function catalogFeedPage(
  ports: Ports,
  account: AccountId,
  query: Parameters<typeof pageInMemory>[1],
): Promise<ResourcePage> {
  const items = await allCatalogFeeds(ports, account);
  const outlines = items.map(({ id, created }) => ({
    type: 'catalog-feed',
    id,
    attributes: { created: isoOf(created) },
  }));
  const { resources, ...rest } = pageInMemory(outlines, query);
  const known = new Map(items.map((item) => [item.id, item]));
  // When a feed is pulled next stands beside it: read for those that are shown.
  const shown = resources.flatMap(({ id }) => known.get(id) ?? []);
  return { ...rest, resources: await Promise.all(shown.map((item) => catalogFeedDocument(ports, account, item))) };
}

/** A feed as the API shows it. */
export async function catalogFeedDocument(ports: Ports, account: AccountId, item: DefinitionItem): Promise<Resource> {
  const { id, name, version, created, updated } = item;
  const { mapping, ...data } = catalogFeedData(item);
  const state = await ports.store.get(feedStateKey(account, id));
  const next = data.active && state?.version === version ? state.next : undefined;
  return {
    type: 'catalog-feed',
    id,
    attributes: {
      name,
      ...data,
      mapping: Object.fromEntries(feedFields.map((field) => [field, mapping[field] ?? field])),
      last_run_id: state?.run ?? null,
      next_run_at: next === undefined ? null : isoOf(next),
      created: isoOf(created),
      updated: isoOf(updated),
    },
  };
}
