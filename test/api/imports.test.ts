import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

type Row = Parameters<Stage['sdk']['profiles']['bulkImportProfiles']>[0]['data']['attributes']['profiles']['data'][0];

const row = (attributes: Row['attributes'], rest: Partial<Row> = {}): Row => ({ type: 'profile', attributes, ...rest });

/** Imports the rows and answers the id of the job, which is done by then. */
async function imported(rows: readonly Row[], list?: string): Promise<string> {
  const { body, response } = await stage.sdk.profiles.bulkImportProfiles({
    data: {
      type: 'profile-bulk-import-job',
      attributes: { profiles: { data: [...rows] } },
      ...(list !== undefined && { relationships: { lists: { data: [{ type: 'list', id: list }] } } }),
    },
  });
  expect(response.status).toBe(202);
  expect(body.data.attributes).toMatchObject({ status: 'queued', totalCount: rows.length, startedAt: null });
  await stage.settle();
  return body.data.id;
}

const job = async (id: string) => (await stage.sdk.profiles.getBulkImportProfilesJob(id)).body.data;
const profile = async (email: string) =>
  (await stage.sdk.profiles.getProfiles({ filter: `equals(email,"${email}")` })).body.data[0]!;
const errors = async (id: string) => (await stage.sdk.profiles.getErrorsForBulkImportProfilesJob(id)).body.data;
const makeList = async (name: string) =>
  (await stage.sdk.lists.createList({ data: { type: 'list', attributes: { name } } })).body.data.id;

