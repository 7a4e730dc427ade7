import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { segmentsWork } from '../../../functions/segments/work.ts';
import { createAccount, createKey, fullAccess } from '../../../shared/domain/account/index.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import type { Definition } from '../../../shared/domain/segments/index.ts';
import { preview as previewOf } from '../../../shared/domain/segments/preview.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { known, profileOf, shards } from '../../../shared/storage/patterns.ts';
import { day, iso, second } from '../../../shared/kernel/time.ts';
import { metricIdOf } from '../../support/metric-id.ts';

interface Shown {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
  relationships?: object;
}
interface Document {
  data: Shown & Shown[];
  errors?: { code: string; detail: string; source?: { pointer?: string }; meta?: object }[];
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
    person: async (n: number, properties = {}) => {
      const identifiers = { email: `p${n}@example.com` };
      return (await createProfile(ports, account, { identifiers, attributes: {}, properties })).id;
    },
    /** Works off these shards of the first build of a segment, as the worker does with one message each. */
    buildShards: async (segment: string, ...some: number[]) => {
      const bodies = some.map((shard) => ({ type: 'build-shard' as const, account, segment, version: 1, shard }));
      expect(await segmentsWork(ports)(bodies.map((body, n) => ({ id: `m${n}`, body })))).toEqual([]);
    },
  };
}

const asking = (property: string, filter: object) => ({
  condition_groups: [{ conditions: [{ type: 'profile-property', property, filter }] }],
});
const having = (name: string, value: string) =>
  asking(`properties['${name}']`, { type: 'string', operator: 'equals', value });
const everyone = asking('email', { type: 'existence', operator: 'is-set' });
const body = (attributes: object, rest: object = {}) => ({ data: { type: 'segment', attributes, ...rest } });

describe('limits', () => {
  it('at most five segments are processing at a time, also of those that are made at once', async () => {
    const { call } = await setting();
    const calls = Array.from({ length: 12 }, (_, n) => {
      return call('POST', '/api/segments', body({ name: `All ${n}`, definition: everyone }));
    });
    const answers = (await Promise.all(calls)).map(({ status }) => status).toSorted((a, b) => a - b);
    expect(answers).toEqual([201, 201, 201, 201, 201, ...Array.from({ length: 7 }, () => 429)]);
  });

  it('at most five segments are processing at a time; the sixth is told to wait, also when it is edited or started', async () => {
    const { world, call } = await setting();
    const made = [];
    for (let n = 0; n < 5; n += 1)
      made.push(await call('POST', '/api/segments', body({ name: `S${n}`, definition: everyone })));
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const sixth = await call('POST', '/api/segments', body({ name: 'S5', definition: everyone }));
    expect(sixth.status).toBe(429);
    expect(sixth.document.errors).toMatchObject([
      { code: 'throttled', detail: expect.stringContaining('At most 5') as string },
    ]);
    // One of the five may be edited: its build takes the place of its build.
    const [first] = made.map(({ document }) => document.data.id);
    const edit = body({ definition: everyone }, { id: first });
    expect((await call('PATCH', `/api/segments/${first}`, edit)).status).toBe(200);
    await world.advance(10 * second);
    expect((await call('POST', '/api/segments', body({ name: 'S5', definition: everyone }))).status).toBe(201);
    const stop = (active: boolean) =>
      call('PATCH', `/api/segments/${first}`, body({ is_active: active }, { id: first }));
    expect((await stop(false)).status).toBe(200);
    for (let n = 6; n < 10; n += 1) await call('POST', '/api/segments', body({ name: `S${n}`, definition: everyone }));
    expect((await stop(true)).status).toBe(429);
    // What builds nothing is not refused, and what is not there is not found.
    expect((await call('PATCH', `/api/segments/${first}`, edit)).status).toBe(200);
    const nobody = body({ definition: everyone }, { id: 'nobody' });
    expect((await call('PATCH', '/api/segments/nobody', nobody)).status).toBe(404);
    const name = await call('PATCH', `/api/segments/${first}`, body({ name: 'Other' }, { id: first }));
    expect(name.status).toBe(200);
  });

  it('at most a hundred are made a day, also of those that are gone again', async () => {
    const { world, call } = await setting();
    const make = () => call('POST', '/api/segments', body({ name: 'S', definition: everyone }));
    // What is refused uses up nothing.
    const large = having('a', 'a'.repeat(101 * 1024));
    expect((await call('POST', '/api/segments', body({ name: 'S', definition: large }))).status).toBe(413);
    for (let n = 0; n < 100; n += 1) {
      const { status, document } = await make();
      expect(status).toBe(201);
      await call('DELETE', `/api/segments/${document.data.id}`);
    }
    const refused = await make();
    const [fault] = refused.document.errors ?? [];
    const wait = (day - (world.ports.clock.now() % day)) / second;
    expect([refused.status, fault?.detail, fault?.meta]).toEqual([
      429,
      `At most 100 segments may be made a day. The next day begins in ${Math.ceil(wait)} seconds.`,
      { retry_after: Math.ceil(wait) },
    ]);
    await world.advance(wait * second);
    expect((await make()).status).toBe(201);
  });
});

