// How long the virtual clock takes through a month in which something falls due in ten thousand different minutes.
import { day, minute } from '../../shared/kernel/time.ts';
import type { Figures } from './figures.ts';
import { makeSegment, measuredSystem, metricId } from './system.ts';

const people = 10_000;
const days = 30;

/** Each person leaves a segment of the last 30 days at a minute of their own; seconds that turning past all of them takes. */
export async function monthOfTimers(): Promise<Figures> {
  const system = await measuredSystem();
  await system.event(0, 0);
  await makeSegment(system, await metricId(system), { count: 1, days });
  await system.world.advance(minute);
  for (let one = 1; one <= people; one += 1) await system.event(one, one, { daysAgo: (one * (days - 0.1)) / people });
  await system.world.settle();
  const waiting = () => system.world.store.dump().filter(({ kind }) => kind === 'due').length;
  const due = waiting();
  const started = performance.now();
  await system.world.advance(days * day);
  const took = (performance.now() - started) / 1000;
  const left = waiting();
  await system.world.stop();
  return { due, left, seconds: Math.round(took * 10) / 10 };
}
