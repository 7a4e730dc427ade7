import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CursorScope, openCursor, sealCursor } from '../../shared/jsonapi/cursor.ts';
import { firstError, send } from './toy.ts';

const scope: CursorScope = { secret: 's', account: 'a', operation: 'get_books', listing: '[]' };

const cursorIn = (url: string) => new URL(url).searchParams.get('page[cursor]') ?? '';
const titles = (data: readonly { id: string }[]) => data.map(({ id }) => id).join();

describe('pages', () => {
  it('lead on by links.next and back by links.prev', async () => {
    const first = await send('GET', '/api/books?page[size]=2');
    expect(first.document.links.prev).toBeNull();
    expect(first.document.links.self).toBe('https://api.example.com/api/books/?page%5Bsize%5D=2');
    const second = await send('GET', first.document.links.next.replace('https://api.example.com', ''));
    expect(titles(second.document.data)).toBe('b2,b3');
    const back = await send('GET', second.document.links.prev.replace('https://api.example.com', ''));
    expect(titles(back.document.data)).toBe('b0,b1');
  });

  it('keep the filter, sort and fieldsets in their links', async () => {
    const query = 'filter=equals(title,"a+b")&sort=-title&fields[book]=title&include=author';
    const { links } = (await send('GET', `/api/books?${query}`)).document;
    const next = new URL(links.next).searchParams;
    expect(next.get('filter')).toBe('equals(title,"a b")');
    expect([next.get('sort'), next.get('fields[book]'), next.get('include')]).toEqual(['-title', 'title', 'author']);
    expect((await send('GET', links.next.replace('https://api.example.com', ''))).status).toBe(200);
  });

  it('have a default size and a greatest one', async () => {
    expect((await send('GET', '/api/books')).document.data).toHaveLength(3);
    expect((await send('GET', '/api/books?page[size]=5')).document.data).toHaveLength(5);
    for (const size of ['0', '6', '-1', '1.5', 'x', '', '1e0', ' 2'])
      expect(firstError(await send('GET', `/api/books?page[size]=${size}`))).toEqual({
        status: 400,
        code: 'invalid',
        detail: 'page[size] must be a whole number from 1 to 5.',
        at: 'page[size]',
      });
  });

  it('of a fixed size take a cursor and no size', async () => {
    const first = await send('GET', '/api/books/b1/relationships/sequels');
    const cursor = cursorIn(first.document.links.next);
    const second = await send('GET', `/api/books/b1/relationships/sequels?page[cursor]=${cursor}`);
    expect(second.document.data[0]!.id).toBe('after p2');
    expect(firstError(await send('GET', '/api/books/b1/relationships/sequels?page[size]=1')).at).toBe('page[size]');
  });

  it('carry the total where it is declared', async () => {
    expect((await send('GET', '/api/books')).document.meta).toEqual({ total: 100 });
  });
});

describe('cursors', () => {
  it('may be the whole links.next, as SDKs send it', async () => {
    const { next } = (await send('GET', '/api/books')).document.links;
    const second = await send('GET', `/api/books?page[cursor]=${encodeURIComponent(next)}`);
    expect(titles(second.document.data)).toBe('b3,b4,b5');
  });

  it('open nothing of another resource', async () => {
    const cursor = cursorIn((await send('GET', '/api/books/b1/relationships/sequels')).document.links.next);
    const other = await send('GET', `/api/books/b2/relationships/sequels?page[cursor]=${cursor}`);
    expect(firstError(other)).toMatchObject({ status: 400, code: 'invalid_cursor', at: 'page[cursor]' });
  });

  it('open nothing for another account, filter, sort or operation', async () => {
    const cursor = cursorIn((await send('GET', '/api/books')).document.links.next);
    const elsewhere = [
      send('GET', `/api/books?page[cursor]=${cursor}`, { headers: { account: 'other' } }),
      send('GET', `/api/books?page[cursor]=${cursor}&sort=title`),
      send('GET', `/api/books?page[cursor]=${cursor}&filter=has(author)`),
      send('GET', `/api/books/b1/relationships/sequels?page[cursor]=${cursor}`),
    ];
    for (const answer of await Promise.all(elsewhere))
      expect(firstError(answer)).toMatchObject({ status: 400, code: 'invalid_cursor', at: 'page[cursor]' });
  });

  it('mean the same filter however it is spelled', async () => {
    const { next } = (await send('GET', `/api/books?filter=equals(title,"a")`)).document.links;
    const again = await send('GET', `/api/books?filter=and(equals(title,'a'))&page[cursor]=${cursorIn(next)}`);
    expect(again.status).toBe(200);
  });

  it('give back any position', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (position) => {
        expect(openCursor(sealCursor(position, scope), scope)).toBe(position);
      }),
    );
  });

  it('are refused when a single character differs', () => {
    const changes = fc.record({
      position: fc.string(),
      at: fc.nat(),
      character: fc.constantFrom('A', 'b', '-', '_', '=', '+', ' '),
    });
    fc.assert(
      fc.property(changes, ({ position, at, character }) => {
        const cursor = sealCursor(position, scope);
        const index = at % cursor.length;
        const forged = cursor.slice(0, index) + character + cursor.slice(index + 1);
        fc.pre(forged !== cursor);
        expect(() => openCursor(forged, scope)).toThrow('The cursor is not valid here');
        expect(() => openCursor(`${cursor}${character}`, scope)).toThrow('The cursor is not valid here');
      }),
    );
  });

  it('do not confuse where one bound part ends and the next begins', () => {
    const cursor = sealCursor('p', { ...scope, account: 'ab', operation: 'c' });
    expect(() => openCursor(cursor, { ...scope, account: 'a', operation: 'bc' })).toThrow();
  });

  it.each(['', 'x', '😀', 'https://api.example.com/?page[cursor]=x', 'https://%ff', 'AAAA'])(
    'refuse %j without a fault',
    (text) => {
      expect(() => openCursor(text, scope)).toThrow(expect.objectContaining({ name: 'ApiError' }));
    },
  );
});
