import { beforeEach, describe, expect, it } from 'vitest';
import { apiService } from '../../../shared/domain/events/index.ts';
import { createProfile, findProfile, forget } from '../../../shared/domain/identity/index.ts';
import type { StateItem } from '../../../shared/storage/items.ts';
import { stateKey } from '../../../shared/storage/patterns.ts';
import { type Answer, type Setting, eventBody, known, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const email = 'ann@example.com';
const metric = (name: string) => ({ metric: { data: { type: 'metric', attributes: { name } } } });
const events = () => world.store.dump().filter((item) => item.kind === 'event').length;
const post = (profile: object, rest: object = {}) => world.call('POST', '/api/events', eventBody(profile, rest));

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) };
}

describe('POST /api/events', () => {
  it('answers 202, makes the profile and keeps what is said of it', async () => {
    const profile = { email, first_name: 'Ann', meta: { patch_properties: { append: { tags: 'a' } } } };
    expect((await post(profile)).status).toBe(202);
    const item = await findProfile(world.ports, world.account, { email });
    expect(item).toMatchObject({ attributes: '{"first_name":"Ann"}', properties: '{"tags":["a"]}' });
    expect(events()).toBe(1);
  });

  it.each([
    ['no identifier', {}, {}, '/data/attributes/profile/data/attributes'],
    ['a bad email', { email: 'x' }, {}, '/data/attributes/profile/data/attributes/email'],
    [
      'a bad number, also beside an address',
      { email, phone_number: '12' },
      {},
      '/data/attributes/profile/data/attributes/phone_number',
    ],
    ['no properties', { email }, { properties: undefined }, '/data/attributes/properties'],
    ['a time a second beyond a year', { email }, { time: '2027-01-01T00:00:01Z' }, '/data/attributes/time'],
    ['a time in 1989', { email }, { time: '1989-12-31T23:59:59Z' }, '/data/attributes/time'],
    ['a time in seconds', { email }, { time: 1767225600 }, '/data/attributes/time'],
    ['a time in seconds as a text', { email }, { time: '1767225600' }, '/data/attributes/time'],
    ['a day that there is not', { email }, { time: '2025-02-29T00:00:00Z' }, '/data/attributes/time'],
    ['a value as a text', { email }, { value: '9.5' }, '/data/attributes/value'],
    ['a value of true', { email }, { value: true }, '/data/attributes/value'],
    ['a currency of a sign', { email }, { value_currency: 'US$' }, '/data/attributes/value_currency'],
    [
      'consent in a profile',
      { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } } },
      {},
      '/data/attributes/profile/data/attributes/subscriptions',
    ],
    [
      'a metric name of 128 characters',
      { email },
      metric('x'.repeat(128)),
      '/data/attributes/metric/data/attributes/name',
    ],
    ['an empty unique id', { email }, { unique_id: '' }, '/data/attributes/unique_id'],
    ['a unique id of 256 characters', { email }, { unique_id: 'x'.repeat(256) }, '/data/attributes/unique_id'],
    ['a currency of four letters', { email }, { value_currency: 'EURO' }, '/data/attributes/value_currency'],
    ['a value beyond 2^53', { email }, { value: 1e20 }, '/data/attributes/value'],
    ['a value below 1e-130', { email }, { value: -5e-324 }, '/data/attributes/value'],
    ['nesting of 11 levels', { email }, { properties: nested(11) }, undefined],
    [
      'an array of 4001 entries',
      { email },
      { properties: { a: Array(4001).fill(0) } },
      '/data/attributes/properties/a',
    ],
    ['a string over 100 KB', { email }, { properties: { a: 'x'.repeat(102_401) } }, '/data/attributes/properties/a'],
    [
      'a string over 100 KB in UTF-8',
      { email },
      { properties: { a: ['é'.repeat(51_201)] } },
      '/data/attributes/properties/a/0',
    ],
    ['a key over 100 KB', { email }, { properties: { ['é'.repeat(51_201)]: 1 } }, '/data/attributes/properties'],
    [
      'an array of 4001 entries, further in',
      { email },
      { properties: { a: { b: Array(4001).fill(0) } } },
      '/data/attributes/properties/a/b',
    ],
    [
      '401 properties',
      { email },
      { properties: Object.fromEntries(Array.from({ length: 401 }, (_, n) => [`p${n}`, n])) },
      '/data/attributes/properties',
    ],
  ])('refuses %s, says where, and writes nothing', async (_name, profile, rest, pointer) => {
    const before = world.store.dump().length;
    const { status, errors } = await post(profile, rest);
    expect(status).toBe(400);
    if (pointer !== undefined) expect(errors[0]?.source).toEqual({ pointer });
    expect(world.store.dump()).toHaveLength(before);
  });

  it.each([
    ['the time in a year', { time: '2027-01-01T00:00:00Z' }],
    ['the first second of 1990', { time: '1990-01-01T00:00:00Z' }],
    ['no time, value, currency, id', { time: null, value: null, value_currency: null, unique_id: null }],
    ['a negative value', { value: -9.5 }],
    ['a value of 0', { value: 0 }],
    ['the largest value', { value: Number.MAX_SAFE_INTEGER }],
    ['a currency without a value, in small letters', { value_currency: 'eur' }],
    ['a metric name of 127 characters', metric('x'.repeat(127))],
    ['a unique id of 255 characters', { unique_id: 'x'.repeat(255) }],
    ['nesting of 10 levels', { properties: nested(10) }],
    ['an array of 4000 entries', { properties: { a: Array(4000).fill(0) } }],
    ['a string of 100 KB', { properties: { a: 'x'.repeat(102_400) } }],
    ['a string of 100 KB in UTF-8', { properties: { a: 'é'.repeat(51_200) } }],
    ['a key of 100 KB', { properties: { ['x'.repeat(102_400)]: 1 } }],
    ['400 properties that have more inside', { properties: { a: Object.fromEntries(Array(401).entries()) } }],
    ['400 properties', { properties: Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`p${n}`, n])) }],
  ])('takes %s', async (_name, rest) => {
    expect((await post({ email }, rest)).status).toBe(202);
    expect(events()).toBe(1);
  });

  it('takes a request of 5 MB and refuses one of a byte more', async () => {
    const notes = Array<string>(50).fill('x'.repeat(102_400));
    const text = JSON.stringify(eventBody({ email }, { properties: { notes } }));
    const megabytes = 5 * 1024 * 1024;
    expect(text.length).toBeLessThan(megabytes);
    expect((await world.call('POST', '/api/events', text.padEnd(megabytes + 1))).status).toBe(413);
    expect(events()).toBe(0);
    expect((await world.call('POST', '/api/events', text.padEnd(megabytes))).status).toBe(202);
    expect(events()).toBe(1);
  });

  it('takes a profile of 95 KB and refuses one of a byte more', async () => {
    const whole = { attributes: { email, properties: { a: '' } } };
    const room = 95 * 1024 - JSON.stringify(whole).length;
    const more = await post({ email, properties: { a: 'x'.repeat(room + 1) } });
    expect([more.status, more.errors[0]?.source]).toEqual([413, { pointer: '/data/attributes/profile/data' }]);
    expect(events()).toBe(0);
    expect((await post({ email, properties: { a: 'x'.repeat(room) } })).status).toBe(202);
  });

  it.each([
    ['2025-12-01T10:20:30.999Z', '2025-12-01T10:20:30+00:00'],
    ['2025-12-01T10:20:30', '2025-12-01T10:20:30+00:00'],
    ['2025-12-01 10:20:30', '2025-12-01T10:20:30+00:00'],
    ['2025-12-01T10:20:30+05:45', '2025-12-01T04:35:30+00:00'],
    ['2025-12-01', '2025-12-01T00:00:00+00:00'],
    [undefined, '2026-01-01T00:00:00+00:00'],
  ])('takes the time %s for %s', async (time, shown) => {
    await post({ email }, { time });
    const { many } = await world.call('GET', '/api/events');
    expect(many.map(({ attributes }) => attributes.datetime)).toEqual([shown]);
    const { $event_id: unique } = many[0]?.attributes.event_properties as Record<string, unknown>;
    expect(unique).toBe(String(Date.parse(shown) / 1000));
  });

  it('never strips a known person of an identifier', async () => {
    await createProfile(world.ports, world.account, known({ email, external_id: '1' }));
    expect((await post({ external_id: '1', email: null, phone_number: null })).status).toBe(202);
    expect(await findProfile(world.ports, world.account, { email })).toMatchObject({ email });
  });

  it('keeps hostile properties as they were sent', async () => {
    const hostile = '{"__proto__":{"admin":true},"constructor":{"name":"Set"},"\\ufffe":"\\uffff\\u0000"}';
    const text = JSON.stringify(eventBody({ email }, { unique_id: '1' })).replace(
      '"properties":{}',
      `"properties":${hostile}`,
    );
    expect((await world.call('POST', '/api/events', text)).status).toBe(202);
    const id = await metricIdOf(world.ports, world.account, { name: 'Placed Order', service: apiService });
    const shown = await world.call('GET', `/api/events?filter=equals(metric_id,"${id}")`);
    const { $event_id: unique, ...properties } = shown.many[0]?.attributes.event_properties as Record<string, unknown>;
    expect(unique).toBe('1');
    expect(JSON.stringify(properties)).toBe(JSON.stringify(JSON.parse(hostile)));
  });
});

