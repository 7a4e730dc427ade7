import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const makeList = async (name: string) =>
  (await stage.sdk.lists.createList({ data: { type: 'list', attributes: { name } } })).body.data.id;
const makeProfile = async (email: string) =>
  (await stage.sdk.profiles.createProfile({ data: { type: 'profile', attributes: { email } } })).body.data.id ?? '';
const linked = (ids: string[]) => ({ data: ids.map((id) => ({ type: 'profile' as const, id })) });
const onList = async (list: string) => (await stage.sdk.lists.getProfilesForList(list)).body.data.map(({ id }) => id);

describe('a list', () => {
  it('is made, renamed and removed', async () => {
    const { lists } = stage.sdk;
    const made = await lists.createList(
      { data: { type: 'list', attributes: { name: 'Newsletter' } } },
      { fieldsList: ['name', 'opt_in_process'] },
    );
    expect(made.response.status).toBe(201);
    const { id } = made.body.data;
    expect(JSON.parse(JSON.stringify(made.body.data.attributes))).toEqual({
      name: 'Newsletter',
      optInProcess: 'single_opt_in',
    });
    const renamed = await lists.updateList(id, { data: { type: 'list', id, attributes: { name: 'Weekly' } } });
    expect(renamed.body.data.attributes).toMatchObject({ name: 'Weekly' });
    const read = await lists.getList(id, {
      additionalFieldsList: ['profile_count'],
      include: ['tags', 'flow-triggers'],
    });
    expect(read.body.data.attributes).toMatchObject({ name: 'Weekly', profileCount: 0 });
    expect(read.body.included).toEqual([]);
    expect((await lists.deleteList(id)).response.status).toBe(204);
    expect(await refusalOf(lists.getList(id))).toMatchObject({ status: 404 });
    expect(await refusalOf(lists.deleteList(id))).toMatchObject({ status: 404 });
  });

  it('is found by name, and lists are walked in their order', async () => {
    for (let i = 0; i < 12; i += 1) await makeList(`List ${String(i).padStart(2, '0')}`);
    const names: (string | null | undefined)[] = [];
    let pageCursor: string | undefined;
    do {
      const { body } = await stage.sdk.lists.getLists({
        sort: '-name',
        pageSize: 5,
        ...(pageCursor && { pageCursor }),
      });
      names.push(...body.data.map(({ attributes }) => attributes.name));
      pageCursor = body.links?.next ?? undefined;
    } while (pageCursor);
    expect(names).toEqual(names.toSorted().toReversed());
    expect(names).toHaveLength(new Set(names).size);
    const filter = new FilterBuilder().any('name', ['List 03', 'List 11']).build();
    const found = await stage.sdk.lists.getLists({ filter, sort: 'name' });
    expect(found.body.data.map(({ attributes }) => attributes.name)).toEqual(['List 03', 'List 11']);
    const odd = await stage.sdk.lists.getLists({
      filter: new FilterBuilder().equals('name', '"),equals(name,"').build(),
    });
    expect(odd.body.data).toEqual([]);
  });

  it('has members, in the order in which they joined', async () => {
    const { lists, profiles } = stage.sdk;
    const list = await makeList('Members');
    const people: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const id = await makeProfile(`${name}@members.example`);
      expect((await lists.addProfilesToList(list, linked([id]))).response.status).toBe(204);
      people.push(id);
      await stage.advance('1s');
    }
    await lists.addProfilesToList(list, linked([people[0] ?? '']));
    expect(await onList(list)).toEqual(people);
    const newest = await lists.getProfilesForList(list, {
      sort: '-joined_group_at',
      pageSize: 2,
      fieldsProfile: ['email', 'joined_group_at'],
    });
    expect(newest.body.data.map(({ id }) => id)).toEqual(people.toReversed().slice(0, 2));
    const next = await lists.getProfilesForList(list, {
      sort: '-joined_group_at',
      pageSize: 2,
      pageCursor: newest.body.links?.next ?? '',
    });
    expect(next.body.data.map(({ id }) => id)).toEqual(people.toReversed().slice(2, 4));
    const joined = newest.body.data[0]?.attributes.joinedGroupAt ?? new Date();
    const late = await lists.getProfileIdsForList(list, {
      filter: new FilterBuilder().greaterOrEqual('joined_group_at', joined).build(),
    });
    expect(late.body.data.map(({ id }) => id)).toEqual([people[4]]);
    const byEmail = await lists.getProfilesForList(list, {
      filter: new FilterBuilder().any('email', ['B@members.example', 'x@y.example']).build(),
    });
    expect(byEmail.body.data.map(({ id }) => id)).toEqual([people[1]]);
    const counted = await lists.getList(list, { additionalFieldsList: ['profile_count'] });
    expect(counted.body.data.attributes).toMatchObject({ profileCount: 5 });

    const own = people[2] ?? '';
    expect(
      (await profiles.getListsForProfile(own, { fieldsList: ['name'] })).body.data.map(
        ({ attributes }) => attributes.name,
      ),
    ).toEqual(['Members']);
    expect((await profiles.getListIdsForProfile(own)).body.data.map(({ id }) => id)).toEqual([list]);
    const whole = await profiles.getProfile(own, { include: ['lists', 'segments'] });
    expect(whole.body.included?.map(({ id }) => id)).toEqual([list]);

    expect((await lists.removeProfilesFromList(list, linked(people.slice(0, 2)))).response.status).toBe(204);
    expect(await onList(list)).toEqual(people.slice(2));
    const unknown = await refusalOf(lists.addProfilesToList(list, linked([own, 'nobody'])));
    expect(unknown).toMatchObject({ status: 400, errors: [{ source: { pointer: '/data/1/id' } }] });
    await lists.deleteList(list);
    await stage.settle();
    expect((await profiles.getListIdsForProfile(own)).body.data).toEqual([]);
  });
});

