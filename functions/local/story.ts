// The seed's own story, told with the official SDK against a running system: only its base URL is changed.
import {
  ApiKeySession,
  EventsApi,
  FlowsApi,
  ListsApi,
  MetricsApi,
  ProfilesApi,
  SegmentsApi,
  TemplatesApi,
} from 'klaviyo-api';
import type { ArrivedEmail } from './inbox.ts';

export interface Stage {
  baseUrl: string;
  key: string;
  /** Told what happens, as it happens. */
  tell: (line: string) => void;
}

interface Customer {
  name: string;
  email: string;
  id: string;
}

/** Tells the whole story and checks every turn of it; throws at the first thing that is not so. */
export async function tellStory(stage: Stage): Promise<void> {
  const { tell } = stage;
  const shop = await openShop(stage);
  const customers = await welcomeCustomers(stage, shop);
  const [ana, ben, cleo] = customers;
  tell(`Ana and Ben subscribe to the newsletter; Cleo does not.`);
  await subscribe(shop, [ana, ben]);
  await becomesTrue('Ana and Ben are on the list', async () => (await onList(shop)).length === 2);

  tell('Ana orders for the first time, Ben for the second, Cleo for the first.');
  await order(shop, ben, '1001', 8, ['Decaf Sampler']);
  await moveClock(stage, '2h');
  const early = (await inbox(stage)).length;
  check(early === 1, `Ben's first order brings him the first-order email after an hour (${early} so far)`);
  await order(shop, ana, '1002', 31.5, ['Ethiopia Guji', 'V60 Filters']);
  await order(shop, ben, '1003', 24, ['Colombia Huila']);
  await order(shop, cleo, '1004', 12, ['House Blend']);
  await order(shop, cleo, '1004', 12, ['House Blend']);
  await becomesTrue('the segment holds Ana and Ben', async () => sameIds(await inSegment(shop), [ana.id, ben.id]));
  tell('  The segment "Engaged customers" holds Ana and Ben, and not Cleo: she has not subscribed.');

  await moveClock(stage, '30m');
  check((await inbox(stage)).length === early, 'half an hour after the orders nobody has been written to');
  tell('Half an hour later nobody has been written to: the flow waits an hour.');
  await moveClock(stage, '45m');
  checkMessages(stage, await inbox(stage));

  tell('Twenty-nine days pass.');
  await moveClock(stage, '29d');
  check(sameIds(await inSegment(shop), [ana.id, ben.id]), 'after 29 days the segment still holds Ana and Ben');
  tell('  The segment still holds Ana and Ben.');
  tell('Another day passes.');
  await moveClock(stage, '1d');
  check((await inSegment(shop)).length === 0, 'after 30 days the segment is empty');
  tell('  Their orders are thirty days old: the segment has emptied by itself.');
}

type Shop = Awaited<ReturnType<typeof openShop>>;

/** The SDK's clients, pointed at the stage. */
function clients({ baseUrl, key }: Stage) {
  const session = new ApiKeySession(key);
  const at = <Api extends { basePath: string }>(api: Api): Api => {
    api.basePath = baseUrl;
    return api;
  };
  return {
    events: at(new EventsApi(session)),
    flows: at(new FlowsApi(session)),
    lists: at(new ListsApi(session)),
    metrics: at(new MetricsApi(session)),
    profiles: at(new ProfilesApi(session)),
    segments: at(new SegmentsApi(session)),
    templates: at(new TemplatesApi(session)),
  };
}

/** Beantown Coffee sets up: a list, the metric, a segment, two templates and a flow. */
async function openShop(stage: Stage) {
  const { tell } = stage;
  const api = clients(stage);
  const list = await api.lists.createList({ data: { type: 'list', attributes: { name: 'Newsletter' } } });
  tell('Beantown Coffee makes the list "Newsletter".');
  // A metric exists from its first event on; the shop sends a test order.
  await placeOrder(api.events, { email: 'test-order@beantown.coffee' }, 'test', 1, ['Test Blend']);
  const metric = (await api.metrics.getMetrics()).body.data.find((one) => one.attributes.name === 'Placed Order');
  check(metric !== undefined, 'the metric "Placed Order" exists');
  const listId = list.body.data.id;
  const segment = await makeSegment(api.segments, metric.id);
  tell('It makes the segment "Engaged customers": subscribed to email and ordered within the last 30 days.');
  const flow = await makeFlow(api, metric.id);
  tell('It makes the flow "Thank you": after an order wait an hour, then one of two emails: first order, or another.');
  return { api, listId, metricId: metric.id, segmentId: segment, flowId: flow };
}

