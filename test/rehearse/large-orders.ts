// A journey past everything that the demo's story does not reach: bodies too large for an item, the browser's API, the
// link to unsubscribe, a bounce.
import { becomesTrue, moveClock } from '../../functions/local/story.ts';
import { type Call, callsOf, eventOf, type Get, one, type Place } from './calls.ts';
import { did } from './turn-bodies.ts';

const person = 'bounce@simulator.amazonses.com';

/** Just above what an item takes with its other parts. */
const large = 'x'.repeat(230_000);
/** As much, in texts that the API takes. */
const notes = [1, 2, 3].map(() => 'y'.repeat(80_000));
/** An address and an id of nobody, as long as they come. */
const nobody = { id: 'n'.repeat(120), email: `${'n'.repeat(40)}@${'n'.repeat(50)}.com` };

/** Makes the journey and checks every turn of it; throws at the first thing that is not so. */
export async function goTheLongWay(place: Place): Promise<void> {
  const { call, get } = callsOf(place);
  await call('POST', '/api/events', eventOf({ email: person }, { OrderId: '0' }, 'first'));
  const metric = (await get('/api/metrics')).find(({ attributes }) => attributes.name === 'Placed Order')?.id ?? '';

  const [template, another] = [
    await call('POST', '/api/templates', templateOf('Large')),
    await call('POST', '/api/templates', templateOf('Gone')),
  ];
  await call('DELETE', `/api/templates/${one(another).id}`);
  await call('GET', `/api/templates/${one(template).id}`);

  await subscribeMany(call);
  await becomesTrue(`${person} is subscribed`, async () => (await consentOf(get)).consent === 'SUBSCRIBED');
  const segment = one(await call('POST', '/api/segments', segmentOf(metric))).id;
  const flow = one(await call('POST', '/api/flows', flowOf(metric, one(template).id))).id;
  await call('PATCH', `/api/flows/${flow}`, { data: { type: 'flow', id: flow, attributes: { status: 'live' } } });

  await call('POST', '/api/events', eventOf({ email: person }, { OrderId: '1', notes }, 'second'));
  await call('POST', '/client/events?company_id=Bean01', eventOf({ email: person }, { OrderId: '2', notes }, 'third'));
  await becomesTrue(
    'the segment holds who ordered 2',
    async () => (await get(`/api/segments/${segment}/profiles`)).length === 1,
  );
  await becomesTrue('the email about order 2 went out', async () => (await linksIn(place)).length > 0);
  await becomesTrue('the bounce is known', async () => (await consentOf(get)).suppression === 'HARD_BOUNCE');

  const [link = ''] = await linksIn(place);
  const page = await fetch(link);
  if (!page.ok) throw new Error(`Not so: the page to unsubscribe opens (${page.status}).`);
  await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  await becomesTrue(`${person} has unsubscribed`, async () => (await consentOf(get)).consent === 'UNSUBSCRIBED');
  // So long that whatever could not be done has been tried as often as its queue tries.
  await moveClock({ ...place, tell: () => undefined }, '6h');
}

const templateOf = (name: string) => ({
  data: {
    type: 'template',
    attributes: {
      name,
      editor_type: 'CODE',
      html: `<!-- ${large} --><p>Order {{ event.OrderId }}</p><p>{% unsubscribe %}</p>`,
    },
  },
});

/** So many rows that the job's body lies in a file; all but one are refused or tell nothing new. */
async function subscribeMany(call: Call): Promise<void> {
  const subscriptions = { email: { marketing: { consent: 'SUBSCRIBED' } } };
  const rows = Array.from({ length: 1000 }, (_, row) => {
    const { id, email }: { id?: string; email: string } = row === 0 ? { email: person } : nobody;
    return { type: 'profile', ...(id !== undefined && { id }), attributes: { email, subscriptions } };
  });
  await call('POST', '/api/profile-subscription-bulk-create-jobs', {
    data: {
      type: 'profile-subscription-bulk-create-job',
      attributes: { profiles: { data: rows }, custom_source: 'Checkout' },
    },
  });
}

const ordered2 = (metric: string) => did(metric, { type: 'date', operator: 'alltime' }, 'OrderId', '2');

const segmentOf = (metric: string) => ({
  data: { type: 'segment', attributes: { name: 'Ordered 2', definition: ordered2(metric) } },
});

const flowOf = (metric: string, template_id: string) => ({
  data: {
    type: 'flow',
    attributes: {
      name: 'Order 2',
      definition: {
        triggers: [{ type: 'metric', id: metric }],
        entry_action_id: 'split',
        actions: [
          {
            temporary_id: 'split',
            type: 'conditional-split',
            links: { next_if_true: 'mail', next_if_false: null },
            data: { profile_filter: ordered2(metric) },
          },
          {
            temporary_id: 'mail',
            type: 'send-email',
            links: { next: null },
            data: {
              status: 'draft',
              message: {
                from_email: 'hello@beantown.coffee',
                from_label: 'Beantown Coffee',
                subject_line: 'Order {{ event.OrderId }}',
                template_id,
                smart_sending_enabled: false,
                name: 'mail',
              },
            },
          },
        ],
      },
    },
  },
});

/** What is known of the person's consent to email. */
async function consentOf(get: Get): Promise<{ consent?: string; suppression?: string }> {
  const filter = encodeURIComponent(`equals(email,"${person}")`);
  const [profile] = await get(`/api/profiles?filter=${filter}&additional-fields[profile]=subscriptions`);
  const { email } = (profile?.attributes.subscriptions ?? {}) as {
    email?: { marketing?: { consent?: string; suppression?: { reason: string }[] } };
  };
  const reason = email?.marketing?.suppression?.[0]?.reason;
  const consent = email?.marketing?.consent;
  return { ...(consent !== undefined && { consent }), ...(reason !== undefined && { suppression: reason }) };
}

/** The links to unsubscribe that went out to the person. */
async function linksIn({ baseUrl }: Place): Promise<string[]> {
  const answer = await fetch(`${baseUrl}/x/local/inbox`);
  const { data } = (await answer.json()) as { data: { to: string; headers: Record<string, string> }[] };
  return data.flatMap(
    ({ to, headers }) => (to === person && /<(http[^>]+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1]) || [],
  );
}
