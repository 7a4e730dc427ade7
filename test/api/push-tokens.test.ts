import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { pushTokenOf, profileOf } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const android = { platform: 'android' as const, vendor: 'fcm' as const };

const register = (token: string, profile: object, more: object = {}) =>
  stage.sdk.profiles.createPushToken({
    data: {
      type: 'push-token',
      attributes: { token, ...android, profile: { data: { type: 'profile', attributes: profile } }, ...more },
    },
  });
const told = (path: string, body: object) =>
  stage.send('POST', `/client/${path}?company_id=Bean01`, { key: null, body });
const tokensOf = async (profile: string) =>
  (await stage.sdk.profiles.getPushTokenIdsForProfile(profile)).body.data.map(({ id }) => id);
const idOf = async (email: string) =>
  (await stage.sdk.profiles.getProfiles({ filter: `equals(email,"${email}")` })).body.data[0]?.id ?? '';

describe('a push token', () => {
  it('is registered for a person, who comes into being, and is read by itself', async () => {
    const { response } = await register('fcm:a-b_c d', { email: 'ana@phone.example', firstName: 'Ana' });
    expect(response.status).toBe(202);
    const id = await idOf('ana@phone.example');
    const { profiles } = stage.sdk;
    const { body } = await profiles.getPushToken('fcm:a-b_c d', { include: ['profile'] });
    expect(body.data).toMatchObject({
      id: 'fcm:a-b_c d',
      attributes: {
        token: 'fcm:a-b_c d',
        ...android,
        enablementStatus: 'AUTHORIZED',
        background: 'AVAILABLE',
      },
      relationships: { profile: { data: { id } } },
    });
    expect(body.included).toMatchObject([{ id, attributes: { firstName: 'Ana' } }]);
    expect((await profiles.getProfileForPushToken('fcm:a-b_c d')).body.data).toMatchObject({ id });
    expect((await profiles.getProfileIdForPushToken('fcm:a-b_c d')).body.data).toMatchObject({ id });
    expect((await profiles.getPushTokensForProfile(id)).body.data).toHaveLength(1);
    const profile = await profiles.getProfile(id, { include: ['push-tokens'] });
    expect(profile.body.included).toMatchObject([{ type: 'push-token', id: 'fcm:a-b_c d' }]);
    const page = await stage.send('GET', `/api/profiles?include=push-tokens&filter=equals(id,"${id}")`);
    expect(page.included).toMatchObject([{ type: 'push-token', id: 'fcm:a-b_c d' }]);
  });

  it('that is told of again is one, as it was told of last, and was made when it was first told of', async () => {
    await register('again', { email: 'again@phone.example' });
    const { body: before } = await stage.sdk.profiles.getPushToken('again');
    await stage.advance('1h');
    await register('again', { email: 'again@phone.example' }, { enablementStatus: 'DENIED', background: 'RESTRICTED' });
    const { body: after } = await stage.sdk.profiles.getPushToken('again');
    expect(after.data.attributes).toMatchObject({ enablementStatus: 'DENIED', background: 'RESTRICTED' });
    expect(after.data.attributes.created).toEqual(before.data.attributes.created);
    expect(after.data.attributes.recordedDate).not.toBe(before.data.attributes.recordedDate);
    expect(await tokensOf(await idOf('again@phone.example'))).toEqual(['again']);
  });

  it('belongs to one person: registering it for another moves it', async () => {
    await register('shared', { email: 'first@phone.example' });
    await register('shared', { email: 'second@phone.example' });
    expect(await tokensOf(await idOf('first@phone.example'))).toEqual([]);
    expect(await tokensOf(await idOf('second@phone.example'))).toEqual(['shared']);
  });

  it('finds its person among all, and among the members of a list', async () => {
    await register('member', { email: 'member@phone.example' });
    const id = await idOf('member@phone.example');
    const list = await stage.sdk.lists.createList({ data: { type: 'list', attributes: { name: 'Phones' } } });
    const { lists } = stage.sdk;
    await lists.addProfilesToList(list.body.data.id, { data: [{ type: 'profile', id }] });
    const ask = async (token: string) => {
      const { body } = await lists.getProfilesForList(list.body.data.id, { filter: `equals(push_token,"${token}")` });
      return body.data.map((one) => one.id);
    };
    expect(await ask('member')).toEqual([id]);
    expect(await ask('nobody')).toEqual([]);
  });

  it('is removed, once', async () => {
    await register('gone', { email: 'gone@phone.example' });
    expect((await stage.sdk.profiles.deletePushToken('gone')).response.status).toBe(204);
    expect(await refusalOf(stage.sdk.profiles.deletePushToken('gone'))).toMatchObject({ status: 404 });
    expect(await refusalOf(stage.sdk.profiles.getPushToken('gone'))).toMatchObject({ status: 404 });
    expect(await tokensOf(await idOf('gone@phone.example'))).toEqual([]);
  });

  it('goes with the person who is forgotten, and to the survivor of a merge', async () => {
    await register('forgotten', { email: 'forgotten@phone.example' });
    await register('merged', { email: 'source@phone.example' });
    await register('kept', { email: 'survivor@phone.example' });
    const [source, survivor] = [await idOf('source@phone.example'), await idOf('survivor@phone.example')];
    await stage.send('POST', '/api/data-privacy-deletion-jobs', {
      body: {
        data: {
          type: 'data-privacy-deletion-job',
          attributes: { profile: profileOf({ email: 'forgotten@phone.example' }) },
        },
      },
    });
    await stage.sdk.profiles.mergeProfiles({
      data: {
        type: 'profile-merge',
        id: survivor,
        relationships: { profiles: { data: [{ type: 'profile', id: source }] } },
      },
    });
    await stage.settle();
    expect((await tokensOf(survivor)).sort()).toEqual(['kept', 'merged']);
    expect((await stage.sdk.profiles.getProfileForPushToken('merged')).body.data).toMatchObject({ id: survivor });
    expect(await refusalOf(stage.sdk.profiles.getPushToken('forgotten'))).toMatchObject({ status: 404 });
    const left = (await stage.items()).filter((item) => JSON.stringify(item).includes('forgotten'));
    expect(left.filter(({ kind }) => kind.startsWith('push-token'))).toEqual([]);
  });
});

