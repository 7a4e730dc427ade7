// The orders, filters and pages of get_profiles, against the plain meaning of the query.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeStanding } from '../../../shared/domain/consent/change.ts';
import { createProfile, fileSuppressions, updateProfile } from '../../../shared/domain/identity/index.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { ProfileItem, SuppressionReason } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { compareText } from '../../../shared/storage/range.ts';
import { type Setting, known, profileBody, setting } from '../setting.ts';

const field = 'subscriptions.email.marketing';

interface Suppressing {
  list?: string;
  reason: SuppressionReason;
}

/** The address is suppressed now, and the index has learned of it. */
async function suppress(world: Setting, email: string, { list, reason }: Suppressing): Promise<void> {
  const { ports, account } = world;
  const at = ports.clock.now();
  const mark = { reason, at: sortable(at) };
  const cause = { at, how: { method: 'API' } };
  await changeStanding(ports, account, { kind: 'email', value: email }, cause, (standing) =>
    list === undefined
      ? { ...standing, suppressions: [...standing.suppressions, mark] }
      : { ...standing, listSuppressions: [...standing.listSuppressions, { ...mark, list }] },
  );
  for (const { id } of everyone(world)) await fileSuppressions(ports, account, id);
}

const everyone = (world: Setting) =>
  world.store.dump().filter((item) => item.kind === 'profile') as unknown as ProfileItem[];

async function make(world: Setting, attributes: object): Promise<string> {
  const { status, one } = await world.call('POST', '/api/profiles', profileBody(attributes));
  expect(status).toBe(201);
  world.clock.advance(1000);
  return one.id;
}

/** The ids of all pages, one after the other. */
async function walk(world: Setting, query: string, size = 3): Promise<string[]> {
  const found: string[] = [];
  let target: string | undefined = `/api/profiles?page[size]=${size}&${query}`;
  while (target !== undefined) {
    const { status, many, errors, next } = await world.call('GET', target);
    expect(errors).toEqual([]);
    expect(status).toBe(200);
    expect(many.length).toBeLessThanOrEqual(size);
    found.push(...many.map(({ id }) => id));
    target = next;
  }
  return found;
}

describe('profiles in an order', () => {
  it('of their addresses: as the addresses sort, those without one first', async () => {
    const world = await setting();
    const emails = ['a@b.co', 'a@b.com', 'a#b@b.co', 'a$b@b.co', 'a%b@b.co', 'z@a.co', 'ünal@b.co', 'a!@b.co'];
    const ids = new Map<string, string>();
    for (const email of emails) ids.set(email, await make(world, { email }));
    const none = await make(world, { external_id: 'none' });
    const expected = [none, ...emails.toSorted(compareText).map((email) => ids.get(email))];
    expect(await walk(world, 'sort=email')).toEqual(expected);
    expect(await walk(world, 'sort=-email', 4)).toEqual(expected.toReversed());
  });

  it('of their addresses follow an address that changes or goes', async () => {
    const world = await setting();
    const [a, b] = [await make(world, { email: 'a@b.co', external_id: 'a' }), await make(world, { email: 'b@b.co' })];
    await world.call('PATCH', `/api/profiles/${a}`, profileBody({ email: 'c@b.co' }, { id: a }));
    expect(await walk(world, 'sort=email')).toEqual([b, a]);
    await world.call('PATCH', `/api/profiles/${a}`, profileBody({ email: null }, { id: a }));
    expect(await walk(world, 'sort=email')).toEqual([a, b]);
  });

  it('of ids is the order of creation', async () => {
    const world = await setting();
    const made: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      made.push((await createProfile(world.ports, world.account, known({ external_id: `n${n}` }))).id);
      if (n % 3 === 0) world.clock.advance(1);
    }
    expect(await walk(world, 'sort=id')).toEqual(made.toSorted());
    expect(await walk(world, 'sort=-created')).toEqual(made.toSorted().reverse());
  });

  it('of changes follow every change, also of consent; without a sort a filter on updated comes in it', async () => {
    const world = await setting();
    const [a, b, c] = [
      await make(world, { email: 'a@b.co' }),
      await make(world, { email: 'b@b.co' }),
      await make(world, { email: 'c@b.co' }),
    ];
    await world.call('PATCH', `/api/profiles/${a}`, profileBody({ title: 'Dr' }, { id: a }));
    world.clock.advance(1000);
    await suppress(world, 'b@b.co', { reason: 'HARD_BOUNCE' });
    expect(await walk(world, 'sort=updated', 1)).toEqual([c, a, b]);
    expect(await walk(world, 'sort=-updated', 2)).toEqual([b, a, c]);
    expect(await walk(world, 'filter=greater-than(updated,2026-01-01T00:00:02Z)', 1)).toEqual([a, b]);
    expect(await walk(world, 'filter=less-than(updated,2026-01-01T00:00:04Z)&sort=updated', 1)).toEqual([c, a]);
  });

  it('miss nobody who is changed between two pages', async () => {
    const world = await setting();
    const made: string[] = [];
    for (let n = 0; n < 9; n += 1) made.push(await make(world, { external_id: `n${n}` }));
    const found: string[] = [];
    let target: string | undefined = '/api/profiles?sort=updated&page[size]=2';
    for (let n = 0; target !== undefined; n += 1) {
      const { many, next } = await world.call('GET', target);
      found.push(...many.map(({ id }) => id));
      target = next;
      if (n < 3) {
        const moving = { identifiers: {}, attributes: { title: `${n}` } };
        await updateProfile(world.ports, world.account, made[8 - n]!, moving);
        world.clock.advance(1);
      }
    }
    expect(new Set(found)).toEqual(new Set(made));
  });
});

