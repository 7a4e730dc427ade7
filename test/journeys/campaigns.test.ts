// Campaigns from the draft to the last outcome, on a clock that is turned by hand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Stage, openStage } from '../api/stage.ts';

let stage: Stage;
let list: string;
beforeEach(async () => {
  stage = await openStage({ still: true });
  const made = await stage.send('POST', '/api/lists', {
    body: { data: { type: 'list', attributes: { name: 'News', opt_in_process: 'single_opt_in' } } },
  });
  list = made.one.id;
});
afterEach(() => stage.close());

const post = async (path: string, data: object) => {
  const answer = await stage.send('POST', `/api/${path}`, { body: { data } });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
};

/** Puts people on a list; answers their ids. */
async function join(emails: readonly string[], more: (at: number) => object = () => ({}), on = list) {
  const people = [];
  for (const [at, email] of emails.entries())
    people.push(await post('profiles', { type: 'profile', attributes: { email, ...more(at) } }));
  const data = people.map(({ id }) => ({ type: 'profile', id }));
  await stage.send('POST', `/api/lists/${on}/relationships/profiles`, { body: { data } });
  await stage.advance('1m');
  return people.map(({ id }) => id);
}

interface Wishes {
  strategy?: object;
  excluded?: string[];
  included?: string[];
  smart?: boolean;
  variations?: number;
}

/** A draft that is ready to be sent. */
async function draft({ strategy, excluded = [], included = [list], smart = false, variations = 1 }: Wishes = {}) {
  const content = (at: number) => ({ subject: at === 0 ? 'Hello {{ first_name }}' : `Hello ${at}` });
  const messages = Array.from({ length: variations }, (_, at) => ({
    type: 'campaign-message',
    attributes: { definition: { channel: 'email', label: 'One', content: content(at) } },
  }));
  const campaign = await post('campaigns', {
    type: 'campaign',
    attributes: {
      name: 'Spring',
      audiences: { included, excluded },
      send_options: { use_smart_sending: smart },
      ...(strategy && { send_strategy: strategy }),
      'campaign-messages': { data: messages },
    },
  });
  const template = await post('templates', {
    type: 'template',
    attributes: { name: 'T', editor_type: 'CODE', html: '<p>Hi {% unsubscribe %}</p>' },
  });
  for (const message of (await stage.send('GET', `/api/campaigns/${campaign.id}/campaign-messages`)).many)
    await post('campaign-message-assign-template', {
      type: 'campaign-message',
      id: message.id,
      relationships: { template: { data: { type: 'template', id: template.id } } },
    });
  return campaign.id;
}

const send = (id: string) => post('campaign-send-jobs', { type: 'campaign-send-job', id });
const act = (id: string, action: string) =>
  stage.send('PATCH', `/api/campaign-send-jobs/${id}`, {
    body: { data: { type: 'campaign-send-job', id, attributes: { action } } },
  });
const statusOf = async (id: string) => (await stage.send('GET', `/api/campaigns/${id}`)).one.attributes['status'];
const progress = async (id: string) => (await stage.send('GET', `/x/campaigns/${id}/progress`)).one.attributes;
const mailed = async () => (await stage.emails()).map(({ to }) => to).sort();
const names = (count: number) => Array.from({ length: count }, (_, n) => `p${n}@people.example`);

