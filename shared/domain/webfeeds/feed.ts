// Web feeds: addresses of the account's own data, by the names under which templates show it (`feeds.name`).
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourcePage } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import {
  changeDefinition,
  createDefinition,
  definitionItem,
  removeDefinition,
  smallDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { forgetContent, statusOf } from './content.ts';
import { type FeedData, allFeeds, feedData } from './stored.ts';

/** Templates know feeds by their names: of two that are made at the same moment, the older one is shown. */
async function refuseTaken(ports: Ports, account: AccountId, name: string, id?: string): Promise<void> {
  const taken = (await allFeeds(ports, account)).some((one) => one.name === name && one.id !== id);
  if (taken) throw refuse('conflict', `A web feed with the name ${name} exists already.`, '/data/attributes/name');
}

/** Makes a feed; a 409 when there is one of its name. */
export async function createFeed(
  ports: Ports,
  account: AccountId,
  { name, ...data }: FeedData & { name: string },
): Promise<DefinitionItem> {
  await refuseTaken(ports, account, name);
  const outline = { id: ports.ids.ulid(), name, ...firstVersion(ports) };
  const item = smallDefinition(definitionItem(account, 'web-feed', outline, data), '/data/attributes');
  await createDefinition(ports.store, item);
  return item;
}

/** Changes what is given; what was fetched before is not used any more. 404 for no feed, 409 for another's name. */
export async function updateFeed(
  ports: Ports,
  account: AccountId,
  id: string,
  told: Partial<FeedData> & { name?: string },
): Promise<DefinitionItem> {
  const changed = await changeDefinition(
    ports,
    { account, kind: 'web-feed', id },
    async (before) => {
      if (told.name !== undefined) await refuseTaken(ports, account, told.name, id);
      const { name = before.name, ...data } = told;
      return { name, data: { ...feedData(before), ...data } };
    },
    (item) => smallDefinition(item, '/data/attributes'),
  );
  await forgetContent(ports, account, id);
  return changed;
}

/** Removes a feed and what was fetched of it; a 404 when there is none. */
export async function removeFeed(ports: Ports, account: AccountId, id: string): Promise<void> {
  await removeDefinition(ports.store, account, 'web-feed', id);
  await forgetContent(ports, account, id);
}

/** A feed as the API shows it. */
export const feedDocument = (ports: Ports, account: AccountId, item: DefinitionItem): Promise<Resource> =>
  withStatus(ports, account, outlineOf(item));

/** The page of the account's feeds that the query asks for. */
export async function feedPage(
  ports: Ports,
  account: AccountId,
  query: Parameters<typeof pageInMemory>[1],
): Promise<ResourcePage> {
  const { resources, ...rest } = pageInMemory((await allFeeds(ports, account)).map(outlineOf), query);
  // How a feed is doing stands in a file: read for those that are shown.
  return { ...rest, resources: await Promise.all(resources.map((one) => withStatus(ports, account, one))) };
}

function outlineOf(item: DefinitionItem): Resource {
  const { id, name, created, updated } = item;
  const { url, request_method, content_type } = feedData(item);
  const attributes = { name, url, request_method, content_type };
  return { type: 'web-feed', id, attributes: { ...attributes, created: isoOf(created), updated: isoOf(updated) } };
}

async function withStatus(ports: Ports, account: AccountId, feed: Resource): Promise<Resource> {
  return { ...feed, attributes: { ...feed.attributes, status: await statusOf(ports, account, feed) } };
}
