// Templates: seven operations, one screen; universal content has its own.
import * as z from 'zod/mini';
import { bag, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { isoOf } from '../../kernel/time.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { someDefinition, templateDefinition } from './definition/index.ts';
import { createTemplate, removeTemplate, updateTemplate } from './edit.ts';
import { previewOf } from './preview.ts';
import { largestHtml } from './drawn.ts';
import { filled, findTemplate } from './fill.ts';
import { contentOf, refuseDefinition, refuseHtml } from './requested.ts';
import { type Template, isListed, readTemplate } from './template.ts';

const plainAttributes = {
  name: text(),
  editor_type: text(),
  html: text(),
  text: maybe(text()),
  amp: maybe(text()),
  created: maybe(timestamp()),
  updated: maybe(timestamp()),
};

/** A template as rendering and cloning answer it. */
export const plainTemplate: ResourceType = {
  type: 'template',
  path: 'templates',
  attributes: z.object(plainAttributes),
};

export const templateResource: ResourceType = {
  ...plainTemplate,
  attributes: z.object({ ...plainAttributes, definition: someDefinition }),
  additional: ['definition'],
};

const tag = 'Templates';
const read = ['templates:read'];
const write = ['templates:write'];
const L = { burst: '75/s', steady: '750/m' };
const fields: QuerySpec = { fieldsOf: [templateResource], additionalOf: templateResource };
const plainFields: QuerySpec = { fieldsOf: [plainTemplate] };

const instants: readonly Operator[] = ['equals', 'greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];

const html = text({ max: largestHtml });
const name = text({ min: 1, max: 255 });
const parts = { text: maybe(html), amp: maybe(html) };

/** A template as the API shows it; `shown` takes the place of its parts where it was rendered. */
function document(template: Template, shown: { html: string; text: string | null; amp: string | null }): Resource {
  const { id, name: called, editorType, created, updated } = template;
  return {
    type: 'template',
    id,
    attributes: {
      name: called,
      editor_type: editorType,
      ...shown,
      created: isoOf(created),
      updated: isoOf(updated),
    },
  };
}

/** A template as the API shows it, without its definition. */
export const templateDocument = (template: Template): Resource =>
  document(template, { html: template.html, text: template.text ?? null, amp: template.amp ?? null });

/** The same with its definition, if it has one: it is sent to whoever asks for it. */
function wholeDocument(template: Template): Resource {
  const { attributes, ...rest } = templateDocument(template);
  const { definition } = template;
  return { ...rest, attributes: { ...attributes, ...(definition && { definition }) } };
}

export const templateOperations: readonly Operation<Context>[] = [
  list({
    id: 'get_templates',
    tag,
    summary: 'The templates of the account.',
    scopes: read,
    tier: L,
    resource: templateResource,
    query: {
      ...fields,
      filter: {
        id: { operators: ['any', 'equals'], type: 'string' },
        name: { operators: ['any', 'contains', 'equals'], type: 'string' },
        created: { operators: instants, type: 'datetime' },
        updated: { operators: instants, type: 'datetime' },
      },
      sort: ['created', 'id', 'name', 'updated'],
      page: { default: 10, max: 10 },
    },
    run: async ({ query }, { ports, account }) => {
      const items = await everything(ports.store, definitionsOf(account, 'template'));
      const outlines = items.filter(isListed).map(({ id, name: called, created, updated }) => ({
        type: 'template',
        id,
        attributes: { name: called, created: isoOf(created), updated: isoOf(updated) },
      }));
      const page = pageInMemory(outlines, query);
      const templates = await Promise.all(page.resources.map(({ id }) => findTemplate(ports, account, id)));
      return { page: { ...page, resources: templates.filter((one) => one !== undefined).map(wholeDocument) } };
    },
  }),
  create({
    id: 'create_template',
    tag,
    summary: 'Make a template.',
    scopes: write,
    tier: L,
    resource: templateResource,
    query: fields,
    body: requestDocument('template', {
      attributes: z.strictObject({
        name,
        editor_type: text(),
        html: maybe(html),
        definition: z.optional(templateDefinition),
        ...parts,
      }),
    }),
    run: async ({ body }, { ports, account }) => {
      const { name: called, editor_type, definition, html: given, text: plain, amp } = body.data.attributes;
      const template = await createTemplate(ports, account, {
        name: called,
        ...contentOf(editor_type, { html: given, definition }),
        ...(typeof plain === 'string' && { text: plain }),
        ...(typeof amp === 'string' && { amp }),
      });
      return { resource: wholeDocument(await filled(ports, account, template)) };
    },
  }),
  get({
    id: 'get_template',
    tag,
    summary: 'One template.',
    scopes: read,
    tier: L,
    resource: templateResource,
    query: fields,
    run: async (input, { ports, account }) => ({
      resource: wholeDocument(await filled(ports, account, await readTemplate(ports, account, idOf(input)))),
    }),
  }),
  update({
    id: 'update_template',
    tag,
    summary: 'Change a template; messages that are sent from now on have the new version.',
    scopes: write,
    tier: L,
    resource: templateResource,
    query: fields,
    body: requestDocument('template', {
      attributes: z.strictObject({
        name: maybe(name),
        html: maybe(html),
        definition: z.optional(templateDefinition),
        ...parts,
      }),
      id: 'required',
    }),
    run: async (input, { ports, account }) => {
      const { name: called, html: given, definition, text: plain, amp } = input.body.data.attributes;
      const { editorType } = await readTemplate(ports, account, idOf(input));
      if (editorType === 'SYSTEM_DRAGGABLE') refuseHtml(editorType, given);
      else refuseDefinition(editorType, definition);
      const change = {
        ...(definition && { definition }),
        ...(typeof called === 'string' && { name: called }),
        ...(typeof given === 'string' && { html: given }),
        ...(plain !== undefined && { text: plain }),
        ...(amp !== undefined && { amp }),
      };
      const changed = await updateTemplate(ports, account, idOf(input), change);
      return { resource: wholeDocument(await filled(ports, account, changed)) };
    },
  }),
  remove({
    id: 'delete_template',
    tag,
    summary: 'Remove a template; messages that would use it are skipped.',
    scopes: write,
    tier: L,
    resource: templateResource,
    run: async (input, { ports, account }) => removeTemplate(ports, account, idOf(input)),
  }),
  create({
    id: 'render_template',
    tag,
    summary: 'Render a template with a context; names that the context lacks are empty.',
    scopes: read,
    tier: tiers.S,
    resource: plainTemplate,
    path: '/api/template-render',
    query: plainFields,
    body: requestDocument('template', {
      attributes: z.strictObject({ context: bag({ maxDepth: 32 }) }),
      id: 'required',
    }),
    run: async ({ body }, { ports, account, owner }) => {
      const template = await filled(ports, account, await readTemplate(ports, account, body.data.id ?? ''));
      const shown = await previewOf(ports, account, owner, template, body.data.attributes.context);
      return { resource: document(template, { ...shown, amp: null }) };
    },
  }),
  create({
    id: 'clone_template',
    tag,
    summary: 'Make a copy of a template.',
    scopes: write,
    tier: L,
    resource: plainTemplate,
    path: '/api/template-clone',
    query: plainFields,
    body: requestDocument('template', { attributes: z.strictObject({ name: maybe(name) }), id: 'required' }),
    run: async ({ body }, { ports, account }) => {
      const original = await readTemplate(ports, account, body.data.id ?? '');
      const { html: written, editorType, text: plain, amp, definition } = original;
      const copy = await createTemplate(ports, account, {
        name: body.data.attributes.name ?? `${original.name} (copy)`,
        editorType,
        html: written,
        ...(plain !== undefined && { text: plain }),
        ...(amp !== undefined && { amp }),
        ...(definition && { definition }),
      });
      return { resource: templateDocument(await filled(ports, account, copy)) };
    },
  }),
];
