// From a request to a response: the pipeline on one screen. CORS and the last-resort 500 lie outside.
import { ApiError, refuse } from '../kernel/errors.ts';
import { sealCursor, openCursor } from './cursor.ts';
import { documentOf } from './document.ts';
import { errorResponse } from './errors.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { faultsOfBody, unsaid } from './issues.ts';
import { parseMultipart } from './multipart.ts';
import { parseJson } from './json.ts';
import type { Instant } from '../kernel/time.ts';
import { checkAccept, checkContentType, mediaType, unkept } from './media.ts';
import type { Operation, Result, Tier } from './operation.ts';
import { type Listing, parseQuery } from './query/parse.ts';
import { type Charge, dearParts, rateLimiter } from './rates.ts';
import { checkRevision } from './revision.ts';
import { type Match, createRouter } from './router.ts';

/** What a caller may do. */
export interface Scopes {
  has: (scope: string) => boolean;
}

/** How calls are held to the limits of their operations. */
export interface Limits<Context> {
  areKept: (context: Context) => boolean;
  /** What has a limit of its own beside that of its operation: names of `include` and `additional-fields`. */
  dear: Readonly<Record<string, Tier>>;
  now: () => Instant;
}

export interface ApiOptions<Context> {
  operations: readonly Operation<Context>[];
  /** Who calls; throws a 401 refusal. */
  authenticate: (request: HttpRequest, operation: Operation<Context>) => Promise<Context>;
  /** What the caller may do. */
  scopes: (context: Context) => Scopes;
  /** The account's id and its secret for cursors. */
  account: (context: Context) => string;
  secret: (context: Context) => string;
  /** Where we are reached, absolute, without a trailing slash. */
  baseUrl: string;
  /** The newest revision we speak, `2026-07-15`. */
  revision: string;
  /** Without it no calls are counted. */
  limits?: Limits<Context>;
  /** A UUID for each error. */
  newId: () => string;
  /** Refusals in the guise of other errors, such as a lost conditional write. Everything else is a fault and is thrown on. */
  translate?: (error: unknown) => ApiError | undefined;
}

/** Serves the operations. The promise rejects only on faults of our own; refusals are responses. */
export function createApi<Context>(options: ApiOptions<Context>): (request: HttpRequest) => Promise<HttpResponse> {
  const route = createRouter(options.operations);
  const charge = chargesOf(options);
  return async (request) => {
    try {
      const found = route(request.method, request.path);
      if (found === undefined) throw refuse('not_found', 'There is no such path.');
      if ('allow' in found) return methodNotAllowed(found.allow, options.newId);
      return await serve(found, request, options, charge);
    } catch (error) {
      const refusal = error instanceof ApiError ? error : options.translate?.(error);
      if (refusal === undefined) throw error;
      return errorResponse(refusal, options.newId);
    }
  };
}

async function serve<Context>(
  { operation, params }: Match<Operation<Context>>,
  request: HttpRequest,
  options: ApiOptions<Context>,
  charge: ReturnType<typeof chargesOf<Context>>,
): Promise<HttpResponse> {
  const context = await options.authenticate(request, operation);
  checkRevision(request.headers, operation.auth, options.revision);
  checkScopes(operation, options.scopes(context));
  const headers = charge(context, () => [[operation.id, operation.tier]]);
  checkAccept(request.headers);
  const bind = (listing: Listing) => ({
    secret: options.secret(context),
    account: options.account(context),
    operation: operation.id,
    listing: JSON.stringify([listing.filters, listing.sort ?? null, ...Object.values(params)]),
  });
  const query = parseQuery(
    request.query,
    operation,
    (cursor, listing) => openCursor(cursor, bind(listing)),
    request.headers,
  );
  charge(context, ({ dear }) => dearParts(query, dear));
  const body = bodyOf(operation, request, params);
  const result = await operation.run({ params, query, body }, context);
  const document = documentOf(result, {
    operation,
    query,
    baseUrl: options.baseUrl,
    path: request.path,
    rawQuery: request.query,
    seal: (position) => sealCursor(position, bind(query)),
  });
  return respond(operation, result, document, headers);
}

/** Counts charges of callers whose calls are counted, and answers the headers that tell of them. */
function chargesOf<Context>({ limits, account }: Pick<ApiOptions<Context>, 'limits' | 'account'>) {
  if (limits === undefined) return () => ({});
  const spend = rateLimiter(limits.now);
  return (context: Context, charges: (limits: Limits<Context>) => readonly Charge[]) =>
    limits.areKept(context) ? spend(account(context), charges(limits)) : {};
}

function methodNotAllowed(allow: string[], newId: () => string): HttpResponse {
  const refusal = refuse('method_not_allowed', `This path takes ${allow.join(', ')}.`);
  return errorResponse(refusal, newId, { allow: allow.join(', ') });
}

function checkScopes(operation: Pick<Operation<never>, 'auth' | 'scopes'>, held: Scopes): void {
  if (operation.auth === 'public') return;
  const missing = operation.scopes.filter((scope) => !held.has(scope));
  if (missing.length > 0)
    throw refuse('permission_denied', `The key lacks the scope ${missing.join(', ')} that this operation needs.`);
}

/** The global limit of the API. */
const maxBody = 5 * 1024 * 1024;

function bodyOf(
  operation: Pick<Operation<never>, 'body' | 'maxBody' | 'media' | 'method' | 'path'>,
  request: HttpRequest,
  params: Readonly<Record<string, string>>,
): unknown {
  if (operation.body === undefined) return undefined;
  checkContentType(request.headers, operation.media);
  // Forms hold a character for each byte.
  const isForm = operation.media !== undefined;
  const limit = operation.maxBody ?? maxBody;
  const text = request.body ?? '';
  if (text.length > limit || (!isForm && Buffer.byteLength(text) > limit))
    throw refuse('payload_too_large', `The body may have at most ${limit} bytes.`);
  if (text.trim() === '') throw refuse('missing', 'A body is required.', '/data');
  const sent = isForm ? parseMultipart(text, request.headers['content-type'] ?? '') : parseJson(text);
  const parsed = operation.body.safeParse(sent, { error: () => unsaid });
  if (!parsed.success) throw new ApiError(...faultsOfBody(parsed.error.issues, sent));
  // What a relationship is given has an id of its own.
  if (operation.method === 'PATCH' && !operation.path.includes('/relationships/')) checkId(parsed.data, params['id']);
  return parsed.data;
}

/** The resource in the body of an update must be the one in its path. */
function checkId(body: unknown, id: string | undefined): void {
  const sent = (body as { data?: { id?: unknown } } | undefined)?.data?.id;
  if (id === undefined || typeof sent !== 'string' || sent === id) return;
  throw refuse('invalid', 'The id in the body is not the id in the path.', '/data/id');
}

function respond(
  operation: Pick<Operation<never>, 'success'>,
  result: Result,
  document: Record<string, unknown> | undefined,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  const status = ('status' in result ? result.status : undefined) ?? operation.success.status;
  if (document === undefined) return { status, headers: { ...unkept, ...headers } };
  return { status, headers: { 'content-type': mediaType, ...unkept, ...headers }, body: JSON.stringify(document) };
}
