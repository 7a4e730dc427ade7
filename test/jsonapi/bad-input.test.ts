import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { bookBody, firstError, received, send } from './toy.ts';

const post = (raw: string) => send('POST', '/api/books', { raw });
const attributes = (part: Record<string, unknown>) =>
  send('POST', '/api/books', { body: bookBody({ title: 'x', ...part }) });

describe('bodies that are not JSON', () => {
  it.each([
    ['', 'missing', 'A body is required'],
    ['  \n', 'missing', 'A body is required'],
    ['{', 'parse_error', "expected a key in double quotes or '}', but the text ends"],
    ['{"a":1,}', 'parse_error', 'expected a key in double quotes at line 1, column 8 (position 8)'],
    ['{"a":\n  tru}', 'parse_error', 'expected a value at line 2, column 3 (position 9)'],
    ["{'a':1}", 'parse_error', "expected a key in double quotes or '}' at line 1, column 2"],
    ['[1 2]', 'parse_error', "expected ',' or ']' at line 1, column 4"],
    ['[1]]', 'parse_error', 'expected the end at line 1, column 4'],
    ['{"a" 1}', 'parse_error', "expected ':' at line 1, column 6"],
    ['"abc', 'parse_error', 'a string is not closed'],
    ['"a\tb"', 'parse_error', 'holds a control character'],
    ['"\\x"', 'parse_error', 'unknown escape'],
    ['[01]', 'parse_error', "expected ',' or ']' at line 1, column 3"],
    ['[+1]', 'parse_error', "expected a value or ']' at line 1, column 2"],
    ['NaN', 'parse_error', 'expected a value at line 1, column 1'],
    ['\ufeff{}', 'parse_error', 'expected a value at line 1, column 1'],
  ])('%j', async (raw, code, detail) => {
    const error = firstError(await post(raw));
    expect(error).toMatchObject({ status: 400, code });
    expect(error.detail).toContain(detail);
  });

  it('are found at fault exactly when JSON.parse finds them so', async () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'nul',
      ' ',
      '\n',
      '\u0001',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
        const text = parts.join('');
        fc.pre(text.trim() !== '');
        const valid = isJson(text);
        const { code, detail } = firstError(await post(text));
        expect(code === 'parse_error').toBe(!valid);
        if (!valid) expect(detail).toMatch(/but the text ends|position \d+/);
      }),
    );
  });

  it('are nesting bombs', async () => {
    for (const bomb of ['['.repeat(200_000), '{"a":'.repeat(200_000), `${'['.repeat(5000)}1${']'.repeat(5000)}`])
      expect(firstError(await post(bomb))).toMatchObject({ status: 400, code: 'parse_error' });
  });

  it('may hold brackets in strings', async () => {
    expect((await attributes({ properties: { a: `"\\${'['.repeat(500)}` } })).status).toBe(201);
  });

  it('are larger than five megabytes', async () => {
    const answer = await post(`{"a":"${'x'.repeat(5 * 1024 * 1024)}"}`);
    expect(firstError(answer)).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect((await post(`"${'€'.repeat(2 * 1024 * 1024)}"`)).status).toBe(413);
  });
});

describe('values that would not survive', () => {
  it.each([
    ['12345678901234567890', 'more digits than can be kept'],
    ['9007199254740992', 'more digits than can be kept'],
    ['-9007199254740993', 'more digits than can be kept'],
    ['1e400', 'too large'],
    ['-1e999', 'too large'],
  ])('%s is refused with a pointer and a way out', async (number, detail) => {
    const raw = `{"data":{"type":"book","attributes":{"title":"x","properties":{"a/b":[0,{"n":${number}}]}}}}`;
    const error = firstError(await post(raw));
    expect(error).toMatchObject({ status: 400, code: 'invalid', at: '/data/attributes/properties/a~1b/1/n' });
    expect(error.detail).toContain(detail);
    expect(error.detail).toContain('string');
  });

  it.each(['9007199254740991', '1e21', '1234567890.1234567890', '-0', '5e-400'])('%s is taken', async (number) => {
    expect(
      (await post(`{"data":{"type":"book","attributes":{"title":"x","properties":{"n":${number}}}}}`)).status,
    ).toBe(201);
  });

  it('long digits inside strings do no harm', async () => {
    expect((await attributes({ properties: { id: '12345678901234567890', e: '1e400' } })).status).toBe(201);
  });

  it('half surrogate pairs are refused, whole ones are not', async () => {
    const body = (text: string) => `{"data":{"type":"book","attributes":{"title":"x","properties":{"t":"${text}"}}}}`;
    expect(firstError(await post(body('\\ud83d')))).toMatchObject({ status: 400, at: '/data/attributes/properties/t' });
    expect(firstError(await post(body('x\\uDE00')))).toMatchObject({ status: 400 });
    expect((await post(body('\\ud83d\\ude00'))).status).toBe(201);
    const key = '{"data":{"type":"book","attributes":{"title":"x","properties":{"\\ud83d":1}}}}';
    expect(firstError(await post(key))).toMatchObject({ status: 400 });
  });
});

