import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
let ordered: string;

const record = (name: string, uniqueId: string, rest: object) =>
  stage.sdk.events.createEvent({
    data: {
      type: 'event',
      attributes: {
        metric: { data: { type: 'metric', attributes: { name } } },
        profile: { data: { type: 'profile', attributes: { email: 'ana@example.com' } } },
        uniqueId,
        properties: {},
        ...rest,
      },
    },
  });

beforeAll(async () => {
  stage = await openStage();
  await record('Placed Order', '1', { properties: { Items: ['Decaf', 'Mocha'], Paid: true }, value: 8.5 });
  await record('Placed Order', '2', { properties: { Items: ['Decaf'], Store: 'Main St' } });
  await stage.settle();
  ordered = (await stage.sdk.metrics.getMetrics()).body.data[0]?.id ?? '';
});
afterAll(() => stage.close());

describe('the properties of a metric', () => {
  it('are those that its events had, with their types, and with examples when asked for', async () => {
    const { metrics } = stage.sdk;
    const plain = (await metrics.getPropertiesForMetric(ordered)).body.data;
    const told = plain.map(({ attributes }) => [attributes.label, attributes.property, attributes.inferredType]);
    expect(told).toEqual([
      ['Items', 'Items', 'List'],
      ['Paid', 'Paid', 'Boolean'],
      ['Value', '$value', 'Number'],
      ['Store', 'Store', 'String'],
    ]);
    expect(plain.map(({ attributes }) => attributes.sampleValues)).toEqual(plain.map(() => undefined));
    const { body } = await metrics.getPropertiesForMetric(ordered, {
      additionalFieldsMetricProperty: ['sample_values'],
      fieldsMetricProperty: ['sample_values'],
    });
    expect(body.data.map(({ attributes }) => attributes.sampleValues)).toEqual([
      expect.arrayContaining(['Decaf', 'Mocha']),
      [true],
      [8.5],
      ['Main St'],
    ]);
    const ids = (await metrics.getPropertyIdsForMetric(ordered)).body.data;
    expect(ids.map(({ id }) => id)).toEqual(plain.map(({ id }) => id));
  });

  it('are read one by one, and lead to their metric', async () => {
    const { metrics } = stage.sdk;
    const id = (await metrics.getPropertiesForMetric(ordered)).body.data[0]?.id ?? '';
    const { body } = await metrics.getMetricProperty(id, {
      include: ['metric'],
      additionalFieldsMetricProperty: ['sample_values'],
    });
    expect(body.data).toMatchObject({ id, attributes: { property: 'Items', sampleValues: ['Decaf', 'Mocha'] } });
    expect(body.included?.map((one) => one.id)).toEqual([ordered]);
    expect((await metrics.getMetricForMetricProperty(id)).body.data?.id).toBe(ordered);
    expect((await metrics.getMetricIdForMetricProperty(id)).body.data?.id).toBe(ordered);
    expect((await metrics.getMetric(ordered)).body.data.attributes.name).toBe('Placed Order');
  });

  it('do not exist where the metric or the property does not', async () => {
    const paths = ['metrics/nothing/metric-properties', 'metric-properties/nothing', `metric-properties/${ordered}`];
    for (const path of paths) await expectRefused(stage, () => stage.send('GET', `/api/${path}`), 404);
  });
});

