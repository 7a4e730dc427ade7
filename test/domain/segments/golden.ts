// Hand-made cases per operator, from the behaviour page: a condition, facts, and what holds. Times are days from `now`.
import { day, iso } from '../../../shared/kernel/time.ts';
import type { Facts, Said } from '../../support/segment-oracle.ts';

export const now = Date.UTC(2026, 5, 1, 12);
const at = (days: number) => now + days * day;

export interface Case {
  condition: object;
  facts: Partial<Facts>;
  holds: boolean;
}

type Row = readonly [filter: object, value: unknown, holds: boolean];

const plan = (rows: readonly Row[]): Case[] =>
  rows.map(([filter, value, holds]) => ({
    condition: { type: 'profile-property', property: "properties['plan']", filter },
    facts: value === undefined ? {} : { properties: { plan: value } },
    holds,
  }));

const text = (operator: string, value: unknown) => ({ type: 'string', operator, value });
const number = (operator: string, value: number) => ({ type: 'numeric', operator, value });
const list = (operator: string, value: unknown) => ({ type: 'list', operator, value });
const exists = (operator: string) => ({ type: 'existence', operator });

export const values: Case[] = plan([
  [text('equals', 'gold'), 'gold', true],
  [text('equals', 'gold'), 'Gold', false],
  [text('equals', 'gold'), ['gold'], false],
  [text('not-equals', 'gold'), 'Gold', true],
  [text('not-equals', 'gold'), undefined, false],
  [text('contains', 'ol'), 'gold', true],
  [text('contains', 'OL'), 'gold', false],
  [text('not-contains', 'ol'), 'silver', true],
  [text('not-contains', 'ol'), undefined, false],
  [text('starts-with', 'go'), 'gold', true],
  [text('starts-with', 'old'), 'gold', false],
  [text('not-starts-with', 'go'), 'silver', true],
  [text('not-starts-with', 'go'), undefined, false],
  [text('ends-with', 'old'), 'gold', true],
  [text('ends-with', 'go'), 'gold', false],
  [text('not-ends-with', 'old'), 'silver', true],
  [text('not-ends-with', 'old'), undefined, false],
  [text('regex', '^g.*d$'), 'gold', true],
  [text('regex', 'ol'), 'gold', true],
  [text('regex', 'OL'), 'gold', false],
  [text('regex', '(?i)OL'), 'gold', true],
  [text('regex', '^ol'), 'gold', false],
  [text('regex', '[0-9]+'), 42, false],
  [text('nregex', '^g.*d$'), 'silver', true],
  [text('nregex', '^g.*d$'), 'gold', false],
  [text('nregex', 'x'), undefined, false],
  [text('in', ['gold', 'silver']), 'silver', true],
  [text('in', ['gold', 'silver']), 'Silver', false],
  [text('not-in', ['gold']), 'silver', true],
  [text('not-in', ['gold']), undefined, false],
  [number('equals', 0), 0, true],
  [exists('is-set'), 0, true],
  [number('equals', 3), 3, true],
  [number('equals', 3), '3', false],
  [number('not-equals', 3), 4, true],
  [number('not-equals', 3), undefined, false],
  [number('greater-than', 3), 3, false],
  [number('greater-than-or-equal', 3), 3, true],
  [number('less-than', 3), 3, false],
  [number('less-than', 3), 0, true],
  [number('less-than-or-equal', 3), 3, true],
  [{ type: 'boolean', operator: 'equals', value: true }, true, true],
  [{ type: 'boolean', operator: 'equals', value: false }, true, false],
  [{ type: 'boolean', operator: 'equals', value: false }, undefined, false],
  [exists('is-set'), 0, true],
  [exists('is-set'), '', false],
  [exists('is-set'), null, false],
  [exists('not-set'), null, true],
  [exists('not-set'), undefined, true],
  [list('contains', 'a'), ['a', 'b'], true],
  [list('contains', 'A'), ['a', 'b'], false],
  [list('contains', 1), [1], true],
  [list('contains', 'a'), 'a', false],
  [list('contains', 'a'), ['a', { nested: true }], false],
  [list('not-contains', 'c'), ['a'], true],
  [list('not-contains', 'c'), undefined, false],
  [list('length-equals', 2), ['a', 'b'], true],
  [list('length-greater-than', 2), ['a', 'b'], false],
  [list('length-greater-than-or-equal', 2), ['a', 'b'], true],
  [list('length-less-than', 1), [], true],
  [list('length-less-than-or-equal', 2), ['a', 'b'], true],
  [list('length-less-than', 1), undefined, false],
]).concat(
  [
    ['phone-country-code-in', ['US', 'GB'], '+442071838750', true],
    ['phone-country-code-in', ['US'], '+16135550123', false],
    ['phone-country-code-not-in', ['US'], '+16135550123', true],
    ['phone-country-code-not-in', ['US'], undefined, false],
  ].map(([operator, value, phone_number, holds]) => ({
    condition: { type: 'profile-property', property: 'phone_number', filter: { type: 'string', operator, value } },
    facts: { attributes: { phone_number } },
    holds: holds as boolean,
  })),
);

