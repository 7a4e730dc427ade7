// Which profiles a call shows to be one person (behaviour 1.5).
import { beforeEach, describe, expect, it } from 'vitest';
import { changeAccount } from '../../../shared/domain/account/index.ts';
import { type IdentifierRule, type ProfileInput, upsertProfile } from '../../../shared/domain/identity/index.ts';
import type { ProfileItem } from '../../../shared/storage/items.ts';
import { type Setting, eventBody, known, profileBody, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const email = 'a@example.com';
const email2 = 'b@example.com';
const phone_number = '+14155552671';
const phone2 = '+14155552672';
const external_id = '9';
const anonymous_id = 'cookie';

type Identifiers = ProfileInput['identifiers'];

const make = async (identifiers: Identifiers) =>
  (await upsertProfile(world.ports, world.account, known(identifiers))).profile.id;
const tell = (identifiers: Identifiers, rule: IdentifierRule, id?: string) =>
  upsertProfile(world.ports, world.account, { ...known(identifiers), ...(id !== undefined && { id }) }, rule);
const profiles = () => world.store.dump().filter((item): item is ProfileItem => item.kind === 'profile');

interface Case {
  rule: string;
  /** The one that is meant, and the other. */
  have: [Identifiers, Identifiers];
  call: Identifiers;
  /** The setting; default off. */
  byExternalId?: true;
}

const merging: Case[] = [
  { rule: 'a number under an address', have: [{ email }, { phone_number }], call: { email, phone_number } },
  { rule: 'a browser under an address', have: [{ email }, { anonymous_id }], call: { email, anonymous_id } },
  {
    rule: 'a browser under a number',
    have: [{ phone_number }, { anonymous_id }],
    call: { phone_number, anonymous_id },
  },
  {
    rule: 'a number and a browser under an address',
    have: [{ email }, { phone_number, anonymous_id }],
    call: { email, phone_number },
  },
  {
    rule: 'a number under someone who has an external id too',
    have: [{ email, external_id }, { phone_number }],
    call: { email, phone_number },
  },
  {
    rule: 'another browser of the same person',
    have: [{ email, anonymous_id: 'laptop' }, { anonymous_id }],
    call: { email, anonymous_id },
  },
  {
    rule: 'with the setting, an address under an external id',
    have: [{ external_id }, { email }],
    call: { external_id, email },
    byExternalId: true,
  },
  {
    rule: 'with the setting, two addresses of one external id: they combine',
    have: [{ external_id, email }, { email: email2 }],
    call: { external_id, email: email2 },
    byExternalId: true,
  },
];

const apart: Case[] = [
  { rule: 'two addresses', have: [{ email }, { email: email2, phone_number }], call: { email, phone_number } },
  {
    rule: 'two numbers',
    have: [{ email, phone_number }, { phone_number: phone2 }],
    call: { email, phone_number: phone2 },
  },
  {
    rule: 'someone who has a stronger identifier than the link',
    have: [{ email }, { external_id, phone_number }],
    call: { email, phone_number },
  },
  {
    rule: 'without the setting, an address under an external id',
    have: [{ external_id }, { email }],
    call: { external_id, email },
  },
  {
    rule: 'with the setting, two external ids',
    have: [{ external_id }, { external_id: '10', email }],
    call: { external_id, email },
    byExternalId: true,
  },
];

async function given({ have: [first, second], byExternalId }: Case): Promise<[string, string]> {
  if (byExternalId) await changeAccount(world.ports, world.account, { mergeOnExternalId: true });
  return [await make(first), await make(second)];
}

describe('a profile known only by the weaker identifier is merged under the stronger one', () => {
  it.each(merging)('$rule', async (one) => {
    for (const rule of ['leave', 'refuse'] as const) {
      world = await setting();
      const [meant, other] = await given(one);
      const { profile, created } = await tell(one.call, rule);
      expect([profile.id, created]).toEqual([meant, false]);
      expect(profiles().map(({ id, absorbing }) => [id, absorbing])).toEqual([[meant, [other]]]);
    }
  });

  it('also when the call names it by its id', async () => {
    const [id, other] = [await make({ external_id }), await make({ email })];
    const { profile } = await tell({ email }, 'refuse', id);
    expect(profile).toMatchObject({ id, email, external_id, absorbing: [other] });
  });

  it('three at once', async () => {
    const ids = [await make({ email }), await make({ phone_number }), await make({ anonymous_id })];
    const { profile } = await tell({ email, phone_number, anonymous_id }, 'leave');
    expect(profile).toMatchObject({ id: ids[0], email, phone_number, anonymous_id, absorbing: [ids[1], ids[2]] });
  });

  it('by an event, whose properties are told of the survivor', async () => {
    const [id] = [await make({ email }), await make({ phone_number })];
    const event = eventBody({ email, phone_number, first_name: 'Ann' });
    expect((await world.call('POST', '/api/events', event)).status).toBe(202);
    expect(profiles()).toMatchObject([{ id, email, phone_number, attributes: '{"first_name":"Ann"}' }]);
    const { many } = await world.call('GET', `/api/events?filter=equals(profile_id,"${id}")&include=metric`);
    expect(many.every(({ relationships }) => JSON.stringify(relationships).includes(id))).toBe(true);
  });
});

describe('profiles that may be two people stay two', () => {
  it.each(apart)('$rule', async (one) => {
    const [meant, other] = await given(one);
    const { profile } = await tell(one.call, 'leave');
    expect(profile.id).toBe(meant);
    expect(profiles().map(({ id }) => id)).toEqual(expect.arrayContaining([meant, other]));
    await expect(tell(one.call, 'refuse')).rejects.toMatchObject({ status: 409 });
  });

  it('a create and an update answer 409 with the id of the other, whatever it is known by', async () => {
    const [id, other] = [await make({ email }), await make({ phone_number })];
    const created = await world.call('POST', '/api/profiles', profileBody({ email: email2, phone_number }));
    const updated = await world.call('PATCH', `/api/profiles/${id}`, profileBody({ phone_number }, { id }));
    for (const { status, errors } of [created, updated]) {
      expect(status).toBe(409);
      expect(errors[0]).toMatchObject({ code: 'duplicate_profile', meta: { duplicate_profile_id: other } });
    }
    expect(profiles()).toHaveLength(2);
  });
});

describe('with the public key', () => {
  const client = (attributes: object) =>
    world.call('POST', '/client/profiles?company_id=ABC123', profileBody(attributes));

  it("a browser's anonymous history joins the person that the browser names", async () => {
    const [id, other] = [await make({ email }), await make({ anonymous_id })];
    expect((await client({ email, anonymous_id })).status).toBe(202);
    expect(profiles()).toMatchObject([{ id, anonymous_id, absorbing: [other] }]);
  });

  it.each([
    ['a number', { phone_number }],
    ['an external id', { external_id }],
    ['an address', { email: email2 }],
  ])('no identifier of a known profile moves and nobody is merged: %s', async (_, theirs) => {
    const [victim, attacker] = [await make({ email }), await make({ ...theirs, anonymous_id })];
    const before = profiles();
    expect((await client({ email, ...theirs, anonymous_id })).status).toBe(202);
    expect((await client({ id: victim, ...theirs })).status).not.toBe(500);
    expect(profiles()).toEqual(before);
    expect(victim).not.toBe(attacker);
  });
});
