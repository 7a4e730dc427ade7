import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const create = (attributes: object) =>
  stage.sdk.profiles.createProfile({ data: { type: 'profile', attributes } }).then(({ body }) => body.data.id ?? '');
const find = async (filter: string) => (await stage.sdk.profiles.getProfiles({ filter })).body.data.map(({ id }) => id);

describe('a profile', () => {
  it('is made, read and changed', async () => {
    const made = await stage.sdk.profiles.createProfile({
      data: {
        type: 'profile',
        attributes: {
          email: 'Ana@Example.com',
          phoneNumber: '+14155552671',
          externalId: 'ana',
          firstName: 'Ana',
          location: { city: 'Boston', latitude: 42.36, longitude: '-71.05' },
          properties: { favourite: { roast: 'light' }, visits: 3 },
        },
      },
    });
    expect(made.response.status).toBe(201);
    const id = made.body.data.id ?? '';
    expect(made.body.data.attributes).toMatchObject({ email: 'ana@example.com', firstName: 'Ana' });
    const changed = await stage.sdk.profiles.updateProfile(id, {
      data: {
        type: 'profile',
        id,
        attributes: { firstName: null, lastName: 'Berg', properties: { visits: 4 } },
        meta: { patchProperties: { append: { tags: 'vip' } } },
      },
    });
    expect(changed.body.data.attributes).toMatchObject({
      firstName: null,
      lastName: 'Berg',
      phoneNumber: '+14155552671',
      location: { city: 'Boston' },
      properties: { favourite: { roast: 'light' }, visits: 4, tags: ['vip'] },
    });
    const read = await stage.sdk.profiles.getProfile(id, { additionalFieldsProfile: ['subscriptions'] });
    expect(read.body.data.attributes).toMatchObject({
      lastName: 'Berg',
      subscriptions: { email: { marketing: { consent: 'NEVER_SUBSCRIBED' } } },
    });
  });

  it('is merged into another one, which keeps its id; events that come for either are its own', async () => {
    const [into, from] = [await create({ email: 'into@example.com' }), await create({ email: 'from@example.com' })];
    const happens = (email: string, uniqueId: string) =>
      stage.sdk.events.createEvent({
        data: {
          type: 'event',
          attributes: {
            metric: { data: { type: 'metric', attributes: { name: 'Visited' } } },
            profile: { data: { type: 'profile', attributes: { email } } },
            properties: {},
            uniqueId,
          },
        },
      });
    await happens('from@example.com', 'before');
    const merged = await stage.sdk.profiles.mergeProfiles({
      data: { type: 'profile-merge', id: into, relationships: { profiles: { data: [{ type: 'profile', id: from }] } } },
    });
    expect([merged.response.status, merged.body.data.id]).toEqual([201, into]);
    await happens('from@example.com', 'after');
    // Sent again: counted before.
    await happens('from@example.com', 'before');
    await stage.settle();
    const { body } = await stage.sdk.events.getEvents({ filter: `equals(profile_id,"${into}")`, include: ['metric'] });
    const ids = body.data.map(({ attributes }) => (attributes.eventProperties as { $event_id: string }).$event_id);
    expect(ids.sort()).toEqual([from, 'after', 'before'].sort());
    expect(body.included?.map((one) => (one as { attributes?: { name?: string } }).attributes?.name)).toContain(
      'Merged Profile',
    );
    expect(await refusalOf(stage.sdk.profiles.getProfile(from))).toMatchObject({ status: 404 });
  });

  it('takes further addresses and gives them up: patch_identifiers', async () => {
    const id = await create({ email: 'first@example.com' });
    const taken = await create({ email: 'taken@example.com' });
    // The SDK sends no meta that its model does not know: plain requests.
    const patch = (patch_identifiers: object) =>
      stage.send('PATCH', `/api/profiles/${id}`, {
        body: { data: { type: 'profile', id, attributes: {}, meta: { patch_identifiers } } },
      });
    expect((await patch({ append: { email: ['Second@example.com', 'third@example.com'] } })).status).toBe(200);
    expect(await find('equals(email,"second@example.com")')).toEqual([id]);
    const gone = await patch({ unappend: { email: 'first@example.com' } });
    // The most recently added one takes the place of a primary address that is taken away.
    expect(gone.one.attributes['email']).toBe('third@example.com');
    expect(await find('equals(email,"first@example.com")')).toEqual([]);
    expect(await patch({ append: { email: 'taken@example.com' } })).toMatchObject({
      status: 409,
      errors: [
        {
          source: { pointer: '/data/meta/patch_identifiers/append/email' },
          meta: { duplicate_profile_id: taken },
        },
      ],
    });
    expect(await patch({ append: { phone_number: '+14155552671' } })).toMatchObject({ status: 400 });
    expect(await patch({ append: { email: ['nobody'] } })).toMatchObject({ status: 400 });
    // An event that names the person by a secondary address leaves the primary one.
    await stage.sdk.profiles.createOrUpdateProfile({
      data: { type: 'profile', attributes: { email: 'second@example.com', firstName: 'Ida' } },
    });
    const { body } = await stage.sdk.profiles.getProfile(id);
    expect(body.data.attributes).toMatchObject({ email: 'third@example.com', firstName: 'Ida' });
  });

  it('is written to at the address that is subscribed: it becomes the primary one once it is known', async () => {
    const id = await create({ email: 'asked-never@people.example' });
    const append = (email: string) =>
      stage.send('PATCH', `/api/profiles/${id}`, {
        body: { data: { type: 'profile', id, attributes: {}, meta: { patch_identifiers: { append: { email } } } } },
      });
    const email = 'subscribed@people.example';
    expect((await append(email)).status).toBe(200);
    const subscription = {
      type: 'profile',
      attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } } },
    };
    const body = {
      data: { type: 'profile-subscription-bulk-create-job', attributes: { profiles: { data: [subscription] } } },
    };
    expect((await stage.send('POST', '/api/profile-subscription-bulk-create-jobs', { body })).status).toBe(202);
    await stage.settle();
    expect((await append('one-more@people.example')).status).toBe(200);
    await stage.settle();
    expect((await stage.send('GET', `/api/profiles/${id}`)).one.attributes['email']).toBe(email);
  });

  it('is not made twice: 409 names the one that is there', async () => {
    const id = await create({ email: 'twice@example.com' });
    const again = stage.sdk.profiles.createProfile({
      data: { type: 'profile', attributes: { email: 'TWICE@example.com' } },
    });
    expect(await refusalOf(again)).toMatchObject({
      status: 409,
      errors: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: id } }],
    });
  });

  it('is made by an import, and changed by the next', async () => {
    const data = { type: 'profile' as const, attributes: { email: 'import@example.com', firstName: 'Ida' } };
    const made = await stage.sdk.profiles.createOrUpdateProfile({ data });
    const changed = await stage.sdk.profiles.createOrUpdateProfile({
      data: { ...data, attributes: { email: 'import@example.com', lastName: 'Ek' } },
    });
    expect([made.response.status, changed.response.status]).toEqual([201, 200]);
    expect(changed.body.data.id).toBe(made.body.data.id);
    expect(changed.body.data.attributes).toMatchObject({ firstName: 'Ida', lastName: 'Ek' });
  });

  it('has to be named, by what its operation takes', async () => {
    const body = { data: { type: 'profile', attributes: { first_name: 'Ana' } } };
    const refusal = async (path: string) => (await stage.send('POST', path, { body })).errors[0]?.detail;
    expect(await refusal('/api/profiles')).toBe('Give at least one of email, phone_number and external_id.');
    const imported = 'Give at least one of id, email, phone_number, external_id and _kx.';
    expect(await refusal('/api/profile-import')).toBe(imported);
    const browser = 'Give at least one of id, email, phone_number, external_id, _kx and anonymous_id.';
    expect(await refusal('/client/profiles?company_id=Bean01')).toBe(browser);
  });

  it('is told of by browsers with the company id alone, which cannot move identifiers', async () => {
    const id = await create({ email: 'browser@example.com', externalId: 'b1' });
    const tell = (attributes: object) =>
      stage.send('POST', '/client/profiles?company_id=Bean01', {
        key: null,
        body: { data: { type: 'profile', attributes } },
      });
    const { status, text } = await tell({ email: 'browser@example.com', external_id: 'stolen', first_name: 'Bo' });
    expect([status, text]).toEqual([202, '']);
    const { body } = await stage.sdk.profiles.getProfile(id);
    expect(body.data.attributes).toMatchObject({ firstName: 'Bo', externalId: 'b1' });
  });

  it('that is not there is 404, and bad input 400 with its place', async () => {
    const missing = await refusalOf(stage.sdk.profiles.getProfile('01JC0000000000000000000000'));
    expect(missing).toMatchObject({ status: 404, errors: [{ code: 'not_found' }] });
    const bad = await refusalOf(
      stage.sdk.profiles.createProfile({ data: { type: 'profile', attributes: { email: 'x' } } }),
    );
    expect(bad).toMatchObject({ status: 400, errors: [{ source: { pointer: '/data/attributes/email' } }] });
    const none = await refusalOf(stage.sdk.profiles.createProfile({ data: { type: 'profile', attributes: {} } }));
    expect(none).toMatchObject({ status: 400, errors: [{ source: { pointer: '/data/attributes' } }] });
  });

  it('is shown in parts', async () => {
    const id = await create({ email: 'parts@example.com', location: { city: 'Oslo', country: 'NO' } });
    const { body } = await stage.sdk.profiles.getProfile(id, { fieldsProfile: ['email', 'location.city'] });
    expect(JSON.parse(JSON.stringify(body.data.attributes))).toEqual({
      email: 'parts@example.com',
      location: { city: 'Oslo' },
    });
  });

  it('is found by what names it', async () => {
    const plus = await create({
      email: 'a+b@example.com',
      phoneNumber: '+14155550123',
      externalId: 'has "quotes", commas (and) é',
    });
    const other = await create({ email: 'c@example.com' });
    const filter = () => new FilterBuilder();
    expect(await find(filter().equals('email', 'a+b@example.com').build())).toEqual([plus]);
    expect(await find(filter().equals('phone_number', '+14155550123').build())).toEqual([plus]);
    expect(await find(filter().equals('external_id', 'has "quotes", commas (and) é').build())).toEqual([plus]);
    expect(await find(filter().any('email', ['c@example.com', 'nobody@example.com']).build())).toEqual([other]);
    expect(await find(filter().any('id', [plus, other]).equals('email', 'c@example.com').build())).toEqual([other]);
    expect(await find(filter().equals('id', 'nothing').build())).toEqual([]);
    expect(await find(filter().equals('email', '').build())).toEqual([]);
  });
});

