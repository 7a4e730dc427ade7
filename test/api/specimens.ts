// An account furnished with one of everything, and for every operation a request that is good there.
import { conditionsOf, customMetricOf, orderedOnce } from './metric-specimens.ts';
export { conditionsOf, orderedOnce } from './metric-specimens.ts';
import { campaignBodies, furnishCampaigns } from './campaign-specimens.ts';
import { flowActionOf, flowOf } from './flow-specimens.ts';
import { linked, tagBodies } from './tag-specimens.ts';
import { type CatalogThings, catalogBodies, catalogIds, furnishCatalog } from './catalog-specimens.ts';
import { type CouponThings, couponBodies, couponIds, furnishCoupons } from './coupon-specimens.ts';
import { type ImageThings, form, furnishImages, imageBodies } from './image-specimens.ts';
import { type Answer, type Stage, operations } from './stage.ts';

/** Ids of what an account is furnished with. */
export interface Things extends CatalogThings, CouponThings, ImageThings {
  key: string;
  account: string;
  profile: string;
  /** The profile's. */
  email: string;
  /** Another profile, to be merged. */
  other: string;
  /** A custom metric of the metric. */
  custom: string;
  /** What a metric can be mapped to: the same for all accounts. */
  role: string;
  list: string;
  metric: string;
  /** A property of the metric. */
  property: string;
  event: string;
  segment: string;
  template: string;
  flow: string;
  action: string;
  message: string;
  suppression: string;
  unsuppression: string;
  /** A push token of the profile. */
  token: string;
  /** A bulk import. */
  job: string;
  tag: string;
  /** An exclusive group, without tags. */
  tagGroup: string;
  /** A draft with a template, and its message. */
  campaign: string;
  campaignMessage: string;
  /** A campaign that is scheduled, and whose recipients were counted. */
  sending: string;
}

export const profileOf = (attributes: object, rest: object = {}) => ({
  data: { type: 'profile', attributes, ...rest },
});

export const metricNamed = (name: string) => ({ data: { type: 'metric', attributes: { name } } });

export const eventOf = (profile: object, rest: object = {}) => ({
  data: {
    type: 'event',
    attributes: { properties: {}, metric: metricNamed('Placed Order'), profile: profileOf(profile), ...rest },
  },
});

export const segmentOf = (name: string, definition: object) => ({
  data: { type: 'segment', attributes: { name, definition } },
});

export const templateOf = (attributes: object) => ({
  data: {
    type: 'template',
    attributes: { name: 'Hello', editor_type: 'CODE', html: '<p>{{ first_name }}</p>', ...attributes },
  },
});

const bulkEvents = (profile: object) => ({
  backfill: true,
  profile: profileOf(profile),
  events: {
    data: [
      {
        type: 'event',
        attributes: {
          properties: { a: 1 },
          metric: metricNamed('Placed Order'),
          unique_id: 'bulk',
          value: 3,
          time: '2026-01-02T03:04:05Z',
        },
      },
    ],
  },
});

const members = ({ profile }: Things) => linked('profile', profile);

const importOf = (list: string, ...profiles: object[]) => ({
  data: {
    type: 'profile-bulk-import-job',
    attributes: { profiles: { data: profiles } },
    relationships: { lists: { data: [{ type: 'list', id: list }] } },
  },
});

const subscription = (type: string, marketing: object, { email, list }: Things) => ({
  data: {
    type,
    attributes: { profiles: { data: [profileOf({ email, subscriptions: { email: { marketing } } }).data] } },
    relationships: { list: { data: { type: 'list', id: list } } },
  },
});

const suppressionOf = (type: string, { email }: Pick<Things, 'email'>) => ({
  data: { type, attributes: { profiles: { data: [profileOf({ email }).data] } } },
});

const fullProfile = (email: string) => ({
  email,
  external_id: `x ${email}`,
  first_name: 'Ana',
  last_name: 'Berg',
  organization: 'Beantown',
  locale: 'en-US',
  title: 'Ms',
  image: 'https://example.com/ana.png',
  location: {
    address1: '1 Main St',
    city: 'Boston',
    country: 'US',
    latitude: 42.36,
    longitude: '-71.05',
    zip: '02101',
    timezone: 'America/New_York',
    ip: '192.0.2.1',
  },
  properties: { favourite: { roast: 'light' }, tags: ['a'], visits: 3 },
});

export const pushTokenOf = (token: string, profile: object, rest: object = {}) => ({
  data: {
    type: 'push-token',
    attributes: {
      token,
      platform: 'ios',
      vendor: 'apns',
      device_metadata: { device_id: 'd1', os_name: 'ios', environment: 'release' },
      profile: profileOf(profile),
      ...rest,
    },
  },
});

