import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type Listening, listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { millrace } from '../support/child.ts';
import { type Dynoxide, startDynoxide, whyNoDynoxide } from '../support/dynoxide.ts';

const idIn = (out: string) => out.split(/\s/)[0] ?? '';

describe('npx millrace, against the local system', () => {
  let local: Listening;
  beforeAll(async () => {
    local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
  });
  afterAll(() => local.close());

  it('prints the answer and ends with 0', async () => {
    const { code, out, err } = await millrace(['accounts', 'list', '--url', local.url]);
    expect({ code, out, err }).toEqual({ code: 0, out: `${seeded.account}  Beantown Coffee\n`, err: '' });
  });

  it('makes a key that the API takes', async () => {
    const given = ['keys', 'create', '--account', seeded.account, '--name', 'cli', '--scopes', 'full'];
    const { out } = await millrace([...given, `--url=${local.url}/`]);
    const headers = { authorization: `Klaviyo-API-Key ${idIn(out)}`, revision: '2026-07-15' };
    expect((await fetch(`${local.url}/api/accounts`, { headers })).status).toBe(200);
  });

  it.each([
    [['keys', 'list', '--account', 'NoSuch'], /NoSuch does not exist/],
    [['keys', 'revoke', 'nothing', '--account', seeded.account], /A key with id nothing does not exist/],
    [['keys', 'create', '--account', seeded.account], /--scopes is missing/],
    [['redrive', 'nothing'], /Name one of the queues/],
  ])('ends with 2 and says what is wrong with %j', async (given, reason) => {
    const { code, out, err } = await millrace([...given, '--url', local.url]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(reason);
    expect(err).not.toContain('    at ');
  });
});

describe('npx millrace, by itself', () => {
  const nowhere = 'http://127.0.0.1:9';

  it('ends with 2 and says how to start one when no local system answers', async () => {
    const { code, out, err } = await millrace(['accounts', 'list', '--url', nowhere]);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: `No local Millrace answers at ${nowhere}. Start one with: npm start\n`,
    });
  });

  it('tells its usage before it calls anyone', async () => {
    const { code, err } = await millrace(['accounts', 'destroy', '--url', nowhere]);
    expect(code).toBe(2);
    expect(err).toContain('millrace accounts create --name NAME');
  });

  it('tells its usage when asked, and ends with 0', async () => {
    const { code, out } = await millrace(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('millrace redrive QUEUE');
  });

  it('misses the value of an option', async () => {
    const { code, err } = await millrace(['accounts', 'list', '--table', '--account', 'x']);
    expect({ code, err }).toEqual({ code: 2, err: '--table needs a value.\n' });
  });

  it('puts dead letters of a deployed system back as the runbook says, without its table', async () => {
    const moved: unknown[] = [];
    const queues = createServer((request, response) => {
      void json(request).then((body) => {
        moved.push(body);
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"TaskHandle":"one"}');
      });
    });
    await new Promise<void>((done) => queues.listen(0, '127.0.0.1', done));
    const { port } = queues.address() as AddressInfo;
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:dead';
    const env = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const told = await millrace(['redrive', 'segments', '--dead-letters', arn], env);
    queues.close();
    expect(told).toEqual({ code: 0, out: 'SQS moves the dead letters of segments back.\n', err: '' });
    expect(moved).toEqual([{ SourceArn: arn }]);
  });

  it('misses the table of a deployed system', async () => {
    const { code, err } = await millrace(['accounts', 'list', '--dead-letters', 'arn']);
    expect({ code, err }).toEqual({ code: 2, err: '--table is missing: the name of the deployed table.\n' });
  });

  it('misses the dead-letter queue of a deployed system', async () => {
    const { code, err } = await millrace(['redrive', 'segments', '--table', 'millrace']);
    expect({ code, err }).toEqual({ code: 2, err: '--dead-letters ARN is missing.\n' });
  });
});

const missing = whyNoDynoxide();

describe.skipIf(missing !== undefined)(
  `npx millrace, against a deployed table${missing ? ` (${missing})` : ''}`,
  () => {
    let database: Dynoxide;
    let env: Record<string, string>;
    beforeAll(async () => {
      database = await startDynoxide('millrace-dev');
      const { hostname, port } = (await database.client.config.endpoint?.()) ?? { hostname: '', port: 0 };
      env = {
        AWS_ENDPOINT_URL: `http://${hostname}:${port}`,
        AWS_REGION: 'local',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      };
    });
    afterAll(() => database.stop());

    it('makes an account and keys, lists and revokes them', async () => {
      const deployed = (...args: string[]) => millrace([...args, '--table', database.tableName], env);
      expect((await deployed('accounts', 'list')).out).toBe('There are no accounts yet.\n');
      const made = await deployed('accounts', 'create', '--name', 'Roastery', '--sender', 'hi@roastery.example');
      const account = idIn(made.out);
      expect((await deployed('accounts', 'list')).out).toBe(`${account}  Roastery\n`);
      expect((await deployed('keys', 'list', '--account', account)).out).toBe('The account has no keys yet.\n');
      const key = await deployed(
        'keys',
        'create',
        '--account',
        account,
        '--name',
        'backend',
        '--scopes',
        'events:write',
      );
      expect(key.out).toMatch(/^pk_/);
      const revoked = await deployed('keys', 'revoke', 'backend', '--account', account);
      expect(revoked).toMatchObject({ code: 0, err: '' });
      expect((await deployed('keys', 'list', '--account', account)).out).toMatch(/backend {2}events:write {2}revoked/);
    });

    it('says so, without a trace, when there is no such account or table', async () => {
      const noAccount = ['keys', 'create', '--account', 'NoSuch', '--name', 'x', '--scopes', 'full'];
      expect(await millrace([...noAccount, '--table', database.tableName], env)).toEqual({
        code: 2,
        out: '',
        err: 'A account with id NoSuch does not exist.\n',
      });
      const noTable = await millrace(['accounts', 'list', '--table', 'elsewhere'], env);
      expect(noTable).toEqual({
        code: 2,
        out: '',
        err: 'There is no such table (or queue) in this AWS account and region.\n',
      });
    });
  },
);