const date = (operator: string, rest: object = {}) => ({ type: 'date', operator, ...rest });
const days = (operator: string, quantity: number) => date(operator, { unit: 'day', quantity });

export const dates: Case[] = plan([
  [date('before', { date: '2026-05-01T00:00:00Z' }), '2026-05-01', false],
  [date('before', { date: '2026-05-01T00:00:00Z' }), '2026-04-30', true],
  [date('after', { date: '2026-05-01T00:00:00Z' }), '2026-05-01', false],
  [date('after', { date: '2026-05-01T00:00:00Z' }), '2026-05-02', true],
  [date('after', { date: '2026-05-01T00:00:00Z' }), 'soon', false],
  [date('between-static', { start: '2026-05-01T00:00:00Z', end: '2026-05-03T00:00:00Z' }), '2026-05-01', true],
  [date('between-static', { start: '2026-05-01T00:00:00Z', end: '2026-05-03T00:00:00Z' }), '2026-05-03', true],
  [date('between-static', { start: '2026-05-01T00:00:00Z', end: '2026-05-03T00:00:00Z' }), '2026-05-04', false],
  [days('in-the-last', 30), iso(at(-30)), true],
  [days('in-the-last', 30), iso(at(-31)), false],
  [days('in-the-last', 30), iso(at(1)), false],
  [days('at-least', 30), iso(at(-30)), false],
  [days('at-least', 30), iso(at(-31)), true],
  [days('in-the-next', 30), iso(at(30)), true],
  [days('in-the-next', 30), iso(at(-1)), false],
  [date('between', { start: 10, end: 30, unit: 'day' }), iso(at(-10)), true],
  [date('between', { start: 10, end: 30, unit: 'day' }), iso(at(-30)), false],
  [date('between', { start: 1, end: 2, unit: 'week' }), iso(at(-8)), true],
  [date('anniversary'), '1990-06-01', true],
  [date('anniversary'), '1990-06-02', false],
  [date('anniversary'), '2030-06-01', true],
  [date('anniversary-month'), '1990-06-30', true],
  [date('anniversary-month'), '1990-07-01', false],
  [date('calendar-month', { value: 6 }), '1990-06-30', true],
  [date('calendar-month', { value: 7 }), '1990-06-30', false],
  [days('anniversary-last', 3), '1990-05-30', true],
  [days('anniversary-last', 3), '1990-05-29', false],
  [days('anniversary-next', 3), '1990-06-04', true],
  [days('anniversary-next', 3), '1990-06-05', false],
  [days('anniversary-next', 366), '1990-01-01', true],
]);

