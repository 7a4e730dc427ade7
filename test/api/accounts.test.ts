import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefusal } from './refusals.ts';
import { type Stage, openAccount, openStage, operations, refusalOf, revision } from './stage.ts';
import { targetName } from './target.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('the account', () => {
  it('is the one of the key', async () => {
    const { body } = await stage.sdk.accounts.getAccounts();
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({
      id: 'Bean01',
      attributes: {
        publicApiKey: 'Bean01',
        timezone: 'America/New_York',
        contactInformation: { organizationName: 'Beantown Coffee', defaultSenderEmail: 'hello@beantown.coffee' },
      },
    });
  });

  it('can be read by its id, in parts', async () => {
    const { body } = await stage.sdk.accounts.getAccount('Bean01', {
      fieldsAccount: ['timezone', 'contact_information.organization_name'],
    });
    expect(JSON.parse(JSON.stringify(body.data.attributes))).toEqual({
      timezone: 'America/New_York',
      contactInformation: { organizationName: 'Beantown Coffee' },
    });
  });

  it('is no other than that', async () => {
    const other = await openAccount(stage, 'Other');
    expect(await refusalOf(stage.sdk.accounts.getAccount(other.id))).toMatchObject({ status: 404 });
    const { body } = await stage.sdkWith(other.key).accounts.getAccounts();
    expect(body.data.map(({ id }) => id)).toEqual([other.id]);
  });
});

describe('keys', () => {
  it('are made, listed by their hint and revoked: refused within a minute', async () => {
    const key = await stage.newKey('accounts:read,lists:read');
    const { accounts } = stage.sdkWith(key);
    expect((await accounts.getAccounts()).response.status).toBe(200);
    const listed = await stage.command('keys', 'list', '--account', 'Bean01');
    expect(listed).not.toContain(key);
    const hint =
      listed
        .split('\n')
        .find((line) => line.includes('lists:read'))
        ?.split(' ')[0] ?? '';
    expect(hint).toContain(key.slice(-4));
    await stage.command('keys', 'revoke', hint, '--account', 'Bean01');
    await stage.advance('61s');
    const { status, errors } = await refusalOf(accounts.getAccounts());
    expect(status).toBe(401);
    expect(errors[0]?.code).toBe('authentication_failed');
  });

  it('do no more than their scopes', async () => {
    const { lists, accounts } = stage.sdkWith(await stage.newKey('lists:read'));
    expect((await lists.getLists()).response.status).toBe(200);
    expect(await refusalOf(accounts.getAccounts())).toMatchObject({
      status: 403,
      errors: [{ code: 'permission_denied', detail: expect.stringContaining('accounts:read') as string }],
    });
    const made = refusalOf(lists.createList({ data: { type: 'list', attributes: { name: 'x' } } }));
    expect(await made).toMatchObject({ status: 403 });
  });

  it('are not echoed', async () => {
    const answer = await stage.send('GET', '/api/accounts', { key: 'pk_wrong_and_secret' });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain('wrong_and_secret');
    expect(stage.logged.join('\n')).not.toContain('wrong_and_secret');
  });
});

describe('every answer', () => {
  it('is JSON:API, with absolute links and the id of the request in its errors', async () => {
    const found = await stage.send('GET', '/api/accounts?fields[account]=timezone');
    expect(found.headers.get('content-type')).toBe('application/vnd.api+json');
    expect(found.links).toEqual({
      self: `${stage.url}/api/accounts/?fields%5Baccount%5D=timezone`,
      next: null,
      prev: null,
    });
    expect(found.many[0]?.links).toEqual({ self: `${stage.url}/api/accounts/Bean01/` });
    expectRefusal(await stage.send('GET', '/api/accounts/nobody'));
  });

  it('is the same with a trailing slash', async () => {
    const targets = ['/api/accounts', '/api/accounts/Bean01', '/api/lists', '/api/profiles'];
    for (const target of targets) {
      const [plain, slashed] = await Promise.all([stage.send('GET', target), stage.send('GET', `${target}/`)]);
      expect(plain.status).toBe(200);
      expect(slashed.text).toBe(plain.text);
    }
    expect(
      (await stage.send('POST', '/api/lists/', { body: { data: { type: 'list', attributes: { name: 'x' } } } })).status,
    ).toBe(201);
  });

  it('needs a revision that there is; earlier ones are answered as the newest', async () => {
    const ask = (headers: Record<string, string>) => stage.send('GET', '/api/accounts', { headers });
    expect((await ask({ revision: '2024-10-15' })).status).toBe(200);
    expect((await ask({ revision: `${revision}.pre` })).status).toBe(200);
    const { status, errors } = await ask({ revision: '2999-01-01' });
    expect([status, errors[0]?.code]).toEqual([400, 'invalid_revision']);
    const opted = await ask({ revision: '2024-10-15', 'x-klaviyo-revision-fall-forward-opt-out': '1' });
    expect([opted.status, opted.errors[0]?.code]).toEqual([410, 'gone']);
    const bare = await fetch(`${stage.url}/api/accounts`, {
      headers: { authorization: `Klaviyo-API-Key ${stage.key}` },
    });
    expect(bare.status).toBe(400);
  });

  // Of several containers each counts for itself.
  it.skipIf(targetName !== 'memory')(
    'says how many calls are left where the account counts them, and 429 when none is',
    async () => {
      const { id, key } = await openAccount(stage, 'Counting');
      await stage.command('accounts', 'set', '--account', id, '--rate-limits', 'on');
      await stage.advance('2m');
      const ask = (path: string) => stage.send('GET', path, { key });
      const first = await ask('/api/lists');
      expect(first.status).toBe(200);
      expect(first.headers.get('ratelimit-limit')).toBe('750');
      expect(first.headers.get('ratelimit-remaining')).toBe('749');
      expect((await stage.send('GET', '/api/lists')).headers.has('ratelimit-limit')).toBe(false);
      expect((await ask('/api/accounts')).status).toBe(200);
      const refused = await ask('/api/accounts');
      expect([refused.status, refused.errors[0]?.code]).toEqual([429, 'throttled']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.has('ratelimit-limit')).toBe(false);
      await stage.advance('1s');
      expect((await ask('/api/accounts')).status).toBe(200);
    },
  );

  it('to a path that is not there is 404, and 405 to a method that it does not take, with those that it does', async () => {
    for (const path of ['/api/nothing', '/api/accounts/Bean01/nothing', '/api/profiles//lists', '/x/nothing']) {
      const answer = await stage.send('GET', path);
      expect(answer.status).toBe(404);
      expectRefusal(answer);
    }
    const methods = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'];
    const paths = new Map<string, string[]>();
    for (const { path, method, auth } of operations)
      if (auth === 'private') paths.set(path, [...(paths.get(path) ?? []), method]);
    for (const [path, taken] of paths) {
      for (const method of methods.filter((one) => !taken.includes(one))) {
        const answer = await stage.send(method, path.replace('{id}', 'x'));
        expect(answer.status, `${method} ${path}`).toBe(405);
        expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(taken.toSorted());
        expectRefusal(answer);
      }
    }
  });

  it('to browsers may be read by any page, and needs no revision', async () => {
    const preflight = await stage.send('OPTIONS', '/client/profiles', {
      key: null,
      headers: { origin: 'https://shop.example' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
    const refused = await stage.send('POST', '/client/profiles', { key: null, body: {} });
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    const own = await stage.send('OPTIONS', '/api/accounts', { key: null });
    expect(own.headers.has('access-control-allow-origin')).toBe(false);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'accounts'));
