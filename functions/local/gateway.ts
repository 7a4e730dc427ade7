// API Gateway, as far as our topology uses it: routes, events in payload 2.0, and its own refusals.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { type GatewayRequest, httpEvent } from './events.ts';

/** A route, `METHOD /path`, and the function behind it. */
export interface RouteSpec<Name extends string> {
  key: string;
  function: Name;
}

interface Route<Name extends string> extends RouteSpec<Name> {
  method: string;
  /** The path, or with `greedy` what it begins with. */
  path: string;
  greedy: boolean;
}

const greedyEnd = '{proxy+}';

function routeFrom<Name extends string>(spec: RouteSpec<Name>): Route<Name> {
  const [method = '', path = ''] = spec.key.split(' ');
  const greedy = path.endsWith(greedyEnd);
  return { ...spec, method, path: greedy ? path.slice(0, -greedyEnd.length) : path, greedy };
}

/** The order in which API Gateway chooses: the whole path before a greedy one, a longer one first, a method before ANY. */
function byRank(a: Route<string>, b: Route<string>): number {
  return (
    Number(a.greedy) - Number(b.greedy) ||
    b.path.length - a.path.length ||
    Number(a.method === 'ANY') - Number(b.method === 'ANY')
  );
}

/** Whether a route takes a (decoded) path. */
function takes(route: Route<string>, method: string, path: string): boolean {
  if (route.method !== 'ANY' && route.method !== method) return false;
  return route.greedy ? path.startsWith(route.path) && path.length > route.path.length : path === route.path;
}

/** A request's target as the gateway hands it on: the path decoded (and cut at a decoded `?`), the query raw. */
function targetOf({ path, query }: GatewayRequest): { path: string; query: string } | undefined {
  const mark = path.indexOf('?');
  const [raw, behind] = mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)];
  try {
    return { path: decodeURIComponent(raw).split('?')[0] ?? '', query: query ?? behind };
  } catch {
    return undefined;
  }
}

const largestBody = 6 * 1024 * 1024;

const says = (status: number, message: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** A function's result as the response that the gateway makes of it. */
function responseOf(result: APIGatewayProxyStructuredResultV2): HttpResponse {
  const { statusCode = 200, headers = {}, body, isBase64Encoded } = result;
  const lowered: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lowered[name.toLowerCase()] = String(value);
  if (isBase64Encoded) return { status: statusCode, headers: lowered, bytes: Buffer.from(body ?? '', 'base64') };
  return { status: statusCode, headers: lowered, ...(body !== undefined && { body }) };
}

/** The gateway in front of `invoke`. Answers by itself what reaches no function, as API Gateway does. */
export function createGateway<Name extends string>(options: {
  clock: Ports['clock'];
  ids: Pick<Ports['ids'], 'uuid'>;
  invoke: (name: Name, event: unknown) => Promise<unknown>;
  routes: readonly RouteSpec<Name>[];
}): (request: GatewayRequest) => Promise<HttpResponse> {
  const { clock, ids, invoke } = options;
  const routes = options.routes.map(routeFrom).sort(byRank);
  return async (request) => {
    const target = targetOf(request);
    if (!target) return says(400, 'Bad Request');
    const route = routes.find((one) => takes(one, request.method, target.path));
    if (!route) return says(404, 'Not Found');
    if (request.body !== undefined && Buffer.byteLength(request.body) > largestBody)
      return says(413, 'Request Entity Too Large');
    const event = httpEvent(request, { ...target, route: route.key, now: clock.now(), requestId: ids.uuid() });
    try {
      return responseOf((await invoke(route.function, event)) as APIGatewayProxyStructuredResultV2);
    } catch {
      return says(500, 'Internal Server Error');
    }
  };
}
