// Bad input of every kind to every operation: a refusal that explains itself and changes nothing, or stored unchanged.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileValues, placesIn, withMembers, withText } from './hostile.ts';
import { parametersOf } from '../../shared/jsonapi/query/parse.ts';
import { expectAnswered, expectRefusal, expectRefused, stateOf } from './refusals.ts';
import { type Specimen, type Things, eventOf, furnish, metricNamed, sendSpecimen, specimenOf } from './specimens.ts';
import { type Stage, openStage, operations } from './stage.ts';

/** Random bodies of each operation; `RUNS=1000` for a long look. */
const runs = Number(process.env['RUNS'] ?? 20);

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
const named = operations.filter(({ path }) => path.includes('{id}'));
const withBody = operations.filter(({ body }) => body !== undefined);
const scopes = [...new Set(privates.flatMap((one) => one.scopes))].sort();

const specimen = (id: string) => specimenOf(id, things);
const post = (one: Specimen, body: unknown, headers: Record<string, string> = {}) =>
  sendSpecimen(stage, one, { body, headers });

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
    for (const attempt of attempts) await expectRefused(stage, attempt, 401);
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
    for (const query of [...bad, ...worse]) {
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
    const before = stateOf(stage);
    for (const name of all) {
      const one = specimenOf(id, things, name);
      const decoded = JSON.stringify(decodeURIComponent(name));
      const body = one.method === 'PATCH' ? withText(one.body, ['data', 'id'], decoded) : one.body;
      const answer = await sendSpecimen(stage, one, body ? { body } : {});
      expectRefusal(answer);
      // A decoded slash or question mark leads to another path, which may be there with other methods.
      expect([400, 404, 405]).toContain(answer.status);
    }
    expect(stateOf(stage)).toBe(before);
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
  const cursors = [
    'AAAA',
    '!',
    'http://x/?page[cursor]=%zz',
    'https://x/?page%5Bcursor%5D=AAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'http://x/',
    '%',
  ];

  it.each(operations)('of $id hold what is declared or are refused with its name', async (operation) => {
    const before = stateOf(stage);
    const one = specimen(operation.id);
    const refused = async (name: string, value: string) => {
      const text = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
      const answer = await sendSpecimen(stage, { ...one, query: one.query === '' ? text : `${one.query}&${text}` });
      expectRefusal(answer);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.source.parameter).toBe(name);
    };
    for (const name of ['nope', '__proto__', 'constructor', 'filter[]', 'fields', 'page', 'fields[nope]', 'Filter'])
      await refused(name, 'x');
    const declared = parametersOf(operation);
    const type = operation.query.fieldsOf?.[0]?.type ?? 'nope';
    for (const name of ['filter', 'sort', 'include', `fields[${type}]`, `additional-fields[${type}]`]) {
      for (const value of declared.includes(name) ? values : ['x']) await refused(name, value);
    }
    for (const size of ['0', '-1', '1.5', '1e2', '100000', ' 1', '0x10', '']) await refused('page[size]', size);
    for (const cursor of cursors) await refused('page[cursor]', cursor);
    for (const text of ['filter=%ff', '%ff=1', 'sort=created&sort=created', `nope=${'x'.repeat(10_000)}`]) {
      const answer = await sendSpecimen(stage, { ...one, query: one.query === '' ? text : `${one.query}&${text}` });
      expectRefusal(answer);
    }
    expect(stateOf(stage)).toBe(before);
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
    const before = stateOf(stage);
    const { path } = specimen(id);
    const fields = Object.entries(query.filter ?? {});
    for (const literal of [...literals, ...others, ...times]) {
      for (const [field, { operators }] of fields) {
        const operator = operators[literal.length % operators.length]!;
        const value = operator === 'any' ? `[${literal}]` : literal;
        const filter = `${operator}(${field},${value})`;
        const answer = await stage.send('GET', `${path}?filter=${encodeURIComponent(filter)}`);
        if (answer.status !== 200) expectRefusal(answer);
      }
    }
    expect(stateOf(stage)).toBe(before);
  });
});

