// Web feeds: five operations, one screen.
import * as z from 'zod/mini';
import { maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { definedOf } from '../../kernel/bag.ts';
import { readDefinition } from '../../storage/definitions.ts';
import type { Context } from '../context.ts';
import { refuseUnlessHttps } from './address.ts';
import { feedStatuses } from './content.ts';
import { createFeed, feedDocument, feedPage, removeFeed, updateFeed } from './feed.ts';

const method = oneOf('get', 'post');
const content = oneOf('json', 'xml');

const feedResource: ResourceType = {
  type: 'web-feed',
  path: 'web-feeds',
  attributes: z.object({
    name: text(),
    url: text(),
    request_method: method,
    content_type: content,
    created: timestamp(),
    updated: timestamp(),
    status: maybe(oneOf(...feedStatuses)),
  }),
};

const stated = { tag: 'Web Feeds', tier: tiers.XS, resource: feedResource } as const;
const reads = { ...stated, scopes: ['web-feeds:read'] };
const writes = { ...stated, scopes: ['web-feeds:write'] };
const fields = { fieldsOf: [feedResource] };
const name = text({ min: 1, max: 255 });
const address = text({ min: 1, max: 2000 });
const instants: readonly Operator[] = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

export const webFeedOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_web_feeds',
    summary: 'The web feeds of the account, and how they are doing.',
    query: {
      ...fields,
      filter: {
        name: { operators: ['any', 'contains', 'equals'], type: 'string' },
        created: { operators: instants, type: 'datetime' },
        updated: { operators: instants, type: 'datetime' },
      },
      sort: ['created', 'name', 'updated'],
      page: { default: 5, max: 20 },
    },
    run: async ({ query }, { ports, account }) => ({ page: await feedPage(ports, account, query) }),
  }),
  create({
    ...writes,
    id: 'create_web_feed',
    summary: 'Make a web feed, which templates show as `feeds.name`.',
    query: fields,
    body: requestDocument('web-feed', {
      attributes: z.strictObject({ name, url: address, request_method: method, content_type: content }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { attributes } = body.data;
      refuseUnlessHttps('A web feed', attributes.url);
      return { resource: await feedDocument(ports, account, await createFeed(ports, account, attributes)) };
    },
  }),
  get({
    ...reads,
    id: 'get_web_feed',
    summary: 'One web feed.',
    query: fields,
    run: async (input, { ports, account }) => {
      const item = await readDefinition(ports.store, account, 'web-feed', idOf(input));
      return { resource: await feedDocument(ports, account, item) };
    },
  }),
  update({
    ...writes,
    id: 'update_web_feed',
    summary: 'Change a web feed; it is fetched anew for the next message.',
    query: fields,
    body: requestDocument('web-feed', {
      id: 'required',
      attributes: z.strictObject({
        name: maybe(name),
        url: maybe(address),
        request_method: maybe(method),
        content_type: maybe(content),
      }),
    }),
    run: async (input, { ports, account }) => {
      const asked = input.body.data.attributes;
      refuseUnlessHttps('A web feed', asked.url);
      const told = definedOf({
        name: asked.name ?? undefined,
        url: asked.url ?? undefined,
        request_method: asked.request_method ?? undefined,
        content_type: asked.content_type ?? undefined,
      });
      return { resource: await feedDocument(ports, account, await updateFeed(ports, account, idOf(input), told)) };
    },
  }),
  remove({
    ...writes,
    id: 'delete_web_feed',
    summary: 'Remove a web feed; messages that show it are skipped.',
    run: (input, { ports, account }) => removeFeed(ports, account, idOf(input)),
  }),
];