async function makeSegment(segments: SegmentsApi, metricId: string): Promise<string> {
  const made = await segments.createSegment({
    data: {
      type: 'segment',
      attributes: {
        name: 'Engaged customers',
        definition: {
          conditionGroups: [
            {
              conditions: [
                {
                  type: 'profile-marketing-consent',
                  consent: {
                    channel: 'email',
                    canReceiveMarketing: true,
                    consentStatus: { subscription: 'subscribed' },
                  },
                },
              ],
            },
            {
              conditions: [
                {
                  type: 'profile-metric',
                  metricId,
                  measurement: 'count',
                  measurementFilter: { type: 'numeric', operator: 'greater-than', value: 0 },
                  timeframeFilter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
                },
              ],
            },
          ],
        },
      },
    },
  });
  return made.body.data.id;
}

async function makeFlow(api: ReturnType<typeof clients>, metricId: string): Promise<string> {
  const first = await makeTemplate(api.templates, 'First order', firstOrderHtml);
  const again = await makeTemplate(api.templates, 'Another order', anotherOrderHtml);
  const made = await api.flows.createFlow({
    data: {
      type: 'flow',
      attributes: {
        name: 'Thank you',
        definition: {
          triggers: [{ type: 'metric', id: metricId }],
          entryActionId: 'wait',
          actions: [
            { temporaryId: 'wait', type: 'time-delay', data: { unit: 'hours', value: 1 }, links: { next: 'split' } },
            {
              temporaryId: 'split',
              type: 'conditional-split',
              links: { nextIfTrue: 'again', nextIfFalse: 'first' },
              data: {
                profileFilter: {
                  conditionGroups: [
                    {
                      conditions: [
                        {
                          type: 'profile-metric',
                          metricId,
                          measurement: 'count',
                          measurementFilter: { type: 'numeric', operator: 'greater-than', value: 1 },
                          timeframeFilter: { type: 'date', operator: 'alltime' },
                        },
                      ],
                    },
                  ],
                },
              },
            },
            sendEmail('first', first, 'Thank you, {{ first_name|default:"friend" }}'),
            sendEmail('again', again, 'Good to see you again, {{ first_name|default:"friend" }}'),
          ],
        },
      },
    },
  } as Parameters<FlowsApi['createFlow']>[0]);
  const { id } = made.body.data;
  await api.flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'live' } } });
  return id;
}

function sendEmail(temporaryId: string, templateId: string, subjectLine: string) {
  return {
    temporaryId,
    type: 'send-email',
    links: { next: null },
    data: {
      status: 'draft',
      message: {
        fromEmail: 'hello@beantown.coffee',
        fromLabel: 'Beantown Coffee',
        subjectLine,
        templateId,
        smartSendingEnabled: false,
        name: temporaryId,
      },
    },
  };
}

async function makeTemplate(templates: TemplatesApi, name: string, html: string): Promise<string> {
  const made = await templates.createTemplate({
    data: { type: 'template', attributes: { name, editorType: 'CODE', html } },
  });
  return made.body.data.id;
}

const firstOrderHtml = `<h1>Welcome, {{ first_name|default:'friend' }}</h1>
<p>Your first order {{ event.OrderId }} is on its way:</p>
<ul>{% for item in event.Items %}<li>{{ item.Name }}</li>{% endfor %}</ul>
<p>In all {% currency_format event|lookup:'$value' %}.</p><p>{% unsubscribe %}</p>`;

const anotherOrderHtml = `<h1>Good to see you again, {{ first_name|default:'friend' }}</h1>
<p>Order {{ event.OrderId }}: {% for item in event.Items %}{{ item.Name }}{% if not forloop.last %}, {% endif %}{% endfor %}.</p>
<p>{% unsubscribe %}</p>`;