describe('bodies', () => {
  it.each(withBody)('of $id that are no document', async ({ id }) => {
    const one = specimen(id);
    const bombs = ['['.repeat(200_000), '{"data":'.repeat(100_000), `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}`];
    const texts = [
      '',
      ' \n',
      '{',
      '{"data":}',
      'nul',
      "{'data':1}",
      '\ufeff{}',
      '[]',
      'null',
      '1',
      '"x"',
      'true',
      '{}',
    ];
    const documents = [
      '{"data":null}',
      '{"data":[]}',
      '{"data":{}}',
      '{"data":"x"}',
      '{"data":{"type":"x","attributes":{}}}',
    ];
    for (const text of [...bombs, ...texts, ...documents]) {
      // A list of no members is a list.
      if (text === '{"data":[]}' && id.endsWith('_list')) continue;
      const { errors } = await expectRefused(stage, () => post(one, text), 400);
      expect(errors[0]?.source.pointer).toMatch(/^\/data/);
    }
    await expectRefused(stage, () => post(one, `{"data":"${'x'.repeat(5 * 1024 * 1024)}"}`), 413);
  });

  it.each(withBody)('of $id that are not UTF-8', async ({ id }) => {
    const one = specimen(id);
    const { status } = await fetch(`${stage.url}${one.path}?${one.query}`, {
      method: one.method,
      headers: {
        authorization: `Klaviyo-API-Key ${stage.key}`,
        revision: '2026-07-15',
        'content-type': 'application/json',
      },
      body: Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(status).toBe(400);
  });

  const strays = [
    '"__proto__":{"polluted":true}',
    '"constructor":{"prototype":{"polluted":true}}',
    '"stray":1',
    '"\\ud800":1',
  ];
  it.each(withBody)('of $id with members that nobody asked for', async ({ id }) => {
    const one = specimen(id);
    const places = placesIn(one.body).filter((path) => typeof valueAt(one.body, path) === 'object');
    for (const path of places) {
      if (Array.isArray(valueAt(one.body, path))) continue;
      for (const members of strays) await expectAnswered(stage, () => post(one, withMembers(one.body, path, members)));
      // Of equal keys the last counts, everywhere the same.
      await expectAnswered(stage, () => post(one, withMembers(one.body, path, '"type":"x","type":"y"')));
    }
    for (const members of strays) {
      const { errors } = await expectRefused(stage, () => post(one, withMembers(one.body, ['data'], members)), 400);
      expect(errors[0]?.source.pointer).toMatch(/^\/data(\/|$)/);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(withBody)('of $id with anything in the place of anything', async ({ id }) => {
    const one = specimen(id);
    const swapped = fc
      .tuple(
        fc.constantFrom(...placesIn(one.body)),
        fc.oneof(fc.constantFrom(...hostileValues), fc.json({ maxDepth: 3 })),
      )
      .map(([path, text]) => withText(one.body, path, text));
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: swapped }, fc.json()), async (text) => {
        await expectAnswered(stage, () => post(one, text), text.slice(0, 2000));
      }),
      { numRuns: runs },
    );
  });

  it.each(withBody)('of $id with ids of any kind', async ({ id }) => {
    const one = specimen(id);
    const isId = (path: readonly string[]) => path.some((step) => /^(id|.*_ids?)$/.test(step));
    for (const path of placesIn(one.body).filter((path) => isId(path) && typeof valueAt(one.body, path) === 'string')) {
      for (const text of hostileValues.filter((value) => value.startsWith('"')))
        await expectAnswered(stage, () => post(one, withText(one.body, path, text)), `${path.join('/')} ${text}`);
    }
  });
});

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at, step) => (at as Record<string, unknown>)[step], value);
}

