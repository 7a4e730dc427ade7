// Lists, WhatsApp, places and predictions.
import type { Facts, Said } from '../../support/segment-oracle.ts';
import {
  type Case,
  type Rules,
  about,
  after,
  days,
  held,
  inside,
  iso,
  lives,
  near,
  number,
  of,
  saidAt,
  text,
} from './case.ts';
import { ahead, aroundAnniversaries, casesLookingBack, dateRules, dated, ofTheCalendar } from './dates.ts';

const onList = (is_member: boolean, timeframe_filter?: object) => ({
  type: 'profile-group-membership',
  is_member,
  group_ids: ['ListA1'],
  ...(timeframe_filter && { timeframe_filter }),
});
const joined = (at: number): Partial<Facts> => ({ lists: [{ id: 'ListA1', joined: at }] });

function lists(now: number): Rules {
  const [yesterday, elsewhere] = [joined(after(now, -1)), { lists: [{ id: 'ListB1', joined: after(now, -1) }] }];
  const range = dated(now)['between-static includes both of its dates'];
  const [start, end] = range.yes;
  return {
    'is_member true': of(onList(true), [yesterday], [{}, elsewhere]),
    'is_member false': of(onList(false), [{}, elsewhere], [yesterday]),
    'date between-static excludes its end, unlike elsewhere': held(onList(true, range.filter), joined, {
      yes: [start, end - 1],
      no: [end, start - 1],
    }),
    ...dateRules(now, (filter) => onList(true, filter), joined, {
      without: [
        ...ofTheCalendar,
        ...aroundAnniversaries,
        'between-static includes both of its dates',
        // Nobody joins in the future.
        ...ahead,
      ],
    }),
    'date in-the-next: only who joins this instant': held(
      onList(true, dated(now)['in-the-next includes both of its ends'].filter),
      joined,
      { yes: [now], no: [now - 1] },
    ),
  };
}

const reachable = (reachable_status: string, channel = 'whatsapp_marketing', filters: object[] = []) => ({
  type: 'profile-permissions',
  channel,
  permission: { reachable_status, ...(reachable_status.startsWith('explicitly') && { filters }) },
});
const whatsapp = (said: Said): Partial<Facts> => ({ others: { whatsapp: said } });

export const subscribeMethods = [
  ...['api', 'back_in_stock', 'bigcommerce', 'bulk_remove', 'campaign_monitor', 'carrier_deactivation', 'checkout'],
  ...['constant_contact', 'exact_target', 'facebook', 'failed_age_gate', 'form', 'inbound_message', 'integration'],
  ...['mad_mimi', 'magento_two', 'mailbox_provider', 'manual_add', 'manual_import', 'manual_remove'],
  ...['message_blocked', 'netsuite', 'preference_page', 'provided_landline', 'provided_no_age', 'sftp', 'shopify'],
  ...['social_instagram_message', 'spam_complaint', 'square', 'wix', 'woocommerce'],
];

