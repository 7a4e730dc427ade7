import { describe, expect, it } from 'vitest';
import { admit } from '../../../shared/domain/segments/index.ts';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';

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

  it('with a condition that is not built is refused by its type', () => {
    const region = { type: 'profile-region', in_region: true, region: 'united_states' };
    expect(faults([region])).toEqual([`not_allowed ${place}/type`]);
  });

  it('with a regular expression is refused: what users write is not run', () => {
    const filter = { type: 'string', operator: 'regex', value: '(a+)+$' };
    expect(faults([property(filter)])).toEqual([`not_allowed ${place}/filter/operator`]);
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
    expect(faults(Array.from({ length: 101 }, () => metric({})))).toEqual(['invalid /condition_groups']);
  });

  it('on a list names one list, and on consent the channel email without filters', () => {
    const group = { type: 'profile-group-membership', is_member: false, group_ids: ['a', 'b'] };
    const consent = (channel: string) => ({
      type: 'profile-marketing-consent',
      consent: { channel, can_receive_marketing: false, consent_status: { subscription: 'any' } },
    });
    expect(faults([group, consent('push'), consent('email')])).toEqual([
      `invalid ${place}/group_ids`,
      'not_allowed /condition_groups/0/conditions/1/consent/channel',
    ]);
  });
});
