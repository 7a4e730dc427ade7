// The members of a list: in the order of joining, page by page, while others come and go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToList, listOperations, listResource } from '../../../shared/domain/consent/index.ts';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { removeFromList } from '../../../shared/domain/consent/membership.ts';
import { createProfile, exchangeOperations } from '../../../shared/domain/identity/index.ts';
import { type Setting, known, setting } from '../setting.ts';

const flowTriggers = { of: listResource, load: () => Promise.resolve([]) };
const world = () => setting([...listOperations({ flowTriggers }), ...exchangeOperations]);

async function crowd({ ports, account }: Setting, size: number) {
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const people: string[] = [];
  for (let n = 0; n < size; n += 1) {
    people.push((await createProfile(ports, account, known({ email: `p${n}@b.co`, external_id: `p${n}` }))).id);
  }
  return { list, people };
}

async function walk({ call }: Setting, target: string, between: (page: number) => Promise<void> = async () => {}) {
  const found: string[] = [];
  let next: string | undefined = target;
  for (let page = 0; next !== undefined; page += 1) {
    const answer = await call('GET', next);
    expect(answer.status).toBe(200);
    found.push(...answer.many.map(({ id }) => id));
    next = answer.next;
    await between(page);
  }
  return found;
}

it('whoever is on the list all the while comes once, in the order of joining, either way round', async () => {
  const moving = fc.array(fc.record({ who: fc.nat({ max: 11 }), joins: fc.boolean() }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 }),
      moving,
      fc.boolean(),
      fc.integer({ min: 1, max: 5 }),
      async (waits, moves, descending, size) => {
        const there = await world();
        const { ports, account, clock } = there;
        const { list, people } = await crowd(there, 12);
        const members = people.slice(0, 8);
        for (const [n, id] of members.entries()) {
          await addToList(ports, account, list, [id]);
          clock.advance(waits[n] ?? 0);
        }
        const query = `page[size]=${size}&sort=${descending ? '-' : ''}joined_group_at`;
        const found = await walk(there, `/api/lists/${list}/profiles?${query}`, async (page) => {
          const move = moves[page];
          if (!move) return;
          clock.advance(1);
          const who = [people[move.who] ?? ''];
          await (move.joins ? addToList : removeFromList)(ports, account, list, who);
        });
        const left = new Set(moves.filter(({ joins }) => !joins).map(({ who }) => people[who]));
        const always = members.filter((id) => !left.has(id));
        const kept = found.filter((id) => always.includes(id));
        expect(new Set(kept)).toEqual(new Set(always));
        expect(kept).toHaveLength(always.length);
        const joined = await Promise.all(kept.map((id) => joinedAt(there, list, id)));
        expect(joined).toEqual(joined.toSorted((a, b) => (descending ? b - a : a - b)));
      },
    ),
    { numRuns: 40 },
  );
});

async function joinedAt({ store }: Setting, list: string, id: string): Promise<number> {
  const member = store
    .dump()
    .find((item) => item.kind === 'list-member' && item.sk === `B#${list}` && item.pk.endsWith(id));
  return Date.parse((member as unknown as { joined: string }).joined);
}

describe('the members of a list', () => {
  it('are found by when they joined and by what names them; both must hold', async () => {
    const there = await world();
    const { ports, account, clock, call } = there;
    const { list, people } = await crowd(there, 4);
    for (const id of people.slice(0, 3)) {
      await addToList(ports, account, list, [id]);
      clock.advance(1000);
    }
    const [a, b, c, d] = people;
    const ask = async (filter: string) =>
      (await call('GET', `/api/lists/${list}/relationships/profiles?filter=${filter}`)).many.map(({ id }) => id);
    const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
    expect(await ask(`greater-or-equal(joined_group_at,${at(1)})`)).toEqual([b, c]);
    expect(await ask(`greater-than(joined_group_at,${at(1)})`)).toEqual([c]);
    expect(await ask(`less-or-equal(joined_group_at,${at(1)})`)).toEqual([a, b]);
    expect(await ask(`less-than(joined_group_at,${at(1)})`)).toEqual([a]);
    expect(await ask(`greater-than(joined_group_at,${at(0)}),less-than(joined_group_at,${at(2)})`)).toEqual([b]);
    expect(await ask('equals(email,"p0@b.co")')).toEqual([a]);
    expect(await ask('any(email,["p0@b.co","p2@b.co","p3@b.co"])')).toEqual([a, c]);
    expect(await ask(`equals(email,"p0@b.co"),greater-than(joined_group_at,${at(1)})`)).toEqual([]);
    const token = async (id: string | undefined) =>
      String((await call('GET', `/x/profiles/${id}/exchange-token`)).one.attributes['_kx']);
    expect(await ask(`equals(_kx,"${await token(b)}")`)).toEqual([b]);
    expect(await ask(`equals(_kx,"${await token(d)}")`)).toEqual([]);
    expect(await ask('equals(_kx,"nonsense")')).toEqual([]);
  });

  it('are counted, and unknown lists are not found', async () => {
    const there = await world();
    const { list, people } = await crowd(there, 3);
    await addToList(there.ports, there.account, list, people);
    const { one } = await there.call('GET', `/api/lists/${list}?additional-fields[list]=profile_count`);
    expect(one.attributes['profile_count']).toBe(3);
    for (const path of ['', '/profiles', '/relationships/profiles', '/tags', '/relationships/tags']) {
      expect((await there.call('GET', `/api/lists/nobody${path}`)).status, path).toBe(404);
    }
  });
});