const said = (rest: Partial<Said> = {}): Said => ({
  state: 'SUBSCRIBED',
  at: at(-10),
  method: 'API',
  detail: null,
  custom: null,
  double: false,
  ...rest,
});
const mailed = (rest?: Partial<Said>, suppressions: Facts['suppressions'] = []): Partial<Facts> => ({
  attributes: { email: 'ana@example.com' },
  email: { state: said(rest).state, suppressed: suppressions.length > 0, said: said(rest) },
  suppressions,
});
const consent = (channel: string, can_receive_marketing: boolean, subscription: string, ...filters: object[]) => ({
  type: 'profile-marketing-consent',
  consent: { channel, can_receive_marketing, consent_status: { subscription, ...(filters.length > 0 && { filters }) } },
});
const by = (method: string, ...sources: string[]) => ({
  field: 'method',
  method,
  ...(sources.length > 0 && { filter: text('in', sources) }),
});
const reachable = (reachable_status: string, channel = 'whatsapp_marketing') => ({
  type: 'profile-permissions',
  channel,
  permission: { reachable_status, ...(reachable_status.startsWith('explicitly') && { filters: [] }) },
});
const bounced = [{ reason: 'HARD_BOUNCE', at: at(-5) }];

export const consents: Case[] = (
  [
    [consent('email', true, 'subscribed'), mailed(), true],
    [consent('email', true, 'any'), mailed({}, bounced), false],
    [
      consent('email', false, 'subscribed', { field: 'bounce_date', filter: exists('is-set') }),
      mailed({}, bounced),
      true,
    ],
    [
      consent('email', false, 'any', { field: 'bounce_date', filter: days('in-the-last', 4) }),
      mailed({}, bounced),
      false,
    ],
    [
      consent('email', false, 'any', { field: 'invalid_email_date', filter: exists('is-set') }),
      mailed({}, bounced),
      false,
    ],
    [consent('email', false, 'unsubscribed', by('api')), mailed({ state: 'UNSUBSCRIBED' }), true],
    [consent('email', true, 'subscribed', by('form', 'F1')), mailed({ method: 'FORM', detail: 'F1' }), true],
    [consent('email', true, 'subscribed', by('form', 'F2')), mailed({ method: 'FORM', detail: 'F1' }), false],
    [consent('email', true, 'subscribed', by('form')), mailed({ method: 'FORM' }), true],
    [consent('email', true, 'subscribed', by('api'), by('form')), mailed(), false],
    [
      consent('email', true, 'subscribed', { field: 'custom_source', filter: text('equals', 'Till') }),
      mailed({ custom: 'Till' }),
      true,
    ],
    [
      consent('email', true, 'subscribed', {
        field: 'is_double_opt_in',
        filter: { type: 'boolean', operator: 'equals', value: true },
      }),
      mailed(),
      false,
    ],
    [consent('email', true, 'subscribed', { field: 'status_date', filter: days('in-the-last', 10) }), mailed(), true],
    [consent('email', true, 'subscribed', { field: 'status_date', filter: days('at-least', 10) }), mailed(), false],
    [consent('sms', true, 'subscribed'), { others: { sms: said() } }, true],
    [consent('sms', false, 'never_subscribed'), {}, true],
    [consent('sms', false, 'unsubscribed'), { others: { sms: said({ state: 'UNSUBSCRIBED' }) } }, true],
    [consent('push', true, 'any'), { others: { push: said() } }, true],
    [consent('push', false, 'any'), {}, true],
    [reachable('explicitly_reachable'), { others: { whatsapp: said() } }, true],
    [reachable('explicitly_reachable', 'whatsapp_transactional'), { others: { whatsapp: said() } }, false],
    [reachable('implicitly_reachable'), { others: { whatsapp: said() } }, false],
    [reachable('implicitly_or_explicitly_reachable'), { others: { whatsapp: said() } }, true],
    [reachable('explicitly_unreachable'), { others: { whatsapp: said({ state: 'UNSUBSCRIBED' }) } }, true],
    [reachable('implicitly_unreachable'), {}, true],
    [reachable('implicitly_or_explicitly_unreachable'), {}, true],
  ] as const
).map(([condition, facts, holds]) => ({ condition, facts, holds }));