describe('filters on suppressions', () => {
  const get = async (world: Setting, query: string) => world.call('GET', `/api/profiles?${query}`);
  const reason = `equals(${field}.suppression.reason,"UNSUBSCRIBE")`;
  const since = `greater-than(${field}.suppression.timestamp,2026-01-01T00:00:00Z)`;
  const listed = `equals(${field}.list_suppressions.list_id,"L1")`;

  it.each([
    [`filter=${reason},${listed}`, 'not both'],
    [`filter=${reason}&sort=${field}.list_suppressions.timestamp`, 'not both'],
    [`filter=${since},less-than(${field}.suppression.timestamp,2026-01-02T00:00:00Z)`, 'one condition'],
    [`filter=${reason},equals(${field}.suppression.reason,"HARD_BOUNCE")`, 'one condition'],
    [`filter=equals(${field}.list_suppressions.reason,"UNSUBSCRIBE")`, 'Name the list'],
    [`sort=${field}.list_suppressions.timestamp`, 'Name the list'],
  ])('refuse %s', async (query, detail) => {
    const { status, errors } = await get(await setting(), query);
    expect(status).toBe(400);
    expect(errors[0]).toMatchObject({
      source: { parameter: 'filter' },
      detail: expect.stringContaining(detail) as string,
    });
  });

  it('mean suppressions of all email, or those of one list; the reason may be left out', async () => {
    const world = await setting();
    const ids = new Map<string, string>();
    for (const name of ['a', 'b', 'c', 'd']) ids.set(name, await make(world, { email: `${name}@b.co` }));
    const told: [string, Suppressing][] = [
      ['a', { reason: 'UNSUBSCRIBE' }],
      ['b', { reason: 'HARD_BOUNCE' }],
      ['c', { reason: 'UNSUBSCRIBE', list: 'L1' }],
      ['a', { reason: 'HARD_BOUNCE' }],
      ['b', { reason: 'UNSUBSCRIBE', list: 'L2' }],
    ];
    for (const [name, what] of told) {
      await suppress(world, `${name}@b.co`, what);
      world.clock.advance(1000);
    }
    const names = async (query: string) =>
      (await walk(world, query, 1)).map((id) => [...ids].find(([, one]) => one === id)?.[0]).join('');
    expect(await names(`filter=${reason}`)).toBe('a');
    expect(await names(`filter=${since}`)).toBe('ab');
    expect(await names(`sort=${field}.suppression.timestamp`)).toBe('ab');
    expect(
      await names(`filter=equals(${field}.suppression.reason,"HARD_BOUNCE")&sort=-${field}.suppression.timestamp`),
    ).toBe('ab');
    expect(await names(`filter=${since}&sort=email`)).toBe('ab');
    expect(await names(`filter=${listed}`)).toBe('c');
    expect(await names(`filter=${listed},equals(${field}.list_suppressions.reason,"HARD_BOUNCE")`)).toBe('');
    expect(await names(`filter=any(email,["b@b.co","c@b.co"]),${since}`)).toBe('b');
    expect(await names(`filter=equals(${field}.suppression.reason,"NONSENSE")`)).toBe('');
    await changeStanding(
      world.ports,
      world.account,
      { kind: 'email', value: 'a@b.co' },
      { at: 0, how: { method: 'API' } },
      (one) => ({ ...one, suppressions: [] }),
    );
    expect(await names(`filter=${since}`)).toBe('b');
  });

  it('keep no entries of a profile that is gone', async () => {
    const world = await setting();
    const id = await make(world, { email: 'a@b.co' });
    await suppress(world, 'a@b.co', { reason: 'HARD_BOUNCE' });
    const entries = () => world.store.dump().filter(({ kind }) => kind === 'suppressed');
    expect(entries()).toHaveLength(1);
    await world.store.writeMany([{ remove: profileKey(world.account, id) }]);
    await fileSuppressions(world.ports, world.account, id);
    expect(entries()).toEqual([]);
  });
});

