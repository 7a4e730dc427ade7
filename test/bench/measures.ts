// What is measured, one function each; every figure with its unit in its name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle } from '../../cdk/bundle.ts';
import { environmentOf } from '../../shared/env.ts';
import { type Grant, functionSpecs } from '../../shared/topology.ts';
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

/** Profiles that get one event each: what workers do once a batch is shared by them. */
const batch = 10;

/** Capacity units of one event of about 1 KB for a known profile, per event of a batch. */
async function unitsOfEvent(system: Measured, order: number): Promise<Figures> {
  const accept = await system.units(async () => {
    for (let profile = 0; profile < batch; profile += 1) await system.event(profile, order);
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
    await system.event(0, 0);
    await system.event(0, 1, { metric: 'Viewed Product' });
    await makeSegment(system, await metricId(system));
    const other = await metricId(system, 'Viewed Product');
    for (let i = 0; i < others; i += 1) await makeSegment(system, other, i + 1);
    for (let profile = 0; profile < batch; profile += 1) {
      for (let i = 0; i < history; i += 1) await system.event(profile, 100 + i);
    }
    await system.world.advance(10_000);
    rows[`history ${history}, other segments ${others}`] = await unitsOfEvent(system, 100_000);
  }
  return rows;
}

/** Profiles a second while a new segment is built over an account. */
export async function building(profiles: number): Promise<Figures> {
  const system = await measuredSystem({ real: false });
  for (let profile = 0; profile < profiles; profile += 1) await system.event(profile, profile);
  await system.world.settle();
  const metric = await metricId(system);
  const started = performance.now();
  const segment = await makeSegment(system, metric);
  // On the clock a build waits for the index to catch up; what is measured is the work.
  await system.world.advance(10_000);
  const took = performance.now() - started;
  const { data } = await system.call('GET', `/api/segments/${segment}?additional-fields[segment]=profile_count`);
  if (data.attributes['profile_count'] !== profiles) throw new Error('The segment was not built whole.');
  return { profiles_per_second: Math.round((profiles / took) * 1000) };
}

/** Size and import time of each function's bundle, as it is deployed. Imports are timed in fresh processes. */
export function bundles(): Readonly<Record<string, Figures>> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  try {
    const metafiles = bundle(folder);
    return Object.fromEntries(
      functionSpecs.map(([name, { grants }]) => {
        const path = join(folder, name, 'index.mjs');
        const times = Array.from({ length: 5 }, () => importTime(path, grants));
        return [
          name,
          {
            loaded_kb: loadedKb(metafiles.get(name)),
            import_ms: percentile(times, 0.5),
          },
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a cold start reads: the entry and all that it imports at once; what is imported late does not count. */
function loadedKb(metafile: Metafile | undefined): number {
  const outputs = metafile?.outputs ?? {};
  const wanted = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs'));
  const loaded = new Set<string>();
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const { kind, path: imported } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[imported]) wanted.push(imported);
    }
  }
  return Math.round([...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0) / 1024);
}

/** Loads a bundle in a fresh process, with the environment that its grants bring; the values are never used. */
function importTime(path: string, grants: readonly Grant[]): number {
  const variables = [...environmentOf(grants), 'AWS_REGION'].map((name) => [name, 'x']);
  const script = `const t = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - t);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...(Object.fromEntries(variables) as Record<string, string>) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${path} does not load: ${stderr.slice(-500)}`);
  return Number(stdout.trim().split('\n').at(-1));
}
