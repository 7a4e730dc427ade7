// A journey of campaigns by email, text message and push, a day ahead: what neither the demo's story nor the large bodies
// reach.
import { becomesTrue, moveClock } from '../../functions/local/story.ts';
import { callsOf, one, type Place } from './calls.ts';
import { assigned, campaign, channels } from './turn-bodies.ts';

const person = { email: 'all@channels.example', phone_number: '+16175551212' };

/** Makes the journey and checks every turn of it; throws at the first thing that is not so. */
export async function sendOnEveryChannel(place: Place): Promise<void> {
  const { call, get } = callsOf(place);
  const template = one(await call('POST', '/api/templates', templateOf)).id;
  const list = one(await call('POST', '/api/lists', listOf)).id;
  await call('POST', '/api/push-tokens', tokenOf);
  await call('POST', '/api/profile-subscription-bulk-create-jobs', subscriptionTo(list));
  await becomesTrue('the list has its member', async () => (await get(`/api/lists/${list}/profiles`)).length === 1);

  const at = await noonTomorrow(place);
  const campaigns: string[] = [];
  for (const channel of channels) {
    const made = one(await call('POST', '/api/campaigns', campaign(channel, list, at))).id;
    const [message] = await get(`/api/campaigns/${made}/campaign-messages`);
    if (channel === 'email')
      await call('POST', '/api/campaign-message-assign-template', assigned(message?.id, template));
    await call('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id: made } });
    campaigns.push(made);
  }
  const are = (status: string) => async () => {
    const all = await Promise.all(campaigns.map((id) => call('GET', `/api/campaigns/${id}`)));
    return all.every((document) => one(document).attributes.status === status);
  };
  const turn = (time: string) => moveClock({ ...place, tell: () => undefined }, time);
  await turn('1h');
  await becomesTrue('the campaigns are scheduled', are('Scheduled'));
  await turn('2d');
  await becomesTrue('the campaigns are sent', are('Sent'));
  const progress = await Promise.all(campaigns.map((id) => call('GET', `/x/campaigns/${id}/progress`)));
  const sent = progress.map((document) => one(document).attributes.sent);
  if (sent.some((count) => count !== 1)) throw new Error(`Not so: each campaign was sent to one (${sent.join(', ')}).`);
  // So long that whatever could not be done has been tried as often as its queue tries.
  await turn('6h');
}

/** Noon in New York, where no quiet hours are, of the day after: in the system's time. */
async function noonTomorrow({ baseUrl }: Place): Promise<string> {
  const { now } = (await (await fetch(`${baseUrl}/x/local/clock`)).json()) as { now: string };
  const tomorrow = new Date(Date.parse(now) + 24 * 3_600_000);
  return `${tomorrow.toISOString().slice(0, 10)}T17:00:00Z`;
}

const templateOf = {
  data: {
    type: 'template',
    attributes: { name: 'Tomorrow', editor_type: 'CODE', html: '<p>Tomorrow</p><p>{% unsubscribe %}</p>' },
  },
};

const listOf = { data: { type: 'list', attributes: { name: 'Everybody', opt_in_process: 'single_opt_in' } } };

const tokenOf = {
  data: {
    type: 'push-token',
    attributes: {
      token: 'a-device',
      platform: 'android',
      vendor: 'fcm',
      enablement_status: 'AUTHORIZED',
      profile: { data: { type: 'profile', attributes: person } },
    },
  },
};

const subscriptionTo = (list: string) => {
  const marketing = { marketing: { consent: 'SUBSCRIBED' } };
  const attributes = { ...person, subscriptions: { email: marketing, sms: marketing, push: marketing } };
  return {
    data: {
      type: 'profile-subscription-bulk-create-job',
      attributes: { profiles: { data: [{ type: 'profile', attributes }] } },
      relationships: { list: { data: { type: 'list', id: list } } },
    },
  };
};
