import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { type Stage, openStage } from './stage.ts';

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

it('every operation of the area was exercised', () => expectExercised(stage, 'metrics'));
