import { beforeEach, describe, expect, it } from 'vitest';
import {
  createProfile,
  findProfile,
  personOf,
  readContact,
  readProfile,
  updateProfile,
  upsertProfile,
} from '../../../shared/domain/identity/index.ts';
import type { ContactItem, IdentifierItem } from '../../../shared/storage/items.ts';
import { identifierKey } from '../../../shared/storage/patterns.ts';
import { type Setting, known, setting } from '../setting.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const ann = 'ann@example.com';

function claims(): IdentifierItem[] {
  return world.store.dump().filter((item) => item.kind === 'identifier') as IdentifierItem[];
}

function people(): number {
  return world.store.dump().filter((item) => item.kind === 'profile').length;
}

describe('creating a profile', () => {
  it('refuses an identifier that is taken, and names its owner', async () => {
    const { ports, account } = world;
    const first = await createProfile(ports, account, known({ email: ann }));
    await expect(createProfile(ports, account, known({ email: ann, external_id: '1' }))).rejects.toMatchObject({
      faults: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: first.id } }],
    });
    expect(people()).toBe(1);
    expect(claims()).toHaveLength(1);
  });

  it('is won by exactly one of many at once', async () => {
    const { ports, account } = world;
    const runs = Array.from({ length: 20 }, () => createProfile(ports, account, known({ email: ann })));
    const ends = await Promise.allSettled(runs);
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
    expect(people()).toBe(1);
    const [claim] = claims();
    const losers = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    for (const loser of losers) {
      expect(loser).toMatchObject({ status: 409, faults: [{ meta: { duplicate_profile_id: claim?.profile } }] });
    }
  });

  it('needs an identifier', async () => {
    await expect(createProfile(world.ports, world.account, known({}))).rejects.toMatchObject({ status: 400 });
  });
});

describe('upserting a profile', () => {
  it('converges on one profile from any number of calls at once, and loses nothing', async () => {
    const { ports, account } = world;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        upsertProfile(ports, account, { identifiers: { email: ann }, attributes: {}, properties: { [`p${n}`]: n } }),
      ),
    );
    expect(new Set(results.map(({ profile }) => profile.id)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const person = personOf(await readProfile(ports, account, results[0]!.profile.id));
    expect(Object.keys(person.properties)).toHaveLength(20);
  });

  it('never gives an identifier to two profiles when calls with crossed identifiers race', async () => {
    const { ports, account } = world;
    const inputs = [
      { email: ann, external_id: '1' },
      { email: ann, phone_number: '+14155552671' },
      { external_id: '1', phone_number: '+14155552671' },
      { phone_number: '+14155552671' },
      { external_id: '2', email: ann },
    ];
    await Promise.all([...inputs, ...inputs].map((one) => upsertProfile(ports, account, known(one), 'leave')));
    for (const { pk, profile } of claims()) {
      const item = await readProfile(ports, account, profile);
      const held = (['email', 'phone_number', 'external_id'] as const).filter(
        (kind) => item[kind] !== undefined && identifierKey(account, kind, item[kind]).pk === pk,
      );
      expect(held).toHaveLength(1);
    }
    expect(new Set(claims().map(({ pk }) => pk)).size).toBe(claims().length);
  });

  it('finds the profile by the strongest identifier that anyone holds and adds the others', async () => {
    const { ports, account } = world;
    const first = await createProfile(ports, account, known({ email: ann }));
    const { profile, created } = await upsertProfile(ports, account, known({ external_id: '7', email: ann }));
    expect([profile.id, created]).toEqual([first.id, false]);
    expect((await findProfile(ports, account, { external_id: '7' }))?.id).toBe(first.id);
  });

  it('refuses a weaker identifier of another profile on import and leaves it with its owner for events', async () => {
    const { ports, account } = world;
    const strong = await createProfile(ports, account, known({ external_id: '7' }));
    const weak = await createProfile(ports, account, known({ email: ann }));
    const both = known({ external_id: '7', email: ann });
    await expect(upsertProfile(ports, account, both)).rejects.toMatchObject({
      faults: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: weak.id } }],
    });
    const { profile } = await upsertProfile(ports, account, both, 'leave');
    expect(profile.id).toBe(strong.id);
    expect((await findProfile(ports, account, { email: ann }))?.id).toBe(weak.id);
  });

  it('an id outranks every identifier: what others hold is refused on import and left with them by events', async () => {
    const { ports, account } = world;
    const { id } = await createProfile(ports, account, known({ phone_number: '+14155552671' }));
    const other = await createProfile(ports, account, known({ external_id: '7', email: ann }));
    const wrong = { ...known({ email: ann }), id };
    await expect(upsertProfile(ports, account, wrong)).rejects.toMatchObject({
      faults: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: other.id } }],
    });
    expect((await upsertProfile(ports, account, wrong, 'leave')).profile.id).toBe(id);
    expect((await findProfile(ports, account, { email: ann }))?.id).toBe(other.id);
  });

  it('a number that comes with a known browser is added to its person', async () => {
    const { ports, account } = world;
    const { profile } = await upsertProfile(ports, account, known({ email: ann, anonymous_id: 'cookie' }), 'leave');
    const told = known({ phone_number: '+14155552671', anonymous_id: 'cookie' });
    const named = await upsertProfile(ports, account, told, 'leave');
    expect(named.profile).toMatchObject({ id: profile.id, email: ann, phone_number: '+14155552671' });
  });

  it('writes nothing when there is nothing new', async () => {
    const { ports, account } = world;
    const input = { identifiers: { email: ann }, attributes: { first_name: 'Ann' }, properties: { a: [1] } };
    const { profile } = await upsertProfile(ports, account, input);
    world.clock.advance(1000);
    const cost = await world.cost(() => upsertProfile(ports, account, input));
    expect(cost.write).toBe(0);
    expect(await readProfile(ports, account, profile.id)).toEqual(profile);
  });

  it('lets browsers fill in who an anonymous visitor is, and change nobody else', async () => {
    const { ports, account } = world;
    const visitor = await upsertProfile(ports, account, known({ anonymous_id: 'device' }), 'keep');
    const named = await upsertProfile(ports, account, known({ anonymous_id: 'device', email: ann }), 'keep');
    expect(named.profile).toMatchObject({ id: visitor.profile.id, email: ann });
    const later = await upsertProfile(ports, account, known({ email: ann, phone_number: '+14155552671' }), 'keep');
    expect(later.profile.id).toBe(visitor.profile.id);
    expect(later.profile.phone_number).toBeUndefined();
    expect(await findProfile(ports, account, { phone_number: '+14155552671' })).toBeUndefined();
  });
});

