// Bad callers, headers, ids and queries to every operation: a refusal that explains itself and changes nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withText } from './hostile.ts';
import { parametersOf } from '../../shared/jsonapi/query/parse.ts';
import { expectAnswered, expectRefusal, expectRefused } from './refusals.ts';
import { shareOf } from './share.ts';
import { type Things, furnish, sendSpecimen, specimenOf } from './specimens.ts';
import { type Stage, openStage, operations } from './stage.ts';

let stage: Stage;
let things: Things;
let revoked: string;

beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
  revoked = await stage.newKey('profiles:read');
  await stage.command('keys', 'revoke', 'profiles:read', '--account', 'Bean01');
});
afterAll(() => stage.close());

const privates = operations.filter(({ auth }) => auth === 'private');
const publics = operations.filter(({ auth }) => auth === 'public');
const named = operations.filter(({ path }) => path.includes('{'));
const scopes = [...new Set(privates.flatMap((one) => one.scopes))].sort();

const specimen = (id: string) => specimenOf(id, things);

describe('callers', () => {
  it.each(privates)('of $id need a key that is good', async ({ id }) => {
    const one = specimen(id);
    const asWith = (authorization: string) => () => sendSpecimen(stage, one, { key: null, headers: { authorization } });
    const attempts = [
      () => sendSpecimen(stage, one, { key: null }),
      ...[
        'pk_garbage',
        revoked,
        things.account,
        `${stage.key}x`,
        `${stage.key} ${stage.key}`,
        '',
        'x'.repeat(5000),
      ].map((key) => () => sendSpecimen(stage, one, { key })),
      asWith(`Bearer ${stage.key}`),
      asWith(`Basic ${Buffer.from(`${stage.key}:`).toString('base64')}`),
      asWith(stage.key),
      asWith(`Klaviyo-API-Key ${stage.key}, Klaviyo-API-Key ${stage.key}`),
      () => sendSpecimen(stage, { ...one, query: `api_key=${stage.key}` }, { key: null }),
      () => sendSpecimen(stage, { ...one, query: `company_id=${things.account}` }, { key: null }),
    ];
    for (const attempt of shareOf(attempts, id)) await expectRefused(stage, attempt, 401);
  });

  it('with a key of all scopes but one reach exactly what does not need it', async () => {
    // Removing comes last, so that there is something to reach.
    const inOrder = privates.toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
    for (const scope of scopes) {
      const key = await stage.newKey(scopes.filter((one) => one !== scope).join(','));
      for (const { id, scopes: needed, method } of inOrder) {
        const ask = () => sendSpecimen(stage, specimen(id), { key });
        if (needed.includes(scope)) {
          const { errors } = await expectRefused(stage, ask, 403);
          expect(errors[0]?.detail).toContain(scope);
        } else if (method === 'GET') expect((await ask()).status, id).toBe(200);
      }
    }
  });

  it('with a key of exactly its scopes may call an operation', async () => {
    for (const { id, scopes: needed, method } of privates) {
      const key = await stage.newKey(needed.join(','));
      const one = method === 'DELETE' ? specimenOf(id, things, 'nothing') : specimen(id);
      const { status } = await expectAnswered(stage, () => sendSpecimen(stage, one, { key }));
      expect([401, 403]).not.toContain(status);
    }
  });

  it.each(publics)('of $id name a company that exists', async ({ id }) => {
    const one = specimen(id);
    const bad = ['', 'company_id=', 'company_id=nobody', 'company_id=bean01', `company_id=${stage.key}`];
    const worse = [
      `company_id=${'x'.repeat(5000)}`,
      'company_id=Bean01&company_id=Bean01',
      'company_id=%ff',
      'company_id=%00',
    ];
    for (const query of shareOf([...bad, ...worse], id)) {
      const { errors } = await expectRefused(stage, () => sendSpecimen(stage, { ...one, query }, { key: null }), 400);
      expect(errors[0]?.source.parameter).toBe('company_id');
    }
  });
});

describe('headers', () => {
  it.each(operations)('of $id', async ({ id, auth, body }) => {
    const one = specimen(id);
    const refused = (headers: Record<string, string>, status: number) =>
      expectRefused(stage, () => sendSpecimen(stage, one, { headers }), status);
    for (const revision of ['latest', '2026-02-30', '2999-01-01', 'x'.repeat(3000)]) await refused({ revision }, 400);
    if (auth === 'private') await refused({ revision: '' }, 400);
    await refused({ accept: 'text/html' }, 406);
    if (!body) return;
    const types = [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
    ];
    for (const type of types) await refused({ 'content-type': type }, 415);
  });
});

