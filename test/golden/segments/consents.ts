// What people said of being written to, by channel, status and how they said it.
import type { Facts, Said } from '../../support/segment-oracle.ts';
import { type Case, type Rules, about, after, days, exists, flag, of, saidAt, text } from './case.ts';
import { casesLookingBack, dateRules } from './dates.ts';

type Channel = 'email' | 'sms' | 'push';
type Suppressions = NonNullable<Facts['suppressions']>;

/** What was said of a channel; nothing when undefined. */
function heard(channel: Channel, said: Said | undefined, suppressions: Suppressions = []): Partial<Facts> {
  if (channel !== 'email') return said ? { others: { [channel]: said } } : {};
  const suppressed = suppressions.length > 0 || said?.state === 'UNSUBSCRIBED';
  return {
    attributes: { email: 'ana@example.com' },
    email: { state: said?.state ?? null, suppressed, ...(said && { said }) },
    suppressions,
  };
}

const condition = (channel: Channel, can: boolean, subscription: string, ...filters: object[]) => ({
  type: 'profile-marketing-consent',
  consent: {
    channel,
    can_receive_marketing: can,
    consent_status: { subscription, ...(filters.length > 0 && { filters }) },
  },
});

const unfiltered = ['form', 'manual_import', 'manual_add'];
const plain = ['checkout', 'inbound_message', 'preference_page', 'sftp'];

/** Ways to say yes or no: those whose source can be asked for, and those that have none. */
export const ways = {
  'email subscribed': {
    sourced: ['form', 'api', 'manual_import', 'manual_add'],
    plain: ['preference_page', 'inbound_message', 'back_in_stock', 'sftp'],
    platform: 'shopify',
  },
  'email unsubscribed': {
    sourced: ['api'],
    plain: ['inbound_message', 'preference_page', 'manual_remove', 'spam_complaint', 'mailbox_provider'].concat([
      'one_click_unsubscribe',
      'manual_import',
      'sftp',
      'data_warehouse_import',
      'profile_modification',
    ]),
    platform: 'constant_contact',
  },
  'sms subscribed': { sourced: unfiltered, plain, platform: 'shopify' },
  'sms unsubscribed': {
    sourced: unfiltered,
    plain: [...plain, 'manual_remove', 'bulk_remove', 'carrier_deactivation', 'provided_landline'].concat([
      'message_blocked',
      'provided_no_age',
      'failed_age_gate',
    ]),
    platform: 'shopify',
  },
} as const;

function byMethod(now: number, name: keyof typeof ways): Rules {
  const [channel, subscription] = name.split(' ') as [Channel, string];
  const state = subscription === 'subscribed' ? 'SUBSCRIBED' : 'UNSUBSCRIBED';
  const { sourced, plain: sourceless, platform } = ways[name];
  const asked = (method: string, filter?: object) =>
    condition(channel, state === 'SUBSCRIBED', subscription, { field: 'method', method, ...(filter && { filter }) });
  const by = (method: string, detail: string | null = null) =>
    heard(channel, saidAt(now, { state, method: method.toUpperCase(), detail }));
  const other = by('other');
  const anyWay = [...sourced, ...sourceless].map((method): [string, Case[]] => [
    `method ${method}`,
    of(asked(method), [by(method), by(method, 'F1')], [other]),
  ]);
  const ofSource = sourced.map((method): [string, Case[]] => [
    `method ${method} from one of some sources`,
    of(asked(method, text('in', ['F1', 'F2'])), [by(method, 'F2')], [by(method, 'F3'), by(method)]),
  ]);
  return about(`${name} by`, {
    ...Object.fromEntries([...anyWay, ...ofSource]),
    [`method integration ${platform}`]: of(
      asked('integration', text('in', [platform])),
      [by('integration', platform)],
      [by('integration', 'wix'), other],
    ),
  });
}

const reasons = {
  bounce_date: 'HARD_BOUNCE',
  manual_suppression_date: 'USER_SUPPRESSED',
  invalid_email_date: 'INVALID_EMAIL',
} as const;

function suppressed(now: number): Rules {
  const at = after(now, -2);
  const statuses: readonly (readonly [string, Said | undefined])[] = [
    ['any', saidAt(now)],
    ['subscribed', saidAt(now)],
    ['unsubscribed', saidAt(now, { state: 'UNSUBSCRIBED' })],
    ['never_subscribed', undefined],
  ];
  return Object.fromEntries(
    statuses.flatMap(([subscription, said]) =>
      Object.entries(reasons).map(([field, reason]): [string, Case[]] => {
        const asked = (filter: object) => condition('email', false, subscription, { field, filter });
        const facts = [heard('email', said, [{ reason, at }])];
        const others = [heard('email', said, [{ reason: 'SPAM_COMPLAINT', at }])];
        return [
          `email ${subscription}: ${field}`,
          [
            ...of(asked(exists('is-set')), facts, others),
            ...of(asked(days('in-the-last', 2)), facts, others),
            ...of(asked(days('at-least', 2)), [], facts),
            ...casesLookingBack(now, asked, (when) => heard('email', said, [{ reason, at: when }])),
          ],
        ];
      }),
    ),
  );
}

