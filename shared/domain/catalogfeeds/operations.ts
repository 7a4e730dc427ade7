// Feeds of the catalog, their runs, and what these changed: our own, beside the contract.
import * as z from 'zod/mini';
import { maybe } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { command, create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { definedOf } from '../../kernel/bag.ts';
import { readDefinition, removeDefinition } from '../../storage/definitions.ts';
import type { Context } from '../context.ts';
import { listJobs, readJob } from '../jobs/index.ts';
import { refuseUnlessHttps } from '../webfeeds/index.ts';
import { runNow } from './begin.ts';
import { catalogFeedDocument, catalogFeedPage, createCatalogFeed, updateCatalogFeed } from './feed.ts';
import { reportPage } from './report.ts';
import { changeDocument, changeResource, feedResource, runDocument, runResource, told } from './resources.ts';
import type { CatalogFeedData } from './stored.ts';

const tag = 'Catalogs';
const reads = { tag, scopes: ['catalogs:read'], tier: tiers.M, resource: feedResource };
const writes = { ...reads, scopes: ['catalogs:write'] };
const feeds = '/x/catalog-feeds';
const runs = '/x/catalog-feed-runs';
const runQuery = { fieldsOf: [runResource] };

const optional = {
  format: maybe(told.format),
  items_path: z.optional(told.items_path),
  mapping: maybe(told.mapping),
  vanished: maybe(told.vanished),
  interval_hours: maybe(told.interval_hours),
  active: maybe(told.active),
};

const defaults: Omit<CatalogFeedData, 'url'> = {
  format: 'json',
  items_path: null,
  mapping: {},
  vanished: 'unpublish',
  // Behaviour 7.
  interval_hours: 6,
  active: true,
};

/** What a request tells of a feed: null says nothing, but that there is no way to the items. */
function toldOf({ mapping, items_path, ...rest }: Readonly<Record<string, unknown>>): Partial<CatalogFeedData> {
  const values = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  const names = Object.entries(mapping ?? {}).filter(([, name]) => typeof name === 'string');
  return definedOf({
    ...Object.fromEntries(values),
    items_path: items_path as string | null | undefined,
    mapping: mapping === null || mapping === undefined ? undefined : Object.fromEntries(names),
  });
}

const runOf = async ({ ports, account }: Context, id: string) =>
  readJob(ports, account, { type: 'catalog-feed-run', id, called: runResource.type });

export const catalogFeedOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_catalog_feeds',
    summary: 'The feeds that fill the catalog, and when each is pulled next.',
    path: feeds,
    query: { fieldsOf: [feedResource], page: { default: 20, max: 100 } },
    run: async ({ query }, { ports, account }) => ({ page: await catalogFeedPage(ports, account, query) }),
  }),
  create({
    ...writes,
    id: 'create_catalog_feed',
    summary: 'Make a feed of the catalog: it is pulled at once, then as often as it says.',
    path: feeds,
    query: { fieldsOf: [feedResource] },
    body: requestDocument(feedResource.type, {
      attributes: z.strictObject({ name: told.name, url: told.url, ...optional }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { name, url, ...rest } = body.data.attributes;
      refuseUnlessHttps('A feed', url);
      const item = await createCatalogFeed(ports, account, { name, url, ...defaults, ...toldOf(rest) });
      return { resource: await catalogFeedDocument(ports, account, item) };
    },
  }),
  get({
    ...reads,
    id: 'get_catalog_feed',
    summary: 'One feed of the catalog.',
    path: `${feeds}/{id}`,
    query: { fieldsOf: [feedResource] },
    run: async (input, { ports, account }) => {
      const item = await readDefinition(ports.store, account, 'catalog-feed', idOf(input));
      return { resource: await catalogFeedDocument(ports, account, item) };
    },
  }),
  update({
    ...writes,
    id: 'update_catalog_feed',
    summary: 'Change a feed of the catalog; it is pulled anew.',
    path: `${feeds}/{id}`,
    query: { fieldsOf: [feedResource] },
    body: requestDocument(feedResource.type, {
      id: 'required',
      attributes: z.strictObject({ name: maybe(told.name), url: maybe(told.url), ...optional }),
    }),
    run: async (input, { ports, account }) => {
      const asked = input.body.data.attributes;
      refuseUnlessHttps('A feed', asked.url);
      const item = await updateCatalogFeed(ports, account, idOf(input), toldOf(asked));
      return { resource: await catalogFeedDocument(ports, account, item) };
    },
  }),
  remove({
    ...writes,
    id: 'delete_catalog_feed',
    summary: 'Remove a feed of the catalog; the items that it made stay as they are.',
    path: `${feeds}/{id}`,
    run: (input, { ports, account }) => removeDefinition(ports.store, account, 'catalog-feed', idOf(input)),
  }),
  command({
    ...writes,
    id: 'run_catalog_feed',
    summary: 'Have a feed pulled now; when it is being pulled, it is that run.',
    path: `${feeds}/{id}/run`,
    query: runQuery,
    body: requestDocument(runResource.type, { attributes: z.optional(z.strictObject({})) }),
    status: 202,
    answers: { kind: 'resource', of: runResource },
    run: async (input, { ports, account }) => ({
      resource: runDocument(await runNow(ports, account, idOf(input))),
    }),
  }),
  list({
    ...reads,
    resource: runResource,
    id: 'get_runs_of_catalog_feed',
    summary: 'The runs of a feed in the last seven days, newest first.',
    path: `${feeds}/{id}/runs`,
    query: { ...runQuery, page: { default: 20, max: 100 } },
    run: async (input, { ports, account }) => {
      const { id } = await readDefinition(ports.store, account, 'catalog-feed', idOf(input));
      const ofFeed = { field: 'feed_id', operator: 'equals', values: [id] } as const;
      const { jobs, next } = await listJobs(ports, account, 'catalog-feed-run', { ...input.query, filters: [ofFeed] });
      return { page: { resources: jobs.map(runDocument), ...(next !== undefined && { next }) } };
    },
  }),
  get({
    ...reads,
    resource: runResource,
    id: 'get_catalog_feed_run',
    summary: 'One run of a feed: how far it is, and how many items it changed.',
    path: `${runs}/{id}`,
    query: runQuery,
    run: async (input, context) => ({ resource: runDocument(await runOf(context, idOf(input))) }),
  }),
  list({
    ...reads,
    resource: changeResource,
    id: 'get_changes_of_catalog_feed_run',
    summary: 'What a run changed, item by item, and what it refused and why; what stayed as it was is not in it.',
    path: `${runs}/{id}/changes`,
    query: { fieldsOf: [changeResource], page: { default: 100, max: 1000 } },
    run: async (input, context) => {
      const { ports, account } = context;
      const { id } = await runOf(context, idOf(input));
      const { outcomes, next } = await reportPage(ports, account, id, input.query.page);
      const resources = outcomes.map(({ at, outcome }) => changeDocument(outcome, `${id}.${at}`));
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
];