function permissions(now: number): Rules {
  const [yes, no] = [whatsapp(saidAt(now)), whatsapp(saidAt(now, { state: 'UNSUBSCRIBED' }))];
  const transactional: Partial<Facts> = { others: { whatsapp_transactional: saidAt(now) } };
  const on = (status: string, field: string) => (filter: object) =>
    reachable(status, 'whatsapp_marketing', [{ field, filter }]);
  const at = (state: Said['state']) => (time: number) => whatsapp(saidAt(now, { state, at: time }));
  const by = (status: string, method: string, filter?: object) =>
    reachable(status, 'whatsapp_marketing', [{ field: 'subscribe_method', method, ...(filter && { filter }) }]);
  const said = (state: Said['state'], method: string, detail: string | null = null) =>
    whatsapp(saidAt(now, { state, method: method.toUpperCase(), detail }));
  return {
    explicitly_reachable: of(reachable('explicitly_reachable'), [yes], [no, {}, transactional]),
    explicitly_unreachable: of(reachable('explicitly_unreachable'), [no], [yes, {}]),
    'implicitly_unreachable: who never said anything': of(
      reachable('implicitly_unreachable'),
      [{}, transactional],
      [yes, no],
    ),
    'implicitly_reachable: nobody is': of(reachable('implicitly_reachable'), [], [{}, yes, no]),
    implicitly_or_explicitly_reachable: of(reachable('implicitly_or_explicitly_reachable'), [yes], [no, {}]),
    implicitly_or_explicitly_unreachable: of(reachable('implicitly_or_explicitly_unreachable'), [no, {}], [yes]),
    'whatsapp_transactional is a consent of its own': of(
      reachable('explicitly_reachable', 'whatsapp_transactional'),
      [transactional],
      [yes, {}],
    ),
    ...Object.fromEntries(
      ['effective_date', 'recorded_date'].flatMap((field) => [
        ...Object.entries(
          about(`explicitly_reachable ${field}`, dateRules(now, on('explicitly_reachable', field), at('SUBSCRIBED'))),
        ),
        [
          `explicitly_unreachable ${field}`,
          [
            ...held(on('explicitly_unreachable', field)(days('in-the-last', 4)), at('UNSUBSCRIBED'), {
              yes: [after(now, -4)],
              no: [after(now, -4) - 1],
            }),
            ...casesLookingBack(now, on('explicitly_unreachable', field), at('UNSUBSCRIBED')),
          ],
        ],
      ]),
    ),
    ...Object.fromEntries(
      subscribeMethods.map((method): [string, Case[]] => [
        `subscribe_method ${method}`,
        [
          ...of(by('explicitly_reachable', method), [said('SUBSCRIBED', method)], [said('SUBSCRIBED', 'other')]),
          ...of(by('explicitly_unreachable', method), [said('UNSUBSCRIBED', method)], [said('UNSUBSCRIBED', 'other')]),
        ],
      ]),
    ),
    'subscribe_method form from one of some forms': of(
      by('explicitly_reachable', 'form', text('in', ['F1'])),
      [said('SUBSCRIBED', 'form', 'F1')],
      [said('SUBSCRIBED', 'form', 'F2'), said('SUBSCRIBED', 'form')],
    ),
    'explicitly_unreachable subscribe_method form from one of some forms': of(
      by('explicitly_unreachable', 'form', text('in', ['F1'])),
      [said('UNSUBSCRIBED', 'form', 'F1')],
      [said('UNSUBSCRIBED', 'form', 'F2'), said('UNSUBSCRIBED', 'form'), said('SUBSCRIBED', 'form', 'F1')],
    ),
  };
}

/** From New York 306 km to Boston (190 miles); from Berlin 930 to London. */
const places: Rules = {
  'profile-region european_union: by code or name, without the United Kingdom': of(
    inside('european_union', true),
    [lives('DE'), lives('Germany'), lives('deu')],
    [lives('United Kingdom'), lives('US'), {}],
  ),
  'profile-region outside european_union: who says nothing is not outside': of(
    inside('european_union', false),
    [lives('United Kingdom'), lives('US')],
    [lives('FR'), {}],
  ),
  'profile-region united_states': of(
    inside('united_states', true),
    [lives('usa'), lives('United States')],
    [lives('FR'), {}],
  ),
  'profile-region outside united_states': of(inside('united_states', false), [lives('FR')], [lives('US'), {}]),
  'profile-postal-code-distance less-than kilometers': of(
    near('USA', '10001', 'kilometers', 'less-than', 400),
    [lives('US', '02108-1234')],
    [lives('DE', '10115')],
  ),
  'profile-postal-code-distance greater-than miles': of(
    near('USA', '10001', 'miles', 'greater-than', 250),
    [lives('Germany', '10115')],
    [lives('US', '02108')],
  ),
  'profile-postal-code-distance: of the United Kingdom the outward code counts': of(
    near('DEU', '10115', 'kilometers', 'greater-than', 400),
    [lives('United Kingdom', 'SW1A 1AA')],
    [lives('DE', '10115')],
  ),
  'profile-postal-code-distance: what is not known is neither near nor far': [
    ...of(near('USA', '10001', 'kilometers', 'less-than', 99_999), [], [lives('US', '00000'), lives('US'), {}]),
    ...of(near('USA', '10001', 'kilometers', 'greater-than', 1), [], [lives('US', '00000'), lives('US'), {}]),
  ],
};

const foretold = (dimension: string, filter: object, rest: object = {}) => ({
  type: 'profile-predictive-analytics',
  dimension,
  filter,
  ...rest,
});
const predicted = (all: Record<string, unknown>): Partial<Facts> => ({ predicted: all });

