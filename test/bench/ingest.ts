// How fast events are taken in and handled with 20 segments and 5 flows live, one by one and in bulk, and the memory of
// the whole system with a large account in it. `node test/bench/ingest.ts 100000 1000000` alone prints that.
import { cpuUsage, memoryUsage } from 'node:process';
import type { Functions, World } from '../../functions/local/world.ts';
import { second } from '../../shared/kernel/time.ts';
import { type Figures, percentile, rounded } from './figures.ts';
import { callWorld } from '../support/call-world.ts';
import { emailOf, makeFlow, makeSegment, type Measured, measuredSystem, metricId } from './system.ts';

const metrics = Array.from({ length: 10 }, (_, i) => `Metric ${i}`);
const people = 1000;
/** Of so many events of a flow's metric one is worth enough to start the flow. */
const worthy = 20;

/** Of ten metrics the first is the most frequent, the n-th an n-th as frequent. */
const zipf = metrics.flatMap((name, i) => Array.from({ length: Math.round(60 / (i + 1)) }, () => name));
const metricOf = (order: number) => zipf[(order * 37) % zipf.length] ?? '';

const attributesOf = (order: number, metric = metricOf(order)) => ({
  properties: { OrderId: String(order), Note: 'x'.repeat(960) },
  value: order % worthy === 0 ? 200 : 12.5,
  unique_id: `order-${order}`,
  metric: { data: { type: 'metric', attributes: { name: metric } } },
});
const personOf = (number: number) => ({ data: { type: 'profile', attributes: { email: emailOf(number) } } });

export const eventOf = (order: number, profiles: number) => ({
  data: { type: 'event', attributes: { ...attributesOf(order), profile: personOf(order % profiles) } },
});

/** A job of the bulk operation: the events of each person together, of ten metrics or of this one. */
export function bulkOf(orders: readonly number[], profiles: number, metric?: string) {
  const byPerson = Map.groupBy(orders, (order) => order % profiles);
  const data = [...byPerson].map(([person, theirs]) => ({
    type: 'event-bulk-create',
    attributes: {
      profile: personOf(person),
      events: { data: theirs.map((order) => ({ type: 'event', attributes: attributesOf(order, metric) })) },
    },
  }));
  return { data: { type: 'event-bulk-create-job', attributes: { 'events-bulk-create': { data } } } };
}

export const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1000);

/** Two segments of each metric, and a flow of each of five: whoever spends over 100 is written to a day later. */
export async function busyAccount(watched?: Functions, profiles = people): Promise<Measured> {
  const system = await measuredSystem(watched);
  for (const order of range(0, profiles)) await system.call('POST', '/api/events', eventOf(order, profiles));
  for (const name of metrics) {
    const metric = await metricId(system, name);
    await makeSegment(system, metric, { count: 1, days: 30 });
    await makeSegment(system, metric, { count: 1000, days: 90 });
  }
  for (const name of metrics.slice(0, 5)) {
    await makeFlow(system, await metricId(system, name), { over: 100, waitDays: 1 });
  }
  await system.world.advance(10 * second);
  system.world.run();
  return system;
}

/** Sends as `npm start` lets callers send: held up while the system is behind. */
export async function told({ world }: Measured, path: string, body: unknown): Promise<void> {
  const request: World['request'] = (one) => world.room(one.body?.length ?? 0, () => world.request(one));
  await callWorld({ request }, 'POST', path, body);
}

/** Calls `one` for each of these, `callers` at a time. */
async function byCallers<Of>(callers: number, all: readonly Of[], one: (of: Of) => Promise<unknown>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const of of left) await one(of);
    }),
  );
}

/** Rates until the last 202, and until everything that follows is done; how long the last 202 is ahead of that, and what one event takes of a core. */
async function rates(system: Measured, count: number, send: () => Promise<void>): Promise<Figures> {
  const [started, used] = [performance.now(), cpuUsage()];
  await send();
  const accepted = performance.now() - started;
  await system.world.settle();
  const handled = performance.now() - started;
  const { user, system: kernel } = cpuUsage(used);
  return {
    accepted_per_second: perSecond(count, accepted),
    handled_per_second: perSecond(count, handled),
    lag_ms: rounded(handled - accepted),
    cpu_us_per_event: Math.round((user + kernel) / count),
  };
}

/** Single events by 16 callers; bulk jobs of 1,000 by two. */
export async function ingestion(events = 10_000): Promise<Record<string, Figures>> {
  const single = await busyAccount();
  const one = await rates(single, events, () =>
    byCallers(16, range(people, events), (order) => told(single, '/api/events', eventOf(order, people))),
  );
  await single.world.stop();
  const bulk = await busyAccount();
  const jobs = range(0, events / 1000).map((job) => bulkOf(range(people + job * 1000, 1000), people));
  const many = await rates(bulk, events, () =>
    byCallers(2, jobs, (job) => told(bulk, '/api/event-bulk-create-jobs', job)),
  );
  await bulk.world.stop();
  return { single: one, bulk: many };
}

/** The resident set of a process with so many profiles and events of the last year in it, at rest. */
export async function memoryOf(profiles: number, events: number): Promise<Figures> {
  const system = await measuredSystem();
  system.world.run();
  const jobs = range(0, Math.ceil(events / 1000)).values();
  const started = performance.now();
  const samples: number[] = [];
  await Promise.all(
    range(0, 2).map(async () => {
      for (const job of jobs) {
        await told(system, '/api/event-bulk-create-jobs', bulkOf(range(job * 1000, 1000), profiles));
        samples.push(memoryUsage.rss() / 2 ** 20);
      }
    }),
  );
  await system.world.settle();
  const took = performance.now() - started;
  await system.world.stop();
  return {
    events_per_second: perSecond(events, took),
    rss_mb: Math.round(memoryUsage.rss() / 2 ** 20),
    rss_p50_mb: percentile(samples, 0.5),
  };
}

if (import.meta.filename === process.argv[1]) {
  const [profiles, events] = process.argv.slice(2).map(Number);
  console.log(await (profiles && events ? memoryOf(profiles, events) : ingestion()));
}
