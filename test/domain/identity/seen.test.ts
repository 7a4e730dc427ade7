// Where visitors are: by the network's word until their own data says otherwise (behaviour 1.6).
import { beforeEach, describe, expect, it } from 'vitest';
import { locationOf } from '../../../shared/domain/identity/place.ts';
import { seenIn } from '../../../shared/domain/identity/index.ts';
import { type Setting, eventBody, profileBody, setting } from '../setting.ts';

const boston = {
  'cloudfront-viewer-country': 'US',
  'cloudfront-viewer-country-region': 'MA',
  'cloudfront-viewer-city': 'Boston',
  'cloudfront-viewer-postal-code': '02101',
  'cloudfront-viewer-latitude': '42.36',
  'cloudfront-viewer-longitude': '-71.05',
  'cloudfront-viewer-time-zone': 'America/New_York',
  'cloudfront-viewer-address': '192.0.2.7:4711',
};
const oslo = {
  ...boston,
  'cloudfront-viewer-country': 'NO',
  'cloudfront-viewer-city': 'Oslo',
  'cloudfront-viewer-time-zone': 'Europe/Oslo',
};

describe('what the network says', () => {
  it('is a place as people write it', () => {
    expect(seenIn({ viewer: boston, ip: '192.0.2.7' })).toEqual({
      seen: {
        country: 'United States',
        region: 'MA',
        city: 'Boston',
        zip: '02101',
        latitude: 42.36,
        longitude: -71.05,
        timezone: 'America/New_York',
        ip: '192.0.2.7',
      },
    });
    expect(seenIn({ viewer: { 'cloudfront-viewer-city': 'S%C3%A3o%20Paulo' } })).toEqual({
      seen: { city: 'São Paulo' },
    });
  });

  it('is left out where it is no place, whoever sent it', () => {
    const bad = {
      'cloudfront-viewer-country': 'usa',
      'cloudfront-viewer-city': 'x'.repeat(101),
      'cloudfront-viewer-country-region': '%00',
      'cloudfront-viewer-latitude': '91',
      'cloudfront-viewer-longitude': 'NaN',
      'cloudfront-viewer-time-zone': 'Mars/Olympus',
    };
    expect(seenIn({ viewer: bad, ip: '192.0.2.7' })).toEqual({});
    expect(seenIn({ viewer: { 'cloudfront-viewer-city': '100%' } })).toEqual({ seen: { city: '100%' } });
    expect(seenIn({})).toEqual({});
  });
});

describe('where a person is', () => {
  const seen = {
    country: 'United States',
    city: 'Boston',
    latitude: 42.36,
    timezone: 'America/New_York',
    ip: '192.0.2.7',
  };

  it.each([
    ['nothing told: where they were seen', {}, seen],
    [
      'a place told: that one, nothing of the other but its time zone',
      { city: 'Oslo' },
      { city: 'Oslo', timezone: seen.timezone, ip: seen.ip },
    ],
    ['a time zone told: that one, and the place seen', { timezone: 'UTC' }, { ...seen, timezone: 'UTC' }],
    ['both told: what is told', { zip: '1', timezone: 'UTC', ip: '::1' }, { zip: '1', timezone: 'UTC', ip: '::1' }],
  ])('%s', (_, location, wanted) => {
    expect(locationOf({ location, seen })).toEqual(wanted);
  });

  it('is nowhere while nobody said', () => {
    expect(locationOf({})).toEqual({});
  });
});

describe('a visitor', () => {
  let world: Setting;
  beforeEach(async () => {
    world = await setting();
  });
  const email = 'ann@example.com';
  const tell = (attributes: object, headers: Record<string, string>) =>
    world.call('POST', '/client/profiles?company_id=ABC123', profileBody(attributes), headers);
  const act = (id: string, headers: Record<string, string>) =>
    world.call('POST', '/client/events?company_id=ABC123', eventBody({ email }, { unique_id: id }), headers);
  const whereIs = async () => {
    const { many } = await world.call('GET', `/api/profiles?filter=equals(email,"${email}")`);
    const { city, timezone, ip } = many[0]?.attributes['location'] as Record<string, unknown>;
    return [city, timezone, ip];
  };

  it('is where the request came from, and elsewhere when the next one comes from there', async () => {
    await tell({ email }, boston);
    expect(await whereIs()).toEqual(['Boston', 'America/New_York', '192.0.2.7']);
    await act('1', oslo);
    expect(await whereIs()).toEqual(['Oslo', 'Europe/Oslo', '192.0.2.7']);
  });

  it('is where their own data says, and seen again when that goes', async () => {
    await tell({ email, location: { city: 'Bern', timezone: 'Europe/Zurich' } }, boston);
    await act('1', oslo);
    expect((await whereIs()).slice(0, 2)).toEqual(['Bern', 'Europe/Zurich']);
    const [profile] = (await world.call('GET', '/api/profiles')).many;
    const id = profile?.id ?? '';
    const cleared = profileBody({ location: { city: null, timezone: null } }, { id });
    await world.call('PATCH', `/api/profiles/${id}`, cleared);
    expect((await whereIs()).slice(0, 2)).toEqual(['Oslo', 'Europe/Oslo']);
  });

  it('who stays where they were costs a look, and no write of the profile', async () => {
    await tell({ email }, boston);
    await act('0', boston);
    const { read, write } = await world.cost(() => act('1', { ...boston, 'cloudfront-viewer-address': '192.0.2.8:1' }));
    // The event is below 1 KB: its item, and an entry in two indexes.
    expect([read, write]).toEqual([1.5, 3]);
  });

  it('is nowhere for a server that calls for them: the server is not where they are', async () => {
    await world.call('POST', '/api/profile-import', profileBody({ email }), boston);
    expect(await whereIs()).toEqual([null, null, null]);
  });
});