describe('ids in paths', () => {
  const odd = [
    'nothing',
    '%00',
    '%EF%BF%BE',
    '__proto__',
    'constructor',
    '..%2F..',
    '%2523',
    'a%23b',
    '%20',
    '%25zz',
    'a%3Fb',
    '%7B%7D',
  ];
  const all = [...odd, '%27%22%3Cscript%3E', 'x'.repeat(3000), '%F0%9F%98%80'.repeat(600), 'A%23P%23B', '%E2%80%AE'];
  it.each(named)('of $id name nothing that is not there', async ({ id }) => {
    const before = await stage.digest();
    for (const name of shareOf(all, id)) {
      const one = specimenOf(id, things, name);
      const decoded = JSON.stringify(decodeURIComponent(name));
      const body = one.method === 'PATCH' ? withText(one.body, ['data', 'id'], decoded) : one.body;
      const answer = await sendSpecimen(stage, one, body ? { body } : {});
      expectRefusal(answer);
      // A decoded slash or question mark leads to another path, which may be there with other methods.
      expect([400, 404, 405]).toContain(answer.status);
    }
    expect(await stage.digest()).toBe(before);
  });

  it('are refused by the gateway when they are not UTF-8', async () => {
    for (const bad of ['%', '%zz', '%ED%A0%80', '%ff']) {
      expect((await stage.send('GET', `/api/profiles/${bad}`)).status).toBe(400);
    }
  });
});

describe('queries', () => {
  const oddities = [
    '(',
    'x',
    'equals(',
    'equals(x,"y")',
    '('.repeat(50),
    'and(',
    'not(equals(id,"x"))',
    'equals(__proto__,"x")',
  ];
  const values = [
    ...oddities,
    'equals(constructor,"x")',
    '--created',
    '-',
    '1e3',
    '-1',
    '0',
    '\ufffe',
    '\u0000',
    '\u{1f600}',
    "';--",
    '[]',
    'a'.repeat(9000),
    Array(150).fill('equals(id,"x")').join(),
  ];
  const unknown = ['nope', '__proto__', 'constructor', 'filter[]', 'fields', 'page', 'fields[nope]', 'Filter'];
  const sizes = ['0', '-1', '1.5', '1e2', '100000', ' 1', '0x10', ''];
  const cursors = [
    'AAAA',
    '!',
    'http://x/?page[cursor]=%zz',
    'https://x/?page%5Bcursor%5D=AAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'http://x/',
    '%',
  ];

  it.each(operations)('of $id hold what is declared or are refused with its name', async (operation) => {
    const before = await stage.digest();
    const one = specimen(operation.id);
    const refused = async (name: string, value: string) => {
      const text = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
      const answer = await sendSpecimen(stage, { ...one, query: one.query === '' ? text : `${one.query}&${text}` });
      expectRefusal(answer);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.source.parameter).toBe(name);
    };
    for (const name of shareOf(unknown, operation.id)) await refused(name, 'x');
    const declared = parametersOf(operation);
    const type = operation.query.fieldsOf?.[0]?.type ?? 'nope';
    for (const name of ['filter', 'sort', 'include', `fields[${type}]`, `additional-fields[${type}]`]) {
      for (const value of declared.includes(name) ? shareOf(values, operation.id) : ['x']) await refused(name, value);
    }
    for (const size of shareOf(sizes, operation.id)) await refused('page[size]', size);
    for (const cursor of shareOf(cursors, operation.id)) await refused('page[cursor]', cursor);
    for (const text of ['filter=%ff', '%ff=1', 'sort=created&sort=created', `nope=${'x'.repeat(10_000)}`]) {
      const answer = await sendSpecimen(stage, { ...one, query: one.query === '' ? text : `${one.query}&${text}` });
      expectRefusal(answer);
    }
    expect(await stage.digest()).toBe(before);
  });

  const literals = [
    '""',
    '"x"',
    '"\\ud800"',
    '"\\u0000"',
    '"__proto__"',
    '"constructor"',
    '"a#b%"',
    `"${'x'.repeat(3000)}"`,
    `"${'😀'.repeat(700)}"`,
  ];
  const others = ['1', '-1', '1e99', '99999999999999999999', 'true', 'null', '2026-02-30', '2026-01-01'];
  const times = [
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '0001-01-01T00:00:00+23:59',
    '1969-12-31T23:59:59Z',
  ];
  const filtered = operations.filter(({ query }) => query.filter);
  it.each(filtered)('of $id take any literal in every filter', async ({ id, query }) => {
    const before = await stage.digest();
    const { path } = specimen(id);
    const fields = Object.entries(query.filter ?? {});
    for (const literal of shareOf([...literals, ...others, ...times], id)) {
      for (const [field, { operators }] of fields) {
        const operator = operators[literal.length % operators.length]!;
        const value = operator === 'any' ? `[${literal}]` : literal;
        const filter = `${operator}(${field},${value})`;
        const answer = await stage.send('GET', `${path}?filter=${encodeURIComponent(filter)}`);
        if (answer.status !== 200) expectRefusal(answer);
      }
    }
    expect(await stage.digest()).toBe(before);
  });
});

it('nothing failed on our side', () => {
  expect(stage.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