const amounts = ['average_days_between_orders', 'average_order_value', 'churn_probability', 'historic_clv'].concat([
  'historic_number_of_orders',
  'predicted_clv',
  'predicted_number_of_orders',
  'total_clv',
]);
const comparisons = {
  equals: [[3], [2, 4]],
  'not-equals': [[2, 4], [3]],
  'greater-than': [[4], [3]],
  'greater-than-or-equal': [[3], [2]],
  'less-than': [[2], [3]],
  'less-than-or-equal': [[3], [4]],
} as const;

function predictions(now: number): Rules {
  const gender = (operator: string, value = 'uncertain') => foretold('predicted_gender', text(operator, value));
  const who = (predicted_gender: string) => predicted({ predicted_gender });
  const numeric = Object.entries(comparisons).map(([operator, [yes, no]]): [string, Case[]] => [
    `numeric ${operator}: what is not predicted does not match`,
    of(
      foretold('churn_probability', number(operator, 3)),
      yes.map((churn_probability) => predicted({ churn_probability })),
      [...no.map((churn_probability) => predicted({ churn_probability })), {}],
    ),
  ]);
  const liking = (measurement: string, filter: object, predicted_channel: string) =>
    foretold('channel_affinity', filter, { measurement, predicted_channel });
  const liked = (channel: string, priority: number, rank: string) =>
    predicted({ channel_affinity: { [channel]: { priority, rank } } });
  return {
    ...Object.fromEntries(numeric),
    ...Object.fromEntries(
      amounts.map((dimension): [string, Case[]] => [
        dimension,
        of(
          foretold(dimension, number('greater-than', 1)),
          [predicted({ [dimension]: 2 })],
          [predicted({ [dimension]: 1 }), {}],
        ),
      ]),
    ),
    ...about(
      'expected_date_of_next_purchase',
      dateRules(
        now,
        (filter) => foretold('expected_date_of_next_purchase', filter),
        (at) => predicted({ expected_date_of_next_purchase: iso(at) }),
      ),
    ),
    'predicted_gender equals': of(gender('equals'), [who('uncertain')], [who('likely_female'), {}]),
    'predicted_gender not-equals: what is not predicted does not match': of(
      gender('not-equals'),
      [who('likely_female')],
      [who('uncertain'), {}],
    ),
    ...Object.fromEntries(
      [
        ['likely_male', 'likely_female'],
        ['likely_female', 'likely_male'],
      ].map(([one = '', other = '']): [string, Case[]] => [
        `predicted_gender ${one}`,
        [
          ...of(gender('equals', one), [who(one)], [who(other), who('uncertain'), {}]),
          ...of(gender('not-equals', one), [who(other), who('uncertain')], [who(one), {}]),
        ],
      ]),
    ),
    ...Object.fromEntries(
      ['low', 'medium'].map((rank): [string, Case[]] => [
        `channel_affinity rank that is ${rank}`,
        [
          ...of(
            liking('rank', text('equals', rank), 'email'),
            [liked('email', 1, rank)],
            [liked('email', 1, 'high'), {}],
          ),
          ...of(
            liking('rank', text('not-equals', rank), 'email'),
            [liked('email', 1, 'high')],
            [liked('email', 1, rank), {}],
          ),
        ],
      ]),
    ),
    ...Object.fromEntries(
      ['email', 'push', 'sms', 'whatsapp'].flatMap((channel): [string, Case[]][] => [
        [
          `channel_affinity priority ${channel}`,
          of(
            liking('priority', number('equals', 1), channel),
            [liked(channel, 1, 'high')],
            [liked(channel, 2, 'high'), {}],
          ),
        ],
        [
          `channel_affinity rank ${channel}`,
          [
            ...of(
              liking('rank', text('equals', 'high'), channel),
              [liked(channel, 1, 'high')],
              [liked(channel, 1, 'low'), {}],
            ),
            ...of(
              liking('rank', text('not-equals', 'high'), channel),
              [liked(channel, 1, 'low')],
              [liked(channel, 1, 'high'), {}],
            ),
          ],
        ],
      ]),
    ),
  };
}

export const peopleRules = (now: number): Rules => ({
  ...about('profile-group-membership', lists(now)),
  ...about('profile-permissions', permissions(now)),
  ...places,
  ...about('profile-predictive-analytics', predictions(now)),
});