describe('all push tokens', () => {
  it('are walked in the order of creation, and filtered', async () => {
    for (let i = 0; i < 5; i += 1) {
      await register(`walk${i}`, { email: 'walker@phone.example' }, i % 2 ? { enablementStatus: 'PROVISIONAL' } : {});
      await stage.advance('1s');
    }
    const found: string[] = [];
    let target: string | null | undefined = '/api/push-tokens?page[size]=2';
    while (target) {
      const { many, links } = await stage.send('GET', target);
      found.push(...many.map(({ id }) => id));
      target = links.next;
    }
    expect(found.filter((id) => id.startsWith('walk'))).toEqual(['walk0', 'walk1', 'walk2', 'walk3', 'walk4']);
    expect(new Set(found).size).toBe(found.length);
    const ask = async (filter: string) =>
      (await stage.sdk.profiles.getPushTokens({ filter, pageSize: 100 })).body.data.map(({ id }) => id);
    const by = () => new FilterBuilder();
    expect(await ask(by().equals('enablement_status', 'PROVISIONAL').build())).toEqual(['walk1', 'walk3']);
    expect(await ask(by().equals('id', 'walk2').build())).toEqual(['walk2']);
    expect(await ask(by().equals('id', 'walk2').equals('platform', 'ios').build())).toEqual([]);
    const walker = await idOf('walker@phone.example');
    expect(await ask(by().equals('profile.id', walker).equals('enablement_status', 'PROVISIONAL').build())).toEqual([
      'walk1',
      'walk3',
    ]);
    const { status, errors } = await stage.send('GET', '/api/push-tokens?filter=equals(platform,"windows")');
    expect([status, errors[0]?.source.parameter]).toEqual([400, 'filter']);
  });
});

