// Bulk import: how fast, and whether it stays as fast with more profiles stored. `node test/bench/imports.ts` alone
// prints it.
import type { Figures, Rows } from './figures.ts';
import { type Measured, emailOf, measuredSystem } from './system.ts';

const jobSize = 10_000;

/** One job of `jobSize` profiles from `first` on. */
const jobOf = (first: number, visits: number) => ({
  data: {
    type: 'profile-bulk-import-job',
    attributes: {
      profiles: {
        data: Array.from({ length: jobSize }, (_, i) => ({
          type: 'profile',
          attributes: {
            email: emailOf(first + i),
            first_name: 'Ana',
            location: { city: 'Boston', country: 'United States' },
            properties: { visits, roast: 'light' },
          },
        })),
      },
    },
  },
});

async function timed(system: Measured, first: number, visits: number): Promise<{ took: number; handled: number }> {
  const started = performance.now();
  const { data } = await system.call('POST', '/api/profile-bulk-import-jobs', jobOf(first, visits));
  const path = `/api/profile-bulk-import-jobs/${data.id}`;
  let status = '';
  while (status !== 'complete') {
    await new Promise((done) => setTimeout(done, 20));
    status = String((await system.call('GET', path)).data.attributes['status']);
  }
  const took = performance.now() - started;
  await system.world.settle();
  return { took, handled: performance.now() - started };
}

const perSecond = (ms: number) => Math.round((jobSize / ms) * 1000);

/** Profiles a second from the request to the end of the job, and to the end of all that follows, by profiles stored. */
export async function importing(jobs: number): Promise<Rows> {
  const rows: Record<string, Figures> = {};
  const system = await measuredSystem();
  system.world.run();
  for (let job = 0; job < jobs; job += 1) {
    const fresh = await timed(system, job * jobSize, 1);
    const known = await timed(system, job * jobSize, 2);
    rows[`${job * jobSize} stored before`] = {
      new_per_second: perSecond(fresh.took),
      new_handled_per_second: perSecond(fresh.handled),
      known_per_second: perSecond(known.took),
      known_handled_per_second: perSecond(known.handled),
    };
  }
  await system.world.stop();
  return rows;
}

if (import.meta.filename === process.argv[1])
  console.log(JSON.stringify(await importing(Number(process.argv[2] ?? 10)), null, 2));