const person = fc.record({
  email: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { nil: undefined }),
  suppressed: fc.array(fc.constantFrom<SuppressionReason>('UNSUBSCRIBE', 'HARD_BOUNCE', 'USER_SUPPRESSED'), {
    maxLength: 3,
  }),
  touched: fc.boolean(),
  wait: fc.integer({ min: 0, max: 2 }),
});

it('every sort and filter gives what it says, once, in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(person, { maxLength: 7, selector: ({ email }) => email ?? {} }),
      fc.constantFrom('created', 'updated', 'email', 'id', `${field}.suppression.timestamp`),
      fc.boolean(),
      fc.option(fc.tuple(fc.constantFrom('created', 'updated'), fc.boolean(), fc.integer({ min: 0, max: 14 }))),
      fc.option(fc.constantFrom<SuppressionReason>('UNSUBSCRIBE', 'HARD_BOUNCE')),
      fc.integer({ min: 1, max: 4 }),
      async (people, sort, descending, range, reason, size) => {
        const world = await setting();
        for (const [n, { email, suppressed, touched, wait }] of people.entries()) {
          const address = email && `${email}@b.co`;
          const id = await make(world, { external_id: `n${n}`, ...(address && { email: address }) });
          world.clock.advance(1000 * wait);
          if (touched)
            await updateProfile(world.ports, world.account, id, { identifiers: {}, attributes: { title: 'x' } });
          for (const one of new Set(suppressed)) if (address) await suppress(world, address, { reason: one });
        }
        const start = Date.UTC(2026, 0, 1);
        const filters = [
          ...(range
            ? [`${range[1] ? 'greater' : 'less'}-than(${range[0]},${new Date(start + range[2] * 1000).toISOString()})`]
            : []),
          ...(reason ? [`equals(${field}.suppression.reason,"${reason}")`] : []),
        ];
        const query = `sort=${descending ? '-' : ''}${sort}${filters.length > 0 ? `&filter=${filters.join(',')}` : ''}`;
        const found = await walk(world, query, size);
        const wanted = everyone(world).filter((item) => meant(item, range, reason, sort));
        expect(new Set(found)).toEqual(new Set(wanted.map(({ id }) => id)));
        expect(found).toHaveLength(wanted.length);
        const places = found.map((id) =>
          placeIn(
            wanted.find((item) => item.id === id)!,
            sort,
            descending,
            reason,
          ),
        );
        const ordered = places.toSorted(compareText);
        expect(places).toEqual(descending ? ordered.reverse() : ordered);
      },
    ),
    { numRuns: 60 },
  );
});

const timesIn = (item: ProfileItem, reason: string | null) =>
  (item.email_suppressions ?? []).filter((one) => reason === null || one.reason === reason).map(({ at }) => at);

function meant(item: ProfileItem, range: [string, boolean, number] | null, reason: string | null, sort: string) {
  if ((reason !== null || sort.startsWith(field)) && timesIn(item, reason).length === 0) return false;
  if (range === null) return true;
  const [name, after, seconds] = range;
  const at = Date.parse(name === 'created' ? item.created : item.updated);
  const bound = Date.UTC(2026, 0, 1) + seconds * 1000;
  return after ? at > bound : at < bound;
}

function placeIn(item: ProfileItem, sort: string, descending: boolean, reason: string | null): string {
  if (sort === 'email') return item.email ?? '';
  if (sort.startsWith(field))
    return (
      timesIn(item, reason)
        .toSorted()
        .at(descending ? -1 : 0) ?? ''
    );
  return sort === 'id' ? item.id : sort === 'created' ? item.created : item.updated;
}