/** A good body for every operation that takes one. */
const bodies: Readonly<Record<string, (things: Things) => object | string>> = {
  create_profile: () => profileOf(fullProfile('new@example.com')),
  update_profile: ({ profile }) =>
    profileOf(
      { first_name: 'Ana', properties: { visits: 4 } },
      { id: profile, meta: { patch_properties: { append: { tags: 'b' }, unappend: { tags: 'c' }, unset: 'visits' } } },
    ),
  create_or_update_profile: ({ email }) =>
    profileOf(
      { email, first_name: 'Ana', properties: { visits: 5 } },
      { meta: { patch_properties: { append: { tags: ['b'] } } } },
    ),
  merge_profiles: ({ profile, other }) => ({
    data: {
      type: 'profile-merge',
      id: profile,
      relationships: { profiles: { data: [{ type: 'profile', id: other }] } },
    },
  }),
  create_push_token: ({ email, token }) => pushTokenOf(token, { email, first_name: 'Ana' }),
  create_client_push_token: ({ email, token }) => pushTokenOf(`${token}2`, { email, properties: { app: true } }),
  unregister_client_push_token: ({ email, token }) => ({
    data: {
      type: 'push-token-unregister',
      attributes: { token, platform: 'ios', vendor: 'apns', profile: profileOf({ email }) },
    },
  }),
  create_client_profile: ({ email }) =>
    profileOf({ email, first_name: 'Ana', anonymous_id: 'cookie', properties: { seen: true } }),
  request_profile_deletion: ({ profile }) => ({
    data: {
      type: 'data-privacy-deletion-job',
      attributes: { profile: { data: { type: 'profile', id: profile, attributes: {} } } },
    },
  }),
  create_list: () => ({ data: { type: 'list', attributes: { name: 'Another', opt_in_process: 'single_opt_in' } } }),
  update_list: ({ list }) => ({ data: { type: 'list', id: list, attributes: { name: 'Renamed' } } }),
  add_profiles_to_list: members,
  remove_profiles_from_list: members,
  bulk_import_profiles: ({ email, list }) =>
    importOf(
      list,
      { type: 'profile', attributes: fullProfile('imported@example.com') },
      { type: 'profile', attributes: { email }, meta: { patch_properties: { append: { tags: ['b'] } } } },
    ),
  bulk_subscribe_profiles: (things) =>
    subscription('profile-subscription-bulk-create-job', { consent: 'SUBSCRIBED' }, things),
  bulk_unsubscribe_profiles: (things) =>
    subscription('profile-subscription-bulk-delete-job', { consent: 'UNSUBSCRIBED' }, things),
  bulk_suppress_profiles: (things) => suppressionOf('profile-suppression-bulk-create-job', things),
  bulk_unsuppress_profiles: (things) => suppressionOf('profile-suppression-bulk-delete-job', things),
  create_client_subscription: ({ email, list }) => ({
    data: {
      type: 'subscription',
      attributes: {
        custom_source: 'Footer',
        profile: profileOf({
          email,
          first_name: 'Ana',
          properties: { seen: true },
          subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } },
        }),
      },
      relationships: { list: { data: { type: 'list', id: list } } },
    },
  }),
  create_event: ({ email }) =>
    eventOf(
      { email, properties: { last: 'order' } },
      {
        properties: { ItemCount: 2, Items: [{ Name: 'Decaf' }] },
        value: 9.5,
        value_currency: 'USD',
        time: '2026-01-02T03:04:05Z',
        unique_id: 'one',
      },
    ),
  bulk_create_events: ({ email }) => ({
    data: {
      type: 'event-bulk-create-job',
      attributes: {
        'events-bulk-create': { data: [{ type: 'event-bulk-create', attributes: bulkEvents({ email }) }] },
      },
    },
  }),
  create_client_event: ({ email }) => eventOf({ email }, { properties: { page: '/' }, value: 1, unique_id: 'client' }),
  bulk_create_client_events: ({ email }) => ({
    data: { type: 'event-bulk-create', attributes: bulkEvents({ email }) },
  }),
  query_metric_aggregates: ({ metric }) => ({
    data: {
      type: 'metric-aggregate',
      attributes: {
        metric_id: metric,
        measurements: ['count', 'sum_value', 'unique'],
        interval: 'month',
        page_size: 100,
        by: ['$value_currency'],
        filter: [
          'greater-or-equal(datetime,2026-01-01)',
          'less-than(datetime,2027-01-01)',
          'not-equals($value_currency,"CHF")',
        ],
        timezone: 'America/New_York',
        sort: '-count',
      },
    },
  }),
  create_custom_metric: ({ metric }) => customMetricOf('Net sales', metric),
  update_custom_metric: ({ custom, metric }) => customMetricOf('Renamed', metric, custom),
  update_mapped_metric: ({ role, custom }) => ({
    data: {
      type: 'mapped-metric',
      id: role,
      relationships: { 'custom-metric': { data: { type: 'custom-metric', id: custom } } },
    },
  }),
  create_segment: ({ metric, list }) =>
    segmentOf(
      'Another',
      conditionsOf(
        {
          ...orderedOnce(metric),
          metric_filters: [{ property: 'ItemCount', filter: { type: 'numeric', operator: 'equals', value: 2 } }],
        },
        {
          type: 'profile-group-membership',
          is_member: true,
          group_ids: [list],
          timeframe_filter: { type: 'date', operator: 'after', date: '2026-01-01T00:00:00Z' },
        },
        {
          type: 'profile-property',
          property: "properties['visits']",
          filter: { type: 'numeric', operator: 'greater-than', value: 2 },
        },
        {
          type: 'profile-property',
          property: 'first_name',
          filter: { type: 'string', operator: 'contains', value: 'a' },
        },
        {
          type: 'profile-marketing-consent',
          consent: { channel: 'email', can_receive_marketing: true, consent_status: { subscription: 'subscribed' } },
        },
      ),
    ),
  update_segment: ({ segment, metric }) => ({
    data: {
      type: 'segment',
      id: segment,
      attributes: { name: 'Renamed', is_starred: true, definition: conditionsOf(orderedOnce(metric)) },
    },
  }),
  create_template: () => templateOf({ text: 'Hello {{ first_name }}', amp: '<p>hi</p>' }),
  update_template: ({ template }) => ({
    data: { type: 'template', id: template, attributes: { name: 'Renamed', html: '<p>{{ 1|add:2 }}</p>' } },
  }),
  render_template: ({ template }) => ({
    data: { type: 'template', id: template, attributes: { context: { first_name: 'Ana', event: { a: [1, 2] } } } },
  }),
  clone_template: ({ template }) => ({ data: { type: 'template', id: template, attributes: { name: 'A copy' } } }),
  create_flow: flowOf,
  update_flow_action: flowActionOf,
  ...tagBodies,
  update_tracking_setting: ({ account }) => ({
    data: {
      type: 'tracking-setting',
      id: account,
      attributes: {
        auto_add_parameters: false,
        utm_source: { flow: { type: 'static', value: 'mail' } },
        utm_term: { campaign: { type: 'dynamic', value: 'link_alt_text' } },
        custom_parameters: [{ name: 'via', flow: { type: 'dynamic', value: 'flow_id' }, campaign: null }],
      },
    },
  }),
  ...catalogBodies,
  ...couponBodies,
  ...campaignBodies,
  ...imageBodies,
  update_flow: ({ flow }) => ({ data: { type: 'flow', id: flow, attributes: { status: 'live' } } }),
};

