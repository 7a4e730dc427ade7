// Beantown Coffee, set up and run with the official SDK: only its base URL is changed.
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

export interface Stage {
  baseUrl: string;
  key: string;
  /** Told what happens, as it happens. */
  tell: (line: string) => void;
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** Beantown Coffee sets up: a list, the metric, a segment, two templates and a flow. */
export async function openShop(stage: Stage) {
  const { tell } = stage;
  const api = clients(stage);
  const list = await api.lists.createList({ data: { type: 'list', attributes: { name: 'Newsletter' } } });
  tell('Beantown Coffee makes the list "Newsletter".');
  // A metric exists from its first event on; the shop sends a test order.
  await placeOrder(api.events, { email: 'test-order@beantown.coffee' }, 'test', 1, ['Test Blend']);
  const metric = (await api.metrics.getMetrics()).body.data.find((one) => one.attributes.name === 'Placed Order');
  if (!metric) throw new Error('Not so: the metric "Placed Order" exists.');
  const listId = list.body.data.id;
  const segment = await makeSegment(api.segments, metric.id);
  tell('It makes the segment "Engaged customers": subscribed to email and ordered within the last 30 days.');
  const flow = await makeFlow(api, metric.id);
  tell('It makes the flow "Thank you": after an order wait an hour, then one of two emails: first order, or another.');
  return { api, listId, metricId: metric.id, segmentId: segment, flowId: flow };
}

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

/** Asks for email marketing and for the newsletter. */
export async function subscribe({ api, listId }: Shop, people: readonly { email: string }[]): Promise<void> {
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

/** An order with nested data; sent twice it is still one order. */
export async function placeOrder(events: EventsApi, profile: object, orderId: string, value: number, items: string[]) {
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

/** The ids of who is on the newsletter's list. */
export async function onList({ api, listId }: Shop): Promise<string[]> {
  const { body } = await api.lists.getProfilesForList(listId);
  return body.data.map(({ id }) => id ?? '');
}

/** The ids of who is in the segment. */
export async function inSegment({ api, segmentId }: Shop): Promise<string[]> {
  const { body } = await api.segments.getProfilesForSegment(segmentId);
  return body.data.map(({ id }) => id ?? '');
}
