// People who wait in a flow until their time comes: what it costs that they wait, and how fast they go on.
// `node --expose-gc test/bench/waking.ts 100000` alone prints it for so many.
import { day, hour } from '../../shared/kernel/time.ts';
import { known } from '../../shared/storage/patterns.ts';
import { notedFunctions } from '../support/noted-functions.ts';
import { type Figures, rounded } from './figures.ts';
import { bulkOf, range } from './ingest.ts';
import { makeFlow, measuredSystem, metricId } from './system.ts';

const waitDays = 3;
const perJob = 1000;
const metric = 'Placed Order';

/** Megabytes of what is held, after a collection where there can be one. */
function heap(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

/** What it costs that `people` wait for days, and how fast they go on when it is over, to the email behind the delay. */
export async function wakings(people: number): Promise<Figures> {
  // `wake` is told by itself.
  const count = { wake: 0, others: 0 };
  const system = await measuredSystem(notedFunctions((name) => (count[name === 'wake' ? 'wake' : 'others'] += 1)));
  const { world } = system;
  await system.event(people, people, { metric });
  await world.settle();
  await makeFlow(system, await metricId(system, metric), { waitDays });
  await world.settle();
  const began = performance.now();
  for (let from = 0; from < people; from += perJob) {
    const orders = range(from, Math.min(perJob, people - from));
    await system.call('POST', '/api/event-bulk-create-jobs', bulkOf(orders, people, metric));
    await world.settle();
  }
  const filled = (performance.now() - began) / 1000;
  const waiting = world.store.dump().filter(({ kind }) => kind === 'enrolment').length;
  // What the events themselves led to (counts of their quarter of an hour) is over by then.
  await world.advance(hour);
  const held = heap();
  const before = { ...count };
  const idle = await system.units(() => world.advance((waitDays - 1) * day));
  const idled = { wake: count.wake - before.wake, others: count.others - before.others };
  const [from, used] = [performance.now(), process.cpuUsage()];
  await world.advance(day);
  const took = (performance.now() - from) / 1000;
  const { user, system: kernel } = process.cpuUsage(used);
  const sent = world.store
    .dump()
    .map(known)
    .filter((item) => item.kind === 'message' && item.status === 'SENT').length;
  await world.stop();
  return {
    waiting,
    woken: sent,
    seconds_to_fill: rounded(filled),
    sweeps_while_waiting: idled.wake,
    other_invocations_while_waiting: idled.others,
    read_units_while_waiting: rounded(idle.read),
    write_units_while_waiting: rounded(idle.write),
    woken_per_second: Math.round(sent / took),
    core_us: Math.round((user + kernel) / sent),
    heap_waiting_mb: held,
    heap_woken_mb: heap(),
  };
}

if (import.meta.main) console.log(await wakings(Number(process.argv[2] ?? 5000)));
