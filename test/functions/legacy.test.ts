// /api/track and /api/identify, through the gateway that chooses the function.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalSystem, createSystem } from '../../functions/local/system.ts';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import { callTo } from '../support/local.ts';
import type { Shown } from '../domain/setting.ts';

let system: LocalSystem;
beforeEach(async () => {
  system = await createSystem({ publicUrl: 'http://local.test', real: false });
});
afterEach(() => system.stop());

type Way = (path: string, told: string) => Promise<HttpResponse>;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const ask: LocalSystem['world']['request'] = (request) => system.world.request(request);

const ways: [string, Way][] = [
  ['GET with JSON', (path, told) => ask({ method: 'GET', path: `${path}?data=${encodeURIComponent(told)}` })],
  ['GET with base64', (path, told) => ask({ method: 'GET', path: `${path}?data=${encodeURIComponent(base64(told))}` })],
  ['GET with base64 that nobody encoded', (path, told) => ask({ method: 'GET', path: `${path}?data=${base64(told)}` })],
  [
    'POST of a form',
    (path, told) => ask({ method: 'POST', path, headers: form, body: new URLSearchParams({ data: told }).toString() }),
  ],
  [
    'POST of a form with base64',
    (path, told) =>
      ask({ method: 'POST', path, headers: form, body: new URLSearchParams({ data: base64(told) }).toString() }),
  ],
  [
    'POST of JSON',
    (path, told) => ask({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body: told }),
  ],
];
const post = ways.at(-1)![1];

const all = async (path: string) => (await callTo(system, 'GET', path)) as unknown as { data: Shown[] };
const track = (more: object = {}) =>
  JSON.stringify({
    token: 'Bean01',
    event: 'Ordered Product',
    customer_properties: { $email: 'ana@beantown.coffee', $first_name: 'Ana', $city: 'Zürich', plan: 'gold' },
    properties: { $event_id: 1001, $value: 8.5, Item: 'Kenya ☕ ÿþ~?', __proto: 1 },
    time: 1767225600,
    ...more,
  });
const identify = (properties: object) => JSON.stringify({ token: 'Bean01', properties });

describe.each(ways)('%s', (_, send) => {
  it('tracks', async () => {
    expect(await send('/api/track', track())).toMatchObject({ status: 200, body: '1' });
    const [event] = (await all('/api/events')).data;
    expect(event?.attributes).toMatchObject({
      datetime: '2026-01-01T00:00:00+00:00',
      event_properties: { $event_id: '1001', $value: 8.5, Item: 'Kenya ☕ ÿþ~?', __proto: 1 },
    });
    const [profile] = (await all('/api/profiles')).data;
    expect(profile?.attributes).toMatchObject({
      email: 'ana@beantown.coffee',
      first_name: 'Ana',
      location: { city: 'Zürich' },
      properties: { plan: 'gold' },
    });
  });

  it('identifies', async () => {
    expect(await send('/api/identify', identify({ email: 'bo@beantown.coffee', $id: 'b1' }))).toMatchObject({
      status: 200,
      body: '1',
    });
    expect((await all('/api/profiles')).data[0]?.attributes).toMatchObject({
      email: 'bo@beantown.coffee',
      external_id: 'b1',
    });
  });
});

describe('what is refused', () => {
  const bad: [string, string, string][] = [
    ['no JSON', '/api/track', '{'],
    ['no base64', '/api/track', '%%%'],
    ['a list', '/api/track', base64('[]')],
    ['text that is not UTF-8', '/api/track', '/////w=='],
    ['nothing', '/api/track', ''],
    ['an unknown company', '/api/track', track({ token: 'Other1' })],
    ['no company', '/api/identify', JSON.stringify({ properties: { $email: 'a@beantown.coffee' } })],
    ['a company that is no text', '/api/track', track({ token: 5 })],
    ['nobody', '/api/track', track({ customer_properties: {} })],
    ['nobody at all', '/api/identify', identify({ plan: 'gold' })],
    ['an address that is none', '/api/identify', identify({ $email: 'ana' })],
    ['properties that are none', '/api/track', track({ properties: [] })],
    ['no metric', '/api/track', track({ event: undefined })],
    ['a value that is none', '/api/track', track({ properties: { $value: 'much' } })],
    ['a time that is none', '/api/track', track({ time: 'noon' })],
    ['a time out of reach', '/api/track', track({ time: 1e15 })],
    ['a member that nobody knows', '/api/track', track({ extra: 1 })],
    ['brackets without end', '/api/track', '{"token":'.repeat(20_000)],
  ];
  it.each(bad)('%s answers 0 and changes nothing', async (_name, path, told) => {
    const before = JSON.stringify(system.world.store.dump());
    for (const [, send] of [ways[0]!, ways[3]!]) {
      const { status, body } = await send(path, told);
      expect([status, body]).toEqual([400, '0']);
    }
    expect(JSON.stringify(system.world.store.dump())).toBe(before);
  });

  it('is data that is given twice, or cannot be decoded', async () => {
    const data = encodeURIComponent(track());
    for (const query of [`data=${data}&data=${data}`, 'data=%ff', 'date=1', '']) {
      expect(await ask({ method: 'GET', path: `/api/track?${query}` })).toMatchObject({ status: 400, body: '0' });
    }
  });

  it('is what is too large', async () => {
    const properties = { text: 'x'.repeat(5 * 1024 * 1024) };
    expect(await post('/api/track', track({ properties }))).toMatchObject({ status: 413, body: '0' });
  });
});

describe('who has no key', () => {
  const known = { email: 'cy@beantown.coffee', phone_number: '+16175550123', external_id: 'c1' };

  it('moves no identifier, changes no consent, and cannot tell who is known', async () => {
    await callTo(system, 'POST', '/api/profiles', { data: { type: 'profile', attributes: known } });
    const properties = { $email: known.email, $phone_number: '+16175550124', $id: 'mine', $consent: ['email', 'sms'] };
    const answers = [
      await post('/api/identify', identify(properties)),
      await post('/api/identify', identify({ ...properties, $email: 'nobody@beantown.coffee', $phone_number: '' })),
      await post('/api/identify', identify({ $email: 'stranger@beantown.coffee', $id: 's1' })),
    ];
    expect(answers[0]).toEqual(answers[2]);
    await system.world.settle();
    const { data } = await all('/api/profiles?additional-fields[profile]=subscriptions');
    const profile = data.find(({ attributes }) => attributes['email'] === known.email);
    expect(profile?.attributes).toMatchObject({
      ...known,
      subscriptions: {
        email: { marketing: { consent: 'NEVER_SUBSCRIBED' } },
        sms: { marketing: { consent: 'NEVER_SUBSCRIBED' } },
      },
    });
  });

  it('may not call from scripts of other origins: pages send these as images', async () => {
    const { headers } = await post('/api/track', track());
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect((await ask({ method: 'OPTIONS', path: '/api/track' })).status).not.toBe(204);
  });

  it('is where the network says', async () => {
    const viewer = { 'cloudfront-viewer-country': 'CH', 'cloudfront-viewer-city': 'Bern', accept: 'image/*' };
    await ask({
      method: 'GET',
      path: `/api/track?data=${encodeURIComponent(track({ customer_properties: { $email: 'd@beantown.coffee' } }))}`,
      headers: viewer,
    });
    expect((await all('/api/profiles')).data[0]?.attributes['location']).toMatchObject({ city: 'Bern' });
  });
});
