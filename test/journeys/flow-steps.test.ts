// Steps of flows and outcomes of messages that no other journey goes through, from the request to what is kept of them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessageItem } from '../../shared/storage/items.ts';
import { type Things, eventOf, furnish, templateOf } from '../api/specimens.ts';
import { type Stage, messagesOfFlow, openStage } from '../api/stage.ts';
import { targetName } from '../api/target.ts';

let stage: Stage;
let things: Things;
beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
  // One in the afternoon in New York: no quiet hours.
  const at = String((await stage.send('GET', '/x/local/clock')).text.match(/T(\d\d):/)?.[1]);
  await stage.advance(`${(18 - Number(at) + 24) % 24}h`);
});
afterAll(() => stage.close());

async function post(path: string, body: object) {
  const answer = await stage.send('POST', path, { body });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
}

async function setStatus(id: string, status: string): Promise<void> {
  const body = { data: { type: 'flow', id, attributes: { status } } };
  expect((await stage.send('PATCH', `/api/flows/${id}`, { body })).status).toBe(200);
}

/** A flow with these actions, each of which leads to the next. */
async function flow(
  actions: readonly object[],
  { trigger = {}, status = 'live' }: { trigger?: object; status?: string } = {},
) {
  const linked = actions.map((action, n) => ({
    temporary_id: `a${n}`,
    links: { next: n + 1 < actions.length ? `a${n + 1}` : null },
    ...action,
  }));
  const triggers = [{ type: 'metric', id: things.metric, ...trigger }];
  const definition = { triggers, entry_action_id: 'a0', actions: linked };
  const { id } = await post('/api/flows', { data: { type: 'flow', attributes: { name: 'Steps', definition } } });
  await setStatus(id, status);
  return id;
}

/** What the flow made of messages to a person who sets it off now; the flow is over afterwards. */
async function messagesOf(id: string, person: object = { email: `${id}@steps.example` }): Promise<MessageItem[]> {
  await post('/api/events', eventOf(person, { unique_id: id }));
  await stage.settle();
  await setStatus(id, 'draft');
  return messagesOfFlow(stage, id);
}

async function mail(html: string): Promise<object> {
  const { id } = await post('/api/templates', templateOf({ name: 'Step', html }));
  return { type: 'send-email', data: { status: 'live', message: { subject_line: 'Step', template_id: id } } };
}

const outcomes = (messages: readonly MessageItem[]) => messages.map(({ status, reason }) => reason ?? status);

/** Somebody who may be written to on every channel, with a device. */
async function reachable(name: string, phone_number: string): Promise<{ email: string }> {
  const email = `${name}@steps.example`;
  const marketing = { marketing: { consent: 'SUBSCRIBED' } };
  const person = { email, phone_number, subscriptions: { email: marketing, sms: marketing, push: marketing } };
  const profile = { data: { type: 'profile', attributes: { email } } };
  const device = { token: name, platform: 'ios', vendor: 'apns', enablement_status: 'AUTHORIZED', profile };
  await post('/api/push-tokens', { data: { type: 'push-token', attributes: device } });
  await stage.settle();
  await post('/api/profile-subscription-bulk-create-jobs', {
    data: {
      type: 'profile-subscription-bulk-create-job',
      attributes: { profiles: { data: [{ type: 'profile', attributes: person }] } },
    },
  });
  await stage.advance('1m');
  return { email };
}

const text = (body: string) => ({
  type: 'send-sms',
  data: { status: 'live', message: { body, smart_sending_enabled: false, sms_quiet_hours_enabled: false } },
});
const push = (body: string) => ({
  type: 'send-mobile-push',
  data: { status: 'live', message: { title: 'Step', body, smart_sending_enabled: false } },
});

