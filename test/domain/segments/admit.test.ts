import { describe, expect, it } from 'vitest';
import { admit } from '../../../shared/domain/segments/index.ts';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import { owning } from '../../support/segment-conditions.ts';

/** Code and pointer of every fault of a definition with these groups of conditions. */
function faults(...groups: object[][]): string[] {
  const definition = segmentDefinition.parse({ condition_groups: groups.map((conditions) => ({ conditions })) });
  try {
    admit(definition, '');
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.faults.map(({ code, source }) => `${code} ${source?.pointer ?? ''}`);
  }
}

const place = '/condition_groups/0/conditions/0';
const property = (filter: object, name = 'email') => ({ type: 'profile-property', property: name, filter });
const metric = (rest: object) => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
  timeframe_filter: { type: 'date', operator: 'alltime' },
  ...rest,
});

describe('a definition', () => {
  it('is let through when all of it is evaluated', () => {
    expect(faults([metric({}), property({ type: 'existence', operator: 'is-set' })])).toEqual([]);
  });

  it('on what lies within a property of a profile is refused by its name', () => {
    const [within, plain] = ["properties['size']['shoe']", "properties['size shoe']"];
    const isSet = { type: 'existence', operator: 'is-set' };
    expect(faults([property(isSet, within), property(isSet, plain)])).toEqual([`invalid ${place}/property`]);
  });

  it('on custom objects is refused by its type: they come later', () => {
    expect(faults([owning])).toEqual([`not_allowed ${place}/type`]);
  });

  it.each(['(a+)+$', '^\\p{Lu}', '(?i)gold|silver'])('with the regular expression %s is admitted', (value) => {
    expect(faults([property({ type: 'string', operator: 'regex', value })])).toEqual([]);
  });

  it('names every fault at once, each at its place', () => {
    const nested = { property: 'items[0].name', filter: { type: 'existence', operator: 'is-set' } };
    const text = { type: 'string', operator: 'equals', value: null };
    expect(faults([metric({ metric_filters: [nested] })], [property(text), property(text, 'shoe_size')])).toEqual([
      `not_allowed ${place}/metric_filters/0/property`,
      'invalid /condition_groups/1/conditions/0/filter/value',
      'invalid /condition_groups/1/conditions/1/property',
      'invalid /condition_groups/1/conditions/1/filter/value',
    ]);
  });

  it('with a range that ends before it starts is refused', () => {
    const timeframe_filter = { type: 'date', operator: 'between', start: 30, end: 10, unit: 'day' };
    expect(faults([metric({ timeframe_filter })])).toEqual([`invalid ${place}/timeframe_filter`]);
  });

  it('has conditions, and at most 100 of them', () => {
    expect(faults()).toEqual(['invalid /condition_groups']);
    expect(faults([])).toEqual(['invalid /condition_groups/0/conditions']);
    expect(faults(Array.from({ length: 100 }, () => metric({})))).toEqual([]);
    expect(faults(Array.from({ length: 101 }, () => metric({})))).toEqual(['invalid /condition_groups']);
  });

  it('on a list names one list, and filters on consent where there is something to filter', () => {
    const group = { type: 'profile-group-membership', is_member: false, group_ids: ['a', 'b'] };
    const consent = (rest: object, can_receive_marketing = false, channel = 'email') => ({
      type: 'profile-marketing-consent',
      consent: { channel, can_receive_marketing, consent_status: { subscription: 'any', ...rest } },
    });
    const bounced = { field: 'bounce_date', filter: { type: 'existence', operator: 'is-set' } };
    expect(
      faults([
        group,
        consent({}, true, 'push'),
        consent({ filters: [bounced] }),
        consent({ filters: [bounced] }, true),
      ]),
    ).toEqual([
      `invalid ${place}/group_ids`,
      'invalid /condition_groups/0/conditions/3/consent/consent_status/filters',
    ]);
  });

  it('filters an event by at most 10 properties, and compares with at most 1,000 values', () => {
    const one = { property: 'a', filter: { type: 'existence', operator: 'is-set' } };
    const many = { type: 'string', operator: 'in', value: Array.from({ length: 1001 }, String) };
    const most = { ...many, value: many.value.slice(1) };
    expect(faults([metric({ metric_filters: Array.from({ length: 10 }, () => one) }), property(most)])).toEqual([]);
    expect(faults([metric({ metric_filters: Array.from({ length: 11 }, () => one) }), property(many)])).toEqual([
      `invalid ${place}/metric_filters`,
      'invalid /condition_groups/0/conditions/1/filter/value',
    ]);
  });

  it('compares with at least one value', () => {
    const none = { type: 'string', operator: 'not-in', value: [] };
    const place = '/condition_groups/0/conditions';
    expect(faults([property(none), metric({ metric_filters: [{ property: 'a', filter: none }] })])).toEqual([
      `invalid ${place}/0/filter/value`,
      `invalid ${place}/1/metric_filters/0/filter/value`,
    ]);
  });

  it('compares with no length below 0, and with properties of events that have a name', () => {
    const length = (value: number) => property({ type: 'list', operator: 'length-greater-than', value });
    const nameless = metric({ metric_filters: [{ property: '', filter: { type: 'existence', operator: 'is-set' } }] });
    expect(faults([length(0), length(-1), nameless])).toEqual([
      'invalid /condition_groups/0/conditions/1/filter/value',
      'invalid /condition_groups/0/conditions/2/metric_filters/0/property',
    ]);
  });

  it('names countries of phone numbers by their letters', () => {
    const filter = { type: 'string', operator: 'phone-country-code-in', value: ['US', '+1'] };
    expect(faults([property(filter, 'phone_number')])).toEqual([`invalid ${place}/filter/value/1`]);
  });

  it.each([
    ["location['town']", 'invalid'],
    ["location['City']", 'invalid'],
    ["location['__proto__']", 'invalid'],
    ['location', 'invalid'],
    ["location['city']", undefined],
    ["location['timezone']", undefined],
  ])('that looks at %s is judged by the fields that locations have', (name, code) => {
    const found = faults([property({ type: 'existence', operator: 'is-set' }, name)]);
    expect(found).toEqual(code ? [`${code} ${place}/property`] : []);
  });

  it.each([[null], [undefined]])('filters an event by something: a filter that is %s is refused', (filter) => {
    const metric_filters = [{ property: 'a', ...(filter === null && { filter }) }];
    const steps = [{ metric_exists: true, metric_id: 'Order1', metric_filters }];
    const timeframe_filter = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 };
    expect(faults([metric({ metric_filters }), { type: 'profile-metric-funnel', timeframe_filter, steps }])).toEqual([
      `invalid ${place}/metric_filters/0/filter`,
      'invalid /condition_groups/0/conditions/1/steps/0/metric_filters/0/filter',
    ]);
  });

  it('with a funnel begins with something that was done', () => {
    const step = (metric_exists: boolean) => ({ metric_exists, metric_id: 'Order1' });
    const past = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 };
    const funnel = (timeframe_filter: object, ...steps: object[]) => ({
      type: 'profile-metric-funnel',
      timeframe_filter,
      steps,
    });
    expect(faults([funnel(past, step(true), step(false)), funnel(past, step(false)), funnel(past)])).toEqual([
      'invalid /condition_groups/0/conditions/1/steps/0/metric_exists',
      'invalid /condition_groups/0/conditions/2/steps',
    ]);
  });

  it('on distance names a country whose postal codes are known, and a distance', () => {
    const near = (country_code: string, value: number) => ({
      type: 'profile-postal-code-distance',
      country_code,
      postal_code: '10001',
      unit: 'miles',
      filter: { type: 'numeric', operator: 'less-than', value },
    });
    expect(faults([near('USA', 5), near('GRC', 5), near('CHN', 0)])).toEqual([
      'invalid /condition_groups/0/conditions/1/country_code',
      'invalid /condition_groups/0/conditions/2/country_code',
      'invalid /condition_groups/0/conditions/2/filter/value',
    ]);
  });

  it('has funnels of at most 10 steps, each with at most 10 filters of plain properties', () => {
    const timeframe_filter = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 };
    const step = (...names: string[]) => ({
      metric_exists: true,
      metric_id: 'Order1',
      metric_filters: names.map((name) => ({ property: name, filter: { type: 'existence', operator: 'is-set' } })),
    });
    const funnel = (...steps: object[]) => ({ type: 'profile-metric-funnel', timeframe_filter, steps });
    const steps = (count: number) => Array.from({ length: count }, () => step('a'));
    const names = (count: number) => Array.from({ length: count }, (_, i) => `a${i}`);
    expect(faults([funnel(...steps(10)), funnel(step(), step(...names(10)))])).toEqual([]);
    expect(
      faults([funnel(...steps(11)), funnel(step(), step(...names(11))), funnel(step('a'), step('a', 'items[0].name'))]),
    ).toEqual([
      `invalid ${place}/steps`,
      'invalid /condition_groups/0/conditions/1/steps/1/metric_filters',
      'not_allowed /condition_groups/0/conditions/2/steps/1/metric_filters/1/property',
    ]);
  });
});

