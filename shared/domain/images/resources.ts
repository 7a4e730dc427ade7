// Images: five operations, one screen.
import * as z from 'zod/mini';
import { file, flag, integer, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { command, create, get, list, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { readDefinition } from '../../storage/definitions.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { bytesAt, nameIn } from './fetch.ts';
import { createImage, imageDocument, updateImage } from './image.ts';

export const imageResource: ResourceType = {
  type: 'image',
  path: 'images',
  attributes: z.object({
    name: text(),
    image_url: text(),
    format: text(),
    size: integer(),
    hidden: flag(),
    updated_at: timestamp(),
  }),
};

const stated = { tag: 'Images', resource: imageResource } as const;
const tier = { burst: '10/s', steady: '150/m' };
const reads = { ...stated, scopes: ['images:read'], tier } as const;
const writes = { ...stated, scopes: ['images:write'] } as const;
const fields = { fieldsOf: [imageResource] };
const name = text({ min: 1, max: 255 });
const amounts: readonly Operator[] = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

export const imageOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_images',
    summary: 'The images of the account.',
    query: {
      ...fields,
      filter: {
        id: { operators: ['any', 'equals'], type: 'string' },
        updated_at: { operators: amounts, type: 'datetime' },
        format: { operators: ['any', 'equals'], type: 'string' },
        name: { operators: ['any', 'contains', 'ends-with', 'equals', 'starts-with'], type: 'string' },
        size: { operators: amounts, type: 'number' },
        hidden: { operators: ['any', 'equals'], type: 'boolean' },
      },
      sort: ['format', 'id', 'name', 'size', 'updated_at'],
      page: { default: 20, max: 100 },
    },
    run: async ({ query }, { ports, account }) => {
      const items = await everything(ports.store, definitionsOf(account, 'image'));
      return {
        page: pageInMemory(
          items.map((item) => imageDocument(ports, account, item)),
          query,
        ),
      };
    },
  }),
  create({
    ...writes,
    id: 'upload_image_from_url',
    summary: 'Take in an image from an https address or a data URI.',
    tier: { burst: '3/s', steady: '100/m', daily: '100/d' },
    query: fields,
    body: requestDocument('image', {
      attributes: z.strictObject({ name: maybe(name), import_from_url: text({ min: 1 }), hidden: maybe(flag()) }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { name: called, import_from_url: address, hidden } = body.data.attributes;
      const bytes = await bytesAt(ports, address);
      const told = { name: called ?? nameIn(address), hidden: hidden ?? false, bytes };
      const item = await createImage(ports, account, told, '/data/attributes/import_from_url');
      return { resource: imageDocument(ports, account, item) };
    },
  }),
  {
    ...command({
      ...writes,
      id: 'upload_image_from_file',
      summary: 'Take in an image from a file.',
      tier: { burst: '3/s', steady: '100/m', daily: '500/d' },
      path: '/api/image-upload',
      query: fields,
      body: z.strictObject({ file: file(), name: z.optional(name), hidden: z.optional(flag()) }),
      status: 201,
      answers: { kind: 'resource', of: imageResource },
      run: async ({ body }, { ports, account }) => {
        const { file: sent, name: called = sent.name, hidden = false } = body;
        const told = { name: called.slice(0, 255) || 'image', hidden, bytes: Buffer.from(sent.content, 'latin1') };
        return { resource: imageDocument(ports, account, await createImage(ports, account, told, '/data/file')) };
      },
    }),
    media: 'multipart/form-data',
  },
  get({
    ...reads,
    id: 'get_image',
    summary: 'One image.',
    query: fields,
    run: async (input, { ports, account }) => ({
      resource: imageDocument(ports, account, await readDefinition(ports.store, account, 'image', idOf(input))),
    }),
  }),
  update({
    ...writes,
    id: 'update_image',
    summary: 'Rename, hide or show an image.',
    tier,
    query: fields,
    body: requestDocument('image', {
      id: 'required',
      attributes: z.strictObject({ name: maybe(name), hidden: maybe(flag()) }),
    }),
    run: async (input, { ports, account }) => ({
      resource: imageDocument(
        ports,
        account,
        await updateImage(ports, account, idOf(input), input.body.data.attributes),
      ),
    }),
  }),
];