describe('bags', () => {
  it('keep every key, also those that objects are born with', async () => {
    const raw =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":"x","":0,"a":[{"__proto__":1}]}';
    expect((await post(`{"data":{"type":"book","attributes":{"title":"x","properties":${raw}}}}`)).status).toBe(201);
    const { properties } = received.at(-1) as { properties: object };
    expect(JSON.stringify(properties)).toBe(raw);
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('of any content come through unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), async (bag) => {
        const sent = JSON.stringify(bag);
        const answer = await post(`{"data":{"type":"book","attributes":{"title":"x","properties":${sent}}}}`);
        if (answer.status === 400) expect(firstError(answer).detail).toMatch(/surrogate|digits|too large/);
        else expect(JSON.stringify((received.at(-1) as { properties: object }).properties)).toBe(sent);
      }),
    );
  });

  it('are at most ten levels deep, and the pointer leads to the eleventh', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect((await attributes({ properties: nested(10) })).status).toBe(201);
    const error = firstError(await attributes({ properties: nested(11) }));
    expect(error.at).toBe(`/data/attributes/properties${'/a'.repeat(10)}`);
    expect(error.detail).toContain('more than 10 levels');
  });

  it.each([[[]], ['x'], [1], [true]])('are not %j', async (value) => {
    expect(firstError(await attributes({ properties: value }))).toMatchObject({
      detail: "'properties' must be an object.",
      at: '/data/attributes/properties',
    });
  });
});

