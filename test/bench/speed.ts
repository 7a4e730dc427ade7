// How fast the local runtime is, and how that and the capacity units change as an account grows.
import { seeded } from '../../functions/local/seed.ts';
import { eventItem } from '../../shared/domain/events/index.ts';
import { findProfile } from '../../shared/domain/identity/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { day, minute, second } from '../../shared/kernel/time.ts';
import { type Figures, median, percentile, type Rows, rounded } from './figures.ts';
import { emailOf, type Measured, makeFlow, makeSegment, measuredSystem, metricId } from './system.ts';

/** How large an account is. */
interface Scale {
  /** Events of each of the profiles that are measured. */
  history: number;
  profiles: number;
  /** Segments that count the metric of the events that are measured; one of them lets in who has one event. */
  segments: number;
  /** Segments that count another metric. */
  otherSegments: number;
}

/** Profiles with a history, which are measured: what workers do once a batch is shared by them. */
const regulars = 10;

const base: Scale = { history: 10, profiles: 100, segments: 1, otherSegments: 1 };

/** An account of this size, at rest. */
async function accountOf({ history, profiles, segments, otherSegments }: Scale): Promise<Measured> {
  const system = await measuredSystem();
  const daysAgo = 20;
  await system.event(0, 0, { metric: 'Viewed Product', daysAgo });
  for (let profile = 0; profile < profiles; profile += 1) await system.event(profile, 0, { daysAgo });
  for (let order = 1; order < history; order += 1) {
    for (let profile = 0; profile < regulars; profile += 1) await system.event(profile, order, { daysAgo });
  }
  await system.world.settle();
  const metric = await metricId(system);
  const other = await metricId(system, 'Viewed Product');
  for (let i = 0; i < segments; i += 1) await makeSegment(system, metric, { count: 1 + i * 10_000, days: 30 });
  for (let i = 0; i < otherSegments; i += 1) await makeSegment(system, other, { count: 1 + i * 10_000, days: 30 });
  // A build waits until the index has caught up.
  await system.world.advance(10 * second);
  return system;
}