async function welcomeCustomers(stage: Stage, { api }: Shop): Promise<[Customer, Customer, Customer]> {
  const join = async (name: string): Promise<Customer> => {
    const email = `${name.toLowerCase()}@beantown.coffee`;
    const attributes = { email, firstName: name, properties: { favourite: { roast: 'light' } } };
    const made = await api.profiles.createProfile({ data: { type: 'profile', attributes } });
    const { id } = made.body.data;
    check(typeof id === 'string', `${name} has a profile`);
    return { name, email, id };
  };
  const people: [Customer, Customer, Customer] = [await join('Ana'), await join('Ben'), await join('Cleo')];
  stage.tell('Ana, Ben and Cleo become customers.');
  return people;
}

async function subscribe({ api, listId }: Shop, people: readonly Customer[]): Promise<void> {
  const data = people.map(({ email }) => ({
    type: 'profile' as const,
    attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' as const } } } },
  }));
  await api.profiles.bulkSubscribeProfiles({
    data: {
      type: 'profile-subscription-bulk-create-job',
      attributes: { profiles: { data } },
      relationships: { list: { data: { type: 'list', id: listId } } },
    },
  });
}

const order = ({ api }: Shop, { email }: Customer, orderId: string, value: number, items: string[]) =>
  placeOrder(api.events, { email }, orderId, value, items);

/** An order with nested data; sent twice it is still one order. */
async function placeOrder(events: EventsApi, profile: object, orderId: string, value: number, items: string[]) {
  await events.createEvent({
    data: {
      type: 'event',
      attributes: {
        uniqueId: orderId,
        value,
        valueCurrency: 'USD',
        properties: { OrderId: orderId, Items: items.map((Name) => ({ Name, Quantity: 1 })), ItemCount: items.length },
        metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
        profile: { data: { type: 'profile', attributes: profile } },
      },
    },
  });
}

async function onList({ api, listId }: Shop): Promise<string[]> {
  const { body } = await api.lists.getProfilesForList(listId);
  return body.data.map(({ id }) => id ?? '');
}

async function inSegment({ api, segmentId }: Shop): Promise<string[]> {
  const { body } = await api.segments.getProfilesForSegment(segmentId);
  return body.data.map(({ id }) => id ?? '');
}

/** The two emails that Ana's and Ben's new orders bring, and Cleo's: each the right one, each once. */
function checkMessages({ tell }: Stage, messages: readonly ArrivedEmail[]): void {
  const to = (name: string) => messages.filter((one) => one.to.startsWith(`${name}@`));
  const [ana, ben, cleo] = [to('ana'), to('ben'), to('cleo')];
  check(ana.length === 1 && ben.length === 2 && cleo.length === 1, 'everyone has one email for each order');
  check(ana[0]?.subject === 'Thank you, Ana', 'Ana is thanked for her first order');
  check(ben[1]?.subject === 'Good to see you again, Ben', 'Ben is greeted as somebody who ordered before');
  check(ana[0].html.includes('<li>Ethiopia Guji</li>'), 'the email lists what Ana ordered');
  check(ben[1].html.includes('Order 1003: Colombia Huila.'), 'the email names what Ben ordered');
  check(ana[0].html.includes('/p/unsubscribe/'), 'the email has a link to unsubscribe');
  tell('The hour is over. In the inbox:');
  for (const { to: address, subject } of messages) tell(`  ${address}: "${subject}"`);
}

const sameIds = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && [...a].sort().every((id, i) => id === [...b].sort()[i]);

async function inbox({ baseUrl }: Stage): Promise<ArrivedEmail[]> {
  const answer = await fetch(`${baseUrl}/x/local/inbox`, { headers: { accept: 'application/json' } });
  const { data } = (await answer.json()) as { data: ArrivedEmail[] };
  return data.filter(({ to }) => !to.startsWith('test-order@'));
}

async function moveClock({ baseUrl, tell }: Stage, advance: string): Promise<void> {
  const answer = await fetch(`${baseUrl}/x/local/clock`, { method: 'POST', body: JSON.stringify({ advance }) });
  if (!answer.ok) throw new Error(`The clock did not move: ${await answer.text()}`);
  const { now } = (await answer.json()) as { now: string };
  tell(`… ${advance} later: ${now}`);
}

/** Waits for what the system brings about by itself; gives up after ten seconds. */
async function becomesTrue(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not so after ten seconds: ${what}.`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Not so: ${what}.`);
}
