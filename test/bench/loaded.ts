// From an event's request to what follows from it, while events come at a steady rate.
import { setTimeout } from 'node:timers/promises';
import { second } from '../../shared/kernel/time.ts';
import { type Figures, percentile, rounded } from './figures.ts';
import { emailOf, makeFlow, makeSegment, measuredSystem, metricId } from './system.ts';

const known = 500;
/** One event in so many is somebody's first, and is followed until they are in the segment. */
const followed = 20;

/**
 * Events of known people at `rate` a second for `seconds`, the callers in the same process; somebody's first one is timed
 * until they are in the segment, or until their email of a flow that every event starts is sent. `rate_per_second` is what
 * the callers came to.
 */
export async function loadedLatency(
  wanted: 'segment.entered' | 'message.sent',
  rate: number,
  seconds: number,
): Promise<Figures> {
  const system = await measuredSystem();
  for (let person = 0; person < known; person += 1) await system.event(person, person);
  const events = rate * seconds;
  const ids = new Map<number, string>();
  for (let sent = 0; sent < events; sent += followed) {
    const attributes = { email: emailOf(known + sent) };
    const { data } = await system.call('POST', '/api/profiles', { data: { type: 'profile', attributes } });
    ids.set(sent, data.id);
  }
  const metric = await metricId(system);
  if (wanted === 'message.sent') await makeFlow(system, metric);
  else await makeSegment(system, metric, { count: 1, days: 30 });
  await system.world.advance(10 * second);
  system.world.run();
  const since = new Map<string, number>();
  const waits: number[] = [];
  const end = system.world.bus.subscribe(({ type, detail }) => {
    const sent = type === wanted ? since.get((detail as { profile: string }).profile) : undefined;
    if (sent !== undefined) waits.push(performance.now() - sent);
  });
  const started = performance.now();
  const calls: Promise<void>[] = [];
  while (calls.length < events) {
    const due = Math.min(events, Math.floor(((performance.now() - started) / 1000) * rate));
    while (calls.length < due) {
      const sent = calls.length;
      const first = ids.get(sent);
      if (first !== undefined) since.set(first, performance.now());
      calls.push(system.event(first === undefined ? sent % known : known + sent, 1_000_000 + sent));
    }
    await setTimeout(1);
  }
  await Promise.all(calls);
  const took = (performance.now() - started) / 1000;
  await system.world.settle();
  end();
  await system.world.stop();
  if (waits.length !== ids.size) throw new Error('Not everybody came to it.');
  return {
    rate_per_second: Math.round(events / took),
    p50_ms: percentile(waits, 0.5),
    p99_ms: rounded(percentile(waits, 0.99)),
  };
}
