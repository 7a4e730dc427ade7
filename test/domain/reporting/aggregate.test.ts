import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiService, eventItem, finishMerge, recordEvent } from '../../../shared/domain/events/index.ts';
import { erase, findProfile, forget, mergeProfiles } from '../../../shared/domain/identity/index.ts';
import { type Question, aggregate, mostRead } from '../../../shared/domain/reporting/aggregate.ts';
import { type Interval, bucketOf, bucketStarts } from '../../../shared/domain/reporting/buckets.ts';
import { hour, minute, sortable } from '../../../shared/kernel/time.ts';
import type { EventItem, TallyItem } from '../../../shared/storage/items.ts';
import { known } from '../setting.ts';
import { untally } from '../../../shared/domain/reporting/tally.ts';
import { type Counting, counting } from './counting.ts';
import { zones } from './zones.ts';
import { metricIdOf } from '../../support/metric-id.ts';

const name = { name: 'Placed Order', service: apiService };
const emailOf = (person: number) => `p${person}@example.com`;
const range = { from: Date.UTC(2026, 1, 20), to: Date.UTC(2026, 10, 10) };

/** The same by walking over everything there is. */
function recount(world: Counting, { by, interval, zone }: Question) {
  const events = world.store.dump().filter((item) => item.kind === 'event') as EventItem[];
  const starts = bucketStarts(range, interval, zone);
  const rows = new Map<string, { count: number[]; sum: number[]; people: Set<string>[] }>();
  const row = (key: string) => {
    const zeros = () => starts.map(() => 0);
    const there = rows.get(key) ?? { count: zeros(), sum: zeros(), people: starts.map(() => new Set<string>()) };
    rows.set(key, there);
    return there;
  };
  if (by.length === 0) row('');
  for (const { at, profile, value = 0, body = '{}', unique_id } of events) {
    const time = Date.parse(at);
    if (time < range.from || time >= range.to || !unique_id.startsWith('u')) continue;
    const { Method = '' } = JSON.parse(body) as { Method?: string };
    const bucket = bucketOf(starts, time);
    const { count, sum, people } = row(by.length === 0 ? '' : Method);
    count[bucket] = (count[bucket] ?? 0) + 1;
    sum[bucket] = (sum[bucket] ?? 0) + value;
    people[bucket]?.add(profile);
  }
  return Object.fromEntries(
    [...rows].map(([key, { count, sum, people }]) => [
      key,
      { count, sum_value: sum, unique: people.map(({ size }) => size) },
    ]),
  );
}

type Act =
  | { do: 'record'; person: number; order: number; time: number; value: number; method?: string }
  | { do: 'merge' | 'forget'; person: number; other: number };

async function play(world: Counting, act: Act): Promise<void> {
  const { ports, account } = world;
  if (act.do === 'record') {
    const { person, order, time, value, method } = act;
    const properties = method === undefined ? {} : { Method: method };
    await recordEvent(ports, account, {
      metric: name,
      unique_id: `u${order}`,
      time,
      value,
      properties,
      profile: known({ email: emailOf(person) }),
    });
    return;
  }
  const [one, other] = await Promise.all(
    [act.person, act.other].map((n) => findProfile(ports, account, { email: emailOf(n) })),
  );
  if (one === undefined || other === undefined || one.id === other.id) return;
  if (act.do === 'merge') {
    await mergeProfiles(ports, account, { destination: one.id, source: other.id });
    await finishMerge(ports, account, other.id);
    return;
  }
  await forget(ports, account, one.id);
  await erase(ports, account, one.id);
}

const person = fc.nat({ max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        do: fc.constant('record' as const),
        person,
        order: fc.nat({ max: 8 }),
        // Around both changes of clocks, and beyond the range.
        time: fc
          .tuple(
            fc.constantFrom(Date.UTC(2026, 2, 8), Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25)),
            fc.nat({ max: 2_000_000 }),
          )
          .map(([from, seconds]) => from + seconds * 1000),
        value: fc.integer({ min: -400, max: 400 }).map((quarters) => quarters / 4),
        method: fc.constantFrom('card', 'cash'),
      },
      { requiredKeys: ['do', 'person', 'order', 'time', 'value'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('merge' as const, 'forget' as const), person, other: person }),
  },
);

