// Campaigns by text message and push, at everyone's best hour, and to people who become one person on the way.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { day, hour } from '../../shared/kernel/time.ts';
import type { MessageItem } from '../../shared/storage/items.ts';
import { type Stage, openStage } from '../api/stage.ts';
import { targetName } from '../api/target.ts';

let stage: Stage;
let list: string;
beforeEach(async () => {
  stage = await openStage({ still: true });
  list = (await post('lists', { type: 'list', attributes: { name: 'News', opt_in_process: 'single_opt_in' } })).id;
});
afterEach(() => stage.close());

const post = async (path: string, data: object) => {
  const answer = await stage.send('POST', `/api/${path}`, { body: { data } });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
};

async function subscribe(people: readonly object[]): Promise<void> {
  const marketing = { marketing: { consent: 'SUBSCRIBED' } };
  const subscriptions = { email: marketing, sms: marketing, push: marketing };
  const data = people.map((one) => ({
    type: 'profile',
    attributes: { ...one, subscriptions: 'phone_number' in one ? subscriptions : { email: marketing } },
  }));
  await post('profile-subscription-bulk-create-jobs', {
    type: 'profile-subscription-bulk-create-job',
    attributes: { profiles: { data } },
    relationships: { list: { data: { type: 'list', id: list } } },
  });
  await stage.advance('1m');
}

async function campaign(definition: object, strategy: object): Promise<string> {
  const made = await post('campaigns', {
    type: 'campaign',
    attributes: {
      name: 'Spring',
      audiences: { included: [list] },
      send_options: { use_smart_sending: false },
      send_strategy: strategy,
      'campaign-messages': { data: [{ type: 'campaign-message', attributes: { definition } }] },
    },
  });
  return made.id;
}

const send = (id: string) => post('campaign-send-jobs', { type: 'campaign-send-job', id });
const progress = async (id: string) => (await stage.send('GET', `/x/campaigns/${id}/progress`)).one.attributes;
const messages = async () => (await stage.items()).filter((item) => item.kind === 'message') as MessageItem[];
const now = async () => Date.parse(String((await stage.send('GET', '/x/local/clock')).text.match(/\d{4}-[^"]+/)?.[0]));

/** Turns the clock to an hour of UTC. */
async function turnTo(wanted: number): Promise<void> {
  const at = await now();
  const ahead = (wanted * hour - (at % day) + day) % day;
  await stage.advance(`${Math.ceil(ahead / 60_000)}m`);
}

const sms = { channel: 'sms', content: { body: 'Spring' } };

// A day of minutes takes the rehearsal longer than a test may.
it.skipIf(targetName !== 'memory')(
  'of two who become one person while quiet hours hold their texts up, one is written to',
  async () => {
    // Midnight in New York.
    await turnTo(5);
    await subscribe([
      { email: 'ana@people.example', phone_number: '+12125550101' },
      { email: 'ben@people.example', phone_number: '+12125550102' },
    ]);
    const id = await campaign(sms, { method: 'immediate' });
    await send(id);
    await stage.advance('3m');
    expect((await messages()).map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED']);
    const [into, from] = (await messages()).map(({ profile }) => profile);
    await post('profile-merge', {
      type: 'profile-merge',
      id: into,
      relationships: { profiles: { data: [{ type: 'profile', id: from }] } },
    });
    await stage.advance('1d');
    expect((await messages()).map(({ status, reason }) => reason ?? status).sort()).toEqual([
      'Merged with another recipient',
      'SENT',
    ]);
    expect(await progress(id)).toMatchObject({ recipients: 2, sent: 1, skipped: 1, status: 'Sent' });
  },
);

it('by text reaches who consented to texts, and says why it does not reach the others', async () => {
  // Noon in New York.
  await turnTo(17);
  await subscribe([{ email: 'ana@people.example', phone_number: '+12125550101' }, { email: 'ben@people.example' }]);
  const id = await campaign(sms, { method: 'immediate' });
  await send(id);
  await stage.advance('3m');
  expect((await messages()).map(({ status, reason }) => reason ?? status).sort()).toEqual([
    'Missing/Invalid Phone',
    'SENT',
  ]);
  expect(await progress(id)).toMatchObject({ recipients: 2, sent: 1, skipped: 1 });
});

it('by push reaches every device of who has one', async () => {
  await post('push-tokens', {
    type: 'push-token',
    attributes: {
      token: 'a-device',
      platform: 'android',
      vendor: 'fcm',
      enablement_status: 'AUTHORIZED',
      profile: { data: { type: 'profile', attributes: { email: 'ana@people.example' } } },
    },
  });
  await subscribe([{ email: 'ana@people.example', phone_number: '+12125550101' }, { email: 'ben@people.example' }]);
  await stage.advance('1m');
  const id = await campaign(
    { channel: 'mobile_push', content: { title: 'Spring', body: 'Now' } },
    { method: 'immediate' },
  );
  await send(id);
  await stage.advance('3m');
  expect(await progress(id)).toMatchObject({ recipients: 2, sent: 1, skipped: 1, status: 'Sent' });
});

it('at the best hour goes out when each person opens most, to all others in the morning', async () => {
  await turnTo(17);
  await subscribe([{ email: 'owl@people.example' }, { email: 'new@people.example' }]);
  const at = await now();
  const yesterday = Math.floor((at - 3 * day) / day) * day;
  for (const [n, hours] of [3, 3, 20].entries()) {
    await post('events', {
      type: 'event',
      attributes: {
        properties: {},
        unique_id: `open ${n}`,
        // Ten in the evening in New York, twice; and once in the afternoon.
        time: new Date(yesterday + n * day + hours * hour).toISOString(),
        metric: { data: { type: 'metric', attributes: { name: 'Opened Email', service: 'klaviyo' } } },
        profile: { data: { type: 'profile', attributes: { email: 'owl@people.example' } } },
      },
    });
  }
  await stage.advance('1m');
  const date = new Date(at + 2 * day).toISOString().slice(0, 10);
  const id = await campaign({ channel: 'email', content: { subject: 'Spring' } }, { method: 'smart_send_time', date });
  const [message] = (await stage.send('GET', `/api/campaigns/${id}/campaign-messages`)).many;
  const template = await post('templates', {
    type: 'template',
    attributes: { name: 'T', editor_type: 'CODE', html: '<p>{% unsubscribe %}</p>' },
  });
  await post('campaign-message-assign-template', {
    type: 'campaign-message',
    id: message?.id,
    relationships: { template: { data: { type: 'template', id: template.id } } },
  });
  await send(id);
  await stage.advance('4d');
  const rows = (await stage.items()).filter(({ kind }) => kind === 'recipient');
  const hours = rows.map((row) =>
    new Date(String((row as { due?: string }).due)).toLocaleString('en-US', {
      timeZone: 'America/New_York',
      hour: 'numeric',
      hourCycle: 'h23',
    }),
  );
  expect(hours.sort()).toEqual(['10', '22']);
  expect(await progress(id)).toMatchObject({ sent: 2, status: 'Sent' });
});
