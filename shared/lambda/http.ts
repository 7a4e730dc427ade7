import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpRequest, HttpResponse } from '../jsonapi/http.ts';
import type { ChainPorts, LambdaHandler } from './chain.ts';
import { onGatewayTime, type Timed } from './gateway-time.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The request's body is not text. */
class Unreadable extends Error {}

/** The body as text; that of a form as a character for each byte. */
function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEventV2, mediaType: string): string | undefined {
  if (body === undefined) return body;
  if (/^multipart\/form-data/i.test(mediaType)) {
    return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('latin1');
  }
  if (!isBase64Encoded) return body;
  try {
    return strictUtf8.decode(Buffer.from(body, 'base64'));
  } catch (cause) {
    throw new Unreadable('The body is not UTF-8 text.', { cause });
  }
}

/** API Gateway hands out the path decoded: encode again what could not stand in a URL, so that no router decodes twice. */
function encoded(path: string): string {
  return encodeURI(path.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23');
}

function requestOf(event: APIGatewayProxyEventV2): HttpRequest {
  const { http } = event.requestContext;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.headers))
    if (value !== undefined) headers[name.toLowerCase()] = value;
  if (event.cookies && event.cookies.length > 0) headers.cookie = event.cookies.join('; ');
  const body = bodyOf(event, headers['content-type'] ?? '');
  return {
    method: http.method,
    path: encoded(event.rawPath),
    query: event.rawQueryString,
    headers,
    ...(body !== undefined && { body }),
    ip: http.sourceIp,
  };
}

function resultOf({ status, headers, body, bytes }: HttpResponse): APIGatewayProxyStructuredResultV2 {
  if (bytes) {
    return { statusCode: status, headers, body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
  }
  return { statusCode: status, headers, ...(body !== undefined && { body }) };
}

/** An answer for when the engine cannot make one: the request is unreadable, or the engine itself failed. */
function errorResult(id: string, status: 400 | 500): APIGatewayProxyStructuredResultV2 {
  const [code, title, detail] =
    status === 400
      ? ['parse_error', 'The request could not be parsed.', 'The body is not UTF-8 text.']
      : ['error', 'A server error occurred.', 'The request failed on our side. It is safe to send it again.'];
  const document = { errors: [{ id, status, code, title, detail, source: { pointer: '/data/' } }] };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/vnd.api+json' },
    body: JSON.stringify(document),
  };
}

/**
 * Answers HTTP requests of an API Gateway HTTP API (payload 2.0) by `handle`. Logs one line a request: method, status
 * and time, no path and no query, for they hold ids. What `handle` throws becomes a 500 without detail, and is logged.
 */
export function httpHandler(
  ports: ChainPorts & Partial<Timed>,
  handle: (request: HttpRequest) => Promise<HttpResponse>,
): LambdaHandler {
  const { clock, log } = ports;
  const started = new WeakMap<object, number>();

  function answer(request: object, event: APIGatewayProxyEventV2, status: number | undefined): void {
    const { requestId, http } = event.requestContext;
    const ms = clock.now() - (started.get(request) ?? clock.now());
    log.info('request', { id: requestId, method: http.method, status, ms });
  }

  const handler = middy(async (event: APIGatewayProxyEventV2) => resultOf(await handle(requestOf(event))))
    .before((request) => {
      ports.setClock?.(request.event.requestContext.timeEpoch);
      started.set(request, clock.now());
    })
    .after((request) => answer(request, request.event, request.response?.statusCode))
    .onError((request) => {
      const { event, error } = request;
      const status = error instanceof Unreadable ? 400 : 500;
      if (status === 500) log.error('request failed', { id: event.requestContext.requestId, error });
      request.response = errorResult(event.requestContext.requestId, status);
      answer(request, event, status);
    });
  return handler as unknown as LambdaHandler;
}

/** As `httpHandler`, answering by what `make` makes of ports that keep the gateway's time: every function of the API. */
export function gatewayHandler<Given extends ChainPorts>(
  ports: Given,
  make: (timed: Given) => (request: HttpRequest) => Promise<HttpResponse>,
): LambdaHandler {
  const timed = onGatewayTime(ports);
  return httpHandler(timed, make(timed));
}
