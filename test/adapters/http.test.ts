// The guarded client against a real server, and against every spelling of an address that is not public.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp, isPublicAddress, type Surroundings } from '../../shared/adapters/aws/http.ts';
import { type HttpCall, HttpRefused } from '../../shared/ports.ts';
import { certificate } from '../support/certificate.ts';

const asked: { url: string; host: string; method: string; headers: Record<string, unknown>; body: string }[] = [];
const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/hello': (response) => response.end('hello'),
  '/gzip': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
  '/bomb': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000))),
  '/long': (response) => response.end('x'.repeat(2_000)),
  '/never': (response) => void response.writeHead(200).write('a'),
  '/moved': (response) => response.writeHead(302, { location: '/hello' }).end(),
  '/elsewhere': (response) => response.writeHead(302, { location: 'https://other.example/hello' }).end(),
  '/inside': (response) => response.writeHead(307, { location: 'https://169.254.169.254/latest/meta-data' }).end(),
  '/named-inside': (response) => response.writeHead(307, { location: 'https://inside.example/' }).end(),
  '/plain': (response) => response.writeHead(302, { location: 'http://public.example/hello' }).end(),
  '/round': (response) => response.writeHead(302, { location: '/round' }).end(),
  '/bad': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip'),
};
let server: Server;

beforeAll(async () => {
  server = createServer(certificate, (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', method = '', headers } = request;
      asked.push({
        url,
        method,
        headers,
        host: (headers.host ?? '').split(':')[0] ?? '',
        body: Buffer.concat(chunks).toString(),
      });
      answers[url]?.(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const addresses: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['127.0.0.1'],
  'other.example': ['127.0.0.1'],
  'inside.example': ['10.0.0.7'],
  'half.example': ['127.0.0.1', '10.0.0.7'],
};
const resolve = ((name: string, _: unknown, done: (error: Error | null, found?: unknown) => void) => {
  const found = addresses[name];
  if (found)
    done(
      null,
      found.map((address) => ({ address, family: 4 })),
    );
  else done(new Error(`ENOTFOUND ${name}`));
}) as unknown as Surroundings['resolve'];

/** The loopback address stands for a public one. */
const http = () =>
  createHttp({
    resolve,
    connection: { ca: certificate.cert, port: (server.address() as AddressInfo).port },
    isPublic: (address) => address === '127.0.0.1',
  });
const call = (path: string, change: Partial<HttpCall> = {}): HttpCall => ({
  ...{ method: 'GET', url: `https://public.example${path}`, deadline: 5_000, largest: 1_000 },
  ...change,
});
const text = async (given: HttpCall) => Buffer.from((await http().request(given)).body).toString();

describe('the guarded client', () => {
  it('calls, and reads what comes back, decompressed', async () => {
    expect(await text(call('/hello'))).toBe('hello');
    expect(await text(call('/gzip'))).toBe('hello');
    const posted = await http().request(call('/hello', { method: 'POST', body: '{}', headers: { 'x-a': 'b' } }));
    expect(posted.status).toBe(200);
    expect(asked.at(-1)).toMatchObject({ method: 'POST', body: '{}', host: 'public.example', headers: { 'x-a': 'b' } });
  });

  it('reads no more than it was told to, however small it was packed', async () => {
    await expect(text(call('/long'))).rejects.toThrow(HttpRefused);
    await expect(text(call('/bomb'))).rejects.toThrow('longer than 1000 bytes');
  });

  it('hands on an answer piece by piece, guarded in the same way', async () => {
    const pieces = async (path: string, change: Partial<HttpCall> = {}) => {
      const { status, body } = await http().download(call(path, change));
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return { status, text: Buffer.concat(chunks).toString() };
    };
    expect(await pieces('/gzip')).toEqual({ status: 200, text: 'hello' });
    await expect(pieces('/bomb')).rejects.toThrow('longer than 1000 bytes');
    await expect(pieces('/never', { deadline: 200 })).rejects.toThrow(/abort|timeout/i);
    await expect(pieces('/inside', { redirects: 3 })).rejects.toThrow(HttpRefused);
    await expect(pieces('', { url: 'https://inside.example/hello' })).rejects.toThrow('not public');
  });

  it('gives up at the deadline, and at an answer that cannot be read', async () => {
    await expect(text(call('/never', { deadline: 200 }))).rejects.toThrow(/abort|timeout/i);
    await expect(text(call('/bad'))).rejects.toThrow();
  });

  it('follows redirects only when it was told to, and each is checked like the first address', async () => {
    expect((await http().request(call('/moved'))).status).toBe(302);
    expect(await text(call('/moved', { redirects: 3 }))).toBe('hello');
    const before = asked.length;
    for (const path of ['/inside', '/named-inside', '/plain', '/round']) {
      await expect(text(call(path, { redirects: 3 }))).rejects.toThrow(HttpRefused);
    }
    expect(asked.slice(before).every(({ url }) => url !== '/hello')).toBe(true);
    await expect(text(call('/moved', { method: 'POST', redirects: 1 }))).rejects.toThrow('Only GET');
  });

  it('tells another host nothing that was meant for the first', async () => {
    await text(call('/elsewhere', { redirects: 1, headers: { authorization: 'secret' } }));
    expect(asked.at(-1)).toMatchObject({ host: 'other.example' });
    expect(asked.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('connects to nobody whose name leads to a single address that is not public', async () => {
    for (const name of ['inside.example', 'half.example']) {
      await expect(text(call('', { url: `https://${name}/hello` }))).rejects.toThrow('not public');
    }
    await expect(text(call('', { url: 'https://unknown.example/' }))).rejects.toThrow('ENOTFOUND');
  });

  it('believes no certificate of another name', async () => {
    const lax = createHttp({
      resolve,
      connection: { port: (server.address() as AddressInfo).port },
      isPublic: () => true,
    });
    await expect(lax.request(call('/hello'))).rejects.toThrow(/certificate/i);
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'https://user:secret@example.com/',
    'https://',
    'javascript:alert(1)',
    '//example.com',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.01/',
    'https://127.1/',
    'https://0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://[fd00:ec2::254]/',
    'https://100.64.0.1/',
    'https://192.0.2.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ])('does not call %s', async (url) => {
    const never = createHttp({ resolve: (() => expect.unreachable()) as never });
    await expect(never.request(call('', { url, redirects: 1 }))).rejects.toThrow(HttpRefused);
  });
});

describe('an address is public', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const inside = fc.oneof(
    fc.tuple(fc.constantFrom('10', '127', '0'), octet, octet, octet).map((parts) => parts.join('.')),
    fc.tuple(octet, octet).map(([a, b]) => `192.168.${a}.${b}`),
    fc.tuple(fc.integer({ min: 16, max: 31 }), octet, octet).map(([a, b, c]) => `172.${a}.${b}.${c}`),
    fc.tuple(octet, octet).map(([a, b]) => `169.254.${a}.${b}`),
    fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet).map((parts) => parts.join('.')),
  );

  it('never when it is one of a private network, nor when it carries one', () => {
    fc.assert(
      fc.property(inside, (address) => {
        const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const carrier of [address, `::ffff:${address}`, `64:ff9b::${hex}`, `2002:${hex}::`, `::${hex}`]) {
          expect(isPublicAddress(carrier), carrier).toBe(false);
        }
      }),
    );
  });

  it('when it is handed out to somebody', () => {
    for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111'])
      expect(isPublicAddress(address)).toBe(true);
    for (const address of ['', 'example.com', '2001:db8::1', 'ff02::1', '100::1']) {
      expect(isPublicAddress(address)).toBe(false);
    }
  });
});
