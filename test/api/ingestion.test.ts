import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefused } from './refusals.ts';
import { eventOf, metricNamed, profileOf } from './specimens.ts';
import { type Stage, openAccount, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const log = async (query = '', key?: string) => {
  const answer = await stage.send('GET', `/x/ingestion${query}`, key === undefined ? {} : { key });
  expect(answer.status, answer.text).toBe(200);
  return answer;
};
const attributesOf = async (filter: string) =>
  (await log(`?filter=${filter}`)).many.map(({ attributes }) => attributes);

async function tell(email: string, metric: string, rest: object = {}) {
  const body = eventOf({ email }, { metric: metricNamed(metric), ...rest });
  expect((await stage.send('POST', '/api/events', { body })).status).toBe(202);
}

async function metricId(name: string): Promise<string> {
  const { many } = await stage.send('GET', '/api/metrics');
  return many.find(({ attributes }) => attributes['name'] === name)?.id ?? '';
}

async function forget(email: string) {
  const profile = { data: { type: 'profile', attributes: { email } } };
  const body = { data: { type: 'data-privacy-deletion-job', attributes: { profile } } };
  expect((await stage.send('POST', '/api/data-privacy-deletion-jobs', { body })).status).toBe(202);
  await stage.settle();
}

describe('the ingestion log', () => {
  it('tells of what was accepted, and how often it came again', async () => {
    await tell('ana@log.example', 'Logged', { unique_id: 'one', time: '2026-03-04T05:06:07Z' });
    await tell('ana@log.example', 'Logged', { unique_id: 'two', time: '2026-03-05T05:06:07Z' });
    for (let i = 0; i < 3; i += 1)
      await tell('ana@log.example', 'Logged', { unique_id: 'one', time: '2026-03-06T00:00:00Z' });
    const metric = await metricId('Logged');
    const { many } = await log(`?filter=equals(metric_id,"${metric}")`);
    expect(many.map(({ attributes: { status, unique_id, times } }) => [status, unique_id, times])).toEqual([
      ['duplicate', 'one', 3],
      ['accepted', 'two', null],
      ['accepted', 'one', null],
    ]);
    const [again, , first] = many;
    expect(again?.relationships['event']?.data).toEqual(first?.relationships['event']?.data);
    expect(first?.attributes).toMatchObject({ of: 'event', time: '2026-03-04T05:06:07+00:00', metric_name: 'Logged' });
    const event = (first?.relationships['event']?.data as { id: string }).id;
    expect((await stage.send('GET', `/api/events/${event}`)).status).toBe(200);
  });

  it('tells of an event with a file and of a bulk request too', async () => {
    const properties = { Notes: Array.from({ length: 3 }, () => 'x'.repeat(90_000)) };
    for (let i = 0; i < 2; i += 1) await tell('file@log.example', 'Filed', { unique_id: 'f', properties });
    const told = { properties: {}, metric: metricNamed('Bulked'), unique_id: 'same' };
    const data = [told, told].map((attributes) => ({ type: 'event', attributes }));
    const profile = { data: { type: 'profile', attributes: { email: 'file@log.example' } } };
    const group = { type: 'event-bulk-create', attributes: { profile, events: { data } } };
    const body = {
      data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data: [group] } } },
    };
    expect((await stage.send('POST', '/api/event-bulk-create-jobs', { body })).status).toBe(202);
    for (const name of ['Filed', 'Bulked']) {
      const found = await attributesOf(`equals(metric_id,"${await metricId(name)}"),equals(status,"duplicate")`);
      expect(found.map(({ times }) => times)).toEqual([1]);
    }
  });

  it('tells of events of somebody forgotten, and not of whom', async () => {
    const email = 'gone@log.example';
    await tell(email, 'Before', { unique_id: 'secret-1', time: '2026-02-01T00:00:00Z' });
    await tell(email, 'Before', { unique_id: 'secret-1', time: '2026-02-01T00:00:00Z' });
    await stage.settle();
    await forget(email);
    await tell(email, 'Before', { unique_id: 'secret-2', time: '2026-02-02T00:00:00Z' });
    const found = await log(`?filter=equals(metric_id,"${await metricId('Before')}")`);
    expect(found.many.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        status: 'refused',
        reason: 'forgotten',
        metric_name: 'Before',
        time: '2026-02-02T00:00:00+00:00',
      }),
    ]);
    expect(found.many[0]).not.toHaveProperty('relationships');
    expect(JSON.stringify(await stage.items())).not.toMatch(/secret-|gone@log/);
  });

  it('tells of rows of jobs that were refused, with the place and the reason', async () => {
    await stage.send('POST', '/api/profiles', {
      body: profileOf({ email: 'taken@log.example', external_id: 'taken' }),
    });
    await stage.send('POST', '/api/profiles', { body: profileOf({ email: 'other@log.example' }) });
    const row = { type: 'profile', attributes: { email: 'other@log.example', external_id: 'taken' } };
    const fine = { type: 'profile', attributes: { email: 'fine@log.example' } };
    const body = {
      data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: [fine, row] } } },
    };
    const { one } = await stage.send('POST', '/api/profile-bulk-import-jobs', { body });
    await stage.settle();
    const found = await attributesOf('equals(status,"refused")');
    expect(found.find(({ job_id }) => job_id === one.id)).toMatchObject({
      of: 'import',
      pointer: expect.stringMatching(/^\/data\/attributes\/profiles\/data\/1/) as string,
      reason: 'duplicate_profile',
    });
    expect(await attributesOf(`equals(status,"refused"),equals(metric_id,"${await metricId('Logged')}")`)).toEqual([]);
  });

  it('is read whole in pages of any size and both directions, and between two times', async () => {
    for (let i = 0; i < 7; i += 1) {
      const event = { unique_id: `p${i % 5}`, time: `2025-11-0${i + 1}T00:00:00Z` };
      await tell(`p${i % 5}@log.example`, 'Paged', event);
    }
    const filter = `equals(metric_id,"${await metricId('Paged')}")`;
    const whole = (await log(`?filter=${filter}&sort=time`)).many.map(({ id }) => id);
    expect(new Set(whole).size).toBe(7);
    const paged: string[] = [];
    let next: string | null | undefined = `/x/ingestion?filter=${filter}&page[size]=2`;
    while (next) {
      const page = await stage.send('GET', next);
      paged.push(...page.many.map(({ id }) => id));
      next = page.links.next;
    }
    expect(paged.reverse()).toEqual(whole);
    const some = `${filter},greater-than(time,2025-11-02T00:00:00Z),less-or-equal(time,2025-11-04T00:00:00Z)`;
    expect((await attributesOf(some)).map(({ time }) => time)).toEqual([
      '2025-11-04T00:00:00+00:00',
      '2025-11-03T00:00:00+00:00',
    ]);
  });

  it('follows people who turn out to be one: what both had is told of as a duplicate', async () => {
    for (const email of ['left@log.example', 'right@log.example'])
      await tell(email, 'Merged twice', { unique_id: 'both', time: '2026-01-01T00:00:00Z' });
    await stage.settle();
    const idOf = async (email: string) =>
      (await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`)).many[0]?.id ?? '';
    const [left, right] = [await idOf('left@log.example'), await idOf('right@log.example')];
    const body = {
      data: {
        type: 'profile-merge',
        id: left,
        relationships: { profiles: { data: [{ type: 'profile', id: right }] } },
      },
    };
    expect((await stage.send('POST', '/api/profile-merge', { body })).status).toBeLessThan(300);
    await stage.settle();
    const { many } = await log(`?filter=equals(metric_id,"${await metricId('Merged twice')}")`);
    expect(many.map(({ attributes }) => attributes['status']).sort()).toEqual(['accepted', 'duplicate']);
    for (const { relationships } of many) expect(relationships['profile']?.data).toEqual({ type: 'profile', id: left });
    const exported = await stage.send('GET', `/x/profiles/${left}/export`);
    expect(exported.many.filter(({ type }) => type === 'repeated-event')).toHaveLength(1);
  });

  it('is each account’s own, needs its scopes, and refuses what it does not know', async () => {
    const other = await openAccount(stage, 'Other');
    expect((await log('', other.key)).many).toEqual([]);
    const key = await stage.newKey('events:read');
    expect((await stage.send('GET', '/x/ingestion', { key })).status).toBe(403);
    await expectRefused(stage, () => stage.send('GET', '/x/ingestion?filter=equals(status,"lost")'), 400);
  });
});