describe('a custom metric', () => {
  const definition = () => ({
    aggregationMethod: 'value' as const,
    metricGroups: [
      {
        metricId: ordered,
        metricFilters: [
          { property: 'Store', filter: { type: 'string' as const, operator: 'equals' as const, value: 'Main St' } },
        ],
        valueProperty: '$value',
      },
    ],
  });
  const create = (name: string) =>
    stage.sdk.metrics.createCustomMetric({
      data: { type: 'custom-metric', attributes: { name, definition: definition() } },
    });

  it('is made, read, listed, changed and removed', async () => {
    const { metrics } = stage.sdk;
    const { id, attributes } = (await create('Sales')).body.data;
    expect(JSON.parse(JSON.stringify(attributes))).toMatchObject({ name: 'Sales', definition: definition() });
    const read = (await metrics.getCustomMetric(id, { include: ['metrics'] })).body;
    expect(read.data.attributes).toEqual(attributes);
    expect(read.included?.map((one) => one.id)).toEqual([ordered]);
    expect((await metrics.getMetricsForCustomMetric(id)).body.data.map((one) => one.id)).toEqual([ordered]);
    expect((await metrics.getMetricIdsForCustomMetric(id)).body.data.map((one) => one.id)).toEqual([ordered]);
    const change = { aggregationMethod: 'count' as const, metricGroups: [{ metricId: ordered }] };
    const { body } = await metrics.updateCustomMetric(id, {
      data: { type: 'custom-metric', id, attributes: { definition: change } },
    });
    expect(JSON.parse(JSON.stringify(body.data.attributes))).toMatchObject({ name: 'Sales', definition: change });
    expect((await metrics.getCustomMetrics()).body.data.map((one) => one.id)).toEqual([id]);
    await metrics.deleteCustomMetric(id);
    expect((await metrics.getCustomMetrics()).body.data).toEqual([]);
  });

  it('has a name of its own, until it is renamed or removed', async () => {
    const { metrics } = stage.sdk;
    const { id } = (await create('Taken')).body.data;
    const other = (await create('Free')).body.data.id;
    const rename = (name: string) =>
      metrics.updateCustomMetric(id, { data: { type: 'custom-metric', id, attributes: { name } } });
    for (const refused of [create('Taken'), rename('Free')]) {
      const { status, errors } = await refusalOf(refused);
      expect([status, errors[0]?.source.pointer]).toEqual([400, '/data/attributes/name']);
    }
    await metrics.deleteCustomMetric(other);
    await rename('Free');
    await metrics.deleteCustomMetric((await create('Taken')).body.data.id);
    await metrics.deleteCustomMetric(id);
  });

  it('is one of fifty, and one of those who ask for one name at once', async () => {
    const { metrics } = stage.sdk;
    const twins = await Promise.allSettled([create('Twin'), create('Twin'), create('Twin')]);
    expect(twins.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (let i = 1; i < 50; i += 1) await create(`Metric ${i}`);
    expect((await refusalOf(create('Metric 50'))).status).toBe(400);
    for (const { id } of (await metrics.getCustomMetrics()).body.data) await metrics.deleteCustomMetric(id);
  });

  it('adds up metrics that there are, by filters that can be run', async () => {
    const { metrics } = stage.sdk;
    const post = (group: object) => {
      const attributes = { name: 'Odd', definition: { aggregation_method: 'count', metric_groups: [group] } };
      return stage.send('POST', '/api/custom-metrics', { body: { data: { type: 'custom-metric', attributes } } });
    };
    const at = '/data/attributes/definition/metric_groups/0';
    const unknown = await expectRefused(stage, () => post({ metric_id: 'nothing' }), 400);
    expect(unknown.errors[0]?.source.pointer).toBe(`${at}/metric_id`);
    const matching = (value: string) => {
      const filter = { type: 'string', operator: 'regex', value };
      return post({ metric_id: ordered, metric_filters: [{ property: 'Store', filter }] });
    };
    const refused = await expectRefused(stage, () => matching('(?=a)'), 400);
    expect(refused.errors[0]?.source.pointer).toBe(`${at}/metric_filters/0/filter/value`);
    // Takes time linear in the text.
    const made = await matching('(a+)+$');
    expect(made.status).toBe(201);
    await metrics.deleteCustomMetric(made.one.id);
  });
});

describe('a mapped metric', () => {
  const map = (relationships: object) =>
    stage.sdk.metrics.updateMappedMetric('revenue', {
      data: { type: 'mapped-metric', id: 'revenue', relationships },
    });

  it('is a role that a metric or a custom metric plays, or nothing', async () => {
    const { metrics } = stage.sdk;
    const roles = (await metrics.getMappedMetrics()).body.data;
    expect(roles.map(({ id }) => id)).toEqual([
      'added_to_cart',
      'cancelled_sales',
      'ordered_product',
      'refunded_sales',
      'revenue',
      'started_checkout',
      'viewed_product',
    ]);
    expect((await metrics.getMetricForMappedMetric('revenue')).body.data).toBeNull();
    await map({ metric: { data: { type: 'metric', id: ordered } } });
    expect((await metrics.getMetricForMappedMetric('revenue')).body.data?.id).toBe(ordered);
    expect((await metrics.getMetricIdForMappedMetric('revenue')).body.data?.id).toBe(ordered);
    expect((await metrics.getCustomMetricForMappedMetric('revenue')).body.data).toBeNull();
    expect((await metrics.getCustomMetricIdForMappedMetric('revenue')).body.data).toBeNull();
    const { body } = await metrics.getMappedMetric('revenue', { include: ['metric', 'custom-metric'] });
    expect(body.included?.map((one) => one.id)).toEqual([ordered]);
  });

  it('is played by nothing once its custom metric is removed', async () => {
    const { metrics } = stage.sdk;
    const definition = { aggregationMethod: 'count' as const, metricGroups: [{ metricId: ordered }] };
    const made = await metrics.createCustomMetric({
      data: { type: 'custom-metric', attributes: { name: 'Net', definition } },
    });
    const { id } = made.body.data;
    await map({ customMetric: { data: { type: 'custom-metric', id } } });
    const { body } = await metrics.getMappedMetrics({ include: ['custom-metric', 'metric'] });
    expect(body.included?.map((one) => one.id)).toEqual([id]);
    expect((await metrics.getMetricIdForMappedMetric('revenue')).body.data).toBeNull();
    await metrics.deleteCustomMetric(id);
    expect((await metrics.getCustomMetricForMappedMetric('revenue')).body.data).toBeNull();
  });

  it('is played by one that there is', async () => {
    const metric = (id: string) => ({ metric: { data: { type: 'metric', id } } });
    const custom = (id: string) => ({ 'custom-metric': { data: { type: 'custom-metric', id } } });
    const patch = (relationships: object, role = 'revenue') => {
      const body = { data: { type: 'mapped-metric', id: 'revenue', relationships } };
      return stage.send('PATCH', `/api/mapped-metrics/${role}`, { body });
    };
    for (const none of [{}, { metric: {} }, metric('nothing'), custom(ordered), { ...metric(ordered), ...custom('x') }])
      await expectRefused(stage, () => patch(none), 400);
    await expectRefused(stage, () => stage.send('GET', '/api/mapped-metrics/nothing'), 404);
    await expectRefused(stage, () => patch(metric(ordered), 'nothing'));
  });
});

describe('aggregates', () => {
  const query = (attributes: object) =>
    stage.send('POST', '/api/metric-aggregates', {
      body: {
        data: {
          type: 'metric-aggregate',
          attributes: {
            metric_id: ordered,
            measurements: ['count'],
            filter: ['greater-or-equal(datetime,2026-03-01)', 'less-than(datetime,2026-04-01)'],
            ...attributes,
          },
        },
      },
    });
  const shown = async (attributes: object) => (await query(attributes)).one.attributes;

  beforeAll(async () => {
    const order = (uniqueId: string, time: string, currency: string, value: number, properties: object) =>
      record('Placed Order', uniqueId, { time: new Date(time), valueCurrency: currency, value, properties });
    await order('a', '2026-03-29T00:30:00Z', 'EUR', 0.1, { Method: 'card' });
    await order('b', '2026-03-29T23:30:00Z', 'EUR', 0.2, { Method: 'card' });
    await order('c', '2026-03-30T12:00:00Z', 'USD', 7, {});
    await stage.settle();
  });

  it('are told by the SDK', async () => {
    const { body } = await stage.sdk.metrics.queryMetricAggregates({
      data: {
        type: 'metric-aggregate',
        attributes: {
          metricId: ordered,
          measurements: ['count', 'sum_value', 'unique'],
          interval: 'week',
          by: ['$value_currency'],
          filter: ['greater-or-equal(datetime,2026-03-23)', 'less-than(datetime,2026-04-06)'],
          timezone: 'Europe/Berlin',
        },
      },
    });
    const { dates, data } = body.data.attributes;
    expect(dates.map((date) => date.toISOString())).toEqual(['2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(JSON.parse(JSON.stringify(data))).toEqual([
      { dimensions: ['EUR'], measurements: { count: [1, 1], sum_value: [0.1, 0.2], unique: [1, 1] } },
      { dimensions: ['USD'], measurements: { count: [0, 1], sum_value: [0, 7], unique: [0, 1] } },
    ]);
  });

  it('are filtered by what events say, and empty for those that say nothing of it', async () => {
    const range = ['greater-or-equal(datetime,2026-03-01)', 'less-than(datetime,2026-04-01)'];
    const filtered = { interval: 'month', filter: [...range, 'any($value_currency,["EUR"])'] };
    expect((await shown(filtered))['data']).toEqual([{ dimensions: [], measurements: { count: [2] } }]);
    expect((await shown({ interval: 'month', by: ['Method'] }))['data']).toEqual([
      { dimensions: [''], measurements: { count: [1] } },
      { dimensions: ['card'], measurements: { count: [2] } },
    ]);
  });

  it('are filtered by all conditions at once, and split by several, those that no event has too', async () => {
    const range = ['greater-or-equal(datetime,2026-03-01)', 'less-than(datetime,2026-04-01)'];
    const count = async (...filters: string[]) => {
      const data = (await shown({ interval: 'month', filter: [...range, ...filters] }))['data'];
      return (data as { measurements: { count: number[] } }[])[0]?.measurements.count;
    };
    expect(await count('any($value_currency,["EUR","USD"])', 'not-equals(Method,"card")')).toEqual([1]);
    expect(await count('equals($value_currency,"EUR")', 'equals(Method,"card")')).toEqual([2]);
    expect(await count('equals($value_currency,"EUR")', 'equals($value_currency,"USD")')).toEqual([0]);
    expect(await count('equals(Method,"Card")')).toEqual([0]);
    const by = ['$flow', 'Method', '$attributed_message', '$value_currency'];
    expect((await shown({ interval: 'month', by }))['data']).toEqual([
      { dimensions: ['', '', '', 'USD'], measurements: { count: [1] } },
      { dimensions: ['', 'card', '', 'EUR'], measurements: { count: [2] } },
    ]);
  });

  it('have 23 hours on the day that clocks are put forward, and take times without an offset for those of the zone', async () => {
    const filter = ['greater-or-equal(datetime,2026-03-29T00:00:00)', 'less-than(datetime,2026-03-30T00:00:00)'];
    const asked = { interval: 'hour', filter, timezone: 'Europe/Berlin' };
    const { dates, data } = (await shown(asked)) as { dates: string[]; data: { measurements: { count: number[] } }[] };
    expect(dates).toHaveLength(23);
    expect([dates[0], dates.at(-1)]).toEqual(['2026-03-28T23:00:00+00:00', '2026-03-29T21:00:00+00:00']);
    expect(data[0]?.measurements.count.flatMap((n, hour) => (n > 0 ? [[hour, n]] : []))).toEqual([[1, 1]]);
    const utc = { ...asked, filter: filter.map((one) => one.replace(')', 'Z)')), interval: 'day', timezone: 'UTC' };
    expect(await shown(utc)).toMatchObject({ data: [{ measurements: { count: [2] } }] });
  });

  it('begin on the quarter of an hour where clocks do', async () => {
    const filter = ['greater-or-equal(datetime,2026-03-29)', 'less-than(datetime,2026-03-30)'];
    const { dates } = await shown({ filter, timezone: 'Asia/Kathmandu' });
    expect(dates).toEqual(['2026-03-28T18:15:00+00:00']);
  });

  it('come in pages, whose cursor belongs to their question', async () => {
    const question = { interval: 'month', by: ['$value_currency'], sort: '-count', page_size: 1 };
    const first = await query(question);
    expect(first.one.attributes['data']).toMatchObject([{ dimensions: ['EUR'] }]);
    const page_cursor = first.links.next ?? '';
    const second = await query({ ...question, page_cursor });
    expect(second.one.attributes['data']).toMatchObject([{ dimensions: ['USD'] }]);
    expect(second.links.next).toBeUndefined();
    const refused = await expectRefused(stage, () => query({ ...question, sort: 'count', page_cursor }), 400);
    expect(refused.errors[0]?.source.pointer).toBe('/data/attributes/page_cursor');
  });

  it.each([
    [{ metric_id: 'nothing' }, 'metric_id'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ timezone: '+01:00' }, 'timezone'],
    [{ filter: [] }, 'filter'],
    [{ filter: ['greater-or-equal(datetime,2026-03-01)'] }, 'filter'],
    [{ filter: ['greater-or-equal(datetime,2026-03-02)', 'less-than(datetime,2026-03-01)'] }, 'filter'],
    [{ filter: ['greater-or-equal(datetime,2024-03-01)', 'less-than(datetime,2026-03-01)'] }, 'filter'],
    [{ filter: ['greater-or-equal(datetime,2026-03-01),less-than(datetime,2026-03-02)'] }, 'filter/0'],
    [{ filter: ['equals(color,"red")'] }, 'filter/0'],
    [{ sort: 'unique' }, 'sort'],
    [{ measurements: [] }, 'measurements'],
    [{ page_size: 0 }, 'page_size'],
    [{ page_size: 10_001 }, 'page_size'],
    [{ interval: 'year' }, 'interval'],
    [{ by: ['color'] }, 'by/0'],
    [{ return_fields: ['count'] }, 'return_fields'],
  ])('of %j are refused', async (odd, at) => {
    const refused = await expectRefused(stage, () => query(odd), 400);
    expect(refused.errors[0]?.source.pointer).toBe(`/data/attributes/${at}`);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'metrics'));