describe('regular expressions', () => {
  const at = '/data/attributes/definition/condition_groups/0/conditions/0/filter/value';
  const asked = (operator: string, value: string) => asking('email', { type: 'string', operator, value });

  it('find whom they match, in time linear in the text', async () => {
    const { world, call, person } = await setting();
    const people = [await person(1), await person(2), await person(33)];
    const find = async (operator: string, value: string) => {
      const made = await call('POST', '/api/segments', body({ name: value, definition: asked(operator, value) }));
      await world.advance(10 * second);
      const { document } = await call('GET', `/api/segments/${made.document.data.id}/relationships/profiles`);
      return document.data.map(({ id }) => people.indexOf(id)).sort();
    };
    expect(await find('regex', '^p[0-9]@')).toEqual([0, 1]);
    expect(await find('nregex', '^p[0-9]@')).toEqual([2]);
    expect(await find('regex', '^(([a-z0-9])+.)+[A-Z]([a-z])+$')).toEqual([]);
  });

  it.each(['(', '(?=a)', '(a)\\1', 'a'.repeat(1001)])('that are none are refused at their place: %s', async (value) => {
    const { call } = await setting();
    const { status, document } = await call(
      'POST',
      '/api/segments',
      body({ name: 'S', definition: asked('regex', value) }),
    );
    expect([status, document.errors?.[0]?.source?.pointer]).toEqual([400, at]);
    expect(document.errors?.[0]?.detail).toMatch(/RE2/);
  });
});