it('a date of a custom object is kept as a trigger, and lets nobody in', async () => {
  const trigger = {
    type: 'date',
    date_field_type: 'custom-object',
    custom_object_label: 'Pet',
    custom_object_property_id: 1,
    object_type_id: 'pet',
    object_type_relationship_id: 'owner',
    timedelta_value_before_date: 1,
    timedelta_unit_before_date: 'days',
    recurrence_frequency: 'annually',
    trigger_time: '09:00:00',
    timezone: 'profile',
    trigger_days: ['monday'],
  };
  const definition = {
    triggers: [trigger],
    entry_action_id: 'a0',
    actions: [{ temporary_id: 'a0', links: { next: null }, ...(await mail('x')) }],
  };
  const { id } = await post('/api/flows', { data: { type: 'flow', attributes: { name: 'Birthdays', definition } } });
  await setStatus(id, 'live');
  await post('/api/profiles', {
    data: { type: 'profile', attributes: { email: 'owner@steps.example', properties: { Pet: '2026-12-24' } } },
  });
  await stage.advance('2d');
  const shown = await stage.send('GET', `/api/flows/${id}?additional-fields[flow]=definition`);
  expect(shown.one.attributes).toMatchObject({
    status: 'live',
    trigger_type: 'Date Based',
    definition: { triggers: [trigger] },
  });
  expect((await stage.send('GET', `/x/flows/${id}/enrolments`)).many).toEqual([]);
  await setStatus(id, 'draft');
});

it('what is kept but not run here says so, once, and the person walks on', async () => {
  const service = {
    type: 'internal-service',
    data: { service_configuration: { service_method_type: 'unknown' }, status: 'live' },
  };
  const id = await flow([service, { type: 'code' }, await mail('after')]);
  expect(outcomes(await messagesOf(id))).toEqual(expect.arrayContaining(['Not run here', 'Not run here', 'SENT']));
  const { many } = await stage.send('GET', `/x/flows/${id}/enrolments`);
  expect(many.map(({ attributes }) => attributes['status'])).toEqual(['finished']);
});

it.each([
  ['that was never given codes', 'Coupon Category Unavailable', []],
  ['whose codes are all given away', 'No More Uploaded Coupons Remain', ['ONE']],
  ['that is none', "Coupon Code Doesn't Exist", undefined],
])('a coupon %s keeps its message back: %s', async (what, reason, codes) => {
  const name = `Step${what.length}`;
  if (codes) await post('/api/coupons', { data: { type: 'coupon', attributes: { external_id: name } } });
  for (const unique_code of codes ?? [])
    await post('/api/coupon-codes', {
      data: {
        type: 'coupon-code',
        attributes: { unique_code },
        relationships: { coupon: { data: { type: 'coupon', id: name } } },
      },
    });
  const send = await mail(`{% coupon_code '${name}' %}`);
  if (codes?.length) expect(outcomes(await messagesOf(await flow([send])))).toEqual(['SENT']);
  expect(outcomes(await messagesOf(await flow([send])))).toEqual([reason]);
});

it('texts and push messages that are looked at and cancelled say so', async () => {
  const person = await reachable('cancelled', '+12125550150');
  const manual = [text('Hello'), push('Hello')].map((one) => ({ ...one, data: { ...one.data, status: 'manual' } }));
  const id = await flow(manual, { status: 'manual' });
  expect(outcomes(await messagesOf(id, person))).toEqual(['Needs review', 'Needs review']);
  const actions = (await stage.send('GET', `/api/flows/${id}/flow-actions`)).many;
  for (const action of actions) {
    await post(`/x/flow-actions/${action.id}/review`, {
      data: { type: 'flow-message-review', attributes: { decision: 'cancel' } },
    });
    await stage.advance('1m');
  }
  const items = (await stage.items()).filter(
    (item): item is MessageItem => item.kind === 'message' && 'flow' in item && item.flow === id,
  );
  expect(outcomes(items)).toEqual(['Cancelled', 'Cancelled']);
});

// What arrives is seen in the local inbox alone.
const here = it.skipIf(targetName !== 'memory');

interface Inbox {
  sms: { to: string; body: string }[];
  push: { title: string; data: Record<string, string> }[];
}
const inbox = async () => JSON.parse((await stage.send('GET', '/x/local/inbox')).text) as Inbox;

