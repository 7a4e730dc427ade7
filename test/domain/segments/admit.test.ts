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

  it('names countries of phone numbers by their letters', () => {
    const filter = { type: 'string', operator: 'phone-country-code-in', value: ['US', '+1'] };
    expect(faults([property(filter, 'phone_number')])).toEqual([`invalid ${place}/filter/value/1`]);
  });

  it('with a funnel begins with something that was done, in the past', () => {
    const step = (metric_exists: boolean) => ({ metric_exists, metric_id: 'Order1' });
    const past = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 };
    const funnel = (timeframe_filter: object, ...steps: object[]) => ({
      type: 'profile-metric-funnel',
      timeframe_filter,
      steps,
    });
    const next = { ...past, operator: 'in-the-next' };
    expect(faults([funnel(past, step(true), step(false)), funnel(next, step(false)), funnel(past)])).toEqual([
      'invalid /condition_groups/0/conditions/1/timeframe_filter/operator',
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
});
