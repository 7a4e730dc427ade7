// Routing, methods, revisions, scopes, media types, and what errors look like.
import { describe, expect, it } from 'vitest';
import { ApiError, errorCatalogue } from '../../shared/kernel/errors.ts';
import { errorResponse } from '../../shared/jsonapi/errors.ts';
import { createApi } from '../../shared/jsonapi/handle.ts';
import { createRouter } from '../../shared/jsonapi/router.ts';
import { list } from '../../shared/jsonapi/verbs/index.ts';
import { book, bookBody, firstError, received, send } from './toy.ts';

const json = 'application/vnd.api+json';

describe('routing', () => {
  it('prefers fixed segments, decodes variable ones, and forgives one trailing slash', async () => {
    expect((await send('GET', '/api/books/newest')).document.data).toBeNull();
    expect((await send('GET', '/api/books/new%20est/')).document.data.id).toBe('new est');
    expect((await send('GET', '/api/books/')).status).toBe(200);
  });

  it('falls back to a variable segment when the fixed one leads nowhere', async () => {
    expect((await send('GET', '/api/books/newest/author')).document.data.id).toBe('ann');
  });

  it.each([
    '/',
    '',
    '/api',
    '/api/book',
    '/api/books//',
    '/api/books/b1/x',
    '/api//books',
    'api/books',
    '/api/books/b1/author/x',
  ])('answers 404 to %j', async (path) => {
    expect(firstError(await send('GET', path))).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('answers 400 to a path that cannot be decoded', async () => {
    for (const id of ['%', '%zz', '%ff', '%c3%28'])
      expect(firstError(await send('GET', `/api/books/${id}`))).toMatchObject({ status: 400, code: 'parse_error' });
  });

  it('answers 405 with the methods that there are', async () => {
    const answer = await send('DELETE', '/api/books');
    expect(firstError(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers['allow']).toBe('GET, POST');
    for (const method of ['PUT', 'TRACE', 'get', 'constructor', '__proto__'])
      expect((await send(method, '/api/books/b1')).status).toBe(405);
  });

  it('refuses two operations on one path at start', () => {
    const twice = { method: 'GET', path: '/a/{id}' };
    expect(() => createRouter([twice, { method: 'GET', path: '/a/{other}' }])).toThrow('Two operations');
  });
});

describe('verbs', () => {
  it('answer with their statuses', async () => {
    expect((await send('POST', '/api/books', { body: bookBody({ title: 'x' }) })).status).toBe(201);
    expect((await send('PATCH', '/api/books/b1', { body: bookBody({ title: 'x' }, 'b1') })).status).toBe(200);
    const removed = await send('DELETE', '/api/books/b1');
    expect(removed).toEqual({ status: 204, headers: { 'cache-control': 'no-store' }, document: undefined });
    const related = await send('POST', '/api/books/b1/relationships/sequels', {
      body: { data: [{ type: 'book', id: 'b2' }] },
    });
    expect(related.status).toBe(204);
    expect(received.at(-1)).toEqual(['b2']);
  });

  it('refuse an update whose body names another resource', async () => {
    const answer = await send('PATCH', '/api/books/b1', { body: bookBody({ title: 'x' }, 'b2') });
    expect(firstError(answer)).toMatchObject({ status: 400, code: 'invalid', at: '/data/id' });
  });

  it('refuse more linkage than declared', async () => {
    const data = ['1', '2', '3'].map((id) => ({ type: 'book', id }));
    const answer = await send('POST', '/api/books/b1/relationships/sequels', { body: { data } });
    expect(firstError(answer)).toMatchObject({ detail: 'At most 2 books fit in one call.', at: '/data' });
  });
});

describe('revisions', () => {
  it.each(['2026-07-15', '2026-07-15.pre', '2024-02-15', ' 2023-01-24 '])('%j is answered', async (revision) => {
    expect((await send('GET', '/api/books', { headers: { revision } })).status).toBe(200);
  });

  it.each(['2026-07-16', '2099-01-01.pre', 'latest', '', '2026-7-1', '2026-02-30', '2026-07-15.', '20260715'])(
    '%j is refused, naming the one that is spoken',
    async (revision) => {
      const error = firstError(await send('GET', '/api/books', { headers: { revision } }));
      expect(error).toMatchObject({ status: 400, code: 'invalid_revision' });
      expect(error.detail).toContain('2026-07-15');
    },
  );

  it('must be named by private calls and may be left out by public ones', async () => {
    const without = { headers: { revision: undefined as unknown as string } };
    expect(firstError(await send('GET', '/api/books', without)).code).toBe('invalid_revision');
    expect((await send('GET', '/client/books?company_id=abc', without)).status).toBe(200);
  });
});

describe('scopes', () => {
  it('are checked, and the missing one is named', async () => {
    const answer = await send('POST', '/api/books', {
      body: bookBody({ title: 'x' }),
      headers: { scopes: 'books:read' },
    });
    expect(firstError(answer)).toMatchObject({ status: 403, code: 'permission_denied' });
    expect(firstError(answer).detail).toContain('books:write');
  });

  it('do not bind public calls', async () => {
    expect((await send('GET', '/client/books?company_id=abc', { headers: { scopes: '' } })).status).toBe(200);
  });
});

describe('media types', () => {
  it.each([json, 'application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"', ''])(
    'bodies may be %j',
    async (type) => {
      const answer = await send('POST', '/api/books', {
        body: bookBody({ title: 'x' }),
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(201);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'application/jsonp'])(
    'bodies may not be %j',
    async (type) => {
      const answer = await send('POST', '/api/books', {
        body: bookBody({ title: 'x' }),
        headers: { 'content-type': type },
      });
      expect(firstError(answer)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it.each([json, '*/*', 'text/html, application/json;q=0.5', 'application/*', 'application/hal+json', ''])(
    'Accept: %j is served',
    async (accept) => {
      const answer = await send('GET', '/api/books', { headers: { accept } });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, json]);
    },
  );

  it.each(['text/html', 'application/xml', 'application/json;q=0'])('Accept: %j is refused', async (accept) => {
    expect(firstError(await send('GET', '/api/books', { headers: { accept } }))).toMatchObject({ status: 406 });
  });
});

describe('errors', () => {
  it('have all that the error object asks for', async () => {
    const { document, headers } = await send('GET', '/api/nowhere');
    expect(headers['content-type']).toBe(json);
    const { id, ...error } = document.errors[0]!;
    expect(id).toMatch(/^error-\d+$/);
    expect(error).toEqual({
      status: 404,
      code: 'not_found',
      title: 'Not found.',
      detail: 'There is no such path.',
      source: {},
      links: {},
      meta: {},
    });
  });

  it('carry the status and title of their code', () => {
    for (const code of Object.keys(errorCatalogue) as (keyof typeof errorCatalogue)[]) {
      const { status, body = '' } = errorResponse(new ApiError({ code, detail: 'd' }), () => 'id');
      expect(status).toBe(errorCatalogue[code].status);
      expect(body).toContain(JSON.stringify(errorCatalogue[code].title));
    }
  });

  it('tell callers who must wait how long', () => {
    const throttled = new ApiError({ code: 'throttled', detail: 'd', meta: { retry_after: 2.2 } });
    expect(errorResponse(throttled, () => 'id').headers['retry-after']).toBe('3');
    expect(errorResponse(new ApiError({ code: 'unavailable', detail: 'd' }), () => 'id').headers['retry-after']).toBe(
      '1',
    );
  });

  it('are made of translated errors; others are faults and thrown on', async () => {
    const throwing = (error: Error) =>
      createApi<object>({
        operations: [
          list({
            id: 'x',
            tag: 't',
            summary: 's',
            scopes: [],
            tier: { burst: '1/s', steady: '1/m' },
            resource: book,
            run: async () => {
              throw error;
            },
          }),
        ],
        authenticate: async () => ({}),
        scopes: () => new Set(),
        account: () => 'a',
        secret: () => 's',
        baseUrl: '',
        revision: '2026-07-15',
        newId: () => 'id',
        translate: (thrown) =>
          thrown instanceof RangeError ? new ApiError({ code: 'conflict', detail: 'd' }) : undefined,
      });
    const request = { method: 'GET', path: '/api/books', query: '', headers: { revision: '2026-07-15' } };
    expect((await throwing(new RangeError('lost'))(request)).status).toBe(409);
    await expect(throwing(new TypeError('bug'))(request)).rejects.toThrow('bug');
  });
});
