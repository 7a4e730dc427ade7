import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../shared/jsonapi/http.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { toyWorld } from './toys.ts';

/** A world whose HTTP functions answer with their name and keep the request. */
function echoWorld() {
  const seen: HttpRequest[] = [];
  const named = (name: string) => (ports: Ports) =>
    httpHandler(ports, async (request) => {
      seen.push(request);
      return { status: 200, headers: { 'X-Function': name }, body: name };
    });
  const world = toyWorld({
    events: named('events'),
    api: named('api'),
    client: named('client'),
    pages: named('pages'),
  });
  return { world, seen };
}

describe('the gateway of the local world', () => {
  it.each([
    ['POST', '/api/events', 'events'],
    ['POST', '/api/events?company_id=x', 'events'],
    ['POST', '/api/event-bulk-create-jobs', 'events'],
    ['GET', '/api/events', 'api'],
    ['POST', '/api/events/', 'api'],
    ['GET', '/api/events/01', 'api'],
    ['DELETE', '/api/profiles/01/relationships/lists', 'api'],
    ['GET', '/x/segments/01/explain', 'api'],
    ['POST', '/client/events', 'client'],
    ['GET', '/p/u/token', 'pages'],
  ])('sends %s %s to %s', async (method, path, name) => {
    const response = await echoWorld().world.request({ method, path });
    expect(response).toEqual({ status: 200, headers: { 'x-function': name }, body: name });
  });

  it.each([
    ['GET', '/', 404, 'Not Found'],
    ['GET', '/api', 404, 'Not Found'],
    ['GET', '/apis/x', 404, 'Not Found'],
    ['GET', '/api/%zz', 400, 'Bad Request'],
  ])('answers %s %s by itself', async (method, path, status, message) => {
    const response = await echoWorld().world.request({ method, path });
    expect(response).toMatchObject({ status, body: JSON.stringify({ message }) });
  });

  it('brings path, query, headers and address to the function as they were', async () => {
    const { world, seen } = echoWorld();
    await world.request({
      method: 'GET',
      path: '/api/catalog-items/%24custom%3A%3A%3A50%25%20off?filter=equals(id,%22a+b%22)',
      headers: { Revision: '2026-07-15', Cookie: 'a=1; b=2' },
      ip: '192.0.2.1',
    });
    expect(seen).toMatchObject([
      {
        method: 'GET',
        path: '/api/catalog-items/$custom:::50%25%20off',
        query: 'filter=equals(id,%22a+b%22)',
        headers: { revision: '2026-07-15', cookie: 'a=1; b=2', 'x-forwarded-for': '192.0.2.1' },
        ip: '192.0.2.1',
      },
    ]);
    expect(seen[0]).not.toHaveProperty('body');
  });

  it.each(['application/json', 'application/vnd.api+json', 'application/x-www-form-urlencoded', ''])(
    'carries a body of type "%s", given as text or as bytes',
    async (type) => {
      const { world, seen } = echoWorld();
      const text = '{"é":"😀"}';
      for (const body of [text, Buffer.from(text)])
        await world.request({ method: 'POST', path: '/api/lists', headers: { 'content-type': type }, body });
      expect(seen.map(({ body }) => body)).toEqual([text, text]);
    },
  );

  it('answers 400 to bytes that are not text, and 413 to more than an invocation carries', async () => {
    const { world } = echoWorld();
    const post = (body: Uint8Array) =>
      world.request({ method: 'POST', path: '/api/lists', headers: { 'content-type': 'application/json' }, body });
    expect(await post(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({ status: 400 });
    expect(await post(Buffer.alloc(6 * 1024 * 1024 + 1, 'x'))).toMatchObject({ status: 413 });
  });
});