describe('a bulk import', () => {
  it('creates and changes profiles and says so', async () => {
    await stage.sdk.profiles.createProfile({
      data: { type: 'profile', attributes: { email: 'known@example.com', firstName: 'Ida', lastName: 'Ek' } },
    });
    const id = await imported([
      row({ email: 'Known@example.com', firstName: 'Eva', properties: { visits: 3 } }),
      row({ externalId: 'new-1', location: { city: 'Boston' } }),
    ]);
    expect((await job(id)).attributes).toMatchObject({
      status: 'complete',
      totalCount: 2,
      completedCount: 2,
      failedCount: 0,
    });
    const { attributes } = await profile('known@example.com');
    expect(attributes).toMatchObject({ firstName: 'Eva', lastName: 'Ek', properties: { visits: 3 } });
    const { body } = await stage.sdk.profiles.getProfilesForBulkImportProfilesJob(id);
    expect(body.data.map(({ attributes: one }) => one.externalId)).toEqual([null, 'new-1']);
    expect((await stage.sdk.profiles.getProfileIdsForBulkImportProfilesJob(id)).body.data).toEqual(
      body.data.map(({ type, id: one }) => ({ type, id: one })),
    );
  });

  it('puts everyone on its list, and changes no consent', async () => {
    const list = await makeList('Imported');
    const id = await imported([row({ email: 'on-list@example.com' })], list);
    const person = await profile('on-list@example.com');
    const members = await stage.sdk.lists.getProfilesForList(list, { additionalFieldsProfile: ['subscriptions'] });
    expect(members.body.data.map((one) => one.id)).toEqual([person.id]);
    expect(members.body.data[0]?.attributes.subscriptions?.email?.marketing?.consent).toBe('NEVER_SUBSCRIBED');
    expect((await stage.sdk.profiles.getListForBulkImportProfilesJob(id)).body.data[0]?.attributes.name).toBe(
      'Imported',
    );
    expect((await stage.sdk.profiles.getListIdsForBulkImportProfilesJob(id)).body.data).toEqual([
      { type: 'list', id: list },
    ]);
    const told = await stage.sdk.profiles.getBulkImportProfilesJob(id, { include: ['lists'] });
    expect(told.body.included?.map((one) => one.id)).toEqual([list]);
  });

  it('to a list starts the flows of the list; a historical import of consent does not', async () => {
    const list = await makeList('Starting');
    const set = { operator: 'update', property_type: 'string', property_key: 'entered', property_value: 'yes' };
    const note = {
      ...{ temporary_id: 'note', type: 'update-profile', links: { next: null } },
      data: { profile_operations: [set], status: 'live' },
    };
    const definition = { triggers: [{ type: 'list', id: list }], entry_action_id: 'note', actions: [note] };
    const made = await stage.send('POST', '/api/flows', {
      body: { data: { type: 'flow', attributes: { name: 'List', definition } } },
    });
    expect(made.errors).toEqual([]);
    const { id } = made.one;
    await stage.send('PATCH', `/api/flows/${id}`, {
      body: { data: { type: 'flow', id, attributes: { status: 'live' } } },
    });
    await stage.settle();
    const [fresh, old] = ['fresh@example.com', 'old@example.com'];
    await imported([row({ email: fresh })], list);
    const marketing = { consent: 'SUBSCRIBED', consented_at: '2020-01-01T00:00:00Z' };
    const data = [{ type: 'profile', attributes: { email: old, subscriptions: { email: { marketing } } } }];
    const body = {
      data: {
        type: 'profile-subscription-bulk-create-job',
        attributes: { historical_import: true, profiles: { data } },
        relationships: { list: { data: { type: 'list', id: list } } },
      },
    };
    expect((await stage.send('POST', '/api/profile-subscription-bulk-create-jobs', { body })).status).toBe(202);
    await stage.settle();
    const entered = async (email: string) => (await profile(email)).attributes.properties as { entered?: string };
    expect(await entered(fresh)).toEqual({ entered: 'yes' });
    expect(await entered(old)).toEqual({});
  });

  it('tells what was wrong with single rows, and imports the others', async () => {
    await imported([row({ email: 'holder@example.com', externalId: 'held' })]);
    const id = await imported([
      row({ email: 'no address' }),
      row({ firstName: 'Nobody' }),
      row({ email: 'fine@example.com' }),
      row({ email: 'other@example.com' }),
      row({ email: 'other@example.com', externalId: 'held' }),
      row({ email: 'gone@example.com' }, { id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' }),
    ]);
    expect((await job(id)).attributes).toMatchObject({ status: 'complete', completedCount: 2, failedCount: 4 });
    const told = await errors(id);
    expect(told.map(({ attributes: { code, source } }) => [code, source.pointer])).toEqual([
      ['invalid', '/data/attributes/profiles/data/0/attributes/email'],
      ['invalid', '/data/attributes/profiles/data/1/attributes'],
      ['duplicate_profile', '/data/attributes/profiles/data/4/attributes/email'],
      ['not_found', '/data/attributes/profiles/data/5'],
    ]);
    expect(told[1]?.attributes).toMatchObject({
      title: 'Invalid input.',
      originalPayload: { type: 'profile', attributes: { first_name: 'Nobody' } },
    });
    expect(await profile('fine@example.com')).toBeDefined();
  });

  it('takes rows of one person in their order: later ones win, appended values pile up', async () => {
    const append = (tag: string) => ({ meta: { patchProperties: { append: { tags: [tag] } } } });
    const id = await imported([
      row({ email: 'often@example.com', firstName: 'One', title: 'Ms' }, append('a')),
      row({ email: 'often@example.com', externalId: 'often', firstName: 'Two' }, append('b')),
      row({ externalId: 'often', firstName: 'Three', properties: { last: true } }, append('c')),
    ]);
    expect((await job(id)).attributes).toMatchObject({ completedCount: 3, failedCount: 0 });
    expect((await profile('often@example.com')).attributes).toMatchObject({
      firstName: 'Three',
      title: 'Ms',
      properties: { tags: ['a', 'b', 'c'], last: true },
    });
    expect((await stage.sdk.profiles.getProfileIdsForBulkImportProfilesJob(id)).body.data).toHaveLength(1);
  });

  it('of many rows is listed in pages: its profiles and its errors', async () => {
    const id = await imported([
      ...Array.from({ length: 250 }, (_, i) => row({ email: `page-${i % 230}@example.com` })),
      ...Array.from({ length: 45 }, () => row({ email: 'no address' })),
    ]);
    const pages = async (path: string) => {
      const lengths: number[] = [];
      const ids = new Set<string>();
      let next: string | null | undefined = `/api/profile-bulk-import-jobs/${id}/${path}`;
      while (next) {
        const { many, links } = await stage.send('GET', next);
        lengths.push(many.length);
        for (const one of many) ids.add(one.id);
        next = links.next;
      }
      return { lengths, different: ids.size };
    };
    expect(await pages('relationships/profiles?page[size]=100')).toEqual({ lengths: [100, 100, 30], different: 230 });
    expect(await pages('profiles?page[size]=90')).toEqual({ lengths: [90, 90, 50], different: 230 });
    expect(await pages('import-errors')).toEqual({ lengths: [20, 20, 5], different: 45 });
  });

  it('is listed among the jobs, newest first, by status', async () => {
    const [first, second] = [
      await imported([row({ email: 'a@example.com' })]),
      await imported([row({ email: 'b@example.com' })]),
    ];
    const listed = async (...query: Parameters<Stage['sdk']['profiles']['getBulkImportProfilesJobs']>) =>
      (await stage.sdk.profiles.getBulkImportProfilesJobs(...query)).body.data.map(({ id }) => id);
    expect((await listed()).slice(0, 2)).toEqual([second, first]);
    expect((await listed({ sort: 'created_at' })).slice(-2)).toEqual([first, second]);
    expect(await listed({ filter: 'equals(status,"queued")' })).toEqual([]);
    expect(await listed({ filter: 'any(status,["complete","queued"])', pageSize: 1 })).toEqual([second]);
  });

  it('is gone after a week', async () => {
    const id = await imported([row({ email: 'week@example.com' })]);
    const { createdAt, expiresAt } = (await job(id)).attributes;
    expect(Number(expiresAt) - Number(createdAt)).toBe(7 * 24 * 3600 * 1000);
    await stage.advance('8d');
    expect(await refusalOf(stage.sdk.profiles.getBulkImportProfilesJob(id))).toMatchObject({ status: 404 });
  });
});

describe('a bulk import is refused whole', () => {
  const send = (profiles: unknown, relationships: object = {}) =>
    stage.send('POST', '/api/profile-bulk-import-jobs', {
      body: {
        data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: profiles } }, ...relationships },
      },
    });
  const pointers = async (profiles: unknown, relationships?: object) => {
    const { status, errors: faults } = await send(profiles, relationships);
    return [status, ...faults.map(({ source }) => source.pointer)];
  };
  const many = (length: number, attributes: object = { email: 'many@example.com' }) =>
    Array.from({ length }, () => ({ type: 'profile', attributes }));
  const at = (rest: string) => `/data/attributes/profiles/data${rest}`;

  it('without rows, with too many, and with rows of another shape', async () => {
    expect(await pointers([])).toEqual([400, at('')]);
    expect(await pointers(many(10_001))).toEqual([400, at('')]);
    expect(await pointers([...many(2), { type: 'person', attributes: {} }])).toEqual([400, at('/2/type')]);
    expect(await pointers(many(1, { shoe_size: 43 }))).toEqual([400, at('/0/attributes/shoe_size')]);
  });

  it('with a row of more than 100 KB, or more than 5 MB in all', async () => {
    expect(await pointers([...many(3), ...many(1, { first_name: 'x'.repeat(101 * 1024) })])).toEqual([413, at('/3')]);
    const { status } = await send(many(60, { email: 'a@example.com', first_name: 'x'.repeat(95_000) }));
    expect(status).toBe(413);
  });

  it('to a list that is not there, or to two', async () => {
    const lists = (...ids: string[]) => ({
      relationships: { lists: { data: ids.map((id) => ({ type: 'list', id })) } },
    });
    expect((await send(many(1), lists('NoSuch'))).status).toBe(404);
    expect(await pointers(many(1), lists('a', 'b'))).toEqual([400, '/data/relationships/lists/data']);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'imports'));
