import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../shared/jsonapi/http.ts';
import { onGatewayTime } from '../../shared/lambda/gateway-time.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { chainPorts, context, httpEvent } from './events.ts';

/** The request that the chain makes of an event. */
async function requestOf(event: ReturnType<typeof httpEvent>): Promise<HttpRequest | undefined> {
  let seen: HttpRequest | undefined;
  const handler = httpHandler(chainPorts(), async (request) => {
    seen = request;
    return { status: 204, headers: {} };
  });
  await handler(event, context);
  return seen;
}

describe('the http chain', () => {
  it('tells the time of the gateway to whoever answers, however far off the clock of the host is', async () => {
    const ports = chainPorts();
    ports.clock.advance(600_000);
    const timed = onGatewayTime(ports);
    let seen: number | undefined;
    const handler = httpHandler(timed, async () => {
      seen = timed.clock.now();
      ports.clock.advance(5);
      return { status: timed.clock.now() === 5 ? 204 : 500, headers: {} };
    });
    expect(await handler(httpEvent(), context)).toMatchObject({ statusCode: 204 });
    expect(seen).toBe(0);
  });

  it('hands over method, path, raw query, lower-case headers, body and address', async () => {
    const event = httpEvent({
      rawQueryString: 'page%5Bsize%5D=2&sort=-created',
      headers: { 'Content-Type': 'application/json', revision: '2026-07-15' },
      cookies: ['a=1', 'b=2'],
      body: '{"a":1}',
    });
    expect(await requestOf(event)).toEqual({
      method: 'POST',
      path: '/api/lists',
      query: 'page%5Bsize%5D=2&sort=-created',
      headers: { 'content-type': 'application/json', revision: '2026-07-15', cookie: 'a=1; b=2' },
      body: '{"a":1}',
      ip: '192.0.2.7',
    });
  });

  it('encodes the path that the gateway has decoded, so that decoding it once gives the id', async () => {
    const paths = ['/api/catalog-items/$custom:::$default:::50% off?#é', '/api/x/%2541', '/api/lists/a b'];
    for (const rawPath of paths) {
      const { path } = (await requestOf(httpEvent({ rawPath })))!;
      expect(path).not.toMatch(/[ ?#é]/);
      expect(path.split('/').map(decodeURIComponent).join('/')).toBe(rawPath);
    }
  });

  it('decodes a body in base 64', async () => {
    const body = Buffer.from('{"é":"😀"}').toString('base64');
    expect((await requestOf(httpEvent({ body, isBase64Encoded: true })))?.body).toBe('{"é":"😀"}');
  });

  it('answers 400 to a body that is not text', async () => {
    const ports = chainPorts();
    const handler = httpHandler(ports, async () => ({ status: 200, headers: {} }));
    const body = Buffer.from([0xff, 0xfe, 0x80]).toString('base64');
    expect(await handler(httpEvent({ body, isBase64Encoded: true }), context)).toMatchObject({ statusCode: 400 });
    expect(ports.lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('logs one line a request, without path, query or body', async () => {
    const ports = chainPorts();
    const handler = httpHandler(ports, async () => {
      ports.clock.advance(12);
      return { status: 201, headers: {}, body: '{}' };
    });
    const event = httpEvent({ rawPath: '/api/profiles/secret-id', rawQueryString: 'secret', body: 'secret' });
    expect(await handler(event, context)).toEqual({ statusCode: 201, headers: {}, body: '{}' });
    expect(ports.lines).toMatchObject([{ message: 'request', id: 'req-1', method: 'POST', status: 201, ms: 12 }]);
    expect(JSON.stringify(ports.lines)).not.toContain('secret');
  });

  it('answers 500 without detail to whatever is thrown, and logs it', async () => {
    const ports = chainPorts();
    const handler = httpHandler(ports, async () => {
      throw new Error('the inner secret');
    });
    const result = (await handler(httpEvent(), context)) as { statusCode: number; body: string };
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('secret');
    expect(JSON.parse(result.body)).toMatchObject({ errors: [{ id: 'req-1', status: 500, code: 'error' }] });
    expect(ports.lines).toMatchObject([
      { level: 'error', id: 'req-1', error: { message: 'the inner secret' } },
      { level: 'info', message: 'request', status: 500 },
    ]);
  });

  it('answers 500 before Lambda ends an invocation that takes too long', async () => {
    const ports = chainPorts();
    const handler = httpHandler(ports, () => new Promise(() => undefined));
    const result = await handler(httpEvent(), { ...context, getRemainingTimeInMillis: () => 10 });
    expect(result).toMatchObject({ statusCode: 500 });
    expect(ports.lines).toMatchObject([{ level: 'error', error: { name: 'TimeoutError' } }, { status: 500 }]);
  });
});
