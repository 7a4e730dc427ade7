// Bad bodies to every operation: a refusal that explains itself and changes nothing, or stored and read back unchanged.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileValues, placesIn, withMembers, withText } from './hostile.ts';
import { expectAnswered, expectRefused } from './refusals.ts';
import { shareOf } from './share.ts';
import { type Specimen, type Things, eventOf, furnish, metricNamed, sendSpecimen, specimenOf } from './specimens.ts';
import { type Stage, openStage, operations } from './stage.ts';

/** Random bodies of each operation; `RUNS=1000` for a long look. */
const runs = Number(process.env['RUNS'] ?? 5);

let stage: Stage;
let things: Things;

beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
});
afterAll(() => stage.close());

const withBody = operations.filter(({ body, media }) => body !== undefined && media === undefined);
const specimen = (id: string) => specimenOf(id, things);
const post = (one: Specimen, body: unknown) => sendSpecimen(stage, one, { body });

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
    for (const text of shareOf([...bombs, ...texts, ...documents], id)) {
      // A list of no links is a list.
      if (text === '{"data":[]}' && one.path.includes('/relationships/')) continue;
      const { errors } = await expectRefused(stage, () => post(one, text), 400);
      expect(errors[0]?.source.pointer).toMatch(/^\/data/);
    }
    for (const length of shareOf([5 * 1024 * 1024], id)) {
      await expectRefused(stage, () => post(one, `{"data":"${'x'.repeat(length)}"}`), 413);
    }
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
  expect(stage.givenUp()).toEqual([]);
  expect(stage.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
