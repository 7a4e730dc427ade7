// Sparse fieldsets, additional fields, inclusion of related resources, links.
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { fieldsOf } from '../../shared/jsonapi/query/fieldsets.ts';
import { book, firstError, send } from './toy.ts';

const attributesFor = async (query: string) => (await send('GET', `/api/books?${query}`)).document.data[0]!.attributes;

describe('sparse fieldsets', () => {
  it('are the paths through objects, lists being chosen whole', () => {
    expect(fieldsOf(book, false)).toEqual([
      'created',
      'id',
      'properties',
      'publisher',
      'publisher.address',
      'publisher.address.city',
      'publisher.address.zip',
      'publisher.name',
      'reviews',
      'title',
    ]);
    expect(fieldsOf(book, true)).toContain('sold');
  });

  it('reach into every alternative and through optional and nullable', () => {
    const inner = z.union([z.object({ a: z.string() }), z.object({ b: z.nullable(z.object({ c: z.string() })) })]);
    const resource = { type: 't', attributes: z.object({ x: z.optional(z.nullable(inner)) }) };
    expect(fieldsOf(resource, false)).toEqual(['id', 'x', 'x.a', 'x.b', 'x.b.c']);
  });

  it('keep what was asked for, at any depth', async () => {
    expect(await attributesFor('fields[book]=title')).toEqual({ title: 'Title of b0' });
    expect(await attributesFor('fields[book]=publisher.address.city,title')).toEqual({
      title: 'Title of b0',
      publisher: { address: { city: 'Delft' } },
    });
    expect(await attributesFor('fields[book]=publisher.address,publisher.address.city')).toEqual({
      publisher: { address: { city: 'Delft', zip: '2611' } },
    });
    expect(await attributesFor('fields[book]=id')).toEqual({});
    expect(await attributesFor('fields[book]=')).toEqual({});
  });

  it('apply to included resources by their type', async () => {
    const { document } = await send('GET', '/api/books?include=author&fields[author]=home.city');
    expect(document.included[0]!.attributes).toEqual({ home: { city: 'Ghent' } });
    expect(document.data[0]!.attributes).toHaveProperty('title');
  });

  it('refuse unknown fields, unknown types and hidden fields', async () => {
    expect(firstError(await send('GET', '/api/books?fields[book]=titel'))).toMatchObject({
      status: 400,
      at: 'fields[book]',
    });
    expect(firstError(await send('GET', '/api/books?fields[user]=name'))).toMatchObject({
      status: 400,
      at: 'fields[user]',
    });
    expect(firstError(await send('GET', '/api/books/b1?fields[book]=sold'))).toMatchObject({
      status: 400,
      at: 'fields[book]',
    });
  });
});

describe('additional fields', () => {
  it('are sent only when asked for', async () => {
    expect(await attributesFor('')).not.toHaveProperty('sold');
    expect(await attributesFor('additional-fields[book]=sold')).toMatchObject({ sold: 7, title: 'Title of b0' });
    expect(await attributesFor('additional-fields[book]=sold&fields[book]=title')).toEqual({
      sold: 7,
      title: 'Title of b0',
    });
  });

  it('are refused where they are not declared', async () => {
    expect(firstError(await send('GET', '/api/books?additional-fields[book]=title')).at).toBe(
      'additional-fields[book]',
    );
    expect(firstError(await send('GET', '/api/books/b1?additional-fields[book]=sold')).at).toBe(
      'additional-fields[book]',
    );
  });
});

describe('include', () => {
  it('brings each resource once', async () => {
    const { document } = await send('GET', '/api/books?include=author,sequels');
    expect(document.included.map(({ type, id }) => `${type} ${id}`)).toEqual(['author ann']);
  });

  it('is absent from documents that did not ask, and empty when nothing was found', async () => {
    expect((await send('GET', '/api/books')).document).not.toHaveProperty('included');
    expect((await send('GET', '/api/books?include=sequels')).document.included).toEqual([]);
  });

  it('refuses what is no relationship', async () => {
    expect(firstError(await send('GET', '/api/books?include=critics'))).toEqual({
      status: 400,
      code: 'invalid',
      detail: "'critics' is not a value of include. Use one of author, sequels.",
      at: 'include',
    });
  });
});

describe('documents', () => {
  it('hold absolute links that end with a slash', async () => {
    const { data, links } = (await send('GET', '/api/books/b1')).document;
    expect(links).toEqual({ self: 'https://api.example.com/api/books/b1/' });
    expect(data.links.self).toBe('https://api.example.com/api/books/b1/');
    expect(data.relationships['author']).toEqual({
      data: { type: 'author', id: 'ann' },
      links: {
        self: 'https://api.example.com/api/books/b1/relationships/author/',
        related: 'https://api.example.com/api/books/b1/author/',
      },
    });
    expect(data.relationships['sequels']).not.toHaveProperty('data');
  });

  it('do not mention relationships that are not served', async () => {
    expect((await send('GET', '/api/books/b1')).document.data.relationships).not.toHaveProperty('critics');
  });

  it('keep compound ids readable in links, and whole', async () => {
    const { data } = (await send('GET', '/api/books/$custom:::x%2Fy')).document;
    expect(data.id).toBe('$custom:::x/y');
    expect(data.links.self).toBe('https://api.example.com/api/books/$custom:::x%2Fy/');
  });

  it('say null for a resource that is not there', async () => {
    expect((await send('GET', '/api/books/newest')).document.data).toBeNull();
  });

  it('leave id and links out of what has no identity', async () => {
    const body = { data: { type: 'sales-report', attributes: {} } };
    const { document } = await send('POST', '/api/sales-reports', { body });
    expect(document.data).toEqual({ type: 'sales-report', attributes: { total: 1 } });
  });
});