describe('a range that ends before it starts is refused wherever dates are', () => {
  const backwards = { type: 'date', operator: 'between', start: 30, end: 10, unit: 'day' };
  const [first, last] = ['2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z'];
  const fixed = { type: 'date', operator: 'between-static', start: last, end: first };
  const consent = (channel: string, can: boolean, subscription: string, ...filters: object[]) => ({
    type: 'profile-marketing-consent',
    consent: { channel, can_receive_marketing: can, consent_status: { subscription, filters } },
  });
  const dated = (field: string) => (filter: object) => ({ field, filter });
  const [said, bounced, effective, recorded] = [
    dated('status_date'),
    dated('bounce_date'),
    dated('effective_date'),
    dated('recorded_date'),
  ];
  const reachable = (...filters: object[]) => ({
    type: 'profile-permissions',
    channel: 'whatsapp_marketing',
    permission: { reachable_status: 'explicitly_reachable', filters },
  });
  const fine = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 };

  it.each<[string, (filter: object) => object, string]>([
    ['a property', (filter) => property(filter, "properties['since']"), '/filter'],
    ['a metric', (timeframe_filter) => metric({ timeframe_filter }), '/timeframe_filter'],
    [
      'a funnel',
      (timeframe_filter) => ({
        type: 'profile-metric-funnel',
        timeframe_filter,
        steps: [{ metric_exists: true, metric_id: 'Order1' }],
      }),
      '/timeframe_filter',
    ],
    [
      'the joining of a list',
      (timeframe_filter) => ({
        type: 'profile-group-membership',
        is_member: true,
        group_ids: ['a'],
        timeframe_filter,
      }),
      '/timeframe_filter',
    ],
    [
      'a consent to email',
      (filter) => consent('email', true, 'subscribed', said(fine), said(filter)),
      '/consent/consent_status/filters/1/filter',
    ],
    [
      'a withdrawal of sms',
      (filter) => consent('sms', false, 'unsubscribed', said(filter)),
      '/consent/consent_status/filters/0/filter',
    ],
    [
      'a suppression',
      (filter) => consent('email', false, 'any', bounced(filter)),
      '/consent/consent_status/filters/0/filter',
    ],
    [
      'when somebody could be reached',
      (filter) => reachable(recorded(fine), effective(filter)),
      '/permission/filters/1/filter',
    ],
    ['when that was recorded', (filter) => reachable(recorded(filter)), '/permission/filters/0/filter'],
    [
      'the next order',
      (filter) => ({
        type: 'profile-predictive-analytics',
        dimension: 'expected_date_of_next_purchase',
        filter,
      }),
      '/filter',
    ],
  ])('of %s', (_, condition, at) => {
    expect(faults([condition(backwards)])).toEqual([`invalid ${place}${at}`]);
    expect(faults([condition({ ...backwards, start: 10 })])).toEqual([`invalid ${place}${at}`]);
    expect(faults([condition({ ...backwards, start: 9 })])).toEqual([]);
    expect(faults([condition(fixed)])).toEqual([`invalid ${place}${at}/start`]);
    expect(faults([condition({ ...fixed, start: first })])).toEqual([]);
  });

  it('as an instant, whatever its offset', () => {
    const of = (start: string, end: string) => faults([property({ ...fixed, start, end }, "properties['since']")]);
    expect(of('2026-05-01T02:00:00+02:00', '2026-05-01T00:00:00Z')).toEqual([]);
    expect(of('2026-05-01T00:00:00Z', '2026-05-01T01:00:00+02:00')).toEqual([`invalid ${place}/filter/start`]);
  });
});
