// Templates: seven operations, one screen.
import * as z from 'zod/mini';
import { bag, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import { isoOf } from '../../kernel/time.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { someDefinition, templateDefinition } from './definition/index.ts';
import { createTemplate, removeTemplate, updateTemplate } from './edit.ts';
import { previewOf } from './preview.ts';
import { type EditorType, type Template, findTemplate, isListed, readTemplate } from './template.ts';

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

/** The templates' largest HTML, in UTF-16 units: what fits a message with room to spare. */
const largestHtml = 1_048_576;
const html = text({ max: largestHtml });
const name = text({ min: 1, max: 255 });
const parts = { text: maybe(html), amp: maybe(html) };

/** The editor that a new template names; the others make templates that cannot be rendered yet. */
function editorOf(wanted: string, definition: unknown): EditorType {
  if (wanted !== 'CODE') {
    const detail = `Only templates with the editor_type CODE are built so far; ${wanted} is not.`;
    throw refuse('not_allowed', detail, '/data/attributes/editor_type');
  }
  refuseDefinition(definition);
  return wanted;
}

function refuseDefinition(definition: unknown): void {
  if (definition === undefined || definition === null) return;
  throw refuse('not_allowed', 'Templates with a definition are not built yet.', '/data/attributes/definition');
}

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

/** A template as the API shows it. */
export const templateDocument = (template: Template): Resource =>
  document(template, { html: template.html, text: template.text ?? null, amp: template.amp ?? null });

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
      return { page: { ...page, resources: templates.filter((one) => one !== undefined).map(templateDocument) } };
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
        editorType: editorOf(editor_type, definition),
        html: given ?? '',
        ...(typeof plain === 'string' && { text: plain }),
        ...(typeof amp === 'string' && { amp }),
      });
      return { resource: templateDocument(template) };
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
      resource: templateDocument(await readTemplate(ports, account, idOf(input))),
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
      refuseDefinition(definition);
      const change = {
        ...(typeof called === 'string' && { name: called }),
        ...(typeof given === 'string' && { html: given }),
        ...(plain !== undefined && { text: plain }),
        ...(amp !== undefined && { amp }),
      };
      return { resource: templateDocument(await updateTemplate(ports, account, idOf(input), change)) };
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
      const template = await readTemplate(ports, account, body.data.id ?? '');
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
      const {
        html: written,
        name: original,
        editorType,
        text: plain,
        amp,
      } = await readTemplate(ports, account, body.data.id ?? '');
      const copy = await createTemplate(ports, account, {
        name: body.data.attributes.name ?? `${original} (copy)`,
        editorType,
        html: written,
        ...(plain !== undefined && { text: plain }),
        ...(amp !== undefined && { amp }),
      });
      return { resource: templateDocument(copy) };
    },
  }),
];
