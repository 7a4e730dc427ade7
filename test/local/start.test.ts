import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type Running, start } from '../support/child.ts';
import { temporaryFolder } from '../support/local.ts';

let folder: ReturnType<typeof temporaryFolder>;
let started: Running[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const { process } of started) process.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  started = [];
  folder.remove();
});

function millrace(...args: string[]): Running {
  const running = start('functions/local/start.mjs', args);
  started.push(running);
  return running;
}

const urlIn = (out: string) => /API +(http:\S+)/.exec(out)?.[1] ?? '';

describe('npm start', () => {
  it('prints where it is, the key, the company, the inbox and a line to try that works as it stands', async () => {
    const out = await millrace('--port', '0', '--quiet').says('npm run demo');
    const url = urlIn(out);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(out).toContain(`Private key ${seeded.key}`);
    expect(out).toContain(`Company id  ${seeded.account}`);
    expect(out).toContain(`Inbox       ${url}/x/local/inbox`);
    expect(out).toContain('its data is gone when it ends');
    const [, target = '', ...given] = /curl -s (\S+) -H '([^']+)' -H '([^']+)'/.exec(out) ?? [];
    const headers = Object.fromEntries(given.map((line) => line.split(': ') as [string, string]));
    expect((await fetch(target, { headers })).status).toBe(200);
    const inbox = await fetch(`${url}/x/local/inbox`);
    expect(inbox.status).toBe(200);
    // A laptop that stands still for some seconds must not reset its clients' connections.
    expect(inbox.headers.get('keep-alive')).toBe('timeout=60');
    expect(await (await fetch(url)).text()).toContain(seeded.key);
  });

  it('ends at once and cleanly at Ctrl-C, and keeps its data when it is told where', async () => {
    const data = folder.inside('data');
    const first = millrace('--port', '0', '--quiet', '--data', data);
    const url = urlIn(await first.says('npm run demo'));
    const headers = {
      authorization: `Klaviyo-API-Key ${seeded.key}`,
      revision: '2026-07-15',
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ data: { type: 'profile', attributes: { email: 'ana@example.org' } } });
    expect((await fetch(`${url}/api/profiles`, { method: 'POST', headers, body })).status).toBe(201);
    first.process.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 0, err: '' });

    const second = millrace('--port', '0', '--quiet', '--data', data);
    const again = urlIn(await second.says(`data in ${data}`).then(() => second.says('npm run demo')));
    expect(await (await fetch(`${again}/api/profiles`, { headers })).text()).toContain('ana@example.org');
    // Killed like this nothing can be put in order.
    second.process.kill('SIGKILL');
    await second.ended;
    const third = millrace('--port', '0', '--quiet', '--data', data);
    const last = urlIn(await third.says('npm run demo'));
    expect(await (await fetch(`${last}/api/profiles`, { headers })).text()).toContain('ana@example.org');
    third.process.kill('SIGTERM');
    expect(await third.ended).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a folder that another one uses, and names who', async () => {
    const data = folder.inside('data');
    const first = millrace('--port', '0', '--quiet', '--data', data);
    await first.says('npm run demo');
    const { code, err } = await millrace('--port', '0', '--quiet', '--data', data).ended;
    expect(code).toBe(1);
    expect(err).toContain(`Process ${first.process.pid} is using ${data}`);
    expect(err).not.toContain('    at ');
  });

  it('tells its usage when asked, and ends with 0', async () => {
    expect(await millrace('--help').ended).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('--data DIR') as string,
    });
  });

  // Below /proc nothing can be made: Node's own way of making a whole path never comes back from there.
  it.each(['a file', '/proc/none/such'])('says so when it cannot keep data where it is told: %s', async (place) => {
    const file = folder.inside('file');
    writeFileSync(file, '');
    const data = place === 'a file' ? file : place;
    const { code, out, err } = await millrace('--port', '0', '--quiet', '--data', data).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^No data can be kept in .+; name a folder that you may write to\.\n$/);
  });

  it('hints at another port when its own is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await millrace('--port', String(port), '--quiet').ended;
    other.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`Port ${port} is taken; try: npm start -- --port ${port + 1}\n`);
  });

  it.each([
    ['--port', 'many', "--port takes a whole number from 0 to 65535, not 'many'."],
    ['--port', '70000', "--port takes a whole number from 0 to 65535, not '70000'."],
    ['--chaos', '', "--chaos takes a whole number from 0 to 4294967295, not ''."],
    ['--colour', 'red', "Unknown option '--colour'"],
  ])('says what is wrong with %s %s, and its usage', async (name, value, fault) => {
    const { code, err } = await millrace(name, value).ended;
    expect(code).toBe(2);
    expect(err).toContain(fault);
    expect(err).toContain('npm start -- [--port 3000] [--data DIR] [--quiet]');
  });
});
