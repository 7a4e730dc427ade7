// One service is gone for three hours while events keep coming (I21): nothing is lost, nobody is written to twice, it is not asked
// over and over, and what has piled up is worked off faster than it came. WRITE=1 records the figures.
import { afterAll, describe, expect, test } from 'vitest';
import type { FunctionCall } from '../../functions/local/fragile.ts';
import type { Fate } from '../../shared/adapters/memory/index.ts';
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { differences } from './agreement.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import { queueNames } from './judge.ts';
import { record } from './recorded.ts';
import * as ask from './requests.ts';
import { flow, rest, type Stage, stageOf } from './scenarios.ts';
import { seeded } from '../../functions/local/seed.ts';
import { headersWith, simulated } from './system.ts';

const between = 30 * second;
const events = (3 * hour) / between;

/** What an outage did. */
export interface Outage {
  port: string;
  /** Events that came meanwhile, each of somebody new, whom a flow writes to. */
  events: number;
  /** How many of them callers had to send again. */
  sentAgain: number;
  /** Calls of the port that failed. */
  refused: number;
  /** Messages that had to be put back from among the dead letters. */
  deadLetters: number;
  /** Virtual seconds until everything was worked off. */
  seconds: number;
}

const outages: Outage[] = [];
afterAll(() => record('outages', outages));

const emailOf = (n: number) => `p${n}@example.org`;

/** Tells of an event once; whether it was taken. */
async function told({ world, oracle }: Stage, n: number): Promise<boolean> {
  const at = world.clock.now();
  const what = { metric: 'Order', unique_id: `${n}`, value: 1, properties: {}, time: new Date(at).toISOString() };
  const body = JSON.stringify(ask.event({ email: emailOf(n) }, what));
  const headers = headersWith(seeded.key);
  const { status } = await world.request({ method: 'POST', path: '/api/events', headers, body });
  if (status < 500) {
    expect(status).toBe(202);
    oracle.happened(oracle.told({ email: emailOf(n) }), { ...what, unique_id: `${n}`, at, accepted: at });
  }
  return status === 202;
}

const waitsToBeSent = ({ world }: Stage) =>
  itemsOf(world).some((item) => item.kind === 'message' && (item.status === 'QUEUED' || item.status === 'CLAIMED'));

describe('a service that is gone for three hours', () => {
  test.each(['store', 'queue', 'bus', 'schedule', 'mail', 'files'])(
    '%s',
    async (port) => {
      let [down, quiet, refused] = [false, true, 0];
      const fate = (call: FunctionCall): Fate => {
        if (!down || call.port !== port) return 'pass';
        refused += 1;
        return 'throttled';
      };
      const stage = stageOf(
        await simulated({ fate }, { onChange: () => void (quiet = false), onQuiet: () => void (quiet = true) }),
      );
      const isBusy = () => !quiet || waitsToBeSent(stage);
      const { world } = stage;
      await flow(stage, 0);
      await rest(stage);
      const before = world.inbox.length;
      down = true;
      const again: number[] = [];
      for (let n = 0; n < events; n += 1) {
        if (!(await told(stage, n))) again.push(n);
        await world.advance(between);
      }
      down = false;
      const began = world.clock.now();
      for (const n of again) expect(await told(stage, n)).toBe(true);
      let deadLetters = 0;
      // An operator puts dead letters back as soon as there are any.
      async function goOn(ms: number): Promise<void> {
        for (const name of queueNames) deadLetters += world.redrive(name);
        await world.advance(ms);
      }
      for (let tries = 0; tries < 600 && isBusy(); tries += 1) await goOn(10 * second);
      const seconds = (world.clock.now() - began) / second;
      for (let hours = 0; hours < 3; hours += 1) await goOn(hour);
      outages.push({ port, events, sentAgain: again.length, refused, deadLetters, seconds });
      expect([...brokenIn(world), ...givenUpIn(world, ['wake']), ...(await differences(stage, stage.oracle))]).toEqual(
        [],
      );
      expect(world.inbox.length - before).toBe(events);
      // Twice as fast as it came; asked for a dozen times a minute at most, by ten lanes of the stream and by callers.
      expect(seconds).toBeLessThan((3 * hour) / second / 2);
      expect(refused).toBeLessThan((12 * (3 * hour)) / minute);
    },
    120_000,
  );
});
