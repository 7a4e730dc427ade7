// Universal content: five operations, one screen.
import * as z from 'zod/mini';
import { maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { readDefinition, removeDefinition } from '../../storage/definitions.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { drawnBlocks, shownBlocks } from './definition/universal.ts';
import type { Part } from './drawing/read.ts';
import { createUniversal, universalDocument, updateUniversal } from './universal.ts';

const universalResource: ResourceType = {
  type: 'template-universal-content',
  path: 'template-universal-content',
  attributes: z.object({
    name: text(),
    definition: maybe(shownBlocks),
    created: timestamp(),
    updated: timestamp(),
    screenshot_status: oneOf('completed', 'failed', 'generating', 'never_generated', 'not_renderable', 'stale'),
    screenshot_url: text(),
  }),
};

const stated = { tag: 'Templates', tier: { burst: '75/s', steady: '750/m' }, resource: universalResource } as const;
const reads = { ...stated, scopes: ['templates:read'] };
const writes = { ...stated, scopes: ['templates:write'] };
const fields = { fieldsOf: [universalResource] };
const name = text({ min: 1, max: 255 });
const instants: readonly Operator[] = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

export const universalOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_all_universal_content',
    summary: 'The universal content of the account.',
    query: {
      ...fields,
      filter: {
        id: { operators: ['any', 'equals'], type: 'string' },
        name: { operators: ['any', 'equals'], type: 'string' },
        created: { operators: instants, type: 'datetime' },
        updated: { operators: instants, type: 'datetime' },
        'definition.content_type': { operators: ['equals'], type: 'string', values: ['block', 'section'] },
        'definition.type': {
          operators: ['equals'],
          type: 'string',
          values: [
            ...['button', 'coupon', 'drop_shadow', 'header', 'horizontal_rule', 'html', 'image', 'product'],
            ...['review', 'social', 'spacer', 'split', 'table', 'text', 'unsupported', 'video'],
          ],
        },
      },
      sort: ['created', 'id', 'name', 'updated'],
      page: { default: 20, max: 100 },
    },
    run: async ({ query }, { ports, account }) => {
      const items = await everything(ports.store, definitionsOf(account, 'universal-content'));
      return { page: pageInMemory(items.map(universalDocument), query) };
    },
  }),
  create({
    ...writes,
    id: 'create_universal_content',
    summary: 'Make a block that many templates can show.',
    query: fields,
    body: requestDocument('template-universal-content', {
      attributes: z.strictObject({ name, definition: drawnBlocks }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { name: called, definition } = body.data.attributes;
      const item = await createUniversal(ports, account, { name: called, definition: definition });
      return { resource: universalDocument(item) };
    },
  }),
  get({
    ...reads,
    id: 'get_universal_content',
    summary: 'One piece of universal content.',
    query: fields,
    run: async (input, { ports, account }) => ({
      resource: universalDocument(await readDefinition(ports.store, account, 'universal-content', idOf(input))),
    }),
  }),
  update({
    ...writes,
    id: 'update_universal_content',
    summary: 'Change universal content: every template that shows it shows the new one from now on.',
    query: fields,
    body: requestDocument('template-universal-content', {
      id: 'required',
      attributes: z.strictObject({ name: maybe(name), definition: maybe(drawnBlocks) }),
    }),
    run: async (input, { ports, account }) => {
      const { name: called, definition } = input.body.data.attributes;
      const told = { name: called, definition: definition as Part | null | undefined };
      return { resource: universalDocument(await updateUniversal(ports, account, idOf(input), told)) };
    },
  }),
  remove({
    ...writes,
    id: 'delete_universal_content',
    summary: 'Remove universal content; templates show nothing in its place.',
    run: (input, { ports, account }) => removeDefinition(ports.store, account, 'universal-content', idOf(input)),
  }),
];