async function told(email: string): Promise<Record<string, unknown>[]> {
  const [person] = (await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`)).many;
  const events = await stage.send('GET', `/api/events?filter=equals(profile_id,"${person?.id ?? ''}")&include=metric`);
  const names = new Map(events.included.map(({ id, attributes }) => [id, attributes['name']]));
  return events.many.map(({ attributes, relationships }) => ({
    metric: names.get((relationships['metric']?.data as { id: string }).id),
    ...(attributes['event_properties'] as object),
  }));
}

here('a text of a campaign has short links, which lead on and are told of', async () => {
  const { email } = await reachable('linked', '+12125550151');
  const [person] = (await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`)).many;
  const list = await post('/api/lists', { data: { type: 'list', attributes: { name: 'Linked' } } });
  const members = { body: { data: [{ type: 'profile', id: person?.id }] } };
  await stage.send('POST', `/api/lists/${list.id}/relationships/profiles`, members);
  await stage.advance('1m');
  const definition = { channel: 'sms', content: { body: 'Look: https://shop.example/beans?a=1' } };
  const campaign = await post('/api/campaigns', {
    data: {
      type: 'campaign',
      attributes: {
        name: 'Linked',
        audiences: { included: [list.id] },
        send_options: { use_smart_sending: false },
        'campaign-messages': { data: [{ type: 'campaign-message', attributes: { definition } }] },
      },
    },
  });
  await post('/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id: campaign.id } });
  await stage.advance('3m');
  const { body = '' } = (await inbox()).sms.find(({ to }) => to === '+12125550151') ?? {};
  const short = /https?:\/\/\S+\/p\/s\/Bean01\.\w{12}/.exec(body)?.[0] ?? '';
  expect(body).not.toContain('shop.example');
  const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36';
  const followed = await fetch(short, { redirect: 'manual', headers: { 'user-agent': browser } });
  expect(followed.status).toBe(302);
  expect(followed.headers.get('location')).toMatch(/^https:\/\/shop\.example\/beans\?a=1/);
  await stage.settle();
  expect((await told(email)).filter(({ metric }) => metric === 'Clicked SMS')).toMatchObject([
    { $campaign_channel: 'sms', 'Bot Click': false },
  ]);
});

here(
  'a push message of an experiment goes out in one of its variations, and the app tells that it was opened',
  async () => {
    const { email } = await reachable('opened', '+12125550152');
    const { type, data } = push('Variation');
    const experiment = {
      type: 'content-experiment',
      data: {
        status: 'live',
        experiment_status: 'live',
        main_action: { temporary_id: 'main', ...push('Main'), links: { next: null } },
        current_experiment: {
          name: 'Words',
          variations: [{ temporary_id: 'other', type, data, links: { next: null } }],
          allocations: { main: 0, other: 100 },
          winner_metric: 'open-rate',
        },
      },
    };
    const id = await flow([experiment]);
    const [message] = await messagesOf(id, { email });
    expect(message).toMatchObject({ status: 'SENT', channel: 'push' });
    const arrived = (await inbox()).push.at(-1);
    expect(arrived).toMatchObject({ title: 'Step', body: 'Variation' });
    const open = async (properties: object) => {
      const attributes = {
        properties,
        metric: { data: { type: 'metric', attributes: { name: '$opened_push' } } },
        profile: { data: { type: 'profile', attributes: { email } } },
      };
      const answer = await stage.send('POST', '/client/events?company_id=Bean01', {
        key: null,
        body: { data: { type: 'event', attributes } },
      });
      expect(answer.status).toBe(202);
      await stage.settle();
    };
    const token = arrived?.data['_k'] ?? '';
    for (const _k of [token, token, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, 'none', 7])
      await open({ _k });
    // As the SDK of iOS has it.
    await open({ body: { _k: token } });
    const opened = (await told(email)).filter(({ metric }) => metric === 'Opened Push');
    expect(opened).toMatchObject([{ $flow: id, $flow_channel: 'mobile_push' }]);
  },
);