describe('all profiles', () => {
  it('are walked page by page, with the cursor or with the whole link as the cursor', async () => {
    const people = await Promise.all(Array.from({ length: 7 }, (_, i) => create({ email: `walk${i}@example.com` })));
    const walk = async (cursorOf: (next: string) => string, sort?: 'created') => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await stage.sdk.profiles.getProfiles({
          pageSize: 3,
          ...(sort && { sort }),
          ...(cursor !== undefined && { pageCursor: cursor }),
        });
        expect(body.data.length).toBeLessThanOrEqual(3);
        found.push(...body.data.map(({ id }) => id ?? ''));
        cursor = body.links?.next ? cursorOf(body.links.next) : undefined;
      } while (cursor !== undefined);
      return found;
    };
    const whole = await walk((next) => next);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole).toEqual(expect.arrayContaining(people));
    expect(await walk((next) => new URL(next).searchParams.get('page[cursor]') ?? '')).toEqual(whole);
    expect(await walk((next) => next, 'created')).toEqual(whole.toReversed());
    // The links lead there by themselves too.
    const first = await stage.send('GET', '/api/profiles?page[size]=3&fields[profile]=email');
    const second = await stage.send('GET', first.links.next ?? '');
    expect([...first.many, ...second.many].map(({ id }) => id)).toEqual(whole.slice(0, 6));
    expect(second.many[0]?.attributes).toEqual({ email: expect.any(String) as string });
  });

  it('of a time are found by it', async () => {
    const before = new Date((await clock()) + 1000);
    await stage.advance('5s');
    const late = await create({ email: 'late@example.com' });
    const after = new FilterBuilder().greaterThan('created', before).build();
    expect(await find(after)).toEqual([late]);
    expect(await find(new FilterBuilder().greaterThan('created', before).lessThan('created', before).build())).toEqual(
      [],
    );
    expect(await find(new FilterBuilder().lessThan('created', before).build())).not.toContain(late);
  });

  it('come in every order, and by what suppresses them', async () => {
    const [a, b] = [await create({ email: 'order-a@example.com' }), await create({ email: 'order-b@example.com' })];
    await stage.sdk.profiles.bulkSuppressProfiles({
      data: {
        type: 'profile-suppression-bulk-create-job',
        attributes: {
          profiles: {
            data: [
              { type: 'profile', attributes: { email: 'order-a@example.com' } },
              { type: 'profile', attributes: { email: 'order-b@example.com' } },
            ],
          },
        },
      },
    });
    await stage.settle();
    type Asked = NonNullable<Parameters<typeof stage.sdk.profiles.getProfiles>[0]>;
    const by = async (asked: Pick<Asked, 'sort' | 'filter'>) =>
      (await stage.sdk.profiles.getProfiles({ ...asked, pageSize: 100 })).body.data
        .map(({ id }) => id)
        .filter((id) => id === a || id === b);
    expect(await by({ sort: 'email' })).toEqual([a, b]);
    expect(await by({ sort: '-email' })).toEqual([b, a]);
    expect(await by({ sort: 'id' })).toEqual([a, b]);
    expect(await by({ sort: '-updated' })).toHaveLength(2);
    const manual = new FilterBuilder()
      .equals('subscriptions.email.marketing.suppression.reason', 'USER_SUPPRESSED')
      .build();
    expect(await by({ sort: 'subscriptions.email.marketing.suppression.timestamp', filter: manual })).toHaveLength(2);
    expect(await find(manual)).toEqual(expect.arrayContaining([a, b]));
  });

  it('are polled by what changed', async () => {
    const id = await create({ email: 'poll@example.com' });
    await stage.advance('10s');
    const since = new Date(await clock());
    const changed = new FilterBuilder().greaterThan('updated', since).build();
    expect(await find(changed)).toEqual([]);
    await stage.advance('1s');
    await stage.sdk.profiles.updateProfile(id, { data: { type: 'profile', id, attributes: { title: 'Dr' } } });
    const { body } = await stage.sdk.profiles.getProfiles({ filter: changed, sort: 'updated' });
    expect(body.data.map((one) => one.id)).toEqual([id]);
  });

  it('include no conversations, and refuse what is not there', async () => {
    const { body } = await stage.sdk.profiles.getProfiles({ include: ['conversations'], pageSize: 1 });
    expect(body.included).toEqual([]);
    const { status, errors } = await stage.send('GET', '/api/profiles?include=secrets');
    expect([status, errors[0]?.source.parameter]).toEqual([400, 'include']);
  });

  it('have cursors that fit nowhere else', async () => {
    const { links } = await stage.send('GET', '/api/profiles?page[size]=2');
    const cursor = new URL(links.next ?? '').searchParams.get('page[cursor]') ?? '';
    const changed = `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}`;
    const targets = [
      '/api/profiles?sort=created',
      '/api/profiles?filter=greater-than(created,2020-01-01)',
      '/api/lists?',
      '/api/events?',
    ];
    for (const target of targets) {
      const { status, errors } = await stage.send('GET', `${target}&page[cursor]=${encodeURIComponent(cursor)}`);
      expect([status, errors[0]?.code], target).toEqual([400, 'invalid_cursor']);
    }
    for (const one of [changed, cursor.slice(1), `${cursor}A`, `${cursor}=`])
      expect((await stage.send('GET', `/api/profiles?page[cursor]=${one}`)).status, one).toBe(400);
    expect((await stage.send('GET', `/api/profiles?page[size]=5&page[cursor]=${cursor}`)).status).toBe(200);
  });
});

