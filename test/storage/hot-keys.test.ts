// How hot keys get: write units of zipf-shaped events, metered by key on a small sample and scaled to 10,000 events a second.
import { describe, expect, it } from 'vitest';
import { seed, seeded } from '../../functions/local/seed.ts';
import { mostOfPerson } from '../../shared/domain/events/floods.ts';
import { mostShards } from '../../shared/domain/events/spread.ts';
import { shardOf } from '../../shared/kernel/ids.ts';
import { shards } from '../../shared/storage/patterns.ts';
import { heatedWorld } from '../support/heated-world.ts';

/** The shares of so many, the n-th as large as 1/n^s. */
function zipf(count: number, s: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -s);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** So many draws by these shares, each as often as it should be, one spread over the others. */
function drawn(shares: readonly number[], draws: number, stride: number): number[] {
  const all = shares.flatMap((share, i) => Array.from({ length: Math.round(share * draws) }, () => i));
  return Array.from({ length: draws }, (_, i) => all[(i * stride) % all.length] ?? 0);
}

const perSecond = 10_000;
const sample = 1000;
const [metrics, people] = [20, 200];
/** What docs/table.md states: of metrics s = 1, of a hundred thousand people s = 0.7. */
const shareOfMetric = zipf(metrics, 1)[0] ?? 0;
const shareOfPerson = zipf(100_000, 0.7)[0] ?? 0;

const emailOf = (person: number) => `customer-${person}@example.org`;

async function metered() {
  const { world, heat } = heatedWorld();
  await seed(world.ports);
  const ofMetric = drawn(zipf(metrics, 1), sample, 37);
  const ofPerson = drawn(zipf(people, 0.7), sample, 61);
  async function tell(from: number, to: number): Promise<void> {
    const orders = Array.from({ length: to - from }, (_, i) => from + i);
    const byPerson = Map.groupBy(orders, (order) => (from < 0 ? order + people : (ofPerson[order] ?? 0)));
    const data = [...byPerson].map(([person, theirs]) => ({
      type: 'event-bulk-create',
      attributes: {
        profile: { data: { type: 'profile', attributes: { email: emailOf(person) } } },
        events: {
          data: theirs.map((order) => ({
            type: 'event',
            attributes: {
              properties: { OrderId: String(order), Note: 'x'.repeat(960) },
              value: 12.5,
              unique_id: `order-${order}`,
              metric: {
                data: { type: 'metric', attributes: { name: `Metric ${ofMetric[order] ?? -order % metrics}` } },
              },
            },
          })),
        },
      },
    }));
    const { status } = await world.request({
      method: 'POST',
      path: '/api/event-bulk-create-jobs',
      headers: {
        authorization: `Klaviyo-API-Key ${seeded.key}`,
        revision: '2026-07-15',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data } } } }),
    });
    expect(status).toBe(202);
  }
  // Everybody is known, and every metric: what comes now is a second of ten thousand events, a tenth of it.
  await tell(-people, 0);
  await world.settle();
  await world.advance(10_000);
  heat.clear();
  for (let from = 0; from < sample; from += 100) await tell(from, from + 100);
  await world.settle();
  const byId = world.store.dump().flatMap((item) => (item.kind === 'event' ? [item.pk] : []));
  return { heat, ofPerson, byId };
}

describe('the hottest keys, at 10,000 events a second', () => {
  it('stay under 500 write units a second, by metrics of s = 1 and people of s = 0.7', async () => {
    const { heat, byId } = await metered();
    const told = new Map([...Map.groupBy(byId, (pk) => pk)].map(([pk, all]) => [pk, all.length - 1]));
    const all = [...heat];
    const kindOf = (key: string) => key.replace(/^(?:feed|recent|addresses) /, '').split('#')[1];
    const ofKind = (kind: string) => all.filter(([key]) => kindOf(key) === kind);

    // A unit of each event in the feed of its metric, in one of its shards.
    const feed = ofKind('F').reduce((sum, [, units]) => sum + units, 0) / sample;
    expect(feed).toBe(1);
    expect((feed * shareOfMetric * perSecond) / shards).toBeLessThan(500);

    // The person with most of the sample: what each of their events costs their key.
    const [hottest = '', units = 0] = ofKind('P').sort(([, a], [, b]) => b - a)[0] ?? [];
    const perEvent = units / (told.get(hottest) ?? 0);
    expect(perEvent).toBeGreaterThan(2);
    expect(perEvent).toBeLessThanOrEqual(4);
    expect(perEvent * shareOfPerson * perSecond).toBeLessThan(500);
    // Whatever they are told of, where limits are kept: all but one of what a span has, and a call of 1,000 beyond it.
    const most = mostOfPerson.events - 1 + 1000;
    expect((perEvent * most) / mostOfPerson.spanSeconds).toBeLessThan(500);

    // Whatever else is written, as often as that may be.
    const rest = all.filter(([key]) => !['F', 'P'].includes(kindOf(key) ?? ''));
    const hottestOfRest = rest.sort(([, a], [, b]) => b - a)[0];
    expect((hottestOfRest?.[1] ?? 0) * (perSecond / sample)).toBeLessThan(500);
  });

  it.each([shards, mostShards])('spread a metric evenly over %i shards', (count) => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 1000 * count; i += 1) {
      const shard = shardOf(`01KT07NV00${i}`, count);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    for (const one of counts.values()) expect(Math.abs(one - 1000)).toBeLessThan(150);
  });
});