describe('a flow that a segment triggers', () => {
  const paying = (plan: string) => having('plan', plan);

  it('lets in whom data brings into the segment, and nobody whom a build or an edit does', async () => {
    const { world, call, person } = await setting();
    const make = async (plan: string, n: number) => {
      const id = await person(n);
      const attributes = { properties: { plan } };
      await call('PATCH', `/api/profiles/${id}`, { data: { type: 'profile', id, attributes } });
      return id;
    };
    const enrolled = () =>
      world.store
        .dump()
        .map(known)
        .flatMap((item) => (item.kind === 'enrolment' ? profileOf(item) : []));
    await make('gold', 1);
    await make('silver', 2);
    await world.advance(second);
    const made = await call('POST', '/api/segments', body({ name: 'Gold', definition: paying('gold') }));
    const { id: segment } = made.document.data;
    const template = await call('POST', '/api/templates', {
      data: { type: 'template', attributes: { name: 'T', editor_type: 'CODE', html: '<p>Hello</p>' } },
    });
    const message = {
      subject_line: 'Hello',
      template_id: template.document.data.id,
      name: 'First',
      smart_sending_enabled: false,
    };
    const mail = { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { message } };
    const definition = { triggers: [{ type: 'segment', id: segment }], entry_action_id: 'mail', actions: [mail] };
    const flow = await call('POST', '/api/flows', { data: { type: 'flow', attributes: { name: 'F', definition } } });
    expect(flow.status).toBe(201);
    const { id } = flow.document.data;
    const live = await call('PATCH', `/api/flows/${id}`, {
      data: { type: 'flow', id, attributes: { status: 'live' } },
    });
    expect(live.status, JSON.stringify(live.document)).toBe(200);
    await world.advance(20 * second);
    const count = () => call('GET', `/api/segments/${segment}?additional-fields[segment]=profile_count`);
    expect((await count()).document.data.attributes['profile_count']).toBe(1);
    expect(enrolled()).toEqual([]);
    await call('PATCH', `/api/segments/${segment}`, body({ definition: paying('silver') }, { id: segment }));
    await world.advance(20 * second);
    expect((await count()).document.data.attributes['profile_count']).toBe(1);
    expect(enrolled()).toEqual([]);
    const third = await make('silver', 3);
    await world.advance(20 * second);
    expect(enrolled()).toEqual([third]);
  });
});

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
    const pages = async (first: string) => {
      const seen: string[][] = [];
      let target: string | undefined = `/api/segments/${id}/profiles?page[size]=2&${first}`;
      while (target !== undefined) {
        const page = await call('GET', target);
        for (const one of page.document.data) expect(one.attributes['joined_group_at']).toBeDefined();
        seen.push(page.document.data.map((one) => one.id));
        const next: string | null | undefined = page.document.links.next;
        target = next ? new URL(next).pathname + decodeURI(new URL(next).search) : undefined;
      }
      return seen;
    };
    const named = `filter=any(profile_id,${JSON.stringify(people)})`;
    const [a = '', b = '', c = '', d = '', e = ''] = people;
    for (const filter of ['', `&${named}`]) {
      expect(await pages(`sort=-joined_group_at${filter}`)).toEqual([[e, d], [c, b], [a]]);
      expect(await pages(`sort=joined_group_at${filter}`)).toEqual([[a, b], [c, d], [e]]);
    }
    const ids = (path: string) =>
      call('GET', `/api/segments/${id}/${path}`).then(({ document: { data } }) => data.map((one) => one.id));
    expect(await ids('relationships/profiles?filter=equals(email,"P3@example.com")')).toEqual([people[3]]);
    expect(await ids(`profiles?filter=any(profile_id,["${people[1]}","nobody"])`)).toEqual([people[1]]);
    const since = iso(Date.UTC(2026, 0, 10) + 20 * second);
    const joined = (operator: string) => ids(`profiles?filter=${operator}(joined_group_at,${since})`);
    expect(await joined('greater-or-equal')).toEqual(people.slice(2));
    expect(await joined('greater-than')).toEqual(people.slice(3));
    expect(await joined('less-or-equal')).toEqual(people.slice(0, 3));
    expect(await joined('less-than')).toEqual(people.slice(0, 2));
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

  it('refuse flags that are written as texts, and say what they may be', async () => {
    const { call } = await setting();
    const asked = { type: 'profile-group-membership', is_member: 'true', group_ids: ['Nope01'] };
    const definition = { condition_groups: [{ conditions: [asked] }] };
    const { document } = await call('POST', '/api/segments', body({ name: 'None', definition }));
    expect(document.errors).toMatchObject([
      {
        detail: "'is_member' must be one of true, false.",
        source: { pointer: '/data/attributes/definition/condition_groups/0/conditions/0/is_member' },
      },
    ]);
  });

  it('refuse a metric that the account does not have in a step of a funnel', async () => {
    const { world, call } = await setting();
    const metric_id = await metricIdOf(world.ports, accountId('ABC123'), { name: 'Placed Order', service: 'api' });
    const funnel = {
      type: 'profile-metric-funnel',
      timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
      steps: [
        { metric_exists: true, metric_id },
        { metric_exists: false, metric_id: 'Nope01' },
      ],
    };
    const definition = { condition_groups: [{ conditions: [funnel] }] };
    const { status, document } = await call('POST', '/api/segments', body({ name: 'None', definition }));
    expect(status).toBe(400);
    expect(document.errors).toMatchObject([
      {
        code: 'invalid',
        source: { pointer: '/data/attributes/definition/condition_groups/0/conditions/0/steps/1/metric_id' },
      },
    ]);
  });

  it('refuse postal codes that nobody knows, or of which less is given than is known', async () => {
    const { call } = await setting();
    const near = (country_code: string, postal_code: string) => ({
      type: 'profile-postal-code-distance',
      country_code,
      postal_code,
      unit: 'miles',
      filter: { type: 'numeric', operator: 'less-than', value: 10 },
    });
    const known = [near('AUS', '2000'), near('CAN', 'M5V 3L9'), near('GBR', 'SW1A 1AA')];
    const unknown = [near('USA', '00000'), near('AUS', 'Sydney'), near('CAN', 'M5'), near('GBR', 'SW1A 1')];
    const definition = { condition_groups: [{ conditions: [...known, ...unknown] }] };
    const { status, document } = await call('POST', '/api/segments', body({ name: 'None', definition }));
    expect(status).toBe(400);
    expect(document.errors?.map(({ code, source }) => `${code} ${source?.pointer}`)).toEqual(
      unknown.map(
        (_, i) => `invalid /data/attributes/definition/condition_groups/0/conditions/${known.length + i}/postal_code`,
      ),
    );
  });

  it('refuse a filter that is malformed at its very place', async () => {
    const { call } = await setting();
    const definition = asking('email', { type: 'numeric', operator: 'equals', value: '5' });
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

describe('a segment that is stopped while it is being built', () => {
  it('stays as it is, and is built when it goes on', async () => {
    const { world, call, person } = await setting();
    const [a, b] = [await person(1, { group: 'a' }), await person(2, { group: 'b' })];
    const { document } = await call('POST', '/api/segments', body({ name: 'Some', definition: having('group', 'a') }));
    const { id } = document.data;
    const change = (attributes: object) => call('PATCH', `/api/segments/${id}`, body(attributes, { id }));
    const members = async () =>
      (await call('GET', `/api/segments/${id}/relationships/profiles`)).document.data.map((one) => one.id);
    await world.advance(10 * second);
    expect(await members()).toEqual([a]);
    await change({ definition: having('group', 'b') });
    await change({ is_active: false });
    await world.advance(day);
    expect(await members()).toEqual([a]);
    await change({ is_active: true });
    await world.advance(10 * second);
    expect(await members()).toEqual([b]);
  });
});

describe('how far a build is', () => {
  it('is told shard by shard: what is left takes as long as what is done took, since the index knew of everything', async () => {
    const { world, call, person, buildShards } = await setting();
    for (let n = 0; n < 40; n += 1) await person(n);
    // Else whoever enters as somebody new is looked at once more.
    await world.settle();
    const { id } = (await call('POST', '/api/segments', body({ name: 'All', definition: everyone }))).document.data;
    const progress = async () => (await call('GET', `/x/segments/${id}/progress`)).document.data.attributes;
    const begun = world.clock.now();
    const outset = { is_processing: true, progress: 0, profiles_looked_at: 0, finished: null, estimated_finish: null };
    expect(await progress()).toEqual({ ...outset, started: null });
    await world.settle();
    expect(await progress()).toEqual({ ...outset, started: iso(begun) });

    // Only the clock: the worker stands still meanwhile.
    world.clock.advance(6 * second);
    const everyShard = Array.from({ length: 2 * shards }, (_, shard) => shard);
    const [first, rest] = [everyShard.slice(0, shards / 2), everyShard.slice(shards / 2)];
    await buildShards(id, ...first);
    const quarter = await progress();
    expect(quarter).toMatchObject({ is_processing: true, progress: 0.25, started: iso(begun), finished: null });
    // Four seconds for a quarter, since the index had two.
    expect(quarter['estimated_finish']).toBe(new Date(world.clock.now() + 12 * second).toISOString());
    const lookedAt = quarter['profiles_looked_at'] as number;
    expect(lookedAt).toBeGreaterThan(0);
    expect(lookedAt).toBeLessThan(40);
    const { document } = await call('GET', `/api/segments/${id}`);
    expect(document.data.attributes['is_processing']).toBe(true);

    await buildShards(id, ...rest.slice(0, -1));
    const nearly = await progress();
    expect(nearly).toMatchObject({ is_processing: true, progress: 15 / 16, profiles_looked_at: 40, finished: null });
    expect(Date.parse(String(nearly['estimated_finish']))).toBeGreaterThan(world.clock.now());
    await buildShards(id, ...rest.slice(-1));
    const finished = iso(world.clock.now());
    const done = { is_processing: false, progress: 1, profiles_looked_at: 40, finished, estimated_finish: null };
    expect(await progress()).toEqual({ ...done, started: iso(begun) });
    // Its own messages come after all that, and find nothing left.
    await world.advance(10 * second);
    expect(await progress()).toEqual({ ...done, started: iso(begun) });
  });
});

describe('a preview of more people than one call looks at', () => {
  const inGroup = (group: string) => having('group', group);

  it('says that it is not complete, and estimates by those that it looked at', async () => {
    const { world, call, person } = await setting();
    const groups: readonly [string, string[]][] = [
      ['third', []],
      ['rest', []],
    ];
    for (let n = 0; n < 2500; n += 1) {
      const [group, people] = groups[n % 3 === 0 ? 0 : 1]!;
      people.push(await person(n, { group }));
    }
    await world.advance(second);
    const preview = async (definition: object) => {
      const data = { type: 'segment-preview', attributes: { definition } };
      const { status, document } = await call('POST', '/x/segments/preview', { data });
      expect(status).toBe(200);
      return document.data.attributes as { looked_at: number; matching: number; estimate: number; sample: string[] };
    };
    for (const [group, people] of groups) {
      const found = await preview(inGroup(group));
      expect(found).toMatchObject({ complete: false });
      // Of the page that begins below 2,000 everybody is looked at.
      expect(found.looked_at).toBeGreaterThanOrEqual(2000);
      expect(found.looked_at).toBeLessThan(2200);
      expect(found.matching).toBeLessThan(found.looked_at);
      // People are spread over eight shards by their ids, which are the same in every run.
      expect(found.estimate / people.length).toBeGreaterThan(0.85);
      expect(found.estimate / people.length).toBeLessThan(1.15);
      expect(new Set(found.sample).size).toBe(10);
      expect(found.sample.filter((id) => !people.includes(id))).toEqual([]);
    }
    // Also when there is no room for more than some of the first shard.
    const { estimate } = await previewOf(world.ports, accountId('ABC123'), inGroup('rest') as Definition, 200);
    expect(estimate / 2500).toBeGreaterThan(0.5);
    expect(estimate / 2500).toBeLessThan(0.85);
    const nobody = await preview(inGroup('none'));
    expect(nobody).toMatchObject({ complete: false, matching: 0, estimate: 0, sample: [] });
  });
});