const ids: Readonly<Record<string, keyof Things>> = {
  accounts: 'account',
  'tracking-settings': 'account',
  profiles: 'profile',
  lists: 'list',
  events: 'event',
  metrics: 'metric',
  'metric-properties': 'property',
  'custom-metrics': 'custom',
  'mapped-metrics': 'role',
  segments: 'segment',
  templates: 'template',
  flows: 'flow',
  'flow-actions': 'action',
  'flow-messages': 'message',
  'profile-suppression-bulk-create-jobs': 'suppression',
  'profile-suppression-bulk-delete-jobs': 'unsuppression',
  'profile-bulk-import-jobs': 'job',
  'push-tokens': 'token',
  tags: 'tag',
  'tag-groups': 'tagGroup',
  ...catalogIds,
  ...couponIds,
  images: 'image',
  campaigns: 'campaign',
  'campaign-messages': 'campaignMessage',
  'campaign-send-jobs': 'sending',
  'campaign-recipient-estimation-jobs': 'sending',
  'campaign-recipient-estimations': 'sending',
};

/** Filters without which an operation answers nothing. */
const requiredFilters: Readonly<Record<string, (things: Things) => string>> = {
  get_campaigns: () => 'filter=equals(messages.channel,"email")',
  get_coupon_codes: ({ coupon }) => `filter=equals(coupon.id,"${coupon}")`,
};

export interface Specimen {
  method: string;
  /** Without its query. */
  path: string;
  /** `company_id=…` where the operation is public. */
  query: string;
  /** A text where it is no JSON. */
  body?: object | string;
  /** The media type of such a text. */
  type?: string;
}

