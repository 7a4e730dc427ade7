import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../shared/jsonapi/query/parse.ts';
import { firstError, operations, send } from './toy.ts';

const books = operations.find(({ id }) => id === 'get_books')!;
const sortOf = (query: string) => parseQuery(query, books, () => '').sort;

describe('sort', () => {
  it('names one field, ascending or with a minus descending', () => {
    expect(sortOf('sort=title')).toEqual({ field: 'title', descending: false });
    expect(sortOf('sort=-created')).toEqual({ field: 'created', descending: true });
    expect(sortOf('')).toBeUndefined();
  });

  it.each(['publisher', '-', '', 'title,created', '--title'])('refuses %j and says what is allowed', async (sort) => {
    const error = firstError(await send('GET', `/api/books?sort=${sort}`));
    expect(error).toMatchObject({ status: 400, code: 'invalid', at: 'sort' });
    expect(error.detail).toContain('title, created');
  });

  it('is no parameter of operations that do not declare it', async () => {
    expect(firstError(await send('GET', '/api/books/b1?sort=title'))).toMatchObject({ status: 400, at: 'sort' });
  });
});
