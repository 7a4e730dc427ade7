// Two accounts of one deployment, with the same people, the same unique ids and the same names: neither sees the other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf } from '../../shared/storage/patterns.ts';
import { placesIn, withText } from './hostile.ts';
import { expectRefusal } from './refusals.ts';
import { type Things, eventOf, furnish, sendSpecimen, specimenOf } from './specimens.ts';
import { type Answer, type Stage, openAccount, openStage, operations } from './stage.ts';

let stage: Stage;
let ours: Things;
let theirs: Things;

beforeAll(async () => {
  stage = await openStage({ still: true });
  ours = await furnish(stage, 'Bean01', stage.key);
  const other = await openAccount(stage, 'Other');
  theirs = await furnish(stage, other.id, other.key);
  // A segment is built a little after it was made.
  await stage.advance('1m');
});
afterAll(() => stage.close());

/** Everything that the other account holds. */
const theirState = async () =>
  JSON.stringify((await stage.items()).filter((item) => accountOf(item) === theirs.account));
/** Of the kind of an id, and nobody's. */
const nobodys = (id: string) => `${id.slice(0, -3)}zzz`;
const isTold = ({ text }: Answer, id: string, by: string) =>
  text.replaceAll(id, by).replace(/"id":"[0-9a-f-]{36}"/g, '');

const named = operations.filter(({ path }) => path.includes('{'));

describe('the id of another account', () => {
  // Roles have the same names in all accounts.
  const owned = named.filter(({ path }) => !path.startsWith('/api/mapped-metrics/'));
  it.each(owned)('in the path of $id is exactly one that does not exist', async ({ id }) => {
    const before = await theirState();
    const foreign = specimenOf(id, { ...theirs, key: ours.key });
    const name = foreign.path.split('/')[3] ?? '';
    const ask = (own: string) => {
      const text = JSON.stringify(specimenOf(id, ours).body ?? null);
      const one = specimenOf(id, ours, own);
      const body = one.method === 'PATCH' ? withText(one.body, ['data', 'id'], JSON.stringify(own)) : text;
      return sendSpecimen(stage, one, one.body ? { body } : {});
    };
    const [refused, unknown] = [await ask(name), await ask(nobodys(name))];
    expect(refused.status).toBe(404);
    expectRefusal(refused);
    expect(isTold(refused, name, '@')).toBe(isTold(unknown, nobodys(name), '@'));
    expect(await theirState()).toBe(before);
  });

  const withBody = operations.filter(({ body, media }) => body && !media);
  it.each(withBody)('in the body of $id is exactly one that does not exist', async ({ id }) => {
    const before = await theirState();
    const one = specimenOf(id, ours);
    const foreignOf = new Map(
      (['profile', 'list', 'metric', 'custom', 'segment', 'template', 'flow', 'image'] as const).map((kind) => [
        ours[kind],
        theirs[kind],
      ]),
    );
    for (const path of placesIn(one.body)) {
      const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], one.body);
      const foreign = typeof value === 'string' ? foreignOf.get(value) : undefined;
      // The id of a metric is made of its account and its name, so that both have one of their own.
      if (foreign === undefined || foreign === value) continue;
      const ask = (other: string) =>
        sendSpecimen(stage, one, { body: withText(one.body, path, JSON.stringify(other)) });
      const [refused, unknown] = [await ask(foreign), await ask(nobodys(foreign))];
      // Removals and deletions are taken, and find nobody.
      expect([400, 404, 204, 202]).toContain(refused.status);
      expect(isTold(refused, foreign, '@')).toBe(isTold(unknown, nobodys(foreign), '@'));
    }
    await stage.settle();
    expect(await theirState()).toBe(before);
  });

  it('in a filter finds nothing', async () => {
    const filters = [
      `/api/profiles?filter=equals(id,"${theirs.profile}")`,
      `/api/events?filter=equals(profile_id,"${theirs.profile}")`,
      `/api/events?filter=equals(metric_id,"${theirs.metric}")`,
      `/api/push-tokens?filter=equals(id,"${theirs.token}")`,
      `/api/push-tokens?filter=equals(profile.id,"${theirs.profile}")`,
      `/api/lists?filter=any(id,["${theirs.list}"])`,
      `/api/segments?filter=any(id,["${theirs.segment}"])`,
      `/api/templates?filter=any(id,["${theirs.template}"])`,
      `/api/flows?filter=any(id,["${theirs.flow}"])`,
      `/api/segments/${ours.segment}/profiles?filter=any(profile_id,["${theirs.profile}"])`,
    ];
    for (const target of filters) expect(await stage.send('GET', target)).toMatchObject({ status: 200, many: [] });
  });

  it('as that of an event’s or an import’s profile is nobody', async () => {
    const before = await theirState();
    for (const id of [theirs.profile, nobodys(theirs.profile)]) {
      const data = { type: 'profile', id, attributes: { first_name: 'Eve' } };
      const imported = await stage.send('POST', '/api/profile-import', { body: { data } });
      expect(imported.status).toBe(404);
      const event = eventOf({});
      const told = {
        ...event.data,
        attributes: { ...event.data.attributes, profile: { data: { ...data, attributes: {} } } },
      };
      expect((await stage.send('POST', '/api/events', { body: { data: told } })).status).toBe(imported.status);
    }
    await stage.settle();
    expect(await theirState()).toBe(before);
  });
});

