// What is measured, one function each; every figure with its unit in its name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { bundle } from '../../cdk/bundle.ts';
import { functionSpecs } from '../../shared/topology.ts';
import { type Measured, makeFlow, makeSegment, measuredSystem, metricId } from './system.ts';

export type Figures = Readonly<Record<string, number>>;

/** The value below which `share` of the sorted samples lie. */
function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** Events a second, from the request to the 202, and to the end of everything that follows. */
export async function throughput(events: number): Promise<Figures> {
  const system = await measuredSystem({ real: true });
  await system.event(0, 0);
  const metric = await metricId(system);
  await makeSegment(system, metric);
  await system.world.settle();
  const latencies: number[] = [];
  const started = performance.now();
  let next = 1;
  const caller = async () => {
    while (next <= events) {
      const order = next;
      next += 1;
      const sent = performance.now();
      await system.event(order % 1000, order);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  const accepted = performance.now() - started;
  await system.world.settle();
  const handled = performance.now() - started;
  await system.world.stop();
  return {
    accepted_per_second: Math.round((events / accepted) * 1000),
    handled_per_second: Math.round((events / handled) * 1000),
    accept_p50_ms: percentile(latencies, 0.5),
    accept_p99_ms: percentile(latencies, 0.99),
  };
}

/** From the request to the membership, and to the hand-over of the first message, one event at a time. */
export async function latencies(rounds: number): Promise<Figures> {
  const system = await measuredSystem({ real: true });
  await system.event(0, 0);
  const metric = await metricId(system);
  await makeSegment(system, metric);
  await makeFlow(system, metric);
  await system.world.settle();
  const entry: number[] = [];
  const message: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const sent = performance.now();
    const entered = new Promise<number>((done) => {
      const end = system.world.bus.subscribe(({ type }) => {
        if (type !== 'segment.entered') return;
        end();
        done(performance.now() - sent);
      });
    });
    const mails = system.world.inbox.length;
    await system.event(round, round);
    entry.push(await entered);
    await system.world.settle();
    if (system.world.inbox.length !== mails + 1) throw new Error('The flow did not send its message.');
    message.push(performance.now() - sent);
  }
  await system.world.stop();
  return {
    segment_entry_p50_ms: percentile(entry, 0.5),
    segment_entry_p99_ms: percentile(entry, 0.99),
    first_message_p50_ms: percentile(message, 0.5),
    first_message_p99_ms: percentile(message, 0.99),
  };
}

/** Capacity units of one event of about 1 KB for a known profile, with `history` events and `segments` segments there. */
async function unitsOfEvent(system: Measured, profile: number, order: number): Promise<Figures> {
  const batch = 10;
  const accept = await system.units(async () => {
    for (let i = 0; i < batch; i += 1) await system.event(profile, order + i);
  });
  const handle = await system.units(() => system.world.settle());
  return {
    accept_write: rounded(accept.write / batch),
    accept_read: rounded(accept.read / batch),
    handle_write: rounded(handle.write / batch),
    handle_read: rounded(handle.read / batch),
  };
}

/** How the units of an event grow with the profile's history and with segments that do not mention its metric. */
export async function growth(): Promise<Readonly<Record<string, Figures>>> {
  const rows: Record<string, Figures> = {};
  for (const [history, others] of [
    [10, 1],
    [100, 1],
    [1000, 1],
    [10, 10],
    [10, 100],
  ] as const) {
    const system = await measuredSystem({ real: false });
    await system.event(1, 0);
    await system.event(1, 1, { metric: 'Viewed Product' });
    await makeSegment(system, await metricId(system));
    const other = await metricId(system, 'Viewed Product');
    for (let i = 0; i < others; i += 1) await makeSegment(system, other, i + 1);
    for (let i = 0; i < history; i += 1) await system.event(1, 100 + i);
    await system.world.advance(1000);
    rows[`history ${history}, other segments ${others}`] = await unitsOfEvent(system, 1, 100_000);
  }
  return rows;
}

/** Profiles a second while a new segment is built over an account. */
export async function building(profiles: number): Promise<Figures> {
  const system = await measuredSystem({ real: true });
  for (let profile = 0; profile < profiles; profile += 1) await system.event(profile, profile);
  await system.world.settle();
  const metric = await metricId(system);
  const started = performance.now();
  await makeSegment(system, metric);
  await system.world.settle();
  const took = performance.now() - started;
  await system.world.stop();
  return { profiles_per_second: Math.round((profiles / took) * 1000) };
}

/** Size and import time of each function's bundle, as it is deployed. Imports are timed in fresh processes. */
export function bundles(): Readonly<Record<string, Figures>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  try {
    bundle(folder);
    return Object.fromEntries(
      functionSpecs.map(([name]) => {
        const path = join(folder, name, 'index.mjs');
        const times = Array.from({ length: 5 }, () => importTime(path));
        return [
          name,
          {
            kb: Math.round(statSync(path).size / 1024),
            gzip_kb: Math.round(gzipSync(readFileSync(path)).length / 1024),
            import_ms: percentile(times, 0.5),
          },
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The environment that any function may ask for at its start; the values are never used. */
const anyEnvironment = Object.fromEntries(
  [
    ...['STAGE', 'PUBLIC_URL', 'TABLE_NAME', 'BUS_NAME', 'SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN', 'WAKE_ARN'],
    ...['CONFIGURATION_SET', 'BUCKET_NAME', 'AWS_REGION'],
    ...['SEGMENTS', 'FLOWS', 'MESSAGES', 'JOBS', 'FEEDBACK'].map((queue) => `${queue}_QUEUE_URL`),
  ].map((name) => [name, 'x']),
);

function importTime(path: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - t);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...anyEnvironment },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${path} does not load: ${stderr}`);
  return Number(stdout.trim().split('\n').at(-1));
}
