// `_kx`: names a profile wherever identifiers are taken, weaker than all but the anonymous one; nobody can make one.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { exchangeOperations, forget } from '../../../shared/domain/identity/index.ts';
import { profileOf } from '../../../shared/storage/patterns.ts';
import { sealed, unsealed } from '../../../shared/kernel/seal.ts';
import { eventBody, profileBody, type Setting, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting(exchangeOperations);
});

async function person(attributes: object): Promise<{ id: string; kx: string }> {
  const { one } = await world.call('POST', '/api/profiles', profileBody(attributes));
  const token = await world.call('GET', `/x/profiles/${one.id}/exchange-token`);
  expect(token.status).toBe(200);
  return { id: one.id, kx: String(token.one.attributes['_kx']) };
}

const profileCount = () => world.store.dump().filter(({ kind }) => kind === 'profile').length;
const titleOf = async (id: string) => (await world.call('GET', `/api/profiles/${id}`)).one.attributes['title'];
const importing = (attributes: object) => world.call('POST', '/api/profile-import', profileBody(attributes));

describe('an exchange token', () => {
  it('names its profile on import, in a filter, in events and from browsers', async () => {
    const { id, kx } = await person({ email: 'ann@example.com' });
    expect((await importing({ _kx: kx, title: 'Dr' })).status).toBe(200);
    expect(await titleOf(id)).toBe('Dr');
    const found = await world.call('GET', `/api/profiles?filter=equals(_kx,"${kx}")`);
    expect(found.many.map((one) => one.id)).toEqual([id]);
    expect((await world.call('POST', '/api/events', eventBody({ _kx: kx }))).status).toBe(202);
    const client = await world.call(
      'POST',
      '/client/events?company_id=ABC123',
      eventBody({ _kx: kx }, { unique_id: '2' }),
    );
    expect(client.status).toBe(202);
    const browser = profileBody({ _kx: kx, title: 'Prof' });
    expect((await world.call('POST', '/client/profiles?company_id=ABC123', browser)).status).toBe(202);
    expect(await titleOf(id)).toBe('Prof');
    const events = world.store.dump().filter(({ kind }) => kind === 'event');
    expect(events.map(profileOf)).toEqual([id, id]);
    expect(profileCount()).toBe(1);
  });

  it('is always the same, shows nothing of the profile, and stands in a query as it is', async () => {
    const { id, kx } = await person({ email: 'ann@example.com' });
    expect((await world.call('GET', `/x/profiles/${id}/exchange-token`)).one.attributes['_kx']).toBe(kx);
    expect(encodeURIComponent(kx)).toBe(kx);
    expect(Buffer.from(kx, 'base64url').toString('latin1')).not.toContain(id);
  });

  it('is of nobody who is not there', async () => {
    expect((await world.call('GET', '/x/profiles/01JC0000000000000000000000/exchange-token')).status).toBe(404);
  });

  it('is weaker than every identifier but the anonymous one', async () => {
    const [named, other] = [await person({ email: 'ann@example.com' }), await person({ email: 'bob@example.com' })];
    await importing({ _kx: named.kx, email: 'bob@example.com', title: 'of bob' });
    expect([await titleOf(named.id), await titleOf(other.id)]).toEqual([null, 'of bob']);
    await world.call('POST', '/client/profiles?company_id=ABC123', profileBody({ anonymous_id: 'cookie' }));
    const browser = profileBody({ anonymous_id: 'cookie', _kx: named.kx, title: 'of ann' });
    await world.call('POST', '/client/profiles?company_id=ABC123', browser);
    expect(await titleOf(named.id)).toBe('of ann');
    // What the browser did before belongs to whom the link names: they are one person.
    expect(profileCount()).toBe(2);
  });

  it('gives the profile that it names the identifiers that nobody has', async () => {
    const { id, kx } = await person({ phone_number: '+14155552671' });
    const { one } = await importing({ _kx: kx, email: 'new@example.com' });
    expect([one.id, one.attributes['email']]).toEqual([id, 'new@example.com']);
  });

  it('of a profile that is gone names nobody', async () => {
    const { id, kx } = await person({ email: 'ann@example.com' });
    await forget(world.ports, world.account, id);
    const { status, errors } = await importing({ _kx: kx, title: 'Dr' });
    expect([status, errors[0]?.source]).toEqual([400, { pointer: '/data/attributes' }]);
    expect((await world.call('GET', `/api/profiles?filter=equals(_kx,"${kx}")`)).many).toEqual([]);
    expect(profileCount()).toBe(0);
  });
});