describe('updating a profile', () => {
  it('releases the claim on an identifier that changes or is cleared', async () => {
    const { ports, account } = world;
    const { id } = await createProfile(ports, account, known({ email: ann, external_id: '1' }));
    await updateProfile(ports, account, id, known({ email: 'new@example.com', external_id: null }));
    const other = await createProfile(ports, account, known({ email: ann, external_id: '1' }));
    expect(other.id).not.toBe(id);
    expect(claims()).toHaveLength(3);
  });

  it('refuses an identifier of another profile and changes nothing', async () => {
    const { ports, account } = world;
    const other = await createProfile(ports, account, known({ email: ann }));
    const mine = await createProfile(ports, account, known({ external_id: '1' }));
    const change = { identifiers: { email: ann }, attributes: { first_name: 'Eve' } };
    await expect(updateProfile(ports, account, mine.id, change)).rejects.toMatchObject({
      faults: [{ code: 'duplicate_profile', meta: { duplicate_profile_id: other.id } }],
    });
    expect(await readProfile(ports, account, mine.id)).toEqual(mine);
  });

  it('does not take away the last identifier', async () => {
    const { ports, account } = world;
    const { id } = await createProfile(ports, account, known({ email: ann }));
    await expect(updateProfile(ports, account, id, known({ email: null }))).rejects.toMatchObject({ status: 400 });
  });

  it('brings along what is known of a new address and lets go of what was known of the old one', async () => {
    const { ports, account } = world;
    const { key } = await readContact(ports, account, { kind: 'email', value: ann });
    const contact: ContactItem = {
      ...key,
      kind: 'contact',
      version: 1,
      suppressions: [{ reason: 'HARD_BOUNCE', at: '2025-01-01T00:00:00.000Z' }],
    };
    await ports.store.write({ put: contact });
    const { id } = await createProfile(ports, account, known({ external_id: '1' }));
    const taken = await updateProfile(ports, account, id, known({ email: ann }));
    expect(taken.email_suppressions).toEqual(contact.suppressions);
    const moved = await updateProfile(ports, account, id, known({ email: 'new@example.com' }));
    expect(moved.email_suppressions).toEqual([]);
  });

  it('raises the version and keeps all of many changes at once', async () => {
    const { ports, account } = world;
    const { id, version } = await createProfile(ports, account, known({ email: ann }));
    const add = (n: number) =>
      updateProfile(ports, account, id, { identifiers: {}, attributes: {}, properties: { [`p${n}`]: n } });
    await Promise.all(Array.from({ length: 10 }, (_, n) => add(n)));
    const item = await readProfile(ports, account, id);
    expect(item.version).toBe(version + 10);
    expect(Object.keys(personOf(item).properties)).toHaveLength(10);
  });
});

it('another account sees none of it', async () => {
  const { ports, account } = world;
  const { id } = await createProfile(ports, account, known({ email: ann }));
  const other = `${account}x` as typeof account;
  expect(await findProfile(ports, other, { email: ann })).toBeUndefined();
  await expect(readProfile(ports, other, id)).rejects.toMatchObject({ status: 404 });
});