describe('an event that was answered 202', () => {
  async function readBack(person: string) {
    await stage.settle();
    const found = await stage.send(
      'GET',
      `/api/profiles?filter=${encodeURIComponent(`equals(external_id,"${person}")`)}`,
    );
    const events = await stage.send('GET', `/api/events?filter=equals(profile_id,"${found.many[0]?.id ?? ''}")`);
    return { profile: found.many[0], events: events.many };
  }

  it('is there, with the properties that were sent', async () => {
    let people = 0;
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('__proto__', 'constructor', 'toString', '', '$', '.'),
    );
    const bag = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(bag, bag, fc.string({ unit: 'binary', maxLength: 8 }), async (properties, own, name) => {
        const person = `person ${(people += 1)}`;
        const text = JSON.stringify(
          eventOf({ external_id: person, properties: '@own' }, { properties: '@event', unique_id: `u${name}` }),
        )
          .replace('"@own"', () => JSON.stringify(own))
          .replace('"@event"', () => JSON.stringify(properties));
        const { status } = await expectAnswered(stage, () => stage.send('POST', '/api/events', { body: text }));
        const { profile, events } = await readBack(person);
        if (status !== 202) {
          expect(events).toEqual([]);
          return;
        }
        const { $event_id: unique, ...shown } = events[0]?.attributes['event_properties'] as Record<string, unknown>;
        expect(unique).toBe(`u${name}`);
        expect(JSON.stringify(shown)).toBe(JSON.stringify(JSON.parse(JSON.stringify(properties))));
        expect(JSON.stringify(profile?.attributes['properties'])).toBe(JSON.stringify(JSON.parse(JSON.stringify(own))));
      }),
      { numRuns: runs },
    );
  });

  const sizes = [
    '0',
    '-0',
    '0.1',
    '9007199254740991',
    '-9007199254740991',
    '1e-130',
    '1.7976931348623157e-10',
    '9007199254740990.5',
  ];
  it.each(sizes)('has the value %s exactly', async (value) => {
    const person = `value ${value}`;
    const body = JSON.stringify(eventOf({ external_id: person }, { value: '@' })).replace('"@"', value);
    expect((await stage.send('POST', '/api/events', { body })).status).toBe(202);
    const { events } = await readBack(person);
    expect(events[0]?.attributes['event_properties']).toMatchObject({ $value: Number(value) + 0 });
  });

  it.each([
    '1e400',
    '9223372036854775808',
    '9007199254740992',
    '1e20',
    '1e308',
    '-1e20',
    '1e-131',
    '5e-324',
    '"1"',
    'true',
    '[1]',
  ])('never had the value %s', async (value) => {
    const body = JSON.stringify(eventOf({ email: things.email }, { value: '@' })).replace('"@"', value);
    const { errors } = await expectRefused(stage, () => stage.send('POST', '/api/events', { body }), 400);
    expect(errors[0]?.source.pointer).toBe('/data/attributes/value');
  });
});

it('events of several people are all refused when one names a profile that is not there', async () => {
  const group = (profile: object) => {
    const event = { type: 'event', attributes: { properties: {}, metric: metricNamed('Never Told'), unique_id: 'x' } };
    const attributes = { profile: { data: { type: 'profile', ...profile } }, events: { data: [event] } };
    return { type: 'event-bulk-create', attributes };
  };
  const groups = [group({ attributes: { email: 'first@example.com' } }), group({ id: 'nobody', attributes: {} })];
  const attributes = { 'events-bulk-create': { data: groups } };
  const body = { data: { type: 'event-bulk-create-job', attributes } };
  await expectRefused(stage, () => stage.send('POST', '/api/event-bulk-create-jobs', { body }), 404);
});

it('nothing that was accepted made work that fails, and nothing failed on our side', async () => {
  await stage.advance('8d');
  const { world } = stage.system;
  expect(world.givenUp).toEqual([]);
  for (const queue of ['segments', 'flows', 'messages', 'jobs'] as const) expect(world.deadLetters(queue)).toEqual([]);
  expect(stage.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
