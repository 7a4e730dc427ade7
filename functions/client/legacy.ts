// The two calls of the API's first version, which old sites and plug-ins still make: /api/track and /api/identify. Each
// becomes a call of today's public operations, so that what these guard is guarded here.
import { eventAttributesOf, profileAttributesOf } from '../../shared/domain/events/dollar-names.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { parseJson } from '../../shared/jsonapi/json.ts';
import { paramsOf } from '../../shared/jsonapi/query/params.ts';
import { ApiError, refuse } from '../../shared/kernel/errors.ts';
import { second, sortable } from '../../shared/kernel/time.ts';

type Handle = (request: HttpRequest) => Promise<HttpResponse>;
type Bag = Readonly<Record<string, unknown>>;

/** What a call becomes: a document for one of today's paths. */
interface Translation {
  path: string;
  document: object;
}

const members = {
  '/api/track': ['token', 'event', 'customer_properties', 'properties', 'time'],
  '/api/identify': ['token', 'properties'],
} as const satisfies Record<string, readonly string[]>;
type LegacyPath = keyof typeof members;

/** Whether a request is one of the two. */
export const isLegacy = ({ path }: HttpRequest): boolean => Object.hasOwn(members, path);

/**
 * Answers `1` for what `handle` took, and `0` with its status for what was refused: nothing else is said, as ever. `data`
 * (in the query, or in the form of a POST) is a JSON text or one in base64; the body may also be the JSON text.
 */
export function withLegacy(handle: Handle): Handle {
  return async (request) => {
    try {
      const told = toldIn(request);
      const { path, document } = translated(request.path as LegacyPath, told);
      const { status } = await handle({
        method: 'POST',
        path,
        query: `company_id=${encodeURIComponent(textIn(told, 'token'))}`,
        headers: { ...whereFrom(request), 'content-type': 'application/json' },
        body: JSON.stringify(document),
        ...(request.ip !== undefined && { ip: request.ip }),
      });
      return status < 300 ? says('1', 200) : says('0', status);
    } catch (error) {
      if (error instanceof ApiError) return says('0', error.status);
      throw error;
    }
  };
}

const says = (body: string, status: number): HttpResponse => ({
  status,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  },
  body,
});

/** Old callers accept images and texts and know no revision: only what the network says of them goes on. */
const whereFrom = ({ headers }: HttpRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('cloudfront-viewer-')));

const largestForm = 6 * 1024 * 1024;

function toldIn({ method, path, query, body = '' }: HttpRequest): Bag {
  const isWhole = method === 'POST' && body.trimStart().startsWith('{');
  const data = isWhole ? body : paramsOf(method === 'POST' ? body : query, largestForm).get('data');
  if (data === undefined) throw refuse('missing', 'Send data.', 'data');
  const told = parseJson(data.trimStart().startsWith('{') ? data : decoded(data));
  if (!isBag(told)) throw refuse('invalid', 'The data must be an object.', 'data');
  const known: readonly string[] = members[path as LegacyPath];
  const stray = Object.keys(told).find((name) => !known.includes(name));
  if (stray !== undefined) throw refuse('invalid', `The data knows ${known.join(', ')} only.`, 'data');
  return told;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** In queries the plus of base64 arrives as a space. */
function decoded(text: string): string {
  const base64 = text.trim().replaceAll(' ', '+');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64))
    throw refuse('parse_error', 'The data is no JSON and no base64.', 'data');
  try {
    return strictUtf8.decode(Buffer.from(base64, 'base64'));
  } catch {
    throw refuse('parse_error', 'The data in base64 is not UTF-8 text.', 'data');
  }
}

function translated(path: LegacyPath, told: Bag): Translation {
  if (path === '/api/identify') {
    const attributes = profileAttributesOf(bagIn(told, 'properties'));
    return { path: '/client/profiles', document: { data: { type: 'profile', attributes } } };
  }
  const attributes = {
    ...eventAttributesOf(bagIn(told, 'properties')),
    ...(told['time'] !== undefined && { time: timeOf(told['time']) }),
    metric: { data: { type: 'metric', attributes: { name: textIn(told, 'event') } } },
    profile: { data: { type: 'profile', attributes: profileAttributesOf(bagIn(told, 'customer_properties')) } },
  };
  return { path: '/client/events', document: { data: { type: 'event', attributes } } };
}

const lastSecond = Date.UTC(9999, 11, 31) / second;

/** Seconds since 1970 as a datetime; what is no such number is judged as it stands. */
function timeOf(told: unknown): unknown {
  return typeof told === 'number' && told >= 0 && told <= lastSecond ? sortable(told * second) : told;
}

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

function bagIn(told: Bag, name: string): Bag {
  const value = Object.hasOwn(told, name) ? told[name] : {};
  if (!isBag(value)) throw refuse('invalid', `'${name}' must be an object.`, 'data');
  return value;
}

function textIn(told: Bag, name: string): string {
  const value = told[name];
  if (typeof value !== 'string') throw refuse('invalid', `'${name}' must be a text.`, 'data');
  return value;
}
