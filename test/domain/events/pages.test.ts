// GET /api/events over many events: every order, in pages of any size, whole and at a cost that only the page decides.
import { describe, expect, it } from 'vitest';
import { apiService, eventId, eventItem, nameOfItem } from '../../../shared/domain/events/index.ts';
import { day, second, sortable } from '../../../shared/kernel/time.ts';
import type { EventItem, StateItem } from '../../../shared/storage/items.ts';
import { stateKey } from '../../../shared/storage/patterns.ts';
import { type Setting, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

const start = Date.UTC(2025, 0, 1);

/** A world with so many events of three metrics and a hundred people, one of whom did half of it; many share a second. */
async function crowded(count: number) {
  const world = await setting();
  const { ports, account } = world;
  const metrics = await Promise.all(
    ['Viewed', 'Ordered', 'Left'].map((name) => metricIdOf(ports, account, { name, service: apiService })),
  );
  // A full period: spread out, and the same in every run.
  let drawn = 1;
  const pick = (most: number) => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return drawn % most;
  };
  const items = Array.from({ length: count }, (_, i): EventItem => {
    const time = start + pick(400 * 86_400) * second;
    const profile = i % 2 === 0 ? 'whale' : `p${pick(100)}`;
    const at = i % 10 < 7 ? time : start + 100 * day;
    return eventItem(ports, account, profile, metrics[i % 3] ?? '', { properties: {}, unique_id: `${i}`, time: at });
  });
  const state: StateItem = {
    ...stateKey(account, 'whale'),
    kind: 'state',
    version: 1,
    segments: [],
    metrics: Object.fromEntries(metrics.map((id) => [id, sortable(start)])),
  };
  await ports.store.writeMany([...items.map((put) => ({ put })), { put: state }]);
  return { world, items, metric: metrics[0] ?? '' };
}

const idOf = (item: EventItem) => eventId(nameOfItem(item));

/** All pages of a listing, and what the dearest of them cost. */
async function walk(world: Setting, target: string) {
  const [ids, times, costs]: [string[], string[], number[]] = [[], [], []];
  const turn = async (asked: string): Promise<string | undefined> => {
    let next: string | undefined;
    const { read } = await world.cost(async () => {
      const answer = await world.call('GET', asked);
      expect(answer.status).toBe(200);
      ids.push(...answer.many.map(({ id }) => id));
      times.push(...answer.many.map(({ attributes }) => String(attributes['datetime'])));
      next = answer.next;
    });
    costs.push(read);
    return next;
  };
  for (let next: string | undefined = target; next !== undefined;) next = await turn(next);
  return { ids, times, dearest: Math.max(...costs) };
}

describe('events are listed', () => {
  it('whole and once each, in pages of up to 1,000, oldest or newest first, by account, metric, profile and time', async () => {
    const { world, items, metric } = await crowded(3000);
    const [from, to] = [sortable(start + 50 * day), sortable(start + 150 * day)];
    const listings: [filter: string, fits: (item: EventItem) => boolean][] = [
      ['', () => true],
      [`equals(metric_id,"${metric}")`, (item) => item.metric === metric],
      ['equals(profile_id,"whale")', ({ profile }) => profile === 'whale'],
      [
        `equals(profile_id,"whale"),equals(metric_id,"${metric}")`,
        (item) => item.profile === 'whale' && item.metric === metric,
      ],
      [`greater-or-equal(datetime,${from}),less-than(datetime,${to})`, ({ at }) => at >= from && at < to],
      [
        `equals(profile_id,"whale"),greater-than(datetime,${from})`,
        ({ at, profile }) => profile === 'whale' && at > from,
      ],
    ];
    for (const [i, [filter, fits]] of listings.entries()) {
      const expected = items.filter(fits).map(idOf).sort();
      const sort = i % 2 === 0 ? 'datetime' : '-datetime';
      const size = i === 0 ? 1000 : 333;
      const { ids, times } = await walk(
        world,
        `/api/events?filter=${filter}&sort=${sort}&page[size]=${size}`.replace('filter=&', ''),
      );
      expect(ids.length, filter).toBe(expected.length);
      expect([...ids].sort(), filter).toEqual(expected);
      const ordered = [...times].sort();
      expect(times, filter).toEqual(i % 2 === 0 ? ordered : ordered.reverse());
    }
  });

  it('at a cost that the page decides, not how many there are', async () => {
    const targets = ['', 'equals(profile_id,"whale")', 'METRIC'];
    const dearest = async (count: number) => {
      const { world, metric } = await crowded(count);
      const costs: number[] = [];
      for (const one of targets) {
        const filter = one === 'METRIC' ? `equals(metric_id,"${metric}")` : one;
        const { dearest: cost } = await walk(
          world,
          `/api/events?filter=${filter}&page[size]=100`.replace('filter=&', ''),
        );
        costs.push(cost);
      }
      return costs;
    };
    const [few, many] = [await dearest(1000), await dearest(4000)];
    // A unit for each event, and what the index holds of a page and one entry beyond in every shard.
    for (const cost of [...few, ...many]) expect(cost).toBeLessThan(100 * 1 + 35);
    for (const [i, cost] of many.entries()) expect(cost).toBeLessThanOrEqual((few[i] ?? 0) * 1.2);
  });
});