describe('conversations', () => {
  it('of a person there are none', async () => {
    const id = await create({ email: 'talk@example.com' });
    const { profiles } = stage.sdk;
    expect((await profiles.getConversationForProfile(id)).body.data).toBeNull();
    expect((await profiles.getConversationIdForProfile(id)).body.data).toBeNull();
    expect((await profiles.getConversationsForProfile(id)).body.data).toEqual([]);
    expect((await profiles.getConversationIdsForProfile(id)).body.data).toEqual([]);
  });

  it.each(['conversation', 'conversations', 'relationships/conversation', 'relationships/conversations'])(
    'of nobody are not found at %s',
    async (path) => {
      const { status } = await stage.send('GET', `/api/profiles/01JC0000000000000000000000/${path}`);
      expect(status).toBe(404);
    },
  );
});

it('what nobody computes yet is null', async () => {
  const id = await create({ email: 'future@example.com' });
  const { body } = await stage.sdk.profiles.getProfile(id, { additionalFieldsProfile: ['predictive_analytics'] });
  const predicted = Object.values(body.data.attributes.predictiveAnalytics ?? {});
  expect(predicted).toHaveLength(10);
  expect(new Set(predicted)).toEqual(new Set([null]));
});

async function clock(): Promise<number> {
  const answer = await fetch(`${stage.url}/x/local/clock`);
  return Date.parse(((await answer.json()) as { now: string }).now);
}

it('every operation of the area was exercised', () => expectExercised(stage, 'profiles'));