/** Made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const intervals: readonly Interval[] = ['day', 'hour', 'month', 'week'];

/** Every zone, and every interval, against the recount. */
async function compare(world: Counting, metric: string, split: boolean, measured: Question['measurements']) {
  for (const [i, zone] of zones.entries()) {
    const question: Question = {
      metric,
      range,
      interval: intervals[i % intervals.length] ?? 'day',
      zone,
      measurements: measured,
      by: split ? ['Method'] : [],
    };
    const { rows } = await aggregate(world.ports, world.account, question);
    const told = Object.fromEntries(rows.map(({ dimensions, measurements }) => [dimensions.join(), measurements]));
    const all = Object.entries(recount(world, question));
    const expected = all.map(([key, sums]) => [key, Object.fromEntries(measured.map((one) => [one, sums[one]]))]);
    expect(told).toEqual(Object.fromEntries(expected));
  }
}

describe('aggregates', () => {
  it('are what a recount finds, in every zone and interval, whatever was sent twice, merged or forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 24 }), fc.boolean(), fc.boolean(), async (acts, split, plain) => {
        const measured = plain ? (['count', 'sum_value'] as const) : (['count', 'sum_value', 'unique'] as const);
        const world = await counting();
        const metric = await metricIdOf(world.ports, world.account, name);
        for (const [i, one] of acts.entries()) {
          await play(world, one);
          // Some quarters are counted by the time that others change.
          if (i % 7 === 6) await world.advance(2 * minute);
        }
        await world.settle();
        // Marked, and counted.
        for (const span of [0, hour]) {
          await world.advance(span);
          await compare(world, metric, split, measured);
        }
      }),
      { numRuns: 4 },
    );
  });

  it('follow people who turn out to be one, and leave out who is forgotten', async () => {
    const world = await counting();
    const record = (who: number, order: number) =>
      play(world, { do: 'record', person: who, order, time: range.from + order * 1000, value: 2 });
    await record(0, 1);
    await record(1, 1);
    await record(1, 2);
    const metric = await metricIdOf(world.ports, world.account, name);
    /** Before and after it is counted: count, sum and people. */
    const told = async () => {
      const found: unknown[] = [];
      for (const span of [0, hour]) {
        await world.advance(span);
        for (const measured of [['count', 'sum_value'], ['unique']] as const) {
          const question = { metric, range, interval: 'month', zone: 'UTC', measurements: measured, by: [] } as const;
          const { rows } = await aggregate(world.ports, world.account, question);
          found.push(...measured.map((one) => rows[0]?.measurements[one]?.[0]));
        }
      }
      return found;
    };
    expect(await told()).toEqual([3, 6, 2, 3, 6, 2]);
    await play(world, { do: 'merge', person: 0, other: 1 });
    expect(await told()).toEqual([2, 4, 1, 2, 4, 1]);
    const { id = '' } = (await findProfile(world.ports, world.account, { email: emailOf(0) })) ?? {};
    await forget(world.ports, world.account, id);
    await erase(world.ports, world.account, id);
    expect(await told()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('add values up as exactly as numbers can', async () => {
    const world = await counting();
    const values = [1e15, 0.1, -1e15, 0.2, 0.3];
    for (const [order, value] of values.entries())
      await play(world, { do: 'record', person: 0, order, time: range.from, value });
    const metric = await metricIdOf(world.ports, world.account, name);
    const question = { metric, range, interval: 'month', zone: 'UTC', measurements: ['sum_value'], by: [] } as const;
    for (const span of [0, hour]) {
      await world.advance(span);
      const { rows } = await aggregate(world.ports, world.account, question);
      expect(rows[0]?.measurements['sum_value']?.[0]).toBeCloseTo(0.6, 10);
    }
  });

  /** A year with 900 events of 100 people, with two methods, counted. */
  const countedYear = once(async () => {
    const world = await counting();
    const { ports, account } = world;
    const metric = await metricIdOf(ports, account, name);
    const year = { from: Date.UTC(2025, 4, 1), to: Date.UTC(2026, 4, 1) };
    const step = (year.to - year.from) / 900;
    const writes = Array.from({ length: 900 }, (_, i) => {
      const properties = { Method: i % 3 === 0 ? 'cash' : 'card', Note: String(i) };
      const input = { properties, time: year.from + i * step, unique_id: `u${i}`, value: 1.25 };
      return { put: eventItem(ports, account, `p${i % 100}`, metric, input) };
    });
    await ports.store.writeMany(writes);
    await world.settle();
    await world.advance(hour);
    const question = { metric, range: year, interval: 'month', zone: 'Asia/Kathmandu', by: [] } as const;
    const ask = (more: Partial<Question> & Pick<Question, 'measurements'>) =>
      aggregate(ports, account, { ...question, ...more });
    return { world, ask };
  });
  const sumOf = (numbers: readonly number[] = []) => numbers.reduce((a, b) => a + b, 0);

  it('read what is counted and nothing else for a year of counts and sums: as much for many events as for few', async () => {
    const { world, ask } = await countedYear();
    const before = world.spent();
    const { rows } = await ask({ measurements: ['count', 'sum_value'] });
    const { items, read } = world.spent(before);
    expect(sumOf(rows[0]?.measurements['count'])).toBe(900);
    expect(sumOf(rows[0]?.measurements['sum_value'])).toBe(1125);
    expect(items).toBeLessThanOrEqual(367);
    expect(read).toBeLessThan(250);
  });

  it('read a file for each day, and no event, for a year of people, by what events say and filtered by it', async () => {
    const { world, ask } = await countedYear();
    const before = world.spent();
    const { rows } = await ask({
      measurements: ['count', 'sum_value', 'unique'],
      by: ['Method'],
      counts: (dimension) => dimension('Method') !== '',
    });
    const { items, read, files } = world.spent(before);
    const told = Object.fromEntries(rows.map(({ dimensions, measurements }) => [dimensions.join(), measurements]));
    expect(sumOf(told['cash']?.['count'])).toBe(300);
    expect(sumOf(told['card']?.['sum_value'])).toBe(750);
    // A month has some 75 events, one after the other of a hundred people; of three in a row one pays cash.
    for (const people of told['cash']?.['unique']?.slice(1, -1) ?? []) expect(people).toBeGreaterThanOrEqual(23);
    expect(items).toBeLessThanOrEqual(367);
    expect(read).toBeLessThan(250);
    expect(files).toBeLessThanOrEqual(366);
  });

  it('keep one file of a day, which names nobody', async () => {
    const { world } = await countedYear();
    const days = world.store.dump().flatMap((item) => (item.kind === 'tally' ? [(item as TallyItem).file] : []));
    expect([...world.files.entries.keys()].sort()).toEqual(days.sort());
    expect([...world.files.entries.values()].some((text) => /"p\d/.test(text))).toBe(false);
  });

  it('read the events of which neither count nor index says what they said', async () => {
    const world = await counting();
    const { ports, account } = world;
    const metric = await metricIdOf(ports, account, name);
    const writes = ['card', 'x'.repeat(600)].map((Method, i) => {
      const input = { properties: { Method }, time: range.from + i, unique_id: `u${i}`, value: 1 };
      const item = eventItem(ports, account, 'p', metric, input);
      // Of before what events say was carried along.
      return { put: i === 0 ? { ...item, dims: undefined } : item };
    });
    await ports.store.writeMany(writes);
    for (const span of [0, hour]) {
      await world.advance(span);
      const question = {
        metric,
        range,
        interval: 'month',
        zone: 'UTC',
        by: ['Method'],
        measurements: ['count'],
      } as const;
      const { rows } = await aggregate(ports, account, question);
      expect(rows.map(({ dimensions }) => dimensions[0]?.length).sort()).toEqual([4, 600]);
    }
  });

  it('read the index alone for people and what events say, and refuse more events than one call may read', async () => {
    const world = await counting();
    const { ports, account } = world;
    const metric = await metricIdOf(ports, account, name);
    const putOf = (i: number) => {
      const input = { properties: {}, time: range.from, unique_id: `u${i}`, value: 1 };
      return { put: eventItem(ports, account, `p${i % 100}`, metric, input) };
    };
    const writes = Array.from({ length: 2000 }, (_, i) => putOf(i));
    await ports.store.writeMany(writes);
    await untally(ports, account, { metric, quarter: sortable(range.from) });
    const question = { metric, range, interval: 'month', zone: 'UTC', by: ['Method'] } as const;
    const zeros = Array.from({ length: 9 }, () => 0);
    const before = world.spent();
    const { rows } = await aggregate(ports, account, { ...question, measurements: ['count', 'unique'] });
    expect(rows[0]?.measurements).toMatchObject({ count: [2000, ...zeros], unique: [100, ...zeros] });
    expect(world.spent(before)).toMatchObject({ write: 0 });
    expect(world.spent(before).read).toBeLessThan(110);
    const silent = Array.from({ length: mostRead.events + 1 }, (_, i) => {
      const { put } = putOf(i);
      return { put: { ...put, dims: undefined } };
    });
    await ports.store.writeMany(silent);
    await expect(aggregate(ports, account, { ...question, measurements: ['count'] })).rejects.toThrow('20000 events');
  });
});