describe('bodies of the wrong shape', () => {
  it.each([
    [{ data: { type: 'book', attributes: {} } }, 'missing', "'title' is required.", '/data/attributes/title'],
    [bookBody({ title: null }), 'invalid', "'title' must be a string.", '/data/attributes/title'],
    [bookBody({ title: '' }), 'invalid', "'title' must have at least 1 character.", '/data/attributes/title'],
    [
      bookBody({ title: 'x', titel: 1 }),
      'invalid',
      "'titel' is not a valid field for the resource 'book'.",
      '/data/attributes/titel',
    ],
    [{ data: { type: 'author', attributes: { title: 'x' } } }, 'invalid', "'type' must be 'book'.", '/data/type'],
    [{ data: [] }, 'invalid', "'data' must be an object.", '/data'],
    [{}, 'missing', "'data' is required.", '/data'],
    [[], 'invalid', 'The body must be an object.', '/data'],
    [
      bookBody({ title: 'x', format: 'soft' }),
      'invalid',
      "'format' must be one of 'pocket', 'hard'.",
      '/data/attributes/format',
    ],
    [
      bookBody({ title: 'x', created: 'now' }),
      'invalid',
      "'created' must be an ISO 8601 datetime such as 2026-01-31T09:30:00+00:00.",
      '/data/attributes/created',
    ],
    [
      bookBody({ title: 'x', in_print: 'yes' }),
      'invalid',
      "'in_print' must be true or false.",
      '/data/attributes/in_print',
    ],
    [
      bookBody({ title: 'x', tags: ['a', 2] }),
      'invalid',
      "Entry 2 of 'tags' must be a string.",
      '/data/attributes/tags/1',
    ],
    [
      bookBody({ title: 'x', tags: ['a', 'b', 'c', 'd'] }),
      'invalid',
      "'tags' must have at most 3 entries.",
      '/data/attributes/tags',
    ],
    [bookBody({ title: '' }), 'invalid', "'title' must have at least 1 character.", '/data/attributes/title'],
    [
      bookBody({ title: '😀'.repeat(21) }),
      'invalid',
      "'title' must have at most 20 characters.",
      '/data/attributes/title',
    ],
    [bookBody({ title: 'x', price: -1 }), 'invalid', "'price' must be at least 0.", '/data/attributes/price'],
  ])('%j', async (body, code, detail, at) => {
    expect(firstError(await send('POST', '/api/books', { body }))).toEqual({ status: 400, code, detail, at });
  });

  it('counts characters, whatever they take', async () => {
    const title = '😀'.repeat(20);
    expect((await send('POST', '/api/books', { body: bookBody({ title }) })).status).toBe(201);
  });

  it.each([
    [{ kind: 'paper', pages: 0 }, "'pages' must be at least 1.", '/pages'],
    [{ kind: 'audio', pages: 1 }, "'minutes' is required.", '/minutes'],
    [{ kind: 'vinyl' }, "'kind' must be one of 'paper', 'audio'.", '/kind'],
    [{}, "'kind' is required. It must be one of 'paper', 'audio'.", '/kind'],
    ['paper', "'edition' must be an object.", ''],
  ])('the closest alternative speaks: %j', async (edition, detail, at) => {
    expect(firstError(await attributes({ edition }))).toMatchObject({ detail, at: `/data/attributes/edition${at}` });
  });

  it('come with all their faults, but no more than ten', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`unknown${index}`, 1]));
    expect((await attributes(many)).document.errors).toHaveLength(10);
    const two = await attributes({ format: 'x', in_print: 1 });
    expect(two.document.errors.map(({ source }) => source.pointer)).toEqual([
      '/data/attributes/in_print',
      '/data/attributes/format',
    ]);
  });

  it('have own __proto__ and constructor keys where no bag is', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const answer = await post(`{"data":{"type":"book","${key}":{"x":1},"attributes":{"title":"x"}}}`);
      expect(firstError(answer)).toMatchObject({ status: 400, at: `/data/${key}` });
    }
  });

  it('are never echoed at length', async () => {
    const long = 'x'.repeat(100_000);
    const answers = await Promise.all([
      attributes({ [long]: 1 }),
      attributes({ format: long }),
      send('GET', `/api/books?${long.slice(0, 9000)}=1`),
      send('GET', `/api/books?sort=${long.slice(0, 9000)}`),
      send('GET', `/api/books?filter=${long.slice(0, 9000)}(a)`),
      send('GET', `/api/books?include=${long.slice(0, 9000)}`),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.document).length).toBeLessThan(1500);
    }
  });

  it('whatever they are, get a 4xx that blames a place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), async (body) => {
        const answer = await post(JSON.stringify(body));
        expect(answer.status).toBe(400);
        expect(firstError(answer).at).toMatch(/^\//);
      }),
    );
  });
});

it('says the same whatever language somebody else in the process has set', async () => {
  const before = z.config().localeError;
  z.config({ localeError: () => 'Ungültige Eingabe' });
  const answer = await send('POST', '/api/books', { body: bookBody({ title: null }) });
  z.config({ localeError: before });
  expect(firstError(answer).detail).toBe("'title' must be a string.");
});

describe('queries', () => {
  it.each([
    ['x=1', 'x'],
    ['page[offset]=1', 'page[offset]'],
    ['fields=title', 'fields'],
    ['__proto__=1', '__proto__'],
    ['company_id=abc', 'company_id'],
    ['sort=title&sort=title', 'sort'],
    ['sort=%', 'sort'],
    ['filter=%c3%28', 'filter'],
    ['%ff=1', '%ff'],
  ])('%s is refused by name', async (query, at) => {
    expect(firstError(await send('GET', `/api/books?${query}`))).toMatchObject({ status: 400, at });
  });

  it('may be encoded or not, and may have empty pairs', async () => {
    const answer = await send('GET', '/api/books?&page%5Bsize%5D=1&&fields%5Bbook%5D=title&');
    expect(answer.document.data).toHaveLength(1);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