/** Who can be written to: of each channel, of each status. */
function statuses(now: number): Rules {
  const [yes, no] = [saidAt(now), saidAt(now, { state: 'UNSUBSCRIBED' })];
  const bounced = [{ reason: 'HARD_BOUNCE', at: after(now, -5) }];
  const suppressedBy = { field: 'bounce_date', filter: exists('is-set') };
  const cannot = (channel: Channel) =>
    of(condition(channel, false, 'any'), [heard(channel, no), {}], [heard(channel, yes)]);
  const rules = (channel: Channel): Rules =>
    about(channel, {
      'any who can be written to': of(
        condition(channel, true, 'any'),
        [heard(channel, yes)],
        [heard(channel, no), channel === 'email' ? heard('email', yes, bounced) : {}],
      ),
      'any who cannot': cannot(channel),
    });
  return {
    ...rules('email'),
    'email never_subscribed can be written to unless something suppresses them': of(
      condition('email', true, 'never_subscribed'),
      [heard('email', undefined)],
      [heard('email', undefined, bounced), heard('email', yes), {}],
    ),
    'email all filters hold': of(
      condition('email', false, 'any', suppressedBy, { ...suppressedBy, filter: days('in-the-last', 5) }),
      [heard('email', yes, bounced)],
      [heard('email', yes, [{ reason: 'HARD_BOUNCE', at: after(now, -6) }])],
    ),
    'sms any who cannot': cannot('sms'),
    'sms never_subscribed': of(condition('sms', false, 'never_subscribed'), [{}], [heard('sms', no)]),
    ...rules('push'),
  };
}

/** Nothing narrows it down: its filters are left out, null or none. */
function unnarrowed(now: number): Rules {
  const [yes, no] = [saidAt(now), saidAt(now, { state: 'UNSUBSCRIBED' })];
  const all = [
    ['email', true, 'subscribed'],
    ['email', false, 'unsubscribed'],
    ['sms', true, 'subscribed'],
    ['sms', false, 'unsubscribed'],
    ['email', true, 'any'],
    ['email', false, 'any'],
    ['push', true, 'any'],
  ] as const;
  return Object.fromEntries(
    all.map(([channel, can, subscription]): [string, Case[]] => [
      `${channel} ${subscription} who ${can ? 'can' : 'cannot'} be written to, without filters`,
      [{}, { filters: null }, { filters: [] }].flatMap((filters) =>
        of(
          {
            type: 'profile-marketing-consent',
            consent: { channel, can_receive_marketing: can, consent_status: { subscription, ...filters } },
          },
          [heard(channel, can ? yes : no)],
          [heard(channel, can ? no : yes)],
        ),
      ),
    ]),
  );
}

function details(now: number): Rules {
  const double = (value: boolean) =>
    condition('email', true, 'subscribed', { field: 'is_double_opt_in', filter: flag(value) });
  const [once, twice] = [heard('email', saidAt(now)), heard('email', saidAt(now, { double: true }))];
  const rcs = (capable: boolean) =>
    condition('sms', true, 'subscribed', { field: 'is_rcs_capable', filter: flag(capable) });
  const page = { field: 'method', method: 'preference_page', filter: text('equals', 'P1') };
  const fromPage = (detail: string | null) => heard('email', saidAt(now, { method: 'PREFERENCE_PAGE', detail }));
  return {
    'email is_double_opt_in': [...of(double(true), [twice], [once]), ...of(double(false), [once], [twice])],
    'email custom_source: by case': of(
      condition('email', true, 'subscribed', { field: 'custom_source', filter: text('equals', 'Till') }),
      [heard('email', saidAt(now, { custom: 'Till' }))],
      [heard('email', saidAt(now, { custom: 'till' })), once],
    ),
    'email preference_page: that page': of(
      condition('email', true, 'subscribed', page),
      [fromPage('P1')],
      [fromPage('P2')],
    ),
    'sms is_rcs_capable: of RCS nothing is known, and what is not known matches nothing': [
      ...of(rcs(true), [], [heard('sms', saidAt(now))]),
      ...of(rcs(false), [], [heard('sms', saidAt(now))]),
    ],
  };
}

/** When it was said: every form of dates of one channel, and those that look back of the others. */
function statusDates(now: number): Rules {
  const on = (channel: Channel, can: boolean, subscription: string) => (filter: object) =>
    condition(channel, can, subscription, { field: 'status_date', filter });
  const told = (channel: Channel, state: Said['state']) => (at: number) => heard(channel, saidAt(now, { state, at }));
  const one = (channel: Channel, can: boolean, subscription: string) => {
    const said = told(channel, can ? 'SUBSCRIBED' : 'UNSUBSCRIBED');
    const asked = on(channel, can, subscription)(days('in-the-last', 4));
    return [
      ...of(asked, [said(after(now, -4))], [said(after(now, -4) - 1)]),
      ...casesLookingBack(now, on(channel, can, subscription), said),
    ];
  };
  return {
    ...about(
      'email subscribed status_date',
      dateRules(now, on('email', true, 'subscribed'), told('email', 'SUBSCRIBED')),
    ),
    'email unsubscribed status_date': one('email', false, 'unsubscribed'),
    'sms subscribed status_date': one('sms', true, 'subscribed'),
    'sms unsubscribed status_date': one('sms', false, 'unsubscribed'),
    'push any status_date': one('push', true, 'any'),
  };
}

export const consentRules = (now: number): Rules =>
  about('profile-marketing-consent', {
    ...statuses(now),
    ...unnarrowed(now),
    ...details(now),
    ...suppressed(now),
    ...statusDates(now),
    ...byMethod(now, 'email subscribed'),
    ...byMethod(now, 'email unsubscribed'),
    ...byMethod(now, 'sms subscribed'),
    ...byMethod(now, 'sms unsubscribed'),
  });
