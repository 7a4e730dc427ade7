// A metric that is told of 10,000 times a second: it spreads over more shards of the feed, and is read from all of them.
import { beforeAll, describe, expect, it } from 'vitest';
import { seed, seeded } from '../../functions/local/seed.ts';
import { feedShards, recordEvent } from '../../shared/domain/events/index.ts';
import { handful, mostShards } from '../../shared/domain/events/spread.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { counterKey, shards } from '../../shared/storage/patterns.ts';
import { callWorld } from '../support/call-world.ts';
import { heatedWorld } from '../support/heated-world.ts';
import { metricIdOf } from '../support/metric-id.ts';

const account = accountId(seeded.account);
const name = { name: 'Heard', service: 'api' };
const people = 400;
const perSecond = 10_000;
/** Each of three growths takes a handful of events. */
const sample = 3 * handful;
const more = 640;

const { world, heat } = heatedWorld();
const { ports } = world;
const said = { metric: name, properties: {}, value: 2 };

async function record(from: number, to: number): Promise<void> {
  for (let order = from; order < to; order += 1) {
    const profile = { identifiers: { email: `p${order % people}@example.org` }, attributes: {} };
    await recordEvent(ports, account, { ...said, profile, unique_id: `u${order}` });
  }
}

interface Answer {
  data: { id: string }[] & { id: string; attributes: never };
  links?: { next?: string | null };
}

const call = async (method: 'GET' | 'POST', path: string, body?: object) =>
  (await callWorld(world, method, path, body)) as Answer;

/** The ids on all pages. */
async function walk(path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let at: string | undefined = path; at !== undefined;) {
    const { data, links } = await call('GET', at);
    ids.push(...data.map(({ id }) => id));
    const { next } = links ?? {};
    at = next ? next.slice(new URL(next).origin.length) : undefined;
  }
  return ids;
}

let metric = '';

beforeAll(async () => {
  await seed(ports);
  metric = await metricIdOf(ports, account, name);
  // What the containers of a busy minute have counted of these ten seconds.
  const span = String(Math.floor(ports.clock.now() / 10_000));
  const key = counterKey(account, `feed ${metric}`, span);
  await ports.store.write({ update: key, set: { kind: 'counter', expires: 0 }, add: { n: perSecond * 10 } });
  await record(0, sample);
  await world.settle();
});

describe('a metric with 10,000 events a second', () => {
  it('doubles its shards until each has less than 300 a second, and has no key above 500 write units', async () => {
    expect(await feedShards(ports, account, metric)).toHaveLength(mostShards);
    heat.clear();
    await record(sample, sample + more);
    const feeds = [...heat].filter(([key]) => key.includes(`#F#${metric}#`));
    expect(feeds).toHaveLength(mostShards);
    const hottest = Math.max(...feeds.map(([, units]) => units));
    expect((hottest / more) * perSecond).toBeLessThan(500);
    expect(feeds.reduce((sum, [, units]) => sum + units, 0)).toBe(more);
    await world.settle();
  });

  it('has none above that when everything is told again', async () => {
    heat.clear();
    await record(sample, sample + more);
    const notes = [...heat].filter(([key]) => key.includes(`#V#repeated#${metric}#`));
    expect(notes).toHaveLength(mostShards);
    expect((Math.max(...notes.map(([, units]) => units)) / more) * perSecond).toBeLessThan(500);
    const path = `/x/ingestion?filter=equals(metric_id,"${metric}"),equals(status,"duplicate")&page[size]=1000`;
    expect(await walk(path)).toHaveLength(more);
  });

  it('is listed whole, whenever its events were filed', async () => {
    const path = `/api/events?filter=equals(metric_id,"${metric}")&page[size]=1000`;
    const listed = await walk(path);
    expect(listed).toHaveLength(sample + more);
    expect(new Set(listed).size).toBe(listed.length);
    expect((await call('GET', '/api/events?page[size]=100')).data.map(({ id }) => id)).toEqual(listed.slice(0, 100));
    const log = await walk(
      `/x/ingestion?filter=equals(metric_id,"${metric}"),equals(status,"accepted")&page[size]=1000`,
    );
    expect(log).toHaveLength(sample + more);
  });

  it('is counted, before and after its quarter of an hour is', async () => {
    const asked = {
      metric_id: metric,
      measurements: ['count', 'sum_value', 'unique'],
      filter: ['greater-or-equal(datetime,2026-06-01T00:00:00)', 'less-than(datetime,2026-06-02T00:00:00)'],
    };
    for (const wait of [0, 3_600_000]) {
      await world.advance(wait);
      const { data } = await call('POST', '/api/metric-aggregates', {
        data: { type: 'metric-aggregate', attributes: asked },
      });
      const all = sample + more;
      expect(data.attributes).toMatchObject({
        data: [{ measurements: { count: [all], sum_value: [2 * all], unique: [people] } }],
      });
    }
  });

  it('drives the build of a segment to all of its people', async () => {
    const condition = {
      type: 'profile-metric',
      metric_id: metric,
      measurement: 'count',
      measurement_filter: { type: 'numeric', operator: 'greater-than', value: 0 },
      timeframe_filter: { type: 'date', operator: 'alltime' },
    };
    const definition = { condition_groups: [{ conditions: [condition] }] };
    const { data } = await call('POST', '/api/segments', {
      data: { type: 'segment', attributes: { name: 'Heard', definition } },
    });
    await world.settle();
    await world.advance(60_000);
    const progress = await call('GET', `/x/segments/${data.id}/progress`);
    expect(progress.data.attributes).toMatchObject({ is_processing: false, progress: 1, profiles_looked_at: people });
    expect(await walk(`/api/segments/${data.id}/profiles?page[size]=100`)).toHaveLength(people);
  });
});

describe('a metric with few events', () => {
  it('keeps the shards that it has', async () => {
    for (let order = 0; order < 2 * handful; order += 1) {
      const profile = { identifiers: { email: `p${order % 10}@example.org` }, attributes: {} };
      await recordEvent(ports, account, {
        ...said,
        metric: { ...name, name: 'Seldom' },
        profile,
        unique_id: `${order}`,
      });
      if (order % handful === 0) await world.advance(10_000);
    }
    const id = await metricIdOf(ports, account, { ...name, name: 'Seldom' });
    expect(await feedShards(ports, account, id)).toHaveLength(shards);
  });
});
