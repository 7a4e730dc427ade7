import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../functions/local/running.ts';
import { listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { start } from '../support/child.ts';

let close: () => unknown = () => undefined;
afterEach(() => close());

async function another(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const page: RequestListener = (_, response) => void response.end('<!doctype html><title>My shop</title>');

describe('a running Millrace', () => {
  it('is known by its clock', async () => {
    const running = await listen(0, (publicUrl) => createSystem({ publicUrl, real: false }));
    ({ close } = running);
    expect(await isRunning(running.url)).toBe(true);
  });

  it.each<[string, RequestListener]>([
    ['answers everything with a page', page],
    ['answers with other JSON', (_, response) => void response.end('{"now":7}')],
    ['never answers', () => undefined],
    ['stops in the middle of its answer', (_, response) => void response.write('{"now"')],
  ])('is not a program that %s', async (_, answer) => {
    expect(await isRunning(await another(answer), 200)).toBe(false);
  });
});

it('npm run demo says so when what it is pointed at is something else', async () => {
  const url = await another(page);
  const { code, err } = await start('functions/local/demo.ts', ['--url', url]).ended;
  expect(code).not.toBe(0);
  expect(err).toContain(`No local Millrace answers at ${url}; start one with: npm start`);
});
