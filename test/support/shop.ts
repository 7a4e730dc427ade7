// Request documents of a small shop: an event of about 1 KB, profiles, a segment, a flow that waits, splits and sends.

export const emailOf = (profile: number) => `customer-${profile}@example.org`;

/** About 1 KB as sent. */
const filler = 'x'.repeat(750);

export const event = (
  profile: object,
  order: number,
  {
    metric = 'Placed Order',
    notes = [filler],
    time,
  }: { metric?: string; notes?: readonly string[]; time?: string } = {},
) => ({
  data: {
    type: 'event',
    attributes: {
      properties: { OrderId: String(order), Notes: notes },
      value: 12.5,
      unique_id: `order-${order}`,
      ...(time !== undefined && { time }),
      metric: { data: { type: 'metric', attributes: { name: metric } } },
      profile: { data: { type: 'profile', attributes: profile } },
    },
  },
});

export const profile = (attributes: object, id?: string) => ({
  data: { type: 'profile', ...(id !== undefined && { id }), attributes },
});

export const list = (name: string) => ({ data: { type: 'list', attributes: { name } } });

export const members = (...ids: string[]) => ({ data: ids.map((id) => ({ type: 'profile', id })) });

const job = (type: string, consent: string, email: string, to?: string) => ({
  data: {
    type,
    attributes: {
      profiles: {
        data: [{ type: 'profile', attributes: { email, subscriptions: { email: { marketing: { consent } } } } }],
      },
    },
    ...(to && { relationships: { list: { data: { type: 'list', id: to } } } }),
  },
});

export const subscription = (email: string, to?: string) =>
  job('profile-subscription-bulk-create-job', 'SUBSCRIBED', email, to);

export const unsubscription = (email: string, from: string) =>
  job('profile-subscription-bulk-delete-job', 'UNSUBSCRIBED', email, from);

export const imports = (profiles: readonly { data: object }[]) => ({
  data: {
    type: 'profile-bulk-import-job',
    attributes: { profiles: { data: profiles.map(({ data }) => data) } },
  },
});

const did = (metric: string, count: number) => ({
  type: 'profile-metric',
  metric_id: metric,
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: count },
  timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
});

/** Who did `metric` at least `count` times in the last 30 days. */
export const segment = (metric: string, count = 1) => ({
  data: {
    type: 'segment',
    attributes: { name: `At least ${count}`, definition: { condition_groups: [{ conditions: [did(metric, count)] }] } },
  },
});

export const template = (html: string) => ({
  data: { type: 'template', attributes: { name: 'Thanks', editor_type: 'CODE', html } },
});

/** A flow that `metric` starts, with these actions. */
export const startedBy = (metric: string, entry_action_id: string, actions: readonly object[]) => ({
  data: {
    type: 'flow',
    attributes: {
      name: 'Thanks',
      definition: { triggers: [{ type: 'metric', id: metric }], entry_action_id, actions },
    },
  },
});

/** After `metric`: an hour's wait, a split on a second order, an email to either. */
export const flow = (metric: string, templateId: string) =>
  startedBy(metric, 'wait', [
    { temporary_id: 'wait', type: 'time-delay', data: { unit: 'hours', value: 1 }, links: { next: 'split' } },
    {
      temporary_id: 'split',
      type: 'conditional-split',
      links: { next_if_true: 'again', next_if_false: 'first' },
      data: { profile_filter: { condition_groups: [{ conditions: [did(metric, 2)] }] } },
    },
    email('first', templateId),
    email('again', templateId),
  ]);

const email = (id: string, templateId: string) => ({
  temporary_id: id,
  type: 'send-email',
  links: { next: null },
  data: {
    status: 'live',
    message: {
      from_email: 'hello@example.org',
      from_label: 'Shop',
      subject_line: `Thank you (${id}), {{ first_name|default:"friend" }}`,
      template_id: templateId,
      smart_sending_enabled: false,
    },
  },
});

export const live = (id: string) => ({ data: { type: 'flow', id, attributes: { status: 'live' } } });

export const pushToken = (token: string, email: string) => ({
  data: {
    type: 'push-token',
    attributes: {
      token,
      platform: 'ios',
      vendor: 'apns',
      profile: { data: { type: 'profile', attributes: { email } } },
    },
  },
});

/** Count and sum of a metric by month, over the year around 2026-01-01. */
export const aggregate = (metric_id: string) => ({
  data: {
    type: 'metric-aggregate',
    attributes: {
      metric_id,
      measurements: ['count', 'sum_value'],
      interval: 'month',
      filter: ['greater-or-equal(datetime,2025-07-01)', 'less-than(datetime,2026-07-01)'],
    },
  },
});
