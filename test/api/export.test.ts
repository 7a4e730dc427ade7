// What people are given who ask for their data: all of it, and nothing of anybody else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from './refusals.ts';
import { eventOf, metricNamed, profileOf, pushTokenOf, segmentOf, templateOf } from './specimens.ts';
import { type Shown, type Stage, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

async function made(path: string, body: object): Promise<string> {
  const { status, text, one } = await stage.send('POST', path, { body });
  expect(status, text).toBeLessThan(300);
  return one.id;
}

async function exported(id: string, size = 100): Promise<Shown[]> {
  const records: Shown[] = [];
  let next: string | null | undefined = `/x/profiles/${id}/export?page[size]=${size}`;
  while (next) {
    const page = await stage.send('GET', next);
    expect(page.status, page.text).toBe(200);
    expect(page.many.length).toBeLessThanOrEqual(size);
    records.push(...page.many);
    next = page.links.next;
  }
  return records;
}

const job = (type: string, attributes: object, relationships: object = {}) => ({
  data: { type, attributes: { profiles: { data: [{ type: 'profile', attributes }] } }, ...relationships },
});
const yes = { consent: 'SUBSCRIBED' };
const inList = (id: string) => ({ relationships: { list: { data: { type: 'list', id } } } });

/** Properties of so many times 100 KB. */
const longer = (times: number) =>
  Object.fromEntries(Array.from({ length: times }, (_, n) => [`long ${n}`, 'x'.repeat(100_000)]));

/** What two people have in common: lists, a segment, a flow. */
async function shared() {
  const list = (name: string, opt_in_process: string) =>
    made('/api/lists', { data: { type: 'list', attributes: { name, opt_in_process } } });
  const [news, letters] = [await list('News', 'single_opt_in'), await list('Letters', 'double_opt_in')];
  await made('/api/events', eventOf({ email: 'first@people.example' }));
  const metric = (await stage.send('GET', '/api/metrics')).many.find(
    (one) => one.attributes['name'] === 'Placed Order',
  );
  const template_id = await made('/api/templates', templateOf({}));
  const message = { subject_line: 'Thanks', from_label: 'Us', template_id, name: 'thanks' };
  const actions = [
    { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { status: 'live', message } },
  ];
  const definition = { triggers: [{ type: 'metric', id: metric?.id }], entry_action_id: 'mail', actions };
  const flow = await made('/api/flows', { data: { type: 'flow', attributes: { name: 'Thank you', definition } } });
  await stage.send('PATCH', `/api/flows/${flow}`, {
    body: { data: { type: 'flow', id: flow, attributes: { status: 'live' } } },
  });
  const set = { type: 'profile-property', property: 'email', filter: { type: 'existence', operator: 'is-set' } };
  await made('/api/segments', segmentOf('Reachable', { condition_groups: [{ conditions: [set] }] }));
  return { news, letters };
}

/** Somebody of whom everything is known that can be, `who` in every word of it. */
async function somebody(who: string, phone: string, { news, letters }: { news: string; letters: string }) {
  const email = `${who}@people.example`;
  await stage.send('POST', '/client/events?company_id=Bean01', {
    key: null,
    body: eventOf({ email, anonymous_id: `cookie ${who}` }, { metric: metricNamed(`Visited ${who}`) }),
    headers: { 'cloudfront-viewer-country': 'US', 'cloudfront-viewer-city': `Seen ${who}` },
  });
  const id = await made(
    '/api/profile-import',
    profileOf({
      email,
      phone_number: phone,
      external_id: `external ${who}`,
      first_name: `First ${who}`,
      organization: `Firm ${who}`,
      location: { city: `City ${who}`, address1: `Street ${who}` },
      properties: { secret: { nested: [`Property ${who}`] } },
    }),
  );
  await made(
    '/api/profile-import',
    profileOf(
      { email },
      {
        meta: { patch_identifiers: { append: { email: [`second-${who}@people.example`] } } },
      },
    ),
  );
  await made('/api/events', eventOf({ email }, { properties: { order: `Order ${who}` }, unique_id: `unique ${who}` }));
  const large = { ...longer(3), end: `Large ${who}` };
  await made('/api/events', eventOf({ email }, { properties: large, unique_id: `large ${who}` }));
  await made(
    '/api/push-tokens',
    pushTokenOf(`token-${who}`, { email }, { device_metadata: { device_id: `Phone ${who}` } }),
  );
  const subscribe = '/api/profile-subscription-bulk-create-jobs';
  const type = 'profile-subscription-bulk-create-job';
  const channels = { email: { marketing: yes }, sms: { marketing: yes }, push: { marketing: yes } };
  const row = { email, phone_number: phone, subscriptions: channels };
  await made(subscribe, job(type, row, inList(news)));
  await made(subscribe, job(type, { email, subscriptions: { email: { marketing: yes } } }, inList(letters)));
  await stage.settle();
  await made('/api/profile-suppression-bulk-create-jobs', job('profile-suppression-bulk-create-job', { email }));
  await made('/api/profile-bulk-import-jobs', {
    data: {
      type: 'profile-bulk-import-job',
      attributes: {
        profiles: {
          data: [
            { type: 'profile', id, attributes: { email, phone_number: 'bad', first_name: `Refused ${who}` } },
            { type: 'profile', attributes: { external_id: 'nobody', email: 'bad' } },
          ],
        },
      },
    },
  });
  await stage.settle();
  return id;
}

describe('the export of a person', () => {
  it('holds everything that was told of them and what came of it, whatever the page, and nothing of another one', async () => {
    const common = await shared();
    const ana = await somebody('ana', '+14155552671', common);
    const ben = await somebody('ben', '+14155552672', common);
    const records = await exported(ana);
    const text = JSON.stringify(records);
    for (const told of [
      'ana@people.example',
      'second-ana@people.example',
      '+14155552671',
      'external ana',
      'First ana',
      'Firm ana',
      'City ana',
      'Street ana',
      'Property ana',
      'cookie ana',
      'Seen ana',
      'Visited ana',
      'Order ana',
      'unique ana',
      'Large ana',
      'token-ana',
      'Phone ana',
      'Refused ana',
    ]) {
      expect(text).toContain(told);
    }
    expect(text).not.toContain(ben);
    expect(text).not.toMatch(/ben@|[^a-z]ben"|2672/);

    const of = (type: string) => records.filter((one) => one.type === type);
    const names = (type: string) => of(type).map(({ attributes }) => attributes['name']);
    expect(records[0]).toMatchObject({ type: 'profile', id: ana });
    expect(records[0]?.attributes).toMatchObject({
      emails: ['ana@people.example', 'second-ana@people.example'],
      subscriptions: { sms: { marketing: { consent: 'SUBSCRIBED' } } },
    });
    expect(names('list-membership')).toEqual(['News']);
    expect(names('segment-membership')).toEqual(['Reachable']);
    expect(of('pending-subscription').map(({ attributes }) => attributes['list_name'])).toEqual(['Letters']);
    expect(of('flow-enrolment')[0]?.attributes).toMatchObject({ flow_name: 'Thank you', status: 'finished' });
    const sent = of('message').filter(({ attributes }) => attributes['status'] === 'SENT');
    expect(sent.map(({ attributes }) => attributes['address'])).toEqual(['ana@people.example']);
    expect(of('push-token')).toHaveLength(1);
    expect(of('contact').map(({ id }) => id)).toEqual(expect.arrayContaining(['ana@people.example', '+14155552671']));
    // Once, although the row names the person by id and by address.
    expect(of('refused-row').map(({ attributes }) => attributes)).toMatchObject([
      { job_type: 'import', row: 0, code: 'invalid', payload: { attributes: { first_name: 'Refused ana' } } },
    ]);
    const changes = of('consent-change').map(({ attributes }) => [attributes['what'], attributes['to']].join(' '));
    expect(changes.sort()).toEqual(
      ['email SUBSCRIBED', 'push SUBSCRIBED', 'sms SUBSCRIBED', 'suppression SUPPRESSED'].sort(),
    );

    for (const size of [1, 3]) expect(await exported(ana, size)).toEqual(records);
  });

  it('goes on page by page over a long history, every event once', async () => {
    const email = 'long@people.example';
    const id = await made('/api/profiles', profileOf({ email }));
    const many = 2500;
    const all = Array.from({ length: many }, (_, n) => n);
    for (let from = 0; from < many; from += 500) {
      const data = all.slice(from, from + 500).map((n) => ({
        type: 'event',
        attributes: { properties: { n }, metric: metricNamed('Read'), unique_id: `read ${n}` },
      }));
      const attributes = { profile: profileOf({ email }), events: { data } };
      await made('/api/event-bulk-create-jobs', {
        data: {
          type: 'event-bulk-create-job',
          attributes: { 'events-bulk-create': { data: [{ type: 'event-bulk-create', attributes }] } },
        },
      });
    }
    await stage.settle();
    const events = (await exported(id, 1000)).filter(({ type }) => type === 'event');
    const read = events.map(({ attributes }) => (attributes['event_properties'] as { n: number }).n);
    expect(read.sort((a, b) => a - b)).toEqual(all);
  });

  it('makes pages of large events small enough to be answered', async () => {
    const email = 'large@people.example';
    const id = await made('/api/profiles', profileOf({ email }));
    for (let n = 0; n < 4; n += 1) {
      // Of a metric that starts no flow: what a flow sends would be one event more, sooner or later.
      const attributes = { properties: longer(15), unique_id: String(n), metric: metricNamed('Read') };
      await made('/api/events', eventOf({ email }, attributes));
    }
    const first = await stage.send('GET', `/x/profiles/${id}/export`);
    expect(first.text.length).toBeLessThan(6 * 1024 * 1024);
    expect(first.links.next).toBeTruthy();
    expect((await exported(id)).filter(({ type }) => type === 'event')).toHaveLength(4);
  });

  it('takes fieldsets like any other operation', async () => {
    const id = await made('/api/profiles', profileOf({ email: 'few@people.example', first_name: 'Few' }));
    const { many } = await stage.send('GET', `/x/profiles/${id}/export?fields[profile]=email`);
    expect(many[0]?.attributes).toEqual({ email: 'few@people.example' });
  });

  it('is refused without each of its scopes, for nobody, and with a cursor of somebody else', async () => {
    const id = await made('/api/profiles', profileOf({ email: 'mine@people.example' }));
    const key = await stage.newKey('profiles:read,events:read');
    expect((await stage.send('GET', `/x/profiles/${id}/export`, { key })).status).toBe(403);
    const refusals = [
      ['nobody/export', 404],
      [`${id}/export?page[cursor]=bad`, 400],
      [`${id}/export?page[size]=1001`, 400],
    ] as const;
    for (const [path, status] of refusals) {
      const answer = await stage.send('GET', `/x/profiles/${path}`);
      expectRefusal(answer);
      expect(answer.status).toBe(status);
    }
  });
});