describe('a forged exchange token', () => {
  const places = [
    ['POST', '/api/profile-import', (kx: string) => profileBody({ _kx: kx }), '/data'],
    ['POST', '/api/events', (kx: string) => eventBody({ _kx: kx }), '/data/attributes/profile/data'],
    [
      'POST',
      '/client/profiles?company_id=ABC123',
      (kx: string) => profileBody({ anonymous_id: 'cookie', _kx: kx }),
      '/data',
    ],
  ] as const;

  it.each(places)('is refused where it stands by %s %s, and changes nothing', async (method, target, body, at) => {
    const { kx } = await person({ email: 'ann@example.com' });
    const before = JSON.stringify(world.store.dump());
    for (const token of [
      `${kx}A`,
      kx.slice(1),
      'nonsense',
      `${kx}=`,
      sealed('other secret', ['exchange', world.account], 'x'),
    ]) {
      const { status, errors } = await world.call(method, target, body(token));
      expect([status, errors[0]?.source], token).toEqual([400, { pointer: `${at}/attributes/_kx` }]);
    }
    expect(JSON.stringify(world.store.dump())).toBe(before);
  });

  it('says nothing beside a stronger name: browsers hold tokens of whoever served them before', async () => {
    const { id } = await person({ email: 'ann@example.com' });
    const { status, one } = await importing({ email: 'ann@example.com', _kx: 'nonsense', title: 'Dr' });
    expect([status, one.id, await titleOf(id)]).toEqual([200, id, 'Dr']);
    const told = eventBody({ email: 'bob@example.com', _kx: 'nonsense' });
    expect((await world.call('POST', '/api/events', told)).status).toBe(202);
    const browser = profileBody({ email: 'ann@example.com', _kx: 'nonsense', title: 'Prof' });
    expect((await world.call('POST', '/client/profiles?company_id=ABC123', browser)).status).toBe(202);
    expect(await titleOf(id)).toBe('Prof');
    expect(profileCount()).toBe(2);
  });

  it('in a filter finds nobody', async () => {
    await person({ email: 'ann@example.com' });
    expect((await world.call('GET', '/api/profiles?filter=equals(_kx,"nonsense")')).many).toEqual([]);
  });

  it('of one of several people refuses the events of all', async () => {
    const group = (profile: object) => ({
      type: 'event-bulk-create',
      attributes: {
        profile: { data: { type: 'profile', attributes: profile } },
        events: {
          data: [
            {
              type: 'event',
              attributes: { properties: {}, metric: { data: { type: 'metric', attributes: { name: 'Seen' } } } },
            },
          ],
        },
      },
    });
    const data = [group({ email: 'good@example.com' }), group({ _kx: 'nonsense' })];
    const body = { data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data } } } };
    expect((await world.call('POST', '/api/event-bulk-create-jobs', body)).status).toBe(400);
    expect(profileCount()).toBe(0);
  });
});

describe('sealing', () => {
  const scope = ['exchange', 'ABC123'];

  it('gives back what was sealed, for the same secret and scope only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (content) => {
        const token = sealed('secret', scope, content);
        expect(unsealed('secret', scope, token)).toBe(content.toWellFormed());
        expect(unsealed('secrets', scope, token)).toBeUndefined();
        expect(unsealed('secret', ['exchange', 'ABC124'], token)).toBeUndefined();
        expect(unsealed('secret', ['unsubscribe', 'ABC123'], token)).toBeUndefined();
      }),
    );
  });

  it('shows every change of a token', () => {
    const token = sealed('secret', scope, '01JC0000000000000000000000');
    for (let at = 0; at < token.length; at += 1) {
      for (const letter of 'ABQgw_') {
        if (letter === token[at]) continue;
        expect(unsealed('secret', scope, `${token.slice(0, at)}${letter}${token.slice(at + 1)}`)).toBeUndefined();
      }
    }
  });
});
