// A toy API of books and authors: enough of every verb to prove the engine with no domain in sight.
import * as z from 'zod/mini';
import { ApiError } from '../../shared/kernel/errors.ts';
import {
  bag,
  file,
  flag,
  integer,
  list as listOf,
  maybe,
  number,
  oneOf,
  text,
  timestamp,
} from '../../shared/jsonapi/fields.ts';
import { createApi } from '../../shared/jsonapi/handle.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Operation } from '../../shared/jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../shared/jsonapi/resource.ts';
import {
  command,
  create,
  get,
  list,
  relate,
  relatedMany,
  relatedOne,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../shared/jsonapi/verbs/index.ts';

export interface Caller {
  account: string;
  scopes: ReadonlySet<string>;
}

export const author: ResourceType = {
  type: 'author',
  path: 'authors',
  attributes: z.object({ name: text(), home: z.object({ city: text(), country: text() }) }),
};

const edition = z.union([
  z.strictObject({ kind: z.literal('paper'), pages: integer({ min: 1 }) }),
  z.strictObject({ kind: z.literal('audio'), minutes: number() }),
]);

export const book: ResourceType = {
  type: 'book',
  path: 'books',
  attributes: z.object({
    title: text(),
    created: timestamp(),
    properties: bag(),
    publisher: z.object({ name: text(), address: z.object({ city: text(), zip: text() }) }),
    sold: z.optional(integer()),
    reviews: z.array(z.object({ stars: integer() })),
  }),
  additional: ['sold'],
  relationships: {
    author: { type: 'author', many: false },
    sequels: { type: 'book', many: true },
    critics: { type: 'critic', many: true, served: false },
  },
};

export const report: ResourceType = {
  type: 'sales-report',
  attributes: z.object({ total: number() }),
  anonymous: true,
};

export const ann: Resource = {
  type: 'author',
  id: 'ann',
  attributes: { name: 'Ann', home: { city: 'Ghent', country: 'BE' } },
};

export function bookNamed(id: string): Resource {
  return {
    type: 'book',
    id,
    attributes: {
      title: `Title of ${id}`,
      created: '2026-01-01T00:00:00+00:00',
      properties: { color: 'red' },
      publisher: { name: 'P', address: { city: 'Delft', zip: '2611' } },
      sold: 7,
      reviews: [{ stars: 5 }],
    },
    relationships: { author: { type: 'author', id: 'ann' } },
  };
}

const stated = {
  tag: 'Books',
  summary: 'A toy.',
  scopes: ['books:read'],
  tier: { burst: '1/s', steady: '1/m' },
} as const;

export const bookAttributes = z.strictObject({
  title: text({ min: 1, max: 20 }),
  properties: maybe(bag()),
  created: maybe(timestamp()),
  in_print: maybe(flag()),
  format: maybe(oneOf('pocket', 'hard')),
  edition: maybe(edition),
  tags: maybe(listOf(text(), { max: 3 })),
  price: maybe(number({ min: 0 })),
});

/** The bodies that operations received, newest last. */
export const received: unknown[] = [];

export const operations: readonly Operation<Caller>[] = [
  list({
    ...stated,
    id: 'get_books',
    resource: book,
    total: true,
    query: {
      fieldsOf: [book],
      additionalOf: book,
      include: { author, sequels: book },
      filter: {
        title: { operators: ['equals', 'any', 'contains', 'starts-with'], type: 'string' },
        created: { operators: ['greater-than', 'less-than'], type: 'datetime' },
        pages: { operators: ['equals', 'greater-or-equal'], type: 'number' },
        in_print: { operators: ['equals'], type: 'boolean' },
        format: { operators: ['equals'], type: 'string', values: ['pocket', 'hard'] },
        author: { operators: ['has'], type: 'string' },
        "properties['the color']": { operators: ['equals'], type: 'string', nullable: true },
      },
      sort: ['title', 'created'],
      page: { default: 3, max: 5 },
    },
    run: async ({ query }) => {
      const start = Number(query.page.position ?? '0');
      const ids = Array.from({ length: query.page.size }, (_, index) => `b${start + index}`);
      return {
        page: {
          resources: ids.map(bookNamed),
          next: String(start + query.page.size),
          ...(start > 0 && { previous: String(Math.max(0, start - query.page.size)) }),
        },
        included: query.include.has('author') ? [ann, ann] : [],
        total: 100,
      };
    },
  }),
  get({
    ...stated,
    id: 'get_book',
    resource: book,
    query: { fieldsOf: [book], include: { author } },
    run: async ({ params }) => ({ resource: bookNamed(params['id'] ?? ''), included: [ann] }),
  }),
  get({
    ...stated,
    id: 'get_newest_book',
    path: '/api/books/newest',
    resource: book,
    run: async () => ({ resource: null }),
  }),
  create({
    ...stated,
    id: 'create_book',
    scopes: ['books:write'],
    resource: book,
    body: requestDocument('book', { attributes: bookAttributes }),
    run: async ({ body }) => {
      received.push(body.data.attributes);
      return { resource: bookNamed('new') };
    },
  }),
  update({
    ...stated,
    id: 'update_book',
    resource: book,
    body: requestDocument('book', { attributes: bookAttributes, id: 'required' }),
    run: async ({ params }) => ({ resource: bookNamed(params['id'] ?? '') }),
  }),
  remove({ ...stated, id: 'delete_book', resource: book, run: async () => undefined }),
  relatedOne({
    ...stated,
    id: 'get_author_for_book',
    resource: book,
    relationship: 'author',
    of: author,
    run: async () => ({ resource: ann }),
  }),
  relatedMany({
    ...stated,
    id: 'get_sequels_for_book',
    resource: book,
    relationship: 'sequels',
    of: book,
    run: async () => ({ page: { resources: [] } }),
  }),
  relationship({
    ...stated,
    id: 'get_sequel_ids_for_book',
    resource: book,
    relationship: 'sequels',
    of: 'book',
    many: true,
    query: { page: { default: 2 } },
    run: async ({ query }) => ({
      linkage: [{ type: 'book', id: `after ${query.page.position ?? 'nothing'}` }],
      next: 'p2',
    }),
  }),
  relate({
    ...stated,
    id: 'add_sequels_to_book',
    resource: book,
    relationship: 'sequels',
    method: 'POST',
    of: 'book',
    max: 2,
    run: async ({ body }) => void received.push(body),
  }),
  command({
    ...stated,
    id: 'query_sales',
    path: '/api/sales-reports',
    body: requestDocument('sales-report', { attributes: z.strictObject({}) }),
    status: 200,
    answers: { kind: 'resource', of: report },
    run: async () => ({ resource: { type: 'sales-report', id: '', attributes: { total: 1 } } }),
  }),
  {
    ...command({
      ...stated,
      id: 'upload_cover',
      path: '/api/covers',
      body: z.strictObject({ file: file(), name: maybe(text()), hidden: maybe(flag()) }),
      status: 204,
      answers: { kind: 'empty' },
      run: async ({ body }) => {
        received.push(body);
        return { empty: true };
      },
    }),
    media: 'multipart/form-data',
  },
  list({
    ...stated,
    id: 'get_public_books',
    path: '/client/books',
    auth: 'public',
    resource: book,
    query: {},
    run: async () => ({ page: { resources: [] } }),
  }),
];

let errors = 0;

export const api = createApi<Caller>({
  operations,
  authenticate: async (request) => ({
    account: request.headers['account'] ?? 'acme',
    scopes: new Set((request.headers['scopes'] ?? 'books:read books:write').split(' ')),
  }),
  scopes: (caller) => caller.scopes,
  account: (caller) => caller.account,
  secret: () => 'a secret of the server',
  baseUrl: 'https://api.example.com',
  revision: '2026-07-15',
  newId: () => `error-${(errors += 1)}`,
  translate: (error) =>
    error instanceof RangeError ? new ApiError({ code: 'conflict', detail: 'Lost the race.' }) : undefined,
});

interface Shown {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, { data?: unknown; links?: { self: string; related: string } }>;
  links: { self: string };
}

interface ShownError {
  id: string;
  status: number;
  code: string;
  title: string;
  detail: string;
  source: { pointer?: string; parameter?: string };
}

/** A document read freely: one resource and many at once. */
export interface Document {
  data: Shown & Shown[];
  included: Shown[];
  links: { self: string; next: string; prev: string };
  meta: Record<string, unknown>;
  errors: ShownError[];
}

export interface Answer {
  status: number;
  headers: HttpResponse['headers'];
  document: Document;
}

/** Sends a request as a well-behaved client does, unless told otherwise. */
export async function send(
  method: string,
  url: string,
  options: { body?: unknown; raw?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const request: HttpRequest = {
    method,
    path,
    query,
    headers: {
      revision: '2026-07-15',
      accept: 'application/vnd.api+json',
      ...(body !== undefined && { 'content-type': 'application/vnd.api+json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body }),
  };
  const response = await api(request);
  return {
    status: response.status,
    headers: response.headers,
    document: (response.body === undefined ? undefined : JSON.parse(response.body)) as Document,
  };
}

/** The first error of an answer in short: code, detail, and the place it blames. */
export function firstError({ status, document }: Answer) {
  const { code, detail, source } = document.errors[0]!;
  return { status, code, detail, at: source.pointer ?? source.parameter };
}

/** The body of a book with these attributes. */
export function bookBody(attributes: Record<string, unknown>, id?: string) {
  return { data: { type: 'book', ...(id !== undefined && { id }), attributes } };
}