async function annId(): Promise<string> {
  return (await findProfile(world.ports, world.account, { email }))?.id ?? '';
}

describe('POST /api/event-bulk-create-jobs', () => {
  const group = (profile: object, uniqueIds: string[], rest: object = {}) => ({
    type: 'event-bulk-create',
    attributes: {
      profile: { data: { type: 'profile', attributes: profile } },
      events: {
        data: uniqueIds.map((unique_id) => ({
          type: 'event',
          attributes: { properties: {}, unique_id, ...metric('Placed Order') },
        })),
      },
      ...rest,
    },
  });
  const bulk = (...groups: object[]) =>
    world.call('POST', '/api/event-bulk-create-jobs', {
      data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data: groups } } },
    });

  it('records the events of several profiles, each once, however often they are sent', async () => {
    const groups = [
      group({ email }, ['1', '2', '2']),
      group({ email: 'bob@example.com' }, ['1'], { backfill: true }),
      group({ email }, ['3', '1']),
    ];
    expect((await bulk(...groups)).status).toBe(202);
    expect((await bulk(...groups)).status).toBe(202);
    expect(events()).toBe(4);
    const backfilled = world.store.dump().filter((item) => 'backfill' in item);
    expect(backfilled).toHaveLength(1);
    const event = (unique_id: string, backfill?: boolean) => ({
      type: 'event',
      attributes: { properties: {}, unique_id, backfill, ...metric('Placed Order') },
    });
    const told = { events: { data: [event('4', false), event('5', true), event('6')] } };
    for (const backfill of [true, false])
      await bulk(group({ email: `${backfill}@example.com` }, [], { ...told, backfill }));
    const ids = world.store
      .dump()
      .flatMap((item) => ('backfill' in item ? [(item as { unique_id?: string }).unique_id] : []));
    expect(ids.toSorted()).toEqual(['1', '5', '5', '6']);
  });

  it('takes a group without events beside others for what it says of its person, who may have been forgotten', async () => {
    const bob = { email: 'bob@example.com' };
    const { ports, account } = world;
    await forget(ports, account, (await createProfile(ports, account, known(bob))).id);
    world.clock.advance(1000);
    expect((await bulk(group({ email }, ['1']), group({ ...bob, first_name: 'Bob' }, []))).status).toBe(202);
    expect((await findProfile(ports, account, bob))?.attributes).toBe('{"first_name":"Bob"}');
  });

  it('writes nothing when one of them is bad or there are more than 1,000', async () => {
    const { status, errors } = await bulk(group({ email }, ['1']), group({ email: 'x' }, ['1']));
    expect(status).toBe(400);
    expect(errors[0]?.source).toEqual({
      pointer: '/data/attributes/events-bulk-create/data/1/attributes/profile/data/attributes/email',
    });
    const bad = group({ email }, ['1', '2', '']);
    const third = await bulk(group({ email }, ['1']), bad);
    expect(third.errors[0]?.source).toEqual({
      pointer: '/data/attributes/events-bulk-create/data/1/attributes/events/data/2/attributes/unique_id',
    });
    const many = Array.from({ length: 1001 }, (_, n) => String(n));
    expect((await bulk(group({ email }, many))).status).toBe(400);
    expect((await bulk(group({ email }, many.slice(1)), group({ email }, ['other']))).status).toBe(400);
    expect((await bulk(group({ email }, []))).status).toBe(400);
    expect(events()).toBe(0);
    expect((await bulk(group({ email }, many.slice(1)))).status).toBe(202);
    expect(events()).toBe(1000);
  });
});

