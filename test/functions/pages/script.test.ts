import { beforeAll, describe, expect, it } from 'vitest';
import { builtScript } from '../../../functions/local/onsite-script.ts';
import { answerScript } from '../../../functions/pages/script.ts';
import { type Setting, setting } from '../../domain/setting.ts';

let world: Setting;
beforeAll(async () => {
  world = await setting();
});

const path = '/onsite/js/ABC123/klaviyo.js';
const ask = (method: string, at = path, headers: Record<string, string> = {}) =>
  answerScript(world.ports, { method, path: at, query: '', headers }, builtScript);

describe('the script of a company', () => {
  it('is a script that every page may load, small, with the company in it and nothing of ours left out', async () => {
    const { status, headers, body = '' } = await ask('GET');
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=600, stale-while-revalidate=86400',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[\w-]{43}"$/) as unknown,
    });
    expect(body).toContain(JSON.stringify({ company: 'ABC123', api: world.ports.settings.publicUrl }));
    expect(body).not.toMatch(/\brequire\(|\bimport[ (]|process\./);
    expect(Buffer.byteLength(body)).toBeLessThan(10_000);
  });

  it('is not sent again to who has it, compressed on the way or not', async () => {
    const { etag = '' } = (await ask('GET')).headers;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const { status, body, headers } = await ask('GET', path, { 'if-none-match': known });
      expect([status, body, headers['etag']]).toEqual([304, undefined, etag]);
    }
    expect((await ask('GET', path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('has a head', async () => {
    const { status, body, headers } = await ask('HEAD');
    expect([status, body]).toEqual([200, undefined]);
    expect(headers).toEqual((await ask('GET')).headers);
  });

  it('is there for no other company, and for no other path', async () => {
    const others = ['XyZ789', 'ABC123/', '__proto__', 'ABC123%2F..', ''].map((name) => `/onsite/js/${name}/klaviyo.js`);
    for (const at of [...others, '/onsite/js/ABC123/other.js', '/onsite/', `${path}/more`]) {
      const { status, headers } = await ask('GET', at);
      expect([at, status, headers['cache-control']]).toEqual([at, 404, 'no-store']);
    }
  });

  it('can only be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask(method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });
});
