import { beforeEach, describe, expect, it } from 'vitest';
import { suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { mergeProfiles, readContact, updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { day } from '../../../shared/kernel/time.ts';
import type { ConsentState, ContactItem, ProfileItem } from '../../../shared/storage/items.ts';
import { consentRecords, identifierKey, profileKey } from '../../../shared/storage/patterns.ts';
import { type Answer, type Setting, known, profileBody, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const [ann, old] = ['ann@example.com', 'old@example.com'];
const [phone, other] = ['+14155552671', '+14155552672'];

async function make(attributes: object): Promise<string> {
  const { status, one } = await world.call('POST', '/api/profiles', profileBody(attributes));
  expect(status).toBe(201);
  return one.id;
}

const mergeBody = (destination: string, ...sources: string[]) => ({
  data: {
    type: 'profile-merge',
    id: destination,
    relationships: { profiles: { data: sources.map((id) => ({ type: 'profile', id })) } },
  },
});
const merge = (destination: string, ...sources: string[]) =>
  world.call('POST', '/api/profile-merge', mergeBody(destination, ...sources));
const item = async (id: string): Promise<ProfileItem> => (await world.ports.store.get(profileKey(world.account, id)))!;
const read = async (id: string) => (await world.call('GET', `/api/profiles/${id}`)).one.attributes;
const owner = async (kind: 'email' | 'phone_number' | 'external_id', value: string) =>
  (await world.ports.store.get(identifierKey(world.account, kind, value)))?.profile;
const contact = (value: string) => readContact(world.ports, world.account, { kind: 'email', value });
const how = { method: 'API' };

async function merged(destination: object, source: object): Promise<string> {
  const [to, from] = [await make(destination), await make(source)];
  const answer = await merge(to, from);
  expect(answer).toMatchObject({ status: 201, one: { type: 'profile', id: to } });
  return to;
}

describe('what the survivor of a merge has', () => {
  it('keeps all of its own properties, and the source adds what is missing', async () => {
    const id = await merged(
      { email: ann, first_name: 'Ann', properties: { plan: 'pro', visits: 3 } },
      { email: old, first_name: 'Anna', last_name: 'Berg', properties: { plan: 'free', roast: 'light' } },
    );
    expect(await read(id)).toMatchObject({
      email: ann,
      first_name: 'Ann',
      last_name: 'Berg',
      properties: { plan: 'pro', visits: 3, roast: 'light' },
    });
  });

  it('keeps properties with names that objects have by themselves', async () => {
    const bag = '{"__proto__":{"a":1},"constructor":{"name":"Set"}}';
    const body = (email: string, properties: string) =>
      `{"data":{"type":"profile","attributes":{"email":"${email}","properties":${properties}}}}`;
    const to = (await world.call('POST', '/api/profiles', body(ann, '{"own":1}'))).one.id;
    const from = (await world.call('POST', '/api/profiles', body(old, bag))).one.id;
    await merge(to, from);
    expect(JSON.parse((await item(to)).properties)).toEqual(JSON.parse(`${bag.slice(0, -1)},"own":1}`));
  });

  it('takes its time zone from the source, and the location of whoever has the more complete one', async () => {
    const far = { city: 'Bern', country: 'Switzerland', zip: '3000', timezone: 'Europe/Zurich' };
    const id = await merged(
      { email: ann, location: { city: 'Boston', timezone: 'America/New_York', ip: '192.0.2.1' } },
      { email: old, location: far },
    );
    expect((await read(id))['location']).toMatchObject({ ...far, ip: null });
    const near = { city: 'Boston', region: 'MA', timezone: 'America/New_York' };
    const second = await merged(
      { external_id: '1', location: near },
      { external_id: '2', location: { city: 'Oslo', timezone: 'Europe/Oslo' } },
    );
    expect((await read(second))['location']).toMatchObject({ ...near, timezone: 'Europe/Oslo' });
  });

  it('takes the identifiers that it lacks; the others are free', async () => {
    const id = await merged({ email: ann, external_id: '1' }, { external_id: '2', phone_number: phone });
    expect(await read(id)).toMatchObject({ email: ann, external_id: '1', phone_number: phone });
    expect([await owner('phone_number', phone), await owner('external_id', '2')]).toEqual([id, undefined]);
  });

  it('keeps its primary address and has the others beside it, five in all', async () => {
    const append = (id: string, ...email: string[]) =>
      world.call('PATCH', `/api/profiles/${id}`, {
        data: { type: 'profile', id, attributes: {}, meta: { patch_identifiers: { append: { email } } } },
      });
    const [to, from] = [await make({ email: ann }), await make({ email: old })];
    await append(to, '1@example.com', '2@example.com');
    await append(from, '3@example.com', '4@example.com');
    await merge(to, from);
    expect(await item(to)).toMatchObject({
      email: ann,
      other_emails: ['2@example.com', '3@example.com', '4@example.com', old],
    });
    expect(await owner('email', '1@example.com')).toBeUndefined();
    for (const email of [ann, '2@example.com', '3@example.com', '4@example.com', old]) {
      expect(await owner('email', email)).toBe(to);
    }
  });

  it('is found by every address that it has', async () => {
    const id = await merged({ email: ann }, { email: old });
    const { many } = await world.call('GET', `/api/profiles?filter=equals(email,"${old}")`);
    expect(many.map((one) => one.id)).toEqual([id]);
    expect(many[0]?.attributes['email']).toBe(ann);
  });
});

describe('consent and suppression after a merge', () => {
  const marketing = async (id: string) => {
    const { one } = await world.call('GET', `/api/profiles/${id}?additional-fields[profile]=subscriptions`);
    return (one.attributes['subscriptions'] as { email: { marketing: Record<string, unknown> } }).email.marketing;
  };
  const now = () => world.clock.now();

  it.each([
    ['the survivor', [ann, old]],
    ['the source', [old, ann]],
  ])('suppressed either way: a withdrawal of %s stays, though the other subscribed later', async (_, [out, in_]) => {
    const [to, from] = [await make({ email: ann }), await make({ email: old })];
    await withdrawEmail(world.ports, world.account, { address: out!, at: now() - 2 * day, how });
    await grantEmail(world.ports, world.account, { address: in_!, at: now() - day, how });
    await merge(to, from);
    expect(await marketing(to)).toMatchObject({ consent: 'UNSUBSCRIBED', can_receive_email_marketing: false });
    for (const email of [ann, old]) {
      expect((await contact(email)).item?.consents?.email?.state).toBe('UNSUBSCRIBED');
    }
    // A grant that is told again is no new one.
    await grantEmail(world.ports, world.account, { address: in_!, at: now() - day, how });
    expect((await contact(in_!)).item?.consents?.email?.state).toBe('UNSUBSCRIBED');
    await grantEmail(world.ports, world.account, { address: ann, at: now(), how });
    expect(await marketing(to)).toMatchObject({ consent: 'SUBSCRIBED', can_receive_email_marketing: true });
  });

  it.each(['HARD_BOUNCE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED'] as const)(
    'if either profile is suppressed the result is suppressed: %s',
    async (reason) => {
      const [to, from] = [await make({ email: ann }), await make({ email: old })];
      await grantEmail(world.ports, world.account, { address: ann, at: now() - day, how });
      await suppressEmail(world.ports, world.account, { address: old, reason, at: now() - 2 * day, how });
      await merge(to, from);
      expect(await marketing(to)).toMatchObject({
        consent: 'SUBSCRIBED',
        can_receive_email_marketing: false,
        suppression: [{ reason }],
      });
    },
  );

  it('is written into the audit trail of the address', async () => {
    const [to, from] = [await make({ email: ann }), await make({ email: old })];
    await withdrawEmail(world.ports, world.account, { address: old, at: now() - day, how });
    await merge(to, from);
    const { items } = await world.ports.store.query(consentRecords((await contact(ann)).key));
    expect(items.map(({ what, to: state, method, method_detail }) => [what, state, method, method_detail])).toEqual([
      ['email', 'UNSUBSCRIBED', 'MERGE', from],
      ['suppression', 'SUPPRESSED', 'MERGE', from],
    ]);
  });

  it('an unsubscribe from a secondary address is taken in and leaves the primary one as it is', async () => {
    const id = await merged({ email: ann }, { email: old });
    await withdrawEmail(world.ports, world.account, { address: old, at: now(), how });
    expect((await contact(old)).item?.suppressions).toMatchObject([{ reason: 'UNSUBSCRIBE' }]);
    expect(await marketing(id)).toMatchObject({ consent: 'NEVER_SUBSCRIBED', can_receive_email_marketing: true });
    // The person who takes it as the primary address takes what is known of it.
    await updateProfile(world.ports, world.account, id, known({ email: old }));
    expect(await item(id)).toMatchObject({ email: old, other_emails: [ann] });
    expect(await marketing(id)).toMatchObject({ consent: 'UNSUBSCRIBED', can_receive_email_marketing: false });
  });

  describe('on SMS', () => {
    const at = '2025-12-01T00:00:00.000Z';
    const word = (state: ConsentState['state']): ConsentState => ({
      state,
      at,
      updated: at,
      method: 'API',
      method_detail: null,
      custom_method_detail: null,
      double_optin: false,
    });
    async function texted(value: string, state: ConsentState['state']) {
      const { key } = await readContact(world.ports, world.account, { kind: 'phone_number', value });
      const sms: ContactItem = {
        ...key,
        kind: 'contact',
        version: 1,
        consents: { sms: word(state) },
        suppressions: [],
      };
      await world.ports.store.write({ put: sms });
    }

    it('consent belongs to the number: whoever takes it has it, and a change of the number wipes it', async () => {
      await texted(phone, 'SUBSCRIBED');
      const id = await merged({ email: ann }, { phone_number: phone });
      expect((await item(id)).consents?.sms?.state).toBe('SUBSCRIBED');
      await updateProfile(world.ports, world.account, id, known({ phone_number: other }));
      expect((await item(id)).consents?.sms).toBeUndefined();
    });

    it('a withdrawal of either number stays', async () => {
      await texted(phone, 'SUBSCRIBED');
      await texted(other, 'UNSUBSCRIBED');
      const id = await merged({ phone_number: phone }, { phone_number: other });
      expect(await item(id)).toMatchObject({ phone_number: phone, consents: { sms: { state: 'UNSUBSCRIBED' } } });
    });
  });
});

describe('POST /api/profile-merge', () => {
  const firstError = ({ errors }: Answer) => errors[0];
  const source = '/data/relationships/profiles/data/0/id';

  it('answers 201 with the id of the destination and no attributes; the source is gone', async () => {
    const [to, from] = [await make({ email: ann }), await make({ phone_number: phone })];
    const { status, one } = await merge(to, from);
    expect(status).toBe(201);
    expect(one).toEqual({ type: 'profile', id: to, links: { self: `http://localhost:4747/api/profiles/${to}/` } });
    expect((await world.call('GET', `/api/profiles/${from}`)).status).toBe(404);
  });

  it('sent again answers the same and changes nothing', async () => {
    const [to, from] = [await make({ email: ann }), await make({ phone_number: phone })];
    await merge(to, from);
    const before = world.store.dump();
    expect(await merge(to, from)).toMatchObject({ status: 201, one: { id: to } });
    expect(world.store.dump()).toEqual(before);
  });

  it('refuses to merge a profile into itself', async () => {
    const id = await make({ email: ann });
    const answer = await merge(id, id);
    expect(answer.status).toBe(400);
    expect(firstError(answer)).toMatchObject({ code: 'invalid', source: { pointer: source } });
  });

  it.each([0, 2])('refuses %d sources: one profile is merged at a time', async (count) => {
    const id = await make({ email: ann });
    const answer = await merge(id, ...Array.from({ length: count }, (_, at) => `none${at}`));
    expect(answer.status).toBe(400);
  });

  it('names the profile that is not there', async () => {
    const id = await make({ email: ann });
    const [noSource, noDestination] = [await merge(id, 'nobody'), await merge('nobody', id)];
    expect([noSource.status, noDestination.status]).toEqual([404, 404]);
    expect(firstError(noSource)).toMatchObject({ source: { pointer: source } });
    expect(firstError(noDestination)).toMatchObject({ source: { pointer: '/data/id' } });
  });

  it('takes no stale id for a source: who was merged elsewhere is not merged on', async () => {
    const [a, b, c] = [await make({ email: ann }), await make({ email: old }), await make({ phone_number: phone })];
    await merge(b, a);
    expect(await merge(c, a)).toMatchObject({ status: 404 });
    expect((await item(b)).email).toBe(old);
    // A stale destination is the survivor.
    expect(await merge(a, c)).toMatchObject({ status: 201, one: { id: b } });
  });

  it('refuses two profiles that together are more than one can hold', async () => {
    const large = (name: string) => ({ [name]: 'x'.repeat(95_000) });
    const grown = async (email: string, names: string[]) => {
      const id = await make({ email });
      for (const name of names) {
        await upsertProfile(world.ports, world.account, { ...known({ email }), properties: large(name) });
      }
      return id;
    };
    const [to, from] = [await grown(ann, ['a', 'b']), await grown(old, ['c', 'd'])];
    expect(await merge(to, from)).toMatchObject({ status: 400 });
    expect((await item(from)).email).toBe(old);
  });
});

describe('merges at the same time', () => {
  const both = (source: string, destination: string) =>
    mergeProfiles(world.ports, world.account, { source, destination });

  it('in opposite directions: one wins, nothing is lost, and both callers hear of the survivor', async () => {
    const [a, b] = [await make({ email: ann }), await make({ phone_number: phone })];
    const [first, second] = await Promise.all([both(a, b), both(b, a)]);
    expect(first.id).toBe(second.id);
    expect(await item(first.id)).toMatchObject({ email: ann, phone_number: phone });
    expect(world.store.dump().filter(({ kind }) => kind === 'profile')).toHaveLength(1);
  });

  it('fifty into one', async () => {
    const to = await make({ email: ann });
    const sources = await Promise.all(Array.from({ length: 50 }, (_, i) => make({ external_id: `${i}` })));
    await Promise.all(sources.map((source) => both(source, to)));
    expect(new Set((await item(to)).absorbing)).toEqual(new Set(sources));
    expect(world.store.dump().filter(({ kind }) => kind === 'profile')).toHaveLength(1);
  });

  it('in a chain', async () => {
    const ids = await Promise.all(['1', '2', '3', '4', '5', '6'].map((external_id) => make({ external_id })));
    const links = ids.slice(1).map((destination, at) => both(ids[at]!, destination));
    // One whose destination has become part of another is merged there; one whose source has is refused.
    const ends = await Promise.allSettled(links);
    const left = world.store.dump().filter(({ kind }) => kind === 'profile').length;
    expect(left).toBe(ids.length - ends.filter(({ status }) => status === 'fulfilled').length);
  });
});