/** Events a second, from the request to the 202 and to the end of all that follows; `profiles` by turns, 16 callers. */
async function throughput(system: Measured, events: number, profiles: number): Promise<Figures> {
  const started = performance.now();
  let next = 1;
  const caller = async () => {
    while (next <= events) {
      const order = next;
      next += 1;
      await system.event(order % profiles, 1_000_000 + order);
    }
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  const accepted = performance.now() - started;
  await system.world.settle();
  const handled = performance.now() - started;
  return {
    accepted_per_second: Math.round((events / accepted) * 1000),
    handled_per_second: Math.round((events / handled) * 1000),
  };
}

interface Waits {
  accept: number[];
  entry: number[];
  message: number[];
}

/** Milliseconds from now until the bus tells of an event of this type. */
function until(system: Measured, wanted: 'segment.entered' | 'message.sent'): Promise<number> {
  const sent = performance.now();
  return new Promise((done) => {
    const end = system.world.bus.subscribe(({ type }) => {
      if (type !== wanted) return;
      end();
      done(performance.now() - sent);
    });
  });
}

/** One event of each profile, each when the one before has come to its end. They are in no segment before. */
async function waits(system: Measured, profiles: readonly number[], order: number): Promise<Waits> {
  const found: Waits = { accept: [], entry: [], message: [] };
  for (const profile of profiles) {
    const entered = until(system, 'segment.entered');
    const told = until(system, 'message.sent');
    const sent = performance.now();
    await system.event(profile, order);
    found.accept.push(performance.now() - sent);
    found.entry.push(await entered);
    found.message.push(await told);
    await system.world.settle();
  }
  return found;
}

/** Capacity units of an event of about 1 KB of a known profile that changes no segment. */
async function unitsOfEvent(system: Measured): Promise<Figures> {
  const record = async (order: number) => {
    for (let profile = 0; profile < regulars; profile += 1) await system.event(profile, order);
  };
  // That a quarter of an hour of the metric is to be counted is written once, whatever comes after the first event.
  await record(399_999);
  await system.world.settle();
  const accept = await system.units(() => record(400_000));
  const handle = await system.units(() => system.world.settle());
  return {
    accept_write_units: rounded(accept.write / regulars),
    accept_read_units: rounded(accept.read / regulars),
    handle_write_units: rounded(handle.write / regulars),
    handle_read_units: rounded(handle.read / regulars),
  };
}

/**
 * Units of one event, handled by itself, of a person with so many before it: the history is written past the API, and
 * followed up before. `npm run bench` has 10 to 100,000.
 */
export async function historyUnits(histories: readonly number[] = [10, 1000, 100_000]): Promise<Rows> {
  const rows: Record<string, Figures> = {};
  for (const history of histories) {
    const system = await accountOf({ ...base, history: 1, profiles: 1 });
    const { ports } = system.world;
    const account = accountId(seeded.account);
    const profile = (await findProfile(ports, account, { email: emailOf(0) }))?.id ?? '';
    const metric = await metricId(system);
    const now = ports.clock.now();
    for (let from = 0; from < history; from += 1000) {
      const some = Array.from({ length: Math.min(1000, history - from) }, (_, i) => {
        const told = { properties: {}, time: now - (1 + from + i) * minute, unique_id: `past-${from + i}`, value: 1 };
        return { put: eventItem(ports, account, profile, metric, told) };
      });
      await ports.store.writeMany(some);
      await system.world.settle();
    }
    const accept = await system.units(() => system.event(0, 400_000));
    const handle = await system.units(() => system.world.settle());
    rows[`${history.toLocaleString('en')} events before it`] = {
      accept_write_units: accept.write,
      accept_read_units: accept.read,
      handle_write_units: handle.write,
      handle_read_units: handle.read,
    };
    await system.world.stop();
  }
  return rows;
}

/** Profiles a second while a new segment of all of them is built. */
async function building(system: Measured, profiles: number): Promise<Figures> {
  const metric = await metricId(system);
  const started = performance.now();
  const segment = await makeSegment(system, metric, { count: 1 });
  await system.world.advance(10 * second);
  const took = performance.now() - started;
  const { data } = await system.call('GET', `/api/segments/${segment}?additional-fields[segment]=profile_count`);
  if (data.attributes['profile_count'] !== profiles) throw new Error('The segment was not built whole.');
  return { built_profiles_per_second: Math.round((profiles / took) * 1000) };
}

/** An account of 1,000 profiles with one segment and no flow: what the runtime does in a second. */
export async function topSpeed(): Promise<Figures> {
  const system = await measuredSystem();
  for (let profile = 0; profile < 1000; profile += 1) await system.event(profile, 0);
  await makeSegment(system, await metricId(system), { count: 1, days: 30 });
  await system.world.advance(10 * second);
  system.world.run();
  const figures = await throughput(system, 5000, 1000);
  await system.world.stop();
  return figures;
}

/** One event at a time of 500 new profiles. */
export async function latencies(): Promise<Rows> {
  const system = await accountOf(base);
  await makeFlow(system, await metricId(system));
  system.world.run();
  const { accept, entry, message } = await waits(
    system,
    Array.from({ length: 300 }, (_, i) => 1000 + i),
    1,
  );
  await system.world.stop();
  const row = (samples: readonly number[]) => ({ p50_ms: percentile(samples, 0.5), p99_ms: percentile(samples, 0.99) });
  return { accept: row(accept), 'segment entry': row(entry), 'first message': row(message) };
}

/** All figures for one size of the account. */
async function figuresOf(scale: Scale): Promise<Figures> {
  const system = await accountOf(scale);
  const units = await unitsOfEvent(system);
  await makeFlow(system, await metricId(system));
  const found: Waits = { accept: [], entry: [], message: [] };
  system.world.run();
  for (let round = 0; round < 3; round += 1) {
    // Until then all have left the segment.
    await system.world.advance(31 * day);
    const profiles = Array.from({ length: regulars }, (_, i) => i);
    const { accept, entry, message } = await waits(system, profiles, 500_000 + round);
    found.accept.push(...accept);
    found.entry.push(...entry);
    found.message.push(...message);
  }
  const speed = await throughput(system, 1000, base.profiles);
  await system.world.stop();
  const build = await building(system, scale.profiles);
  return {
    ...speed,
    accept_p50_ms: median(found.accept),
    entry_p50_ms: median(found.entry),
    message_p50_ms: median(found.message),
    ...build,
    ...units,
  };
}

const grown = (name: string, dimension: keyof Scale): readonly (readonly [string, Scale])[] =>
  [10, 100].map((factor) => [`${name} × ${factor}`, { ...base, [dimension]: base[dimension] * factor }]);

/** Each figure as the account grows: in one direction at a time, by 10 and by 100. */
export async function growth(): Promise<Rows> {
  const scales = [
    [`history ${base.history}, profiles ${base.profiles}, segments 1 + 1`, base] as const,
    ...grown('history', 'history'),
    ...grown('profiles', 'profiles'),
    ...grown('segments of its metric', 'segments'),
    ...grown('segments of another metric', 'otherSegments'),
  ];
  const rows: Record<string, Figures> = {};
  for (const [name, scale] of scales) {
    rows[name] = await figuresOf(scale);
  }
  return rows;
}
