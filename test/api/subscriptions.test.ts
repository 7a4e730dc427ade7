// Subscriptions on every channel, suppression by hand, and what anyone may do with the public key.
import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { suppressEmail } from '../../shared/domain/consent/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { expectExercised } from './areas.ts';
import { type Answer, type Stage, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const yes = { consent: 'SUBSCRIBED' };
const no = { consent: 'UNSUBSCRIBED' };
const marketing = { email: { marketing: yes } };
const out = { email: { marketing: no } };

const makeList = async (name: string, process?: 'single_opt_in' | 'double_opt_in') =>
  (
    await stage.sdk.lists.createList({
      data: { type: 'list', attributes: { name, ...(process && { optInProcess: process }) } },
    })
  ).body.data.id;

interface Row {
  id?: string;
  attributes: Record<string, unknown>;
}
const person = (attributes: Record<string, unknown>, id?: string): Row => ({ attributes, ...(id && { id }) });

/** Sends a job and lets it run; answers with the request's answer. */
async function job(way: 'create' | 'delete', rows: Row[], rest: { list?: string; attributes?: object } = {}) {
  const data = rows.map((row) => ({ type: 'profile', ...row }));
  const { list, attributes = {} } = rest;
  const answer = await stage.send('POST', `/api/profile-subscription-bulk-${way}-jobs`, {
    body: {
      data: {
        type: `profile-subscription-bulk-${way}-job`,
        attributes: { profiles: { data }, ...attributes },
        ...(list && { relationships: { list: { data: { type: 'list', id: list } } } }),
      },
    },
  });
  await stage.settle();
  await stage.advance('1s');
  return answer;
}

const find = async (email: string) => {
  const { body } = await stage.sdk.profiles.getProfiles({
    filter: new FilterBuilder().equals('email', email).build(),
    additionalFieldsProfile: ['subscriptions'],
  });
  return body.data[0];
};
const subscriptions = async (email: string) => (await find(email))?.attributes.subscriptions;
const email = async (address: string) => (await subscriptions(address))?.email?.marketing;
const reasons = async (address: string) => (await email(address))?.suppression?.map(({ reason }) => reason);
const onList = async (list: string) =>
  (await stage.sdk.lists.getProfilesForList(list)).body.data.map(({ attributes }) => attributes.email);
const set = async (...args: string[]) => {
  await stage.command('accounts', 'set', '--account', 'Bean01', ...args);
  // Callers are held for a minute.
  await stage.advance('61s');
};

describe('a subscribe job', () => {
  it('grants what it names on every channel, and writes the rest to the profile only', async () => {
    const phone = '+14155552671';
    const channels = {
      email: { marketing: yes, open_tracking: yes },
      sms: { transactional: yes },
      whatsapp: { marketing: yes },
      push: { marketing: yes },
    };
    const row = person({ email: 'all@people.example', phone_number: phone, subscriptions: channels });
    expect((await job('create', [row], { attributes: { custom_source: 'Fair' } })).status).toBe(202);
    const shown = await subscriptions('all@people.example');
    expect(shown).toMatchObject({
      email: { marketing: { consent: 'SUBSCRIBED', customMethodDetail: 'Fair' }, openTracking: yes },
      sms: {
        marketing: { consent: 'NEVER_SUBSCRIBED', canReceiveSmsMarketing: false },
        transactional: { consent: 'SUBSCRIBED', canReceiveSmsTransactional: true },
      },
      whatsapp: { marketing: yes, transactional: { consent: 'NEVER_SUBSCRIBED' } },
      mobilePush: { marketing: { consent: 'SUBSCRIBED', canReceivePushMarketing: true } },
    });
    await job('create', [
      person({ email: 'written@people.example', phone_number: '+14155552672', subscriptions: marketing }),
    ]);
    const written = await find('written@people.example');
    expect(written?.attributes.phoneNumber).toBe('+14155552672');
    expect(written?.attributes.subscriptions?.sms?.marketing?.consent).toBe('NEVER_SUBSCRIBED');
  });

  it('takes no names and properties, which a call of their own changes, no other consent, and at most 1,000 people', async () => {
    const row = { email: 'strict@people.example', subscriptions: marketing };
    const at = '/data/attributes/profiles/data/0/attributes';
    for (const [attributes, pointer] of [
      [{ ...row, properties: { plan: 'pro' } }, `${at}/properties`],
      [{ ...row, first_name: 'Ana' }, `${at}/first_name`],
      [{ email: row.email }, `${at}/subscriptions`],
      [{ ...row, subscriptions: out }, `${at}/subscriptions/email/marketing/consent`],
    ] as const) {
      const answer = await job('create', [person(attributes)]);
      expect([answer.status, answer.errors[0]?.source.pointer]).toEqual([400, pointer]);
    }
    expect((await job('create', Array<Row>(1001).fill(person(row)))).status).toBe(400);
    expect((await job('delete', Array<Row>(101).fill(person({ ...row, subscriptions: out })))).status).toBe(400);
    expect(await find(row.email)).toBeUndefined();
  });

  it('finds its person by the profile id', async () => {
    const made = await stage.sdk.profiles.createProfile({
      data: { type: 'profile', attributes: { email: 'known@people.example' } },
    });
    await job('create', [person({ subscriptions: marketing }, made.body.data.id ?? '')]);
    expect(await email('known@people.example')).toMatchObject({ consent: 'SUBSCRIBED' });
    const { body } = await stage.sdk.profiles.getProfiles();
    expect(body.data.filter(({ attributes }) => attributes.email === 'known@people.example')).toHaveLength(1);
  });

  it('SMS consent belongs to the number: whoever gets a new one is asked again', async () => {
    const attributes = { email: 'moves@people.example', phone_number: '+14155552673' };
    await job('create', [person({ ...attributes, subscriptions: { sms: { marketing: yes } } })]);
    expect((await subscriptions(attributes.email))?.sms?.marketing).toMatchObject({ canReceiveSmsMarketing: true });
    const id = (await find(attributes.email))?.id ?? '';
    const moved = { data: { type: 'profile' as const, id, attributes: { phoneNumber: '+14155552674' } } };
    await stage.sdk.profiles.updateProfile(id, moved);
    expect((await subscriptions(attributes.email))?.sms?.marketing).toMatchObject({
      consent: 'NEVER_SUBSCRIBED',
      canReceiveSmsMarketing: false,
    });
  });

  it('a historical import needs consented_at in the past, lifts no later withdrawal, and clamps to 1990', async () => {
    const row = (consented_at?: string) =>
      person({ email: 'old@people.example', subscriptions: { email: { marketing: { ...yes, consented_at } } } });
    const historical = { attributes: { historical_import: true } };
    const pointer = '/data/attributes/profiles/data/0/attributes/subscriptions/email/marketing/consented_at';
    for (const [given, rest] of [
      [undefined, historical],
      ['2099-01-01T00:00:00Z', historical],
      ['2020-01-01T00:00:00Z', {}],
    ] as const) {
      const answer = await job('create', [row(given)], rest);
      expect([answer.status, answer.errors[0]?.source.pointer]).toEqual([400, pointer]);
    }
    await job('create', [row('1970-01-01T00:00:00Z')], historical);
    expect((await email('old@people.example'))?.consentTimestamp?.toISOString()).toBe('1990-01-01T00:00:00.000Z');
    await job('delete', [person({ email: 'old@people.example', subscriptions: out })]);
    await job('create', [row('2020-01-01T00:00:00Z')], historical);
    expect(await email('old@people.example')).toMatchObject({
      consent: 'UNSUBSCRIBED',
      canReceiveEmailMarketing: false,
    });
  });

  it('asks for the date of birth where SMS is age-gated, and refuses the young', async () => {
    await set('--sms-age', '21');
    const row = (born?: string) =>
      person({
        phone_number: '+14155552675',
        age_gated_date_of_birth: born,
        subscriptions: { sms: { transactional: yes } },
      });
    const at = '/data/attributes/profiles/data/0/attributes/age_gated_date_of_birth';
    for (const born of [undefined, '2019-01-01', '2999-01-01']) {
      const answer = await job('create', [row(born)]);
      expect([answer.status, answer.errors[0]?.source.pointer]).toEqual([400, at]);
    }
    expect((await job('create', [row('1980-02-29')])).status).toBe(202);
    await set('--sms-age', 'any');
    expect((await job('create', [row()])).status).toBe(202);
  });
});

describe('an unsubscribe job', () => {
  it('leaves all email by default, on the named list or not; SMS, push and other lists stay', async () => {
    const [news, other] = [await makeList('News'), await makeList('Other')];
    const here = 'here@people.example';
    const sms = { ...marketing, sms: { marketing: yes }, push: { marketing: yes } };
    await job('create', [person({ email: here, phone_number: '+14155552676', subscriptions: sms })], { list: news });
    await job('create', [person({ email: here, subscriptions: marketing })], { list: other });
    await job('delete', [person({ email: here, subscriptions: out })], { list: news });
    expect(await subscriptions(here)).toMatchObject({
      email: { marketing: { consent: 'UNSUBSCRIBED', listSuppressions: [] } },
      sms: { marketing: { canReceiveSmsMarketing: true } },
      mobilePush: { marketing: { canReceivePushMarketing: true } },
    });
    expect([await onList(news), await onList(other)]).toEqual([[], [here]]);
  });

  it('leaves that list alone where the account says so; who is not on it leaves everything', async () => {
    await set('--list-unsubscribe', 'list');
    const news = await makeList('Only');
    const [on, off] = ['on@people.example', 'off@people.example'];
    await job('create', [person({ email: on, subscriptions: marketing })], { list: news });
    await job('create', [person({ email: off, subscriptions: marketing })]);
    await job(
      'delete',
      [on, off].map((address) => person({ email: address, subscriptions: out })),
      { list: news },
    );
    expect(await email(on)).toMatchObject({
      consent: 'SUBSCRIBED',
      canReceiveEmailMarketing: true,
      listSuppressions: [{ listId: news, reason: 'UNSUBSCRIBE' }],
    });
    expect(await email(off)).toMatchObject({ consent: 'UNSUBSCRIBED', listSuppressions: [] });
    expect(await onList(news)).toEqual([]);
    await job('create', [person({ email: on, subscriptions: marketing })], { list: news });
    expect((await email(on))?.listSuppressions).toEqual([]);
    expect(await onList(news)).toEqual([on]);
    await set('--list-unsubscribe', 'global');
  });

  it('who left one list alone is nobody who cannot receive: segments', async () => {
    await set('--list-unsubscribe', 'list');
    const news = await makeList('Left alone');
    const [left, gone] = ['left-one@people.example', 'left-all@people.example'];
    for (const address of [left, gone])
      await job('create', [person({ email: address, subscriptions: marketing })], { list: news });
    await job('delete', [person({ email: left, subscriptions: out })], { list: news });
    await job('delete', [person({ email: gone, subscriptions: out })]);
    const consent = { channel: 'email', can_receive_marketing: false, consent_status: { subscription: 'any' } };
    const named = { type: 'string', operator: 'starts-with', value: 'left-' };
    const conditions = [
      { type: 'profile-marketing-consent', consent },
      { type: 'profile-property', property: 'email', filter: named },
    ];
    const definition = { condition_groups: conditions.map((one) => ({ conditions: [one] })) };
    const body = { data: { type: 'segment', attributes: { name: 'Unreachable', definition } } };
    const { one } = await stage.send('POST', '/api/segments', { body });
    await stage.advance('30s');
    const { many } = await stage.send('GET', `/api/segments/${one.id}/profiles`);
    expect(many.map(({ attributes }) => attributes['email'])).toEqual([gone]);
    await set('--list-unsubscribe', 'global');
  });

  it('opting out of one kind of SMS opts out of both', async () => {
    const attributes = { email: 'both@people.example', phone_number: '+14155552677' };
    await job('create', [person({ ...attributes, subscriptions: { sms: { marketing: yes, transactional: yes } } })]);
    await job('delete', [person({ ...attributes, subscriptions: { sms: { transactional: no } } })]);
    expect((await subscriptions(attributes.email))?.sms).toMatchObject({
      marketing: { consent: 'UNSUBSCRIBED', canReceiveSmsMarketing: false },
      transactional: { consent: 'UNSUBSCRIBED', canReceiveSmsTransactional: false },
    });
  });
});

describe('suppression by hand', () => {
  const suppress = (addresses: string[]) =>
    stage.sdk.profiles.bulkSuppressProfiles({
      data: {
        type: 'profile-suppression-bulk-create-job',
        attributes: {
          profiles: { data: addresses.map((address) => ({ type: 'profile', attributes: { email: address } })) },
        },
      },
    });

  it('concerns addresses, leaves consent, skips who is suppressed; a subscription lifts it', async () => {
    const [a, b] = ['a@suppress.example', 'b@suppress.example'];
    await job('create', [
      person({ email: a, subscriptions: marketing }),
      person({ email: b, subscriptions: marketing }),
    ]);
    const first = await suppress([a]);
    expect(first.response.status).toBe(202);
    await stage.settle();
    await stage.advance('1s');
    const { id } = (await suppress([a, b])).body.data;
    await stage.settle();
    const done = await stage.sdk.profiles.getBulkSuppressProfilesJob(id);
    expect(done.body.data.attributes).toMatchObject({
      status: 'complete',
      totalCount: 2,
      completedCount: 1,
      skippedCount: 1,
    });
    expect(await email(a)).toMatchObject({ consent: 'SUBSCRIBED', canReceiveEmailMarketing: false });
    await stage.advance('1s');
    await job('create', [person({ email: a, subscriptions: marketing })]);
    expect([await reasons(a), await reasons(b)]).toEqual([[], ['USER_SUPPRESSED']]);
  });

  it('of a list or segment concerns those who are in it when the job is accepted; taken back, nothing else is lifted', async () => {
    const list = await makeList('To suppress');
    const people = ['c@suppress.example', 'd@suppress.example'];
    await job(
      'create',
      people.map((address) => person({ email: address, subscriptions: marketing })),
      { list },
    );
    await job('delete', [person({ email: people[1], subscriptions: out })]);
    const made = await stage.sdk.profiles.bulkSuppressProfiles({
      data: {
        type: 'profile-suppression-bulk-create-job',
        attributes: {},
        relationships: { list: { data: { type: 'list', id: list } } },
      },
    });
    await stage.advance('1s');
    await job('create', [person({ email: 'late@suppress.example', subscriptions: marketing })], { list });
    await stage.advance('30s');
    const { body } = await stage.sdk.profiles.getBulkSuppressProfilesJobs({
      filter: new FilterBuilder().equals('list_id', list).build(),
      sort: '-created',
    });
    expect(body.data).toMatchObject([
      { id: made.body.data.id, attributes: { status: 'complete', totalCount: 2, completedCount: 2 } },
    ]);
    expect(await reasons('late@suppress.example')).toEqual([]);

    const property = 'first_name';
    const condition = { type: 'profile-property', property, filter: { type: 'existence', operator: 'not-set' } };
    const segment = await stage.send('POST', '/api/segments', {
      body: {
        data: {
          type: 'segment',
          attributes: { name: 'Nameless', definition: { condition_groups: [{ conditions: [condition] }] } },
        },
      },
    });
    await stage.advance('30s');
    const lifted = await stage.sdk.profiles.bulkUnsuppressProfiles({
      data: {
        type: 'profile-suppression-bulk-delete-job',
        attributes: {},
        relationships: { segment: { data: { type: 'segment', id: segment.one.id } } },
      },
    });
    expect(lifted.response.status).toBe(202);
    await stage.advance('30s');
    const { id } = lifted.body.data;
    const read = await stage.sdk.profiles.getBulkUnsuppressProfilesJob(id);
    expect(read.body.data.attributes.status).toBe('complete');
    const all = await stage.sdk.profiles.getBulkUnsuppressProfilesJobs({ sort: 'created' });
    expect(all.body.data.map((one) => one.id)).toEqual([id]);
    expect([await reasons(people[0] ?? ''), await reasons(people[1] ?? '')]).toEqual([[], ['UNSUBSCRIBE']]);
  });

  it('of a list concerns every address of its people, each of whom counts once, and the trail tells of each', async () => {
    const list = await makeList('Several addresses');
    const [primary, second] = ['primary@suppress.example', 'second@suppress.example'];
    const { body } = await stage.sdk.profiles.createOrUpdateProfile({
      data: {
        type: 'profile',
        attributes: { email: primary },
        meta: { patchIdentifiers: { append: { email: [second] } } },
      },
    });
    const id = body.data.id ?? '';
    await stage.sdk.lists.addProfilesToList(list, { data: [{ type: 'profile', id }] });
    for (const way of ['create', 'delete']) {
      const type = `profile-suppression-bulk-${way}-job`;
      const relationships = { list: { data: { type: 'list', id: list } } };
      await stage.send('POST', `/api/${type}s`, { body: { data: { type, attributes: {}, relationships } } });
      await stage.advance('30s');
      const { many } = await stage.send('GET', `/api/${type}s?filter=equals(list_id,"${list}")`);
      expect(many.map(({ attributes }) => attributes)).toMatchObject([{ total_count: 1, completed_count: 1 }]);
    }
    const { many } = await stage.send('GET', `/x/profiles/${id}/consent`);
    const told = many.map(({ attributes }) => [attributes['of'], attributes['to']].join(' '));
    const each = ['SUPPRESSED', 'LIFTED'].flatMap((to) => [`${primary} ${to}`, `${second} ${to}`]);
    expect(told.sort()).toEqual(each.sort());
  });

  it('names addresses, or one list, or one segment, and not more', async () => {
    const send = (attributes: object, relationships = {}) =>
      stage.send('POST', '/api/profile-suppression-bulk-create-jobs', {
        body: { data: { type: 'profile-suppression-bulk-create-job', attributes, relationships } },
      });
    const profiles = { data: [{ type: 'profile', attributes: { email: 'x@suppress.example' } }] };
    const list = { data: { type: 'list', id: 'nolist' } };
    expect((await send({})).status).toBe(400);
    expect((await send({ profiles }, { list })).status).toBe(400);
    expect((await send({}, { list })).status).toBe(404);
    expect((await send({ profiles: { data: Array(101).fill(profiles.data[0]) } })).status).toBe(400);
  });
});

describe('the trail of a person', () => {
  it('shows every change, oldest first, page by page', async () => {
    const address = 'trail@people.example';
    const row = { email: address, phone_number: '+14155552678' };
    await job('create', [person({ ...row, subscriptions: { ...marketing, push: { marketing: yes } } })]);
    await stage.advance('1s');
    await job('delete', [person({ ...row, subscriptions: { ...out, sms: { marketing: no } } })]);
    const { id = '' } = (await find(address)) ?? {};
    const first = await stage.send('GET', `/x/profiles/${id}/consent?page[size]=2`);
    const second = await stage.send('GET', first.links.next ?? '');
    const third = await stage.send('GET', second.links.next ?? '');
    const told = ({ many }: Answer) =>
      many.map(({ attributes }) => [attributes['what'], attributes['to'], attributes['of']].join(' ')).toSorted();
    // What one job does to a person is done in any order.
    expect(told(first)).toEqual([`email SUBSCRIBED ${address}`, 'push SUBSCRIBED ']);
    expect([...told(second), ...told(third)].toSorted()).toEqual([
      `email UNSUBSCRIBED ${address}`,
      'sms UNSUBSCRIBED +14155552678',
      'sms_transactional UNSUBSCRIBED +14155552678',
      `suppression SUPPRESSED ${address}`,
    ]);
    expect(third.links.next).toBe(null);
    expect(first.many.find(({ attributes }) => attributes['what'] === 'email')?.attributes).toMatchObject({
      method: 'API',
      from: null,
    });
    expect((await stage.send('GET', '/x/profiles/nobody/consent')).status).toBe(404);
    const key = await stage.newKey('profiles:read');
    expect((await stage.send('GET', `/x/profiles/${id}/consent`, { key })).status).toBe(403);
  });
});

describe('a subscription with the public key', () => {
  const subscribe = (list: string, attributes: object, ip = '203.0.113.1', rest: object = {}) =>
    stage.send('POST', '/client/subscriptions?company_id=Bean01', {
      key: null,
      headers: { 'cloudfront-viewer-address': `${ip}:4711` },
      body: {
        data: {
          type: 'subscription',
          attributes: { profile: { data: { type: 'profile', attributes } }, ...rest },
          relationships: { list: { data: { type: 'list', id: list } } },
        },
      },
    });

  it('means marketing on each channel that an identifier is given for; the list is mandatory', async () => {
    const list = await makeList('Visitors');
    const visitor = { email: 'v@visit.example', phone_number: '+14155552679', first_name: 'Vi' };
    const answer = await subscribe(list, visitor, undefined, { custom_source: 'Footer' });
    expect([answer.status, answer.text]).toEqual([202, '']);
    await stage.settle();
    expect(await subscriptions('v@visit.example')).toMatchObject({
      email: { marketing: { consent: 'SUBSCRIBED', customMethodDetail: 'Footer' } },
      sms: { marketing: { consent: 'SUBSCRIBED' } },
    });
    expect(await onList(list)).toEqual(['v@visit.example']);
    const bare = await stage.send('POST', '/client/subscriptions?company_id=Bean01', {
      key: null,
      body: {
        data: {
          type: 'subscription',
          attributes: { profile: { data: { type: 'profile', attributes: { email: 'v@visit.example' } } } },
          relationships: { list: {} },
        },
      },
    });
    expect([bare.status, bare.errors[0]?.source.pointer]).toEqual([400, '/data/relationships/list/data']);
    expect((await subscribe(list, { external_id: 'x' })).status).toBe(400);
    const unnamed = { phone_number: '+14155552679', subscriptions: marketing };
    expect((await subscribe(list, unnamed)).errors[0]?.source.pointer).toBe(
      '/data/attributes/profile/data/attributes/subscriptions/email/marketing',
    );
  });

  it('answers alike for the known, the unknown, the suppressed, and brings nobody back by itself', async () => {
    const list = await makeList('Comers');
    const [known, left, bounced] = ['known@visit.example', 'left@visit.example', 'bounced@visit.example'];
    await job(
      'create',
      [known, left].map((address) => person({ email: address, subscriptions: marketing })),
    );
    await job('delete', [person({ email: left, subscriptions: out })]);
    // As the provider's own word would.
    const ports = { ...memoryPorts().ports, ...stage.registry };
    const at = ports.clock.now();
    const cause = { address: bounced, at, how: { method: 'API' } };
    await suppressEmail(ports, accountId('Bean01'), { ...cause, reason: 'SPAM_COMPLAINT' });
    const answers = [];
    for (const address of [known, left, bounced, 'new@visit.example'])
      answers.push(await subscribe(list, { email: address }));
    expect(new Set(answers.map(({ status, text }) => `${status}${text}`))).toEqual(new Set(['202']));
    await stage.settle();
    expect((await onList(list)).toSorted()).toEqual([known, 'new@visit.example']);
    expect(await email(left)).toMatchObject({ consent: 'UNSUBSCRIBED', canReceiveEmailMarketing: false });
    // Whoever left is asked by mail, and comes back by that alone; who complained is not even asked.
    const mails = await stage.emails();
    expect(mails.map(({ to }) => to)).toEqual([left]);
    expect(await find(bounced)).toBeUndefined();
  });

  it('other endpoints of visitors change no consent', async () => {
    const attributes = { email: 'left@visit.example', first_name: 'Lea', properties: { $consent: ['email'] } };
    const body = { data: { type: 'profile', attributes } };
    expect((await stage.send('POST', '/client/profiles?company_id=Bean01', { key: null, body })).status).toBe(202);
    await stage.settle();
    expect(await email('left@visit.example')).toMatchObject({ consent: 'UNSUBSCRIBED' });
  });

  it('is bounded for each address of the internet, whoever is subscribed', async () => {
    const list = await makeList('Bombed');
    const answers = [];
    for (let i = 0; i < 62; i += 1)
      answers.push(await subscribe(list, { email: `v${i}@bomb.example` }, '198.51.100.7'));
    expect(answers.map(({ status }) => status).lastIndexOf(202)).toBe(59);
    expect(answers[60]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await subscribe(list, { email: 'else@bomb.example' }, '198.51.100.8')).status).toBe(202);
    await stage.advance('1h');
    expect((await subscribe(list, { email: 'late@bomb.example' }, '198.51.100.7')).status).toBe(202);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'subscriptions'));