describe('apps with the company id', () => {
  it('register a device; identifiers of a known person stay as they are', async () => {
    await register('server', { email: 'known@phone.example', externalId: 'k1' });
    const { status, text } = await told(
      'push-tokens',
      pushTokenOf('app', { email: 'known@phone.example', external_id: 'stolen', first_name: 'Kim' }),
    );
    expect([status, text]).toEqual([202, '']);
    const id = await idOf('known@phone.example');
    expect((await tokensOf(id)).sort()).toEqual(['app', 'server']);
    expect((await stage.sdk.profiles.getProfile(id)).body.data.attributes).toMatchObject({
      firstName: 'Kim',
      externalId: 'k1',
    });
    expect((await stage.send('GET', '/api/push-tokens/app')).one.attributes['metadata']).toEqual({
      device_id: 'd1',
      os_name: 'ios',
      environment: 'release',
    });
  });

  it('take a device away from the person who has it, and from nobody else; the answer is the same', async () => {
    await register('mine', { email: 'mine@phone.example' });
    const unregister = (email: string, platform = 'android') =>
      told('push-token-unregister', {
        data: { type: 'push-token-unregister', attributes: { token: 'mine', platform, profile: profileOf({ email }) } },
      });
    const id = await idOf('mine@phone.example');
    const answers = [await unregister('else@phone.example'), await unregister('mine@phone.example', 'ios')];
    expect(await tokensOf(id)).toEqual(['mine']);
    answers.push(await unregister('mine@phone.example'));
    expect(await tokensOf(id)).toEqual([]);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['202 ']));
    expect(await idOf('else@phone.example')).toBe('');
  });

  it.each(['', ' ', 'a\u0000b', 'a/b', 'x'.repeat(1025)])('are refused the token %j', async (token) => {
    const { status, errors } = await told('push-tokens', pushTokenOf(token, { email: 'bad@phone.example' }));
    expect([status, errors[0]?.source.pointer]).toEqual([400, '/data/attributes/token']);
    expect(await idOf('bad@phone.example')).toBe('');
  });
});

describe('a job', () => {
  const device = (token: string, rest: object = {}) => ({ token, ...android, ...rest });

  /** A row of a job about push, and devices with it. */
  const row = (email: string, consent: string, tokens: object[]) => ({
    type: 'profile',
    attributes: { email, subscriptions: { push: { marketing: { consent }, tokens } } },
  });

  async function job(way: 'create' | 'delete', rows: object[]) {
    const type = `profile-subscription-bulk-${way}-job`;
    const body = { data: { type, attributes: { profiles: { data: rows } } } };
    const answer = await stage.send('POST', `/api/${type}s`, { body });
    expect(answer.status, answer.text).toBe(202);
    await stage.settle();
  }

  it('that subscribes to push registers the devices of each person, taken from whoever had them before', async () => {
    await register('job-moved', { email: 'had@phone.example' });
    await stage.advance('1s');
    await job('create', [
      row('one@job.example', 'SUBSCRIBED', [
        device('job-moved'),
        device('job-own', { enablement_status: 'PROVISIONAL', device_metadata: { device_id: 'd7' } }),
      ]),
      row('two@job.example', 'SUBSCRIBED', [device('job-two')]),
    ]);
    expect((await tokensOf(await idOf('one@job.example'))).sort()).toEqual(['job-moved', 'job-own']);
    expect(await tokensOf(await idOf('two@job.example'))).toEqual(['job-two']);
    expect(await tokensOf(await idOf('had@phone.example'))).toEqual([]);
    expect((await stage.send('GET', '/api/push-tokens/job-own')).one.attributes).toMatchObject({
      enablement_status: 'PROVISIONAL',
      metadata: { device_id: 'd7' },
    });
  });

  it('that unsubscribes from push removes the devices that it names from their person, and no others', async () => {
    const people = ['left@job.example', 'other@job.example'];
    await job('create', [
      row(people[0]!, 'SUBSCRIBED', [device('job-left'), device('job-kept')]),
      row(people[1]!, 'SUBSCRIBED', [device('job-other')]),
    ]);
    await job('delete', [
      row(people[0]!, 'UNSUBSCRIBED', [device('job-left'), device('job-other'), device('job-unknown')]),
    ]);
    expect(await tokensOf(await idOf(people[0]!))).toEqual(['job-kept']);
    expect(await tokensOf(await idOf(people[1]!))).toEqual(['job-other']);
  });

  it('works through more people and devices than one stretch holds, each once', async () => {
    const emails = Array.from({ length: 40 }, (_, n) => `many${n}@job.example`);
    const devices = (email: string) => Array.from({ length: 20 }, (_, n) => device(`${email}-${n}`));
    await job(
      'create',
      emails.map((email) => row(email, 'SUBSCRIBED', devices(email))),
    );
    for (const email of emails) expect(await tokensOf(await idOf(email))).toHaveLength(20);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'push-tokens'));