describe('GET /api/events', () => {
  const times = ['2025-12-01T00:00:00Z', '2025-12-01T00:00:00Z', '2025-12-02T00:00:00Z', '2025-12-03T12:00:00+12:00'];

  /** Twelve events: three people, two metrics, two at the same second. */
  async function history(): Promise<void> {
    for (const who of ['a', 'b', 'c']) {
      for (const [n, time] of times.entries()) {
        await post({ external_id: who }, { time, unique_id: String(n), ...metric(n % 2 === 0 ? 'Even' : 'Odd') });
      }
    }
  }

  async function walk(target: string): Promise<string[]> {
    const found: string[] = [];
    let next: string | undefined = target;
    while (next !== undefined) {
      const page: Answer = await world.call('GET', next);
      expect(page.status).toBe(200);
      found.push(...page.many.map(({ id }) => id));
      next = page.next;
    }
    return found;
  }

  const metricNamed = (name: string) => metricIdOf(world.ports, world.account, { name, service: apiService });

  it('walks all events by time, each once', async () => {
    await history();
    const newest = await walk('/api/events?page[size]=5');
    expect(new Set(newest).size).toBe(12);
    expect(await walk('/api/events?page[size]=5&sort=datetime')).toEqual(newest.toReversed());
    const { many } = await world.call('GET', '/api/events');
    const seconds = many.map(({ attributes }) => attributes.timestamp as number);
    expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
  });

  it('finds by metric and by time', async () => {
    await history();
    const odd = await metricNamed('Odd');
    const count = async (filter: string) => (await walk(`/api/events?page[size]=2&filter=${filter}`)).length;
    expect(await count(`equals(metric_id,"${odd}")`)).toBe(6);
    expect(await count('equals(metric_id,"nowhere")')).toBe(0);
    expect(await count('greater-than(datetime,2025-12-02T00:00:00Z)')).toBe(3);
    expect(await count('greater-or-equal(datetime,2025-12-02T00:00:00Z)')).toBe(6);
    expect(await count('less-than(datetime,2025-12-02T00:00:00.500Z)')).toBe(9);
    expect(await count('less-or-equal(timestamp,1764547200)')).toBe(6);
    expect(await count('less-than(timestamp,1764547200)')).toBe(0);
    expect(await count('less-than(timestamp,99999999999999999)')).toBe(12);
    expect(await count(`has(profile),has(metric),equals(metric_id,"${odd}"),less-than(timestamp,1764547201)`)).toBe(3);
  });

  it('walks the events of a profile over its metrics', async () => {
    await history();
    const profile = (await findProfile(world.ports, world.account, { external_id: 'b' }))?.id ?? '';
    const metrics = { [await metricNamed('Even')]: '', [await metricNamed('Odd')]: '' };
    const state: StateItem = {
      ...stateKey(world.account, profile),
      kind: 'state',
      version: 1,
      segments: [],
      metrics,
      last_event: '2025-12-03T00:00:00.000Z',
    };
    await world.ports.store.write({ put: state });
    for (const size of [1, 2, 3, 4]) {
      const target = `/api/events?filter=equals(profile_id,"${profile}")&page[size]=${size}`;
      const newest = await walk(target);
      expect(new Set(newest).size).toBe(4);
      expect(await walk(`${target}&sort=timestamp`)).toEqual(newest.toReversed());
    }
    const odd = `equals(profile_id,"${profile}"),equals(metric_id,"${await metricNamed('Odd')}")`;
    expect(await walk(`/api/events?filter=${odd}`)).toHaveLength(2);
    const { one } = await world.call('GET', `/api/profiles/${profile}`);
    expect(one.attributes.last_event_date).toBe('2025-12-03T00:00:00+00:00');
  });

  it('hands out large events in pages that fit into an answer', async () => {
    const large = { text: 'x'.repeat(100_000), more: ['y'.repeat(50_000)] };
    for (let n = 0; n < 40; n += 1) await post({ email }, { unique_id: String(n), properties: large });
    const larger = { ...large, more: ['y'.repeat(60_000), 'z'.repeat(60_000)] };
    await post({ email }, { unique_id: 'file', properties: larger });
    const first = await world.call('GET', '/api/events');
    expect(first.many.length).toBeLessThan(41);
    expect(new Set(await walk('/api/events')).size).toBe(41);
  });

  it('shows one event with its metric and profile, and what leads to them', async () => {
    await post({ email }, { time: '2025-12-01T00:00:00.900+01:00', unique_id: '1', value: 5 });
    const { many } = await world.call('GET', '/api/events');
    const id = many[0]?.id ?? '';
    const { one, included } = await world.call('GET', `/api/events/${id}?include=metric,profile,attributions`);
    expect(one.attributes).toEqual({
      timestamp: 1764543600,
      datetime: '2025-11-30T23:00:00+00:00',
      event_properties: { $event_id: '1', $value: 5 },
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
    expect(included.map(({ type }) => type)).toEqual(['metric', 'profile']);
    expect(included[0]?.attributes).toMatchObject({
      name: 'Placed Order',
      integration: { object: 'integration', name: 'API', category: 'API' },
    });
    expect(Object.keys(one.relationships)).toEqual(['profile', 'metric', 'attributions']);
    expect(one.relationships['attributions']).toEqual({ data: [] });
    const related = await world.call('GET', `/api/events/${id}/profile`);
    expect(related.one.attributes.email).toBe(email);
    const metricOf = await world.call('GET', `/api/events/${id}/metric`);
    const linkage = await world.call('GET', `/api/events/${id}/relationships/metric`);
    expect(linkage.one).toEqual({ type: 'metric', id: metricOf.one.id });
    const owner = await world.call('GET', `/api/events/${id}/relationships/profile`);
    expect(owner.one).toEqual({ type: 'profile', id: await annId() });
  });

  it('answers 404 for ids that name no event', async () => {
    for (const id of ['x', '01ARZ3NDEKTSV4RRFFQ69G5FAVaaaaaabbbbbbbbbbbbbbbbbbbbbb', '%23%23']) {
      expect((await world.call('GET', `/api/events/${id}`)).status).toBe(404);
    }
  });
});

describe('GET /api/metrics', () => {
  it('lists metrics by integration', async () => {
    await post({ email });
    await post({ email }, { metric: { data: { type: 'metric', attributes: { name: 'Viewed', service: 'shopify' } } } });
    expect((await world.call('GET', '/api/metrics')).many).toHaveLength(2);
    const { many } = await world.call('GET', '/api/metrics?filter=equals(integration.name,"shopify")');
    expect(many.map(({ attributes }) => attributes.name)).toEqual(['Viewed']);
    expect((await world.call('GET', `/api/metrics/${many[0]?.id ?? ''}`)).one).toEqual(many[0]);
    expect((await world.call('GET', '/api/metrics/nowhere')).status).toBe(404);
    const named = async (filter: string) =>
      (await world.call('GET', `/api/metrics?filter=${filter}`)).many.map(({ attributes }) => attributes.name);
    expect((await named('equals(integration.category,"API")')).toSorted()).toEqual(['Placed Order', 'Viewed']);
    expect(await named('equals(integration.category,"API"),equals(integration.name,"API")')).toEqual(['Placed Order']);
    expect(await named('equals(integration.category,"eCommerce")')).toEqual([]);
  });

  it('tells two of one name apart by their integration, and so do events', async () => {
    for (const service of ['api', 'shopify', 'woocommerce', undefined]) {
      await post(
        { email },
        { unique_id: '1', metric: { data: { type: 'metric', attributes: { name: 'Viewed', service } } } },
      );
    }
    const { many } = await world.call('GET', '/api/metrics');
    expect(many.map(({ attributes }) => attributes.name)).toEqual(['Viewed', 'Viewed', 'Viewed']);
    for (const { id } of many) {
      const found = await world.call('GET', `/api/events?filter=equals(metric_id,"${id}")`);
      expect(found.many).toHaveLength(1);
    }
  });
});

describe('POST /client/events', () => {
  const target = '/client/events?company_id=ABC123';

  it('records, and keeps the identifiers of known people', async () => {
    await createProfile(world.ports, world.account, known({ email }));
    const body = eventBody({ email, external_id: 'mine', properties: { seen: true } });
    expect((await world.call('POST', target, body)).status).toBe(202);
    expect(events()).toBe(1);
    const item = await findProfile(world.ports, world.account, { email });
    expect(item).toMatchObject({ properties: '{"seen":true}' });
    expect(item?.external_id).toBeUndefined();
  });

  it('records many at once', async () => {
    const data = ['1', '2'].map((unique_id) => ({
      type: 'event',
      attributes: { properties: {}, unique_id, ...metric('Viewed') },
    }));
    const attributes = { profile: { data: { type: 'profile', attributes: { email } } }, events: { data } };
    const body = { data: { type: 'event-bulk-create', attributes } };
    const answer = await world.call('POST', '/client/event-bulk-create?company_id=ABC123', body);
    expect(answer.status).toBe(202);
    expect(events()).toBe(2);
  });

  it('refuses an unknown company', async () => {
    const answer = await world.call('POST', '/client/events?company_id=XXXXXX', eventBody({ email }));
    expect(answer.status).toBe(400);
  });
});
