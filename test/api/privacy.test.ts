import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { eventOf, metricNamed, profileOf } from './specimens.ts';
import { type Stage, openStage } from './stage.ts';
import { targetName } from './target.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const deletionOf = (data: object) => ({
  data: {
    type: 'data-privacy-deletion-job' as const,
    attributes: { profile: { data: { type: 'profile' as const, attributes: {}, ...data } } },
  },
});

async function somebody(email: string): Promise<string> {
  const { one } = await stage.send('POST', '/api/profiles', { body: profileOf({ email, first_name: 'Secret' }) });
  await stage.send('POST', '/api/events', { body: eventOf({ email }, { properties: { Item: 'Secret' } }) });
  await stage.settle();
  return one.id;
}

describe('request_profile_deletion', () => {
  it.each([
    ['id', (id: string) => ({ id })],
    ['email', (_: string, email: string) => ({ attributes: { email: email.toUpperCase() } })],
  ] as const)('forgets the person with this %s: profile, events, everything', async (kind, named) => {
    const email = `by-${kind}@people.example`;
    const id = await somebody(email);
    const { response } = await stage.sdk.dataPrivacy.requestProfileDeletion(deletionOf(named(id, email)));
    expect(response.status).toBe(202);
    expect((await stage.send('GET', `/api/profiles/${id}`)).status).toBe(404);
    await stage.settle();
    expect((await stage.send('GET', `/api/events?filter=equals(profile_id,"${id}")`)).many).toEqual([]);
    expect(JSON.stringify(await stage.items())).not.toMatch(new RegExp(`Secret|${email}`));
  });

  it('is accepted once more, and for whoever was never there', async () => {
    const id = await somebody('twice@people.example');
    for (const one of [id, id, 'nobody']) {
      expect(
        (await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id: one }) })).status,
      ).toBe(202);
    }
  });

  it('who comes back is somebody new', async () => {
    const email = 'back@people.example';
    const id = await somebody(email);
    await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
    await stage.settle();
    expect(await somebody(email)).not.toBe(id);
  });

  it('an import that was accepted before gives nobody else what was theirs, and takes the other rows', async () => {
    const [gone, kept] = ['theirs@people.example', 'known@people.example'];
    const id = await somebody(gone);
    await stage.send('POST', '/api/profiles', { body: profileOf({ email: kept, external_id: 'known' }) });
    await stage.settle();
    const data = [
      { type: 'profile', attributes: { external_id: 'known', email: gone } },
      { type: 'profile', attributes: { external_id: 'known', first_name: 'Known' } },
      { type: 'profile', attributes: { external_id: 'fresh', first_name: 'Fresh' } },
    ];
    const { one } = await stage.send('POST', '/api/profile-bulk-import-jobs', {
      body: { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data } } } },
    });
    await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
    await stage.settle();
    const shown = await stage.send('GET', `/api/profile-bulk-import-jobs/${one.id}`);
    expect(shown.one.attributes).toMatchObject({ completed_count: 2, failed_count: 1 });
    const { many } = await stage.send('GET', `/api/profiles?filter=any(external_id,["known","fresh"])`);
    expect(many.map(({ attributes }) => [attributes['email'], attributes['first_name']]).sort()).toEqual(
      [
        [kept, 'Known'],
        [null, 'Fresh'],
      ].sort(),
    );
    expect(JSON.stringify(await stage.items())).not.toContain(gone);
  });

  // Elsewhere nothing waits: the import is done before the deletion is asked for.
  it.skipIf(targetName !== 'memory')(
    'of an address that nobody has yet, forgets what waits for it: an import, a confirmation and its link',
    async () => {
      const email = 'waiting@people.example';
      const made = await stage.send('POST', '/api/lists', {
        body: { data: { type: 'list', attributes: { name: 'Double', opt_in_process: 'double_opt_in' } } },
      });
      const subscriptions = { email: { marketing: { consent: 'SUBSCRIBED' } } };
      const subscribe = () =>
        stage.send('POST', '/api/profile-subscription-bulk-create-jobs', {
          body: {
            data: {
              type: 'profile-subscription-bulk-create-job',
              attributes: { profiles: { data: [{ type: 'profile', attributes: { email, subscriptions } }] } },
              relationships: { list: { data: { type: 'list', id: made.one.id } } },
            },
          },
        });
      const mails = async () => (await stage.emails()).filter(({ to }) => to === email);
      await subscribe();
      await stage.settle();
      const link = /https?:\S+\/p\/confirm\/\S+/.exec((await mails())[0]?.text ?? '')?.[0] ?? '';
      await stage.advance('25h');
      await subscribe();
      await stage.send('POST', '/api/profile-bulk-import-jobs', {
        body: {
          data: {
            type: 'profile-bulk-import-job',
            attributes: { profiles: { data: [{ type: 'profile', attributes: { email, first_name: 'Canary' } }] } },
          },
        },
      });
      await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ attributes: { email } }) });
      await stage.settle();
      expect((await fetch(link, { method: 'POST' })).status).toBe(410);
      await stage.settle();
      expect(await mails()).toHaveLength(1);
      expect((await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`)).many).toEqual([]);
      expect(JSON.stringify(await stage.items())).not.toMatch(new RegExp(`Canary|${email}`));
      // Whoever is told of anew is somebody.
      await stage.advance('1s');
      await subscribe();
      await stage.settle();
      expect(await mails()).toHaveLength(2);
    },
  );

  it('scrubs the errors of jobs that quote the person, by whatever name, and no others', async () => {
    const [email, phone] = ['quoted@people.example', '+14155552671'];
    const id = await somebody(email);
    const taken = await somebody('taken@people.example');
    await stage.send('PATCH', `/api/profiles/${id}`, { body: profileOf({ phone_number: phone }, { id }) });
    await stage.send('PATCH', `/api/profiles/${taken}`, { body: profileOf({ external_id: 'taken' }, { id: taken }) });
    const clash = (attributes: object, rest: object = {}) => ({
      type: 'profile',
      attributes: { external_id: 'taken', first_name: 'Canary', ...attributes },
      ...rest,
    });
    const imported = async (...data: object[]) => {
      const { one } = await stage.send('POST', '/api/profile-bulk-import-jobs', {
        body: { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data } } } },
      });
      return one.id;
    };
    const errors = async (job: string) => {
      const { many } = await stage.send('GET', `/api/profile-bulk-import-jobs/${job}/import-errors`);
      return many.map(({ attributes }) => JSON.stringify(attributes));
    };
    const before = await imported(
      clash({ email: ' Quoted@People.example' }),
      clash({ phone_number: phone, email: 'bad' }),
      clash({}, { id }),
      clash({ email: 'taken@people.example', phone_number: 'bad' }),
    );
    await stage.settle();
    expect((await errors(before)).join()).toMatch(/Quoted/);
    // This one is worked on when the person is gone already.
    const meanwhile = await imported(clash({ email, phone_number: 'bad' }));
    await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
    await stage.settle();
    const [left, after] = [await errors(before), await errors(meanwhile)];
    expect(left).toHaveLength(4);
    expect(left.slice(0, 3).concat(after).join()).not.toMatch(/Canary|Quoted|4155552671/i);
    expect(left[3]).toMatch(/Canary.*taken@people.example|taken@people.example.*Canary/);
    expect(after).toHaveLength(1);
  });

  describe('whoever was forgotten', () => {
    const events = (email: string, ...times: string[]) => ({
      profile: profileOf({ email }),
      events: {
        data: times.map((time) => ({
          type: 'event',
          attributes: { time, properties: { Item: `at ${time}` }, metric: metricNamed('Late'), unique_id: time },
        })),
      },
    });
    const ways: Record<string, (email: string, ...times: string[]) => [string, object]> = {
      'an event': (email, time = '') => ['/api/events', eventOf({ email, first_name: 'Secret' }, { time })],
      'a bulk event': (email, ...times) => [
        '/api/event-bulk-create-jobs',
        {
          data: {
            type: 'event-bulk-create-job',
            attributes: {
              'events-bulk-create': { data: [{ type: 'event-bulk-create', attributes: events(email, ...times) }] },
            },
          },
        },
      ],
      'an event from a browser': (email, time = '') => [
        '/client/events?company_id=Bean01',
        eventOf({ email }, { time }),
      ],
      'bulk events from a browser': (email, ...times) => [
        '/client/event-bulk-create?company_id=Bean01',
        { data: { type: 'event-bulk-create', attributes: events(email, ...times) } },
      ],
    };
    const after = (ms: number) => new Date(stage.registry.clock.now() + ms).toISOString();
    const found = async (email: string) =>
      (await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`)).many.map(({ id }) => id);

    it.each(Object.entries(ways))(
      'is not brought back by %s from before that, but by one from after',
      async (name, told) => {
        const email = `${name.replaceAll(' ', '-')}@late.example`;
        const id = await somebody(email);
        const before = after(-1000);
        await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
        await stage.advance('1h');
        const tell = async (...times: string[]) => {
          const [path, body] = told(email, ...times);
          expect((await stage.send('POST', path, { body })).status).toBe(202);
          await stage.settle();
        };
        await tell(before);
        expect(await found(email)).toEqual([]);
        expect(JSON.stringify(await stage.items())).not.toMatch(new RegExp(`${email}|at ${before}`));
        await tell(after(-60_000));
        expect(await found(email)).toHaveLength(1);
      },
    );

    it('comes back with what happened since, and without what happened before', async () => {
      const email = 'both@late.example';
      const id = await somebody(email);
      const before = after(-1000);
      await stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf({ id }) });
      await stage.advance('1h');
      const since = after(-60_000);
      const [path, body] = ways['a bulk event']!(email, before, since);
      expect((await stage.send('POST', path, { body })).status).toBe(202);
      await stage.settle();
      const [fresh = ''] = await found(email);
      expect(fresh).not.toBe(id);
      const { many } = await stage.send('GET', `/api/events?filter=equals(profile_id,"${fresh}")`);
      expect(many.map(({ attributes }) => attributes['event_properties'])).toMatchObject([{ Item: `at ${since}` }]);
    });
  });

  it.each([
    ['no identifier', {}],
    ['two identifiers', { id: 'one', attributes: { email: 'two@people.example' } }],
    ['a bad address', { attributes: { email: 'nobody' } }],
    ['an identifier that it does not know', { attributes: { external_id: '1' } }],
  ])('refuses %s', async (_, data) => {
    await expectRefused(
      stage,
      () => stage.send('POST', '/api/data-privacy-deletion-jobs', { body: deletionOf(data) }),
      400,
    );
  });
});

it('every operation was exercised', () => expectExercised(stage, 'privacy'));