describe('collections', () => {
  it('hold only what is the account’s own', async () => {
    const collections = ['profiles', 'events', 'metrics', 'lists', 'segments', 'templates', 'flows', 'accounts'];
    for (const collection of collections) {
      const seen = await Promise.all([ours, theirs].map(({ key }) => stage.send('GET', `/api/${collection}`, { key })));
      const [own = [], foreign = []] = seen.map(({ many }) => many.map(({ id }) => id));
      expect(own.length, collection).toBeGreaterThan(0);
      expect(foreign.length, collection).toBeGreaterThan(0);
      expect(
        own.filter((id) => foreign.includes(id)),
        collection,
      ).toEqual([]);
    }
  });

  it('keep the same person and the same event apart', async () => {
    expect(ours.email).toBe(theirs.email);
    const rename = (key: string, first_name: string) =>
      stage.send('POST', '/api/profile-import', {
        key,
        body: { data: { type: 'profile', attributes: { email: ours.email, first_name } } },
      });
    expect((await rename(ours.key, 'Ours')).one.id).toBe(ours.profile);
    expect((await rename(theirs.key, 'Theirs')).one.id).toBe(theirs.profile);
    for (const { key, profile, event } of [ours, theirs]) {
      const { many } = await stage.send('GET', '/api/profiles?filter=equals(email,"ana@example.com")', { key });
      expect(many.map(({ id }) => id)).toEqual([profile]);
      const events = await stage.send('GET', `/api/events?filter=equals(profile_id,"${profile}")`, { key });
      expect(events.many.map(({ id }) => id)).toEqual([event]);
      const list = key === ours.key ? ours.list : theirs.list;
      const members = await stage.send('GET', `/api/lists/${list}/profiles`, { key });
      expect(members.many.map(({ id }) => id)).toEqual([profile]);
    }
    const { one } = await stage.send('GET', `/api/profiles/${theirs.profile}`, { key: theirs.key });
    expect(one.attributes['first_name']).toBe('Theirs');
  });

  it('have cursors that the other account cannot use', async () => {
    for (const { key } of [ours, theirs]) {
      for (const name of ['1', '2', '3']) {
        await stage.send('POST', '/api/lists', { key, body: { data: { type: 'list', attributes: { name } } } });
        await stage.send('POST', '/api/events', {
          key,
          body: eventOf({ email: `${name}@example.com` }, { unique_id: name }),
        });
      }
    }
    for (const collection of ['profiles', 'events', 'lists']) {
      const { links } = await stage.send('GET', `/api/${collection}?page[size]=2`, { key: theirs.key });
      const { status, errors } = await stage.send('GET', links.next ?? '');
      expect([status, errors[0]?.code], collection).toEqual([400, 'invalid_cursor']);
      expect((await stage.send('GET', links.next ?? '', { key: theirs.key })).status).toBe(200);
    }
  });

  it('show nothing of the other account to browsers that name a company', async () => {
    await stage.settle();
    const before = await theirState();
    const body = { data: { type: 'profile', attributes: { email: theirs.email, first_name: 'Mallory' } } };
    expect((await stage.send('POST', '/client/profiles?company_id=Bean01', { key: null, body })).status).toBe(202);
    await stage.settle();
    expect(await theirState()).toBe(before);
  });
});