describe('consent', () => {
  const subscribed = (email: string) => ({
    type: 'profile' as const,
    attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' as const } } } },
  });
  const marketing = async (email: string) => {
    const { body } = await stage.sdk.profiles.getProfiles({
      filter: new FilterBuilder().equals('email', email).build(),
      additionalFieldsProfile: ['subscriptions'],
    });
    return body.data[0]?.attributes.subscriptions?.email?.marketing;
  };

  it('is given and withdrawn by jobs, which also put people on the list and take them off', async () => {
    const list = await makeList('Consenting');
    const email = 'con@sent.example';
    const { response } = await stage.sdk.profiles.bulkSubscribeProfiles({
      data: {
        type: 'profile-subscription-bulk-create-job',
        attributes: { customSource: 'till', profiles: { data: [subscribed(email)] } },
        relationships: { list: { data: { type: 'list', id: list } } },
      },
    });
    expect([response.status, response.data]).toEqual([202, '']);
    await stage.settle();
    expect(await marketing(email)).toMatchObject({
      consent: 'SUBSCRIBED',
      canReceiveEmailMarketing: true,
      customMethodDetail: 'till',
    });
    expect(await onList(list)).toHaveLength(1);

    await stage.advance('1s');
    const withdrawn = await stage.sdk.profiles.bulkUnsubscribeProfiles({
      data: {
        type: 'profile-subscription-bulk-delete-job',
        attributes: {
          profiles: {
            data: [
              {
                type: 'profile',
                attributes: { email, subscriptions: { email: { marketing: { consent: 'UNSUBSCRIBED' } } } },
              },
            ],
          },
        },
        relationships: { list: { data: { type: 'list', id: list } } },
      },
    });
    expect(withdrawn.response.status).toBe(202);
    await stage.settle();
    expect(await marketing(email)).toMatchObject({ consent: 'UNSUBSCRIBED', canReceiveEmailMarketing: false });
    expect(await onList(list)).toEqual([]);
  });

  it('stays as it is when somebody is taken off a list, or the list is removed', async () => {
    const { lists, profiles } = stage.sdk;
    const [list, other] = [await makeList('Left'), await makeList('Removed')];
    const email = 'stays@sent.example';
    for (const id of [list, other]) {
      await profiles.bulkSubscribeProfiles({
        data: {
          type: 'profile-subscription-bulk-create-job',
          attributes: { profiles: { data: [subscribed(email)] } },
          relationships: { list: { data: { type: 'list', id } } },
        },
      });
      await stage.settle();
    }
    const before = await marketing(email);
    expect(before).toMatchObject({ consent: 'SUBSCRIBED', canReceiveEmailMarketing: true });
    await lists.removeProfilesFromList(list, linked((await onList(list)).map((id) => id ?? '')));
    await lists.deleteList(other);
    await stage.settle();
    expect(await onList(list)).toEqual([]);
    expect(await marketing(email)).toEqual(before);
  });

  it('is refused whole when one of many is bad, or the list is not there', async () => {
    const send = (data: object[], list?: string, rest: object = {}) =>
      stage.send('POST', '/api/profile-subscription-bulk-create-jobs', {
        body: {
          data: {
            type: 'profile-subscription-bulk-create-job',
            attributes: { profiles: { data }, ...rest },
            ...(list !== undefined && { relationships: { list: { data: { type: 'list', id: list } } } }),
          },
        },
      });
    const bad = await send([subscribed('good@sent.example'), subscribed('bad')]);
    expect([bad.status, bad.errors[0]?.source.pointer]).toEqual([
      400,
      '/data/attributes/profiles/data/1/attributes/email',
    ]);
    expect((await send([subscribed('good@sent.example')], 'nothing')).status).toBe(404);
    const token = { token: 'a/b', platform: 'ios', vendor: 'apns' };
    const push = { marketing: { consent: 'SUBSCRIBED' }, tokens: [token] };
    const tokens = { type: 'profile', attributes: { email: 'good@sent.example', subscriptions: { push } } };
    expect((await send([tokens])).errors[0]?.source.pointer).toBe(
      '/data/attributes/profiles/data/0/attributes/subscriptions/push/tokens/0/token',
    );
    const source = { custom_source: 'x'.repeat(256) };
    expect((await send([subscribed('good@sent.example')], undefined, source)).errors[0]?.source.pointer).toBe(
      '/data/attributes/custom_source',
    );
    await stage.settle();
    expect(await marketing('good@sent.example')).toBeUndefined();
  });
});

it('a list has no tags yet, and one that is not there is not found', async () => {
  const { lists } = stage.sdk;
  const made = await lists.createList({ data: { type: 'list', attributes: { name: 'Untagged' } } });
  const id = made.body.data.id;
  expect((await lists.getTagsForList(id)).body.data).toEqual([]);
  expect((await lists.getTagIdsForList(id)).body.data).toEqual([]);
  expect((await stage.send('GET', '/api/lists/nobody/tags')).status).toBe(404);
  expect((await stage.send('GET', '/api/lists/nobody/relationships/tags')).status).toBe(404);
});

it('every operation of the area was exercised', () => expectExercised(stage, 'lists-consent'));
