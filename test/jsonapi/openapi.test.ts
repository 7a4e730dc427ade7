import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { component, list } from '../../shared/jsonapi/fields.ts';
import { gathered } from '../../shared/jsonapi/openapi/components.ts';
import { toSchema } from '../../shared/jsonapi/openapi/schemas.ts';
import { openApiDocument } from '../../shared/jsonapi/openapi.ts';
import { operations } from './toy.ts';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Record<string, unknown> & { items?: { enum: string[] }; enum?: string[] };
}

interface Described {
  operationId: string;
  parameters: Parameter[];
  security?: unknown[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

const document = openApiDocument({ operations, title: 'Toy', version: '2026-07-15' });
const paths = document['paths'] as Record<string, Record<string, Described>>;
const books = paths['/api/books']!['get']!;
const parameter = (described: Described, name: string) => described.parameters.find((one) => one.name === name)!;

describe('the OpenAPI document', () => {
  it('describes every operation on its path', () => {
    const ids = Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(ids.sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  it('describes what may be asked in the query', () => {
    expect(parameter(books, 'sort').schema.enum).toEqual(['title', '-title', 'created', '-created']);
    expect(parameter(books, 'include').schema.items?.enum).toEqual(['author', 'sequels']);
    expect(parameter(books, 'page[size]').schema).toEqual({ type: 'integer', default: 3, minimum: 1, maximum: 5 });
    expect(parameter(books, 'fields[book]').schema.items?.enum).toContain('publisher.address.city');
    expect(parameter(books, 'additional-fields[book]').schema.items?.enum).toEqual(['sold']);
    expect(parameter(books, 'filter').required).toBe(false);
  });

  it('asks private callers for a revision and public ones for a company', () => {
    expect(parameter(books, 'revision').required).toBe(true);
    const open = paths['/client/books']!['get']!;
    expect(parameter(open, 'company_id').required).toBe(true);
    expect(parameter(open, 'revision').required).toBe(false);
    expect(open.security).toEqual([]);
  });

  it('describes bodies as they are parsed: what is optional, what may be null, what is unknown', () => {
    const { schema } = paths['/api/books']!['post']!.requestBody!.content['application/vnd.api+json']!;
    expect(schema).toMatchObject({
      required: ['data'],
      properties: {
        data: {
          required: ['type', 'attributes'],
          properties: {
            type: { type: 'string', enum: ['book'] },
            attributes: {
              required: ['title'],
              additionalProperties: false,
              properties: {
                properties: { type: 'object', nullable: true },
                created: { type: 'string', format: 'date-time', nullable: true },
                format: { type: 'string', enum: ['pocket', 'hard'], nullable: true },
              },
            },
          },
        },
      },
    });
  });

  it('describes answers: data, included, links, total', () => {
    const { schema } = books.responses['200']!.content!['application/vnd.api+json']!;
    expect(schema).toMatchObject({
      properties: {
        data: {
          items: {
            allOf: [
              { properties: { attributes: { properties: { sold: { type: 'integer' } } } } },
              { properties: { id: { type: 'string' }, attributes: {} } },
            ],
          },
        },
        included: { items: { oneOf: [{}, {}] } },
        links: { required: ['self'] },
        meta: { properties: { total: { type: 'integer' } } },
      },
    });
    expect(paths['/api/books/{id}']!['delete']!.responses['204']).toEqual({ description: 'Success' });
  });

  it('leaves out what an operation cannot send', () => {
    const { schema } = paths['/api/books/{id}']!['get']!.responses['200']!.content!['application/vnd.api+json']!;
    expect(JSON.stringify(schema)).not.toContain('sold');
    const report = paths['/api/sales-reports']!['post']!.responses['200']!.content!['application/vnd.api+json']!.schema;
    expect(report).toMatchObject({ properties: { data: { required: ['type', 'attributes'] } } });
  });

  it('describes what has a name once', () => {
    const pen = component('Pen', z.strictObject({ kind: z.literal('pen'), definitions: z.optional(z.string()) }));
    const letter = component('Letter', z.strictObject({ type: z.literal('letter'), with: list(pen) }));
    const schema = z.strictObject({ write: list(letter), spare: list(pen) });
    const components: Record<string, unknown> = {};
    expect(gathered(toSchema(schema), components)).toMatchObject({
      properties: {
        write: { items: { $ref: '#/components/schemas/Letter' } },
        spare: { items: { $ref: '#/components/schemas/Pen' } },
      },
    });
    expect(components).toMatchObject({
      Letter: {
        properties: { with: { items: { $ref: '#/components/schemas/Pen' } } },
      },
      Pen: { properties: { kind: { enum: ['pen'] }, definitions: { type: 'string' } } },
    });
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
