import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { eventOf, metricNamed } from './specimens.ts';
import { type Stage, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const record = (metric: string, email: string, rest: object = {}) =>
  stage.sdk.events.createEvent({
    data: {
      type: 'event',
      attributes: {
        metric: { data: { type: 'metric', attributes: { name: metric } } },
        profile: { data: { type: 'profile', attributes: { email } } },
        properties: {},
        ...rest,
      },
    },
  });

async function metricId(name: string): Promise<string> {
  const { body } = await stage.sdk.metrics.getMetrics();
  return body.data.find((one) => one.attributes.name === name)?.id ?? '';
}

const eventsOf = async (filter: string) => (await stage.sdk.events.getEvents({ filter })).body.data;
const ofMetric = async (name: string) =>
  eventsOf(new FilterBuilder().equals('metric_id', await metricId(name)).build());

describe('an event', () => {
  it('is accepted, readable at once, and made of what was told', async () => {
    const properties = { OrderId: '1', Items: [{ Name: 'Decaf', Price: 8.5 }] };
    const time = new Date('2026-03-04T05:06:07Z');
    const { response } = await record('Placed Order', 'ana@example.com', {
      uniqueId: 'order-1',
      value: 31.5,
      valueCurrency: 'USD',
      time,
      properties,
    });
    expect([response.status, response.data]).toEqual([202, '']);
    const [event] = await ofMetric('Placed Order');
    expect(event?.attributes).toMatchObject({
      timestamp: time.getTime() / 1000,
      datetime: time,
      eventProperties: { ...properties, $event_id: 'order-1', $value: 31.5, $value_currency: 'USD' },
    });
  });

  it('has its value by the reserved name among its properties too, where the first version of the API had it', async () => {
    await record('Paid', 'worth@example.com', { uniqueId: '1', properties: { $value: 12 } });
    await record('Paid', 'worth@example.com', { uniqueId: '2', value: 30, properties: { $value: 12 } });
    await record('Paid', 'worth@example.com', { uniqueId: '3', properties: { $value: 'much' } });
    const shown = (await ofMetric('Paid')).map(
      ({ attributes }) => ({ $value: undefined, ...attributes.eventProperties }).$value,
    );
    expect(shown.sort()).toEqual([12, 30, 'much']);
    const condition_groups = [
      {
        conditions: [
          {
            type: 'profile-metric',
            metric_id: await metricId('Paid'),
            measurement: 'sum',
            measurement_filter: { type: 'numeric', operator: 'equals', value: 42 },
            timeframe_filter: { type: 'date', operator: 'alltime' },
          },
        ],
      },
    ];
    const asked = { data: { type: 'segment-preview', attributes: { definition: { condition_groups } } } };
    const { one } = await stage.send('POST', '/x/segments/preview', { body: asked });
    expect(one.attributes).toMatchObject({ matching: 1 });
  });

  it('counts once, however often it is told', async () => {
    for (let i = 0; i < 3; i += 1) await record('Counted', 'ana@example.com', { uniqueId: 'same' });
    await record('Counted', 'ben@example.com', { uniqueId: 'same' });
    expect(await ofMetric('Counted')).toHaveLength(2);
  });

  it('leads to its metric and its profile', async () => {
    await record('Led', 'led@example.com', { uniqueId: '1' });
    const id = (await ofMetric('Led'))[0]?.id ?? '';
    const { events } = stage.sdk;
    const [event, metric, profile, metricLink, profileLink] = await Promise.all([
      events.getEvent(id, {
        include: ['metric', 'profile'],
        fieldsMetric: ['name'],
        fieldsProfile: ['email'],
        fieldsEvent: ['uuid'],
      }),
      events.getMetricForEvent(id, { fieldsMetric: ['name'] }),
      events.getProfileForEvent(id, { fieldsProfile: ['email'] }),
      events.getMetricIdForEvent(id),
      events.getProfileIdForEvent(id),
    ]);
    expect(metric.body.data?.attributes).toMatchObject({ name: 'Led' });
    expect(profile.body.data.attributes).toMatchObject({ email: 'led@example.com' });
    expect(metricLink.body.data).toMatchObject({ type: 'metric', id: metric.body.data?.id });
    expect(profileLink.body.data).toMatchObject({ type: 'profile', id: profile.body.data.id });
    expect(event.body.included?.map(({ type }) => type).sort()).toEqual(['metric', 'profile']);
    expect(JSON.parse(JSON.stringify(event.body.data.attributes))).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('is told of by browsers with the company id alone', async () => {
    const send = (path: string, body: object) => stage.send('POST', `${path}?company_id=Bean01`, { key: null, body });
    expect(
      (
        await send(
          '/client/events',
          eventOf({ email: 'web@example.com' }, { metric: metricNamed('Viewed'), unique_id: '1' }),
        )
      ).status,
    ).toBe(202);
    const events = ['2', '3'].map((unique_id) => ({
      type: 'event',
      attributes: { properties: {}, metric: metricNamed('Viewed'), unique_id },
    }));
    const profile = { data: { type: 'profile', attributes: { email: 'web@example.com' } } };
    const many = { data: { type: 'event-bulk-create', attributes: { profile, events: { data: events } } } };
    expect((await send('/client/event-bulk-create', many)).status).toBe(202);
    expect(await ofMetric('Viewed')).toHaveLength(3);
  });
});

describe('many events', () => {
  it('come in bulk, of several people', async () => {
    const group = (email: string, uniqueIds: string[]) => ({
      type: 'event-bulk-create' as const,
      attributes: {
        profile: { data: { type: 'profile' as const, attributes: { email } } },
        events: {
          data: uniqueIds.map((uniqueId) => ({
            type: 'event' as const,
            attributes: {
              uniqueId,
              properties: { uniqueId },
              metric: { data: { type: 'metric' as const, attributes: { name: 'Bulk' } } },
            },
          })),
        },
      },
    });
    const { response } = await stage.sdk.events.bulkCreateEvents({
      data: {
        type: 'event-bulk-create-job',
        attributes: {
          eventsBulkCreate: { data: [group('ana@example.com', ['1', '2']), group('ben@example.com', ['1'])] },
        },
      },
    });
    expect(response.status).toBe(202);
    expect(await ofMetric('Bulk')).toHaveLength(3);
  });

  it('are walked by time, and found by metric, profile and time', async () => {
    const at = (hour: number) => new Date(Date.UTC(2026, 4, 1, hour));
    for (let hour = 0; hour < 6; hour += 1)
      await record('Timed', hour % 2 ? 'odd@example.com' : 'even@example.com', { time: at(hour) });
    await stage.settle();
    const metric = new FilterBuilder().equals('metric_id', await metricId('Timed')).build();
    const hours: number[] = [];
    let pageCursor: string | undefined;
    do {
      const { body } = await stage.sdk.events.getEvents({
        filter: metric,
        sort: 'datetime',
        pageSize: 4,
        ...(pageCursor && { pageCursor }),
      });
      hours.push(...body.data.map(({ attributes }) => new Date(attributes.datetime ?? 0).getUTCHours()));
      pageCursor = body.links?.next ?? undefined;
    } while (pageCursor);
    expect(hours).toEqual([0, 1, 2, 3, 4, 5]);
    const odd =
      (await stage.sdk.profiles.getProfiles({ filter: 'equals(email,"odd@example.com")' })).body.data[0]?.id ?? '';
    const filter = new FilterBuilder()
      .equals('profile_id', odd)
      .greaterOrEqual('datetime', at(3))
      .lessThan('datetime', at(6))
      .build();
    expect(await eventsOf(filter)).toHaveLength(2);
    expect(await eventsOf(`${metric},greater-than(timestamp,${at(2).getTime() / 1000})`)).toHaveLength(3);
    expect(await eventsOf(`${metric},equals(profile_id,"${odd}")`)).toHaveLength(3);
    expect(await eventsOf('equals(metric_id,"nothing")')).toEqual([]);
  });
});

describe('metrics', () => {
  it('come into being with their first event', async () => {
    expect(await metricId('Never Seen')).toBe('');
    await record('Seen', 'ana@example.com');
    const id = await metricId('Seen');
    const { body } = await stage.sdk.metrics.getMetric(id, { fieldsMetric: ['name', 'integration'] });
    expect(body.data.attributes).toMatchObject({ name: 'Seen', integration: { name: 'API', category: 'API' } });
    expect((await stage.send('GET', '/api/metrics/nothing')).status).toBe(404);
  });

  it('are found by their integration, and include the flows that they trigger', async () => {
    await record('Found', 'ana@example.com');
    const byName = await stage.sdk.metrics.getMetrics({
      filter: 'equals(integration.name,"API")',
      include: ['flow-triggers'],
    });
    expect(byName.body.data.map(({ attributes }) => attributes.name)).toContain('Found');
    expect(byName.body.included).toEqual([]);
    expect((await stage.sdk.metrics.getMetrics({ filter: 'equals(integration.name,"Shop")' })).body.data).toEqual([]);
  });

  it('have any name', async () => {
    const names = ['__proto__', 'constructor', 'toString', '\ufffe', ' ', '"', "'", '{{ x }}', '😀', '\u0000', '#%/'];
    for (const name of names) expect((await record(name, 'names@example.com')).response.status).toBe(202);
    const { body } = await stage.sdk.metrics.getMetrics();
    expect(body.data.map(({ attributes }) => attributes.name)).toEqual(expect.arrayContaining(names));
    for (const name of names) expect(await ofMetric(name)).toHaveLength(1);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'events-metrics'));