/** The good request of an operation; `id` stands in for the thing that its path names. */
export function specimenOf(operationId: string, things: Things, id?: string): Specimen {
  const { method, path, auth, body, media } = operations.find((one) => one.id === operationId)!;
  const kind = ids[path.split('/')[2] ?? ''];
  const named = id ?? (kind === undefined ? '' : things[kind]);
  const good = bodies[operationId]?.(things);
  if (body && !good) throw new Error(`There is no specimen of a body for ${operationId}.`);
  return {
    method,
    path: path.replace(/\{\w+\}/, named),
    query: auth === 'public' ? `company_id=${things.account}` : (requiredFilters[operationId]?.(things) ?? ''),
    ...(good && { body: good }),
    ...(media && { type: form.type }),
  };
}

export function sendSpecimen(
  stage: Stage,
  { method, path, query, body, type }: Specimen,
  sent: { key?: string | null; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const headers = { ...(type !== undefined && { 'content-type': type }), ...sent.headers };
  return stage.send(method, query === '' ? path : `${path}?${query}`, { ...(body && { body }), ...sent, headers });
}

async function made(answer: Promise<Answer>): Promise<string> {
  const { status, text, one } = await answer;
  if (status >= 300) throw new Error(`Furnishing was answered ${status}: ${text}`);
  return one.id;
}

/** Furnishes an account with one of everything. Different accounts get the same email addresses and unique ids. */
export async function furnish(stage: Stage, account: string, key: string): Promise<Things> {
  const send = (method: string, target: string, body?: unknown) => stage.send(method, target, { key, body });
  const email = 'ana@example.com';
  await made(
    send('POST', '/api/events', eventOf({ email }, { unique_id: 'first', properties: { ItemCount: 1 }, value: 5 })),
  );
  const other = await made(send('POST', '/api/profiles', profileOf({ phone_number: '+14155552671' })));
  const events = await send('GET', '/api/events?include=metric,profile');
  const [event] = events.many;
  const included = (type: string) => events.included.find((one) => one.type === type)?.id ?? '';
  const [metric, profile] = [included('metric'), included('profile')];
  const properties = await send('GET', `/api/metrics/${metric}/metric-properties`);
  const custom = await made(send('POST', '/api/custom-metrics', customMetricOf('Sales', metric)));
  const list = await made(send('POST', '/api/lists', { data: { type: 'list', attributes: { name: 'Newsletter' } } }));
  const template = await made(send('POST', '/api/templates', templateOf({})));
  const flow = await made(send('POST', '/api/flows', flowOf({ metric, template })));
  const actions = await send('GET', `/api/flows/${flow}/flow-actions?filter=equals(action_type,"send-email")`);
  const action = actions.many[0]?.id ?? '';
  const messages = await send('GET', `/api/flow-actions/${action}/flow-messages`);
  const named = (type: string, name: string) => ({ data: { type, attributes: { name } } });
  const tag = await made(send('POST', '/api/tags', named('tag', 'Winter')));
  const tagGroup = await made(send('POST', '/api/tag-groups', named('tag-group', 'Seasons')));
  const segment = await made(send('POST', '/api/segments', segmentOf('Buyers', conditionsOf(orderedOnce(metric)))));
  const things = {
    key,
    account,
    profile,
    email,
    other,
    list,
    metric,
    property: properties.many[0]?.id ?? '',
    custom,
    role: 'revenue',
    event: event?.id ?? '',
    segment,
    template,
    tag,
    tagGroup,
    ...(await furnishCampaigns(
      (path, body) => made(send('POST', path, body)),
      { list, template },
      (path) => send('GET', path),
    )),
    flow,
    action,
    token: `token of ${account}`,
    ...(await furnishCatalog(stage, account, key)),
    ...(await furnishCoupons(stage, account, key)),
    ...(await furnishImages(stage, key)),
  };
  await made(send('POST', '/api/push-tokens', pushTokenOf(things.token, { email })));
  const [suppression, unsuppression] = await Promise.all(
    ['create', 'delete'].map((way) => {
      const type = `profile-suppression-bulk-${way}-job`;
      return made(send('POST', `/api/${type}s`, suppressionOf(type, { email: 'else@example.com' })));
    }),
  );
  const rows = [{ email }, { email: 'nobody' }].map((attributes) => ({ type: 'profile', attributes }));
  const job = await made(send('POST', '/api/profile-bulk-import-jobs', importOf(list, ...rows)));
  await made(send('POST', `/api/lists/${list}/relationships/profiles`, { data: [{ type: 'profile', id: profile }] }));
  await stage.settle();
  return {
    ...things,
    message: messages.many[0]?.id ?? '',
    job,
    suppression: suppression ?? '',
    unsuppression: unsuppression ?? '',
  };
}
