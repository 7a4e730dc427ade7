// What rules in the owner's own stack get to match on: docs/bus.md, held against what is published.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBus } from '../../shared/adapters/aws/bus.ts';
import { domainEventTypes } from '../../shared/domain-events.ts';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type LocalSystem, createSystem } from '../../functions/local/system.ts';
import { eventBody } from '../domain/setting.ts';
import { callTo } from '../support/local.ts';
import { standIn } from '../support/stand-in.ts';

const page = readFileSync(new URL('../../docs/bus.md', import.meta.url), 'utf8');

let system: LocalSystem;

beforeAll(async () => {
  system = await createSystem({ publicUrl: 'http://local.test', real: false });
});
afterAll(() => system.stop());

type Detail = Record<string, unknown> & { properties: Record<string, unknown> };

/** Records an event and answers what the bus tells of it, and whatever else it tells meanwhile. */
let events = 0;
async function told(more: object) {
  const before = system.world.bus.published.length;
  await callTo(
    system,
    'POST',
    '/api/events',
    eventBody({ email: 'bo@beantown.coffee' }, { unique_id: `u${(events += 1)}`, ...more }),
  );
  await system.world.settle();
  const published = system.world.bus.published.slice(before);
  return { published, detail: published.find(({ type }) => type === 'event.recorded')?.detail as Detail };
}

describe('the bus', () => {
  it('tells of an event with its metric and its properties, and first of the metric', async () => {
    const metric = { data: { type: 'metric', attributes: { name: 'Roasted', service: 'roastery' } } };
    const properties = { OrderId: 'r1', Items: ['Kenya'], gift: false, tip: null, Roast: { by: 'Ana' }, Lines: [{}] };
    const { published, detail } = await told({ metric, properties, unique_id: 'r1', value: 8, value_currency: 'usd' });
    const made = published.find(({ type }) => type === 'metric.created');
    expect(made).toMatchObject({ account: 'Bean01', detail: { name: 'Roasted', service: 'roastery' } });
    expect(detail).toMatchObject({
      metric: made?.detail['metric'],
      metric_name: 'Roasted',
      metric_service: 'roastery',
      unique_id: 'r1',
      value: 8,
      value_currency: 'USD',
      backfill: false,
      properties_complete: true,
    });
    expect(detail.properties).toEqual({ OrderId: 'r1', Items: ['Kenya'], gift: false, tip: null });
    const again = await told({ metric, properties: {}, unique_id: 'r2' });
    expect(again.published.map(({ type }) => type)).not.toContain('metric.created');
  });

  it('tells once that the codes of a coupon run out, and again after there were more', async () => {
    const coupon = { data: { type: 'coupon', id: 'LOW' } };
    const monitor_configuration = { low_balance_threshold: 1 };
    await callTo(system, 'POST', '/api/coupons', {
      data: { type: 'coupon', attributes: { external_id: 'LOW', monitor_configuration } },
    });
    const lows = () => system.world.bus.published.filter(({ type }) => type === 'coupon.low');
    const makes = async (unique_code: string) => {
      await callTo(system, 'POST', '/api/coupon-codes', {
        data: { type: 'coupon-code', attributes: { unique_code }, relationships: { coupon } },
      });
      await system.world.settle();
    };
    const removes = async (code: string) => {
      await callTo(system, 'DELETE', `/api/coupon-codes/LOW-${code}`);
      await system.world.settle();
    };
    for (const code of ['a', 'b', 'c']) await makes(code);
    const before = lows().length;
    await removes('a');
    expect(lows()).toHaveLength(before);
    await removes('b');
    expect(lows().slice(before)).toMatchObject([{ detail: { coupon: 'LOW', left: 1, threshold: 1 } }]);
    await removes('c');
    expect(lows()).toHaveLength(before + 1);
    for (const code of ['d', 'e']) await makes(code);
    await removes('d');
    expect(lows()).toHaveLength(before + 2);
  });

  it('names the event as the API does', async () => {
    const { detail } = await told({ properties: { a: 1 } });
    const { data } = await callTo(system, 'GET', `/api/events/${String(detail['event'])}`);
    expect(data).toMatchObject({ attributes: { event_properties: { a: 1 } } });
  });

  it('keeps names that objects have by themselves', async () => {
    const { detail } = await told({ properties: JSON.parse('{"__proto__":"x","constructor":2}') as object });
    expect(JSON.stringify(detail.properties)).toBe('{"__proto__":"x","constructor":2}');
  });

  it('leaves out what there is no room for, and says so', async () => {
    const properties = { first: 'x'.repeat(50_000), second: '\uffff'.repeat(10_000), third: 'y' };
    const { detail } = await told({ properties, unique_id: 'large' });
    expect(Object.keys(detail.properties)).toEqual(['first', 'third']);
    expect(detail['properties_complete']).toBe(false);
    const inFile = await told({ properties: { a: 'x'.repeat(90_000), b: 'x'.repeat(90_000), c: 'x'.repeat(90_000) } });
    expect(inFile.detail).toMatchObject({ properties: {}, properties_complete: false });
  });

  it('tells of no event that EventBridge would not take', async () => {
    const properties = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`p${n}`, '\uffff'.repeat(250)]));
    const { published } = await told({ properties, unique_id: '\uffff'.repeat(255) });
    const sizes: number[] = [];
    const client = new EventBridgeClient(
      standIn((_, body) => {
        const entries = body.Entries as { Source: string; DetailType: string; Detail: string }[];
        sizes.push(...entries.map((entry) => Buffer.byteLength(Object.values(entry).join(''))));
        return { status: 200, body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'e' })) } };
      }),
    );
    await createBus({ client, busName: 'the-bus' }).publish(published);
    expect(Math.max(...sizes)).toBeGreaterThan(60_000);
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
  });
});

describe('docs/bus.md', () => {
  it('names every detail-type', () => {
    for (const type of domainEventTypes) expect(page).toContain(`\`${type}\``);
  });

  it('shows event.recorded with the members that it has', async () => {
    const example = JSON.parse(/```json\n([^`]+)```/.exec(page)?.[1] ?? '{}') as Detail;
    const { detail } = await told({ properties: {}, unique_id: 'shown', value: 8, value_currency: 'USD' });
    expect(Object.keys(example)).toEqual(['account', ...Object.keys(detail)]);
  });
});