describe('a campaign', () => {
  it('reaches everyone of its audience once, and is sent when everyone has an outcome', async () => {
    const other = (await post('lists', { type: 'list', attributes: { name: 'Others' } })).id;
    const blocked = (await post('lists', { type: 'list', attributes: { name: 'Blocked' } })).id;
    const ids = await join(names(6));
    const data = (some: string[]) => ({ body: { data: some.map((id) => ({ type: 'profile', id })) } });
    await stage.send('POST', `/api/lists/${other}/relationships/profiles`, data(ids.slice(0, 3)));
    await stage.send('POST', `/api/lists/${blocked}/relationships/profiles`, data(ids.slice(5)));
    await stage.advance('1m');
    const id = await draft({ included: [list, other], excluded: [blocked] });
    await post('campaign-recipient-estimation-jobs', { type: 'campaign-recipient-estimation-job', id });
    await stage.advance('1m');
    const { one: estimate } = await stage.send('GET', `/api/campaign-recipient-estimations/${id}`);
    expect(estimate.attributes).toEqual({ estimated_recipient_count: 5 });
    expect((await send(id)).attributes['status']).toBe('processing');
    await stage.advance('3m');
    expect(await mailed()).toEqual(names(5));
    expect(await statusOf(id)).toBe('Sent');
    expect(await progress(id)).toMatchObject({ recipients: 5, sent: 5, waiting: 0, queued: 0 });
    const job = await stage.send('GET', `/api/campaign-send-jobs/${id}`);
    expect(job.one.attributes['status']).toBe('complete');
    expect((await stage.items()).filter((item) => item.kind === 'recipient' && 'profile' in item)).toEqual([]);
  });

  it('skips who must not be written to, each with its reason', async () => {
    await join(names(3));
    await stage.send('POST', '/api/profile-suppression-bulk-create-jobs', {
      body: {
        data: {
          type: 'profile-suppression-bulk-create-job',
          attributes: { profiles: { data: [{ type: 'profile', attributes: { email: names(1)[0] } }] } },
        },
      },
    });
    await stage.advance('1m');
    const id = await draft();
    await send(id);
    await stage.advance('3m');
    expect(await progress(id)).toMatchObject({ recipients: 3, sent: 2, skipped: 1 });
    const reasons = (await stage.items()).flatMap((item) =>
      'reason' in item && item.kind === 'recipient' ? [item.reason] : [],
    );
    expect(reasons).toEqual(['Person Suppressed']);
    const again = await draft({ smart: true });
    await send(again);
    await stage.advance('3m');
    expect(await progress(again)).toMatchObject({ recipients: 3, sent: 0, skipped: 3 });
  });

  it('without recipients is cancelled', async () => {
    const id = await draft();
    await send(id);
    await stage.advance('1m');
    expect(await statusOf(id)).toBe('Cancelled: No Recipients');
  });

  it('tries variations, each recipient getting one of them', async () => {
    await join(names(16));
    const id = await draft({ variations: 2, smart: true });
    await send(id);
    await stage.advance('3m');
    const subjects = (await stage.emails()).map(({ subject }) => subject);
    const plain = subjects.filter((subject) => subject === 'Hello').length;
    expect(subjects).toHaveLength(16);
    expect(subjects.filter((subject) => subject === 'Hello 1')).toHaveLength(16 - plain);
    const { variations, ...all } = await progress(id);
    expect(all).toMatchObject({ status: 'Sent', recipients: 16, sent: 16 });
    expect(variations).toMatchObject([
      { recipients: plain, sent: plain, waiting: 0 },
      { recipients: 16 - plain, sent: 16 - plain, waiting: 0 },
    ]);
    expect(plain).toBeGreaterThan(0);
    expect(plain).toBeLessThan(16);
    // Nobody is reached by the next one: none of its variations can be the better one.
    const again = await draft({ variations: 2, smart: true });
    await send(again);
    await stage.advance('3m');
    expect(await progress(again)).toMatchObject({ status: 'Cancelled: Smart Sending', skipped: 16 });
  });

  it('is for who was there when it was scheduled, and can be reverted until it is sent', async () => {
    await join(names(2));
    const id = await draft({ strategy: { method: 'static', datetime: '2030-01-01T10:00:00Z' } });
    const at = (text: string) =>
      stage.send('PATCH', `/api/campaigns/${id}`, {
        body: { data: { type: 'campaign', id, attributes: { send_strategy: { method: 'static', datetime: text } } } },
      });
    const now = Date.parse(String((await stage.send('GET', `/api/campaigns/${id}`)).one.attributes['created_at']));
    expect((await at(new Date(now + 7_200_000).toISOString())).status).toBe(200);
    await send(id);
    await stage.advance('1m');
    expect(await statusOf(id)).toBe('Scheduled');
    expect((await at('2031-01-01T10:00:00Z')).status).toBe(409);
    expect((await act(id, 'revert')).status).toBe(204);
    await stage.advance('1m');
    expect(await statusOf(id)).toBe('Draft');
    expect((await stage.items()).filter(({ kind }) => kind === 'recipient')).toEqual([]);
    await send(id);
    await stage.advance('1m');
    await join(['late@people.example']);
    expect(await mailed()).toEqual([]);
    await stage.advance('2h');
    expect(await mailed()).toEqual(names(2));
    expect((await act(id, 'revert')).status).toBe(409);
  });

  it('is not for who was deleted, suppressed or merged by the time it goes out', async () => {
    const [gone, suppressed] = names(2);
    const [, , one, two, left, last] = await join(names(6));
    const stranger = await post('profiles', { type: 'profile', attributes: { email: 'z@people.example' } });
    const at = Date.parse(String((await stage.send('GET', `/api/lists/${list}`)).one.attributes['created']));
    const id = await draft({ strategy: { method: 'static', datetime: new Date(at + 7_200_000).toISOString() } });
    await send(id);
    await stage.advance('2m');
    expect(await progress(id)).toMatchObject({ status: 'Scheduled', recipients: 6, waiting: 6 });
    const profile = (email: string | undefined) => ({ type: 'profile', attributes: { email } });
    await post('data-privacy-deletion-jobs', {
      type: 'data-privacy-deletion-job',
      attributes: { profile: { data: profile(gone) } },
    });
    await post('profile-suppression-bulk-create-jobs', {
      type: 'profile-suppression-bulk-create-job',
      attributes: { profiles: { data: [profile(suppressed)] } },
    });
    const merge = (into: string | undefined, from: string | undefined) =>
      post('profile-merge', {
        type: 'profile-merge',
        id: into,
        relationships: { profiles: { data: [{ type: 'profile', id: from }] } },
      });
    await merge(two, one);
    // Whoever they become is written to, though nobody had them among the recipients.
    await merge(stranger.id, last);
    // The audience is fixed: who is taken off the list is written to all the same.
    await stage.send('DELETE', `/api/lists/${list}/relationships/profiles`, {
      body: { data: [{ type: 'profile', id: left }] },
    });
    await stage.advance('3h');
    expect(await mailed()).toEqual([...names(5).slice(3), 'z@people.example']);
    expect(await progress(id)).toMatchObject({ status: 'Sent', recipients: 6, sent: 3, skipped: 3, waiting: 0 });
    const rows = (await stage.items()).filter(({ kind }) => kind === 'recipient') as { reason?: string }[];
    expect(rows.flatMap(({ reason }) => reason ?? []).sort()).toEqual([
      'Merged with another recipient',
      'Person Deleted',
      'Person Suppressed',
    ]);
  });

  it('goes from status to status, and each allows what it allows', async () => {
    await join(names(1));
    const id = await draft();
    const now = Date.parse(String((await stage.send('GET', `/api/campaigns/${id}`)).one.attributes['created_at']));
    const at = (datetime: string) => ({ method: 'static', datetime });
    const change = async (attributes: object) => {
      const body = { data: { type: 'campaign', id, attributes } };
      return (await stage.send('PATCH', `/api/campaigns/${id}`, { body })).status;
    };
    const message = (await stage.send('GET', `/api/campaigns/${id}/campaign-messages`)).many[0]?.id ?? '';
    const reword = async () => {
      const definition = { channel: 'email', label: 'Two', content: { subject: 'Other' } };
      const body = { data: { type: 'campaign-message', id: message, attributes: { definition } } };
      return (await stage.send('PATCH', `/api/campaign-messages/${message}`, { body })).status;
    };
    const again = async () => {
      const body = { data: { type: 'campaign-send-job', id } };
      return (await stage.send('POST', '/api/campaign-send-jobs', { body })).status;
    };
    const remove = async () => (await stage.send('DELETE', `/api/campaigns/${id}`)).status;
    const all = async () => [await change({ name: 'Other' }), await reword(), await again(), await remove()];

    expect(await change({ send_strategy: at('2020-01-01T10:00:00Z') })).toBe(200);
    expect(await again()).toBe(400);
    expect(await change({ send_strategy: at(new Date(now + 7_200_000).toISOString()) })).toBe(200);
    await send(id);
    expect(['Preparing to schedule', 'Scheduled']).toContain(await statusOf(id));
    await stage.advance('1m');
    expect(await statusOf(id)).toBe('Scheduled');
    expect(await all()).toEqual([409, 409, 409, 409]);
    expect((await act(id, 'revert')).status).toBe(204);
    expect(await statusOf(id)).toBe('Draft');
    expect([await change({ name: 'Other' }), await reword()]).toEqual([200, 200]);
    await stage.advance('1m');
    await send(id);
    await stage.advance('1m');
    expect((await act(id, 'cancel')).status).toBe(204);
    expect(await statusOf(id)).toBe('Cancelled');
    expect([(await act(id, 'revert')).status, (await act(id, 'cancel')).status]).toEqual([409, 409]);
    expect(await all()).toEqual([409, 409, 409, 204]);
    await stage.advance('3h');
    expect(await mailed()).toEqual([]);

    const soon = await draft();
    await send(soon);
    expect(['Adding Recipients', 'Scheduled', 'Sending', 'Sent']).toContain(await statusOf(soon));
    await stage.advance('3m');
    expect(await statusOf(soon)).toBe('Sent');
    expect([(await act(soon, 'revert')).status, (await act(soon, 'cancel')).status]).toEqual([409, 409]);
  });

  it('comes at the same time of the day wherever people are', async () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', undefined];
    await join(names(4), (at) => (zones[at] === undefined ? {} : { location: { timezone: zones[at] } }));
    const id = await draft({ strategy: { method: 'immediate' } });
    const now = Date.parse(String((await stage.send('GET', `/api/campaigns/${id}`)).one.attributes['created_at']));
    const noon = `${new Date(now + 2 * 86_400_000).toISOString().slice(0, 10)}T12:00:00+00:00`;
    await stage.send('PATCH', `/api/campaigns/${id}`, {
      body: {
        data: {
          type: 'campaign',
          id,
          attributes: { send_strategy: { method: 'static', datetime: noon, options: { is_local: true } } },
        },
      },
    });
    await send(id);
    await stage.advance('4d');
    const hours = (await stage.items())
      .filter(({ kind }) => kind === 'recipient')
      .map((item) => Date.parse((item as { due?: string }).due ?? '') - Date.parse(noon));
    // The account is in New York.
    expect(hours.sort((a, b) => a - b).map((ms) => ms / 3_600_000)).toHaveLength(4);
    expect(new Set(hours).size).toBe(3);
    expect(Math.min(...hours)).toBe(-9 * 3_600_000);
    expect(await progress(id)).toMatchObject({ sent: 4, status: 'Sent' });
  });

  it('goes out in portions, and no further when it is cancelled', async () => {
    await join(names(10));
    const id = await draft({ strategy: { method: 'immediate' } });
    const now = Date.parse(String((await stage.send('GET', `/api/campaigns/${id}`)).one.attributes['created_at']));
    const datetime = new Date(now + 3_600_000).toISOString();
    await stage.send('PATCH', `/api/campaigns/${id}`, {
      body: {
        data: {
          type: 'campaign',
          id,
          attributes: { send_strategy: { method: 'throttled', datetime, throttle_percentage: 25 } },
        },
      },
    });
    await send(id);
    await stage.advance('61m');
    expect(await mailed()).toHaveLength(3);
    await stage.advance('1h');
    expect(await mailed()).toHaveLength(6);
    expect(await progress(id)).toMatchObject({ recipients: 10, waiting: 4, sent: 6 });
    expect((await act(id, 'cancel')).status).toBe(204);
    await stage.advance('5h');
    expect(await mailed()).toHaveLength(6);
    expect(await progress(id)).toMatchObject({ status: 'Cancelled', sent: 6, cancelled: 4, waiting: 0, queued: 0 });
    expect((await act(id, 'cancel')).status).toBe(409);
  });
});
