import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount, createKey, fullAccess } from '../../../shared/domain/account/index.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { iso, second } from '../../../shared/kernel/time.ts';

interface Shown {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: object;
}
interface Document {
  data: Shown & Shown[];
  errors?: { code: string; detail: string; source?: { pointer?: string } }[];
  links: { next?: string | null };
}

async function setting() {
  const world = createWorld({ functions, start: Date.UTC(2026, 0, 10) });
  const { ports } = world;
  const owner = await createAccount(ports, { name: 'Test', senderEmail: 'test@millrace.dev', publicId: 'ABC123' });
  const account = accountId(owner.id);
  const { secret } = await createKey(ports, account, { name: 'test', scopes: fullAccess });
  return {
    world,
    call: async (method: string, target: string, body?: unknown) => {
      const [path = '', query = ''] = target.split('?');
      const answer = await world.request({
        method,
        path,
        query,
        headers: {
          authorization: `Klaviyo-API-Key ${secret}`,
          revision: '2026-07-15',
          'content-type': 'application/json',
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, document: JSON.parse(answer.body ?? '{}') as Document };
    },
    person: async (n: number) => {
      const identifiers = { email: `p${n}@example.com` };
      return (await createProfile(ports, account, { identifiers, attributes: {} })).id;
    },
  };
}

const everyone = {
  condition_groups: [
    {
      conditions: [{ type: 'profile-property', property: 'email', filter: { type: 'existence', operator: 'is-set' } }],
    },
  ],
};
const body = (attributes: object, rest: object = {}) => ({ data: { type: 'segment', attributes, ...rest } });

describe('the operations on segments', () => {
  it('make one that is processing until it is built, and then tells how many it has', async () => {
    const { world, call, person } = await setting();
    for (let n = 0; n < 3; n += 1) await person(n);
    const made = await call('POST', '/api/segments', body({ name: 'All', definition: everyone }));
    expect(made.status).toBe(201);
    expect(made.document.data.attributes).toEqual({
      name: 'All',
      definition: everyone,
      created: iso(world.clock.now()),
      updated: iso(world.clock.now()),
      is_active: true,
      is_processing: true,
      is_starred: false,
    });
    await world.advance(10 * second);
    const { id } = made.document.data;
    const shown = await call('GET', `/api/segments/${id}?additional-fields[segment]=profile_count`);
    expect(shown.document.data.attributes).toMatchObject({ is_processing: false, profile_count: 3 });
    const listed = await call('GET', '/api/segments?include=flow-triggers,tags');
    expect(listed.document.data[0]?.relationships).toMatchObject({ 'flow-triggers': { data: [] } });
    expect((await call('GET', `/api/segments/${id}/flow-triggers`)).document.data).toEqual([]);
  });

  it('list the members in the order in which they entered, page by page, and by their email', async () => {
    const { world, call, person } = await setting();
    const { document } = await call('POST', '/api/segments', body({ name: 'All', definition: everyone }));
    const { id } = document.data;
    const people: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      people.push(await person(n));
      await world.advance(10 * second);
    }
    const seen: string[] = [];
    let target: string | undefined = `/api/segments/${id}/profiles?page[size]=2&sort=-joined_group_at`;
    while (target !== undefined) {
      const page = await call('GET', target);
      for (const one of page.document.data) {
        seen.push(one.id);
        expect(one.attributes['joined_group_at']).toBeDefined();
      }
      const next: string | null | undefined = page.document.links.next;
      target = next ? new URL(next).pathname + decodeURI(new URL(next).search) : undefined;
    }
    expect(seen).toEqual(people.toReversed());
    const ids = (path: string) =>
      call('GET', `/api/segments/${id}/${path}`).then(({ document: { data } }) => data.map((one) => one.id));
    expect(await ids('relationships/profiles?filter=equals(email,"P3@example.com")')).toEqual([people[3]]);
    expect(await ids(`profiles?filter=any(profile_id,["${people[1]}","nobody"])`)).toEqual([people[1]]);
    const since = iso(Date.UTC(2026, 0, 10) + 20 * second);
    expect(await ids(`profiles?filter=greater-or-equal(joined_group_at,${since})`)).toEqual(people.slice(2));
  });

  it('refuse metrics and lists that the account does not have, with a pointer', async () => {
    const { call } = await setting();
    const definition = {
      condition_groups: [
        { conditions: [{ type: 'profile-group-membership', is_member: false, group_ids: ['Nope01'] }] },
      ],
    };
    const { status, document } = await call('POST', '/api/segments', body({ name: 'None', definition }));
    expect(status).toBe(400);
    expect(document.errors?.[0]).toMatchObject({
      code: 'invalid',
      source: { pointer: '/data/attributes/definition/condition_groups/0/conditions/0/group_ids/0' },
    });
  });

  it('refuse a filter that is malformed at its very place', async () => {
    const { call } = await setting();
    const filter = { type: 'numeric', operator: 'equals', value: '5' };
    const definition = {
      condition_groups: [{ conditions: [{ type: 'profile-property', property: 'email', filter }] }],
    };
    const { status, document } = await call('POST', '/api/segments', body({ name: 'None', definition }));
    expect(status).toBe(400);
    expect(document.errors?.map(({ source }) => source?.pointer)).toEqual([
      '/data/attributes/definition/condition_groups/0/conditions/0/filter/value',
    ]);
  });

  it('change, star, stop and remove a segment', async () => {
    const { call } = await setting();
    const { document } = await call('POST', '/api/segments', body({ name: 'All', definition: everyone }));
    const { id } = document.data;
    const change = (attributes: object) => call('PATCH', `/api/segments/${id}`, body(attributes, { id }));
    expect((await change({ name: 'Some', is_starred: true })).document.data.attributes).toMatchObject({
      name: 'Some',
      is_starred: true,
    });
    expect((await change({ is_active: false, name: 'Other' })).status).toBe(400);
    expect((await change({ is_active: false })).document.data.attributes).toMatchObject({ is_active: false });
    const starred = await call('GET', '/api/segments?filter=equals(is_starred,true)&sort=-updated');
    expect(starred.document.data.map((one) => one.id)).toEqual([id]);
    expect((await call('DELETE', `/api/segments/${id}`)).status).toBe(204);
    expect((await call('GET', `/api/segments/${id}`)).status).toBe(404);
  });
});
