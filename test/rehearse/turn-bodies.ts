// What the turns, and journeys, send.
export const metricName = 'Placed Order';

/** More than an item takes with its other parts, in texts that the API takes. */
export const notes = [1, 2, 3].map(() => 'y'.repeat(80_000));

export const event = (email: string, name: string, properties: object, unique_id: string) => ({
  data: {
    type: 'event',
    attributes: {
      unique_id,
      properties,
      metric: { data: { type: 'metric', attributes: { name } } },
      profile: { data: { type: 'profile', attributes: { email } } },
    },
  },
});

/** Whoever did it within the timeframe with this property: for large events it stands in a file. */
export const did = (metric_id: string, timeframe_filter: object, property: string, value: string) => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric',
          metric_id,
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator: 'greater-than', value: 0 },
          timeframe_filter,
          metric_filters: [{ property, filter: { type: 'string', operator: 'equals', value } }],
        },
      ],
    },
  ],
});

/** Whoever did it within six hours, with a property that says so. */
export const orderedLately = (metric: string) =>
  did(metric, { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 6 }, 'Kind', 'usual');

export const segment = (name: string, definition: object) => ({
  data: { type: 'segment', attributes: { name, definition } },
});

export const template = (html: string) => ({
  data: { type: 'template', attributes: { name: 'Turn', editor_type: 'CODE', html } },
});

const mail = (template_id: string) => ({
  temporary_id: 'mail',
  type: 'send-email',
  links: { next: null },
  data: {
    status: 'live',
    message: {
      from_email: 'hello@beantown.coffee',
      from_label: 'Beantown Coffee',
      subject_line: 'About {{ event.OrderId|default:"a kettle" }}',
      template_id,
      smart_sending_enabled: false,
      name: 'mail',
    },
  },
});

const flow = (trigger: object, actions: readonly [{ temporary_id: string }, ...object[]]) => ({
  data: {
    type: 'flow',
    attributes: {
      name: 'Turn',
      definition: { triggers: [trigger], entry_action_id: actions[0].temporary_id, actions },
    },
  },
});

/** After an order: ten minutes, then an email to whom the segment would hold. */
export const orderFlow = (metric: string, templateId: string) =>
  flow({ type: 'metric', id: metric }, [
    { temporary_id: 'wait', type: 'time-delay', data: { unit: 'minutes', value: 10 }, links: { next: 'split' } } as {
      temporary_id: string;
    },
    {
      temporary_id: 'split',
      type: 'conditional-split',
      links: { next_if_true: 'mail', next_if_false: null },
      data: { profile_filter: orderedLately(metric) },
    },
    mail(templateId),
  ]);

/** A price that fell: an email to who looked. */
export const dropFlow = (templateId: string) =>
  flow(
    {
      type: 'price-drop',
      price_drop_amount_value: 10,
      price_drop_amount_unit: 'percent',
      audience: ['viewed'],
      timeframe_days: 30,
      trigger_filter: null,
    },
    [mail(templateId)],
  );

export const live = (id: string) => ({ data: { type: 'flow', id, attributes: { status: 'live' } } });

const words = { title: 'Kettle', description: 'Boils', url: 'https://shop.example/kettle' };

export const item = (external_id: string) => ({
  data: { type: 'catalog-item', attributes: { external_id, ...words } },
});

export const variantId = (external_id: string) => `$custom:::$default:::${external_id}`;

export const variant = (external_id: string, of: string) => ({
  data: {
    type: 'catalog-variant',
    attributes: { external_id, ...words, sku: external_id, price: 50, inventory_quantity: 5 },
    relationships: { item: { data: { type: 'catalog-item', id: of } } },
  },
});

export const price = (external_id: string, value: number) => ({
  data: { type: 'catalog-variant', id: variantId(external_id), attributes: { price: value } },
});

/** Somebody with everything that messages can go to, who wants all of them. */
export function subscription(list: string, person: { email: string; phone_number?: string }) {
  const marketing = { marketing: { consent: 'SUBSCRIBED' } };
  const subscriptions = {
    email: marketing,
    push: marketing,
    ...(person.phone_number !== undefined && { sms: marketing }),
  };
  return {
    data: {
      type: 'profile-subscription-bulk-create-job',
      attributes: { profiles: { data: [{ type: 'profile', attributes: { ...person, subscriptions } }] } },
      relationships: { list: { data: { type: 'list', id: list } } },
    },
  };
}

export const token = (email: string) => ({
  data: {
    type: 'push-token',
    attributes: {
      token: `device of ${email}`,
      platform: 'android',
      vendor: 'fcm',
      enablement_status: 'AUTHORIZED',
      profile: { data: { type: 'profile', attributes: { email } } },
    },
  },
});

const contents = {
  email: { subject: 'Now', from_email: 'hello@beantown.coffee', from_label: 'Beantown Coffee' },
  sms: { body: 'Now' },
  mobile_push: { title: 'Now', body: 'Come by' },
} as const;
export type Channel = keyof typeof contents;
export const channels = Object.keys(contents) as Channel[];

export const campaign = (channel: Channel, list: string, datetime: string) => ({
  data: {
    type: 'campaign',
    attributes: {
      name: channel,
      audiences: { included: [list] },
      send_options: { use_smart_sending: false },
      send_strategy: { method: 'static', datetime, options: { is_local: false } },
      'campaign-messages': {
        data: [{ type: 'campaign-message', attributes: { definition: { channel, content: contents[channel] } } }],
      },
    },
  },
});

export const assigned = (message: string | undefined, template: string) => ({
  data: {
    type: 'campaign-message',
    id: message,
    relationships: { template: { data: { type: 'template', id: template } } },
  },
});

/** A job whose body lies in a file. */
export const imported = (email: string) => ({
  data: {
    type: 'profile-bulk-import-job',
    attributes: {
      profiles: { data: [{ type: 'profile', attributes: { email, properties: { notes: 'z'.repeat(5000) } } }] },
    },
  },
});

/** So many names that the job's body lies in a file; there is nobody of these. */
export const reviewed = {
  data: {
    type: 'flow-message-review',
    attributes: {
      decision: 'cancel',
      messages: Array.from({ length: 100 }, (_, n) => ({ id: `nobody's message ${n}`, profile_id: `nobody ${n}` })),
    },
  },
};

export const webFeed = (name: string) => ({
  data: {
    type: 'web-feed',
    attributes: { name, url: 'https://nowhere.invalid/feed', request_method: 'get', content_type: 'json' },
  },
});

export const catalogFeed = (name: string) => ({
  data: { type: 'catalog-feed', attributes: { name, url: 'https://nowhere.invalid/feed', interval_hours: 1 } },
});

export const forgotten = (id: string) => ({
  data: {
    type: 'data-privacy-deletion-job',
    attributes: { profile: { data: { type: 'profile', id, attributes: {} } } },
  },
});
