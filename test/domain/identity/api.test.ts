import { beforeEach, describe, expect, it } from 'vitest';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import { type Answer, type Setting, eventBody, known, profileBody, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const ann = 'ann@example.com';

async function make(attributes: object): Promise<string> {
  const { status, one } = await world.call('POST', '/api/profiles', profileBody(attributes));
  expect(status).toBe(201);
  return one.id;
}

const ids = ({ many }: Answer) => many.map(({ id }) => id);
const firstError = ({ errors }: Answer) => errors[0];

describe('POST /api/profiles', () => {
  it('answers with the profile, and GET shows the same at once', async () => {
    const attributes = {
      email: 'Ann@Example.com',
      first_name: 'Ann',
      location: { city: 'Bern', latitude: '46.9' },
      properties: { plan: 'pro' },
    };
    const id = await make(attributes);
    const { one } = await world.call('GET', `/api/profiles/${id}?additional-fields[profile]=subscriptions`);
    expect(one).toMatchObject({
      type: 'profile',
      id,
      attributes: {
        email: ann,
        phone_number: null,
        first_name: 'Ann',
        created: '2026-01-01T00:00:00+00:00',
        last_event_date: null,
        location: { city: 'Bern', latitude: '46.9', zip: null },
        properties: { plan: 'pro' },
        subscriptions: {
          email: { marketing: { can_receive_email_marketing: true, consent: 'NEVER_SUBSCRIBED', suppression: [] } },
          sms: { marketing: { can_receive_sms_marketing: false } },
        },
      },
      links: { self: `http://localhost:4747/api/profiles/${id}/` },
    });
    expect(Object.keys(one.relationships)).toEqual(['lists', 'segments', 'push-tokens', 'conversations']);
  });

  it('answers 409 with the id of the profile that has the identifier', async () => {
    const id = await make({ email: ann });
    const answer = await world.call('POST', '/api/profiles', profileBody({ email: ' ANN@example.com' }));
    expect(answer.status).toBe(409);
    expect(firstError(answer)).toMatchObject({ code: 'duplicate_profile', meta: { duplicate_profile_id: id } });
  });

  it.each([
    [{}, '/data/attributes'],
    [{ email: 'nobody' }, '/data/attributes/email'],
    [{ email: ann, phone_number: '12' }, '/data/attributes/phone_number'],
    [{ email: ann, anonymous_id: 'x' }, '/data/attributes/anonymous_id'],
    [{ email: ann, location: { planet: 'Mars' } }, '/data/attributes/location/planet'],
    [{ email: ann, properties: [] }, '/data/attributes/properties'],
  ])('refuses %j and points at the fault', async (attributes, pointer) => {
    const answer = await world.call('POST', '/api/profiles', profileBody(attributes));
    expect(answer.status).toBe(400);
    expect(firstError(answer)).toMatchObject({ source: { pointer } });
    expect(world.store.dump().some(({ kind }) => kind === 'profile')).toBe(false);
  });

  it.each([
    ['a phone number alone, whether texts can be sent or not', { phone_number: '+14155552671' }],
    ['an external id alone', { external_id: '7' }],
    ['an address of a test domain', { email: 'anyone@test.com' }],
    ['an address of a role', { email: 'info@beantown.coffee' }],
  ])('takes %s, and gives an id of 26 characters', async (_, attributes) => {
    // docs/differences.md: Klaviyo wants more, or drops it.
    expect(await make(attributes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('refuses more than 100 KB', async () => {
    const properties = { a: 'x'.repeat(100 * 1024) };
    expect((await world.call('POST', '/api/profiles', profileBody({ email: ann, properties }))).status).toBe(413);
  });
});

describe('PATCH /api/profiles/{id}', () => {
  it('clears with null, leaves what is absent, patches properties', async () => {
    const id = await make({ email: ann, first_name: 'Ann', last_name: 'Lee', properties: { tags: ['a'], old: 1 } });
    const meta = { patch_properties: { append: { tags: 'b' }, unset: 'old' } };
    const { status, one } = await world.call(
      'PATCH',
      `/api/profiles/${id}`,
      profileBody({ first_name: null }, { id, meta }),
    );
    expect(status).toBe(200);
    expect(one.attributes).toMatchObject({
      email: ann,
      first_name: null,
      last_name: 'Lee',
      properties: { tags: ['a', 'b'] },
    });
  });

  it('moves `updated`; an event does not, and shows as the last one', async () => {
    const id = await make({ email: ann });
    world.clock.advance(60_000);
    await world.call('PATCH', `/api/profiles/${id}`, profileBody({ title: 'Dr' }, { id }));
    world.clock.advance(60_000);
    expect((await world.call('POST', '/api/events', eventBody({ email: ann }))).status).toBe(202);
    const { updated } = (await world.call('GET', `/api/profiles/${id}`)).one.attributes;
    expect(updated).toBe('2026-01-01T00:01:00+00:00');
  });

  it('answers 404 for a profile that is not there', async () => {
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect((await world.call('PATCH', `/api/profiles/${id}`, profileBody({}, { id }))).status).toBe(404);
  });
});

describe('POST /api/profile-import', () => {
  it('answers 201 for a new profile, 200 for a known one and 409 for another one’s identifier', async () => {
    const first = await world.call('POST', '/api/profile-import', profileBody({ email: ann, external_id: '1' }));
    expect(first.status).toBe(201);
    const again = await world.call('POST', '/api/profile-import', profileBody({ external_id: '1', title: 'Dr' }));
    expect([again.status, again.one.id]).toEqual([200, first.one.id]);
    await make({ email: 'bob@example.com' });
    const clash = profileBody({ external_id: '1', email: 'bob@example.com' });
    expect((await world.call('POST', '/api/profile-import', clash)).status).toBe(409);
  });

  it('answers 404 for an id that is not there', async () => {
    const body = profileBody({ email: ann }, { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
    expect((await world.call('POST', '/api/profile-import', body)).status).toBe(404);
  });
});

describe('GET /api/profiles', () => {
  async function crowd(): Promise<string[]> {
    const made: string[] = [];
    for (let n = 0; n < 25; n += 1) {
      made.push((await createProfile(world.ports, world.account, known({ external_id: `n${n}` }))).id);
      world.clock.advance(1000);
    }
    return made;
  }

  it('walks all profiles, newest first or oldest first, each once', async () => {
    const made = await crowd();
    for (const [sort, order] of [
      ['', made.toReversed()],
      ['&sort=created', made],
    ] as const) {
      const found: string[] = [];
      let target: string | undefined = `/api/profiles?page[size]=7${sort}`;
      while (target !== undefined) {
        const page: Answer = await world.call('GET', target);
        expect(page.status).toBe(200);
        found.push(...ids(page));
        target = page.next;
      }
      expect(found).toEqual(order);
    }
  });

  it('finds by identifier, created and updated', async () => {
    const made = await crowd();
    const get = async (filter: string) => ids(await world.call('GET', `/api/profiles?filter=${filter}`));
    expect(await get('equals(external_id,"n3")')).toEqual([made[3]]);
    expect(await get('any(external_id,["n3","n4","none"])')).toEqual([made[4], made[3]]);
    expect(await get(`equals(id,"${made[5]}"),equals(external_id,"n6")`)).toEqual([]);
    expect(await get('equals(email,"nonsense")')).toEqual([]);
    expect(await get('greater-than(created,2026-01-01T00:00:22Z)')).toEqual([made[24], made[23]]);
    expect(await get('less-than(created,2026-01-01T00:00:02Z)')).toEqual([made[1], made[0]]);
    expect(await get('equals(external_id,"n3"),less-than(created,2026-01-01T00:00:02Z)')).toEqual([]);
    await world.call('PATCH', `/api/profiles/${made[2]}`, profileBody({ title: 'Dr' }, { id: made[2] }));
    expect(await get('greater-than(updated,2026-01-01T00:00:24Z)')).toEqual([made[2]]);
  });

  it('says which sorts it knows', async () => {
    const answer = await world.call('GET', '/api/profiles?sort=title');
    expect(answer.status).toBe(400);
    expect(firstError(answer)).toMatchObject({ detail: expect.stringContaining('created') as unknown });
  });
});

describe('POST /client/profiles', () => {
  it('makes profiles, and keeps the identifiers of known ones', async () => {
    const target = '/client/profiles?company_id=ABC123';
    expect((await world.call('POST', target, profileBody({ email: ann }))).status).toBe(202);
    const taken = profileBody({ email: ann, external_id: 'mine', title: 'Dr' });
    expect((await world.call('POST', target, taken)).status).toBe(202);
    const found = await world.call('GET', `/api/profiles?filter=equals(email,"${ann}")`);
    expect(found.many[0]?.attributes).toMatchObject({ title: 'Dr', external_id: null });
  });
});
