// How far behind what follows from an event is, event by event, while events come at a steady rate with 20 segments and 5
// flows live. `node test/bench/lag.ts` alone prints that.
import { setTimeout } from 'node:timers/promises';
import { functions } from '../../functions/local/functions.ts';
import type { Functions } from '../../functions/local/world.ts';
import { known } from '../../shared/storage/patterns.ts';
import { type Figures, percentile, type Rows } from './figures.ts';
import { bulkOf, busyAccount, eventOf, range, told } from './ingest.ts';
import { emailOf, type Measured } from './system.ts';

/** So many that nobody has a second event before the first is handled, at any of the rates. */
const people = 10_000;

/** Who takes up an event: it is handled when both have. */
const workers = ['segments', 'flows'] as const;

/** An event on its way. */
interface Way {
  sent: number;
  /** When the 202 came. */
  accepted?: number;
  done: Set<string>;
  handled?: number;
}

/** Follows the latest event of each person. */
function follow() {
  const ways = new Map<string, Way>();
  const lags: number[] = [];

  function end(profile: string, way: Way): void {
    if (way.accepted === undefined || way.handled === undefined) return;
    // What is handled before its answer is there is not behind.
    lags.push(Math.max(0, way.handled - way.accepted));
    ways.delete(profile);
  }

  /** Somebody's items were looked at by a worker that began at this time. */
  function worked(name: string, profile: string, began: number): void {
    const way = ways.get(profile);
    if (!way || began < way.sent) return;
    way.done.add(name);
    if (way.done.size < workers.length || way.handled !== undefined) return;
    way.handled = performance.now();
    end(profile, way);
  }

  function watched(name: (typeof workers)[number]): Functions[typeof name] {
    return (ports) => {
      const handler = functions[name](ports);
      return async (event, context) => {
        const began = performance.now();
        const answer = await handler(event, context);
        for (const { body } of (event as { Records: { body: string }[] }).Records) {
          const { profile } = JSON.parse(body) as { profile?: string };
          if (profile !== undefined) worked(name, profile, began);
        }
        return answer;
      };
    };
  }

  return {
    lags,
    left: () => ways.size,
    functions: { ...functions, segments: watched('segments'), flows: watched('flows') },
    /** Sends what these people do, and follows it. */
    send: async (profiles: readonly string[], call: () => Promise<unknown>): Promise<void> => {
      const sent = performance.now();
      const mine = profiles.map((profile): [string, Way] => [profile, { sent, done: new Set() }]);
      for (const [profile, way] of mine) ways.set(profile, way);
      await call();
      for (const [profile, way] of mine) {
        way.accepted = performance.now();
        end(profile, way);
      }
    },
  };
}

/** The ids of the people, by their number. */
function idsIn({ world }: Measured): string[] {
  const byEmail = new Map(
    world.store
      .dump()
      .map(known)
      .flatMap((item) => (item.kind === 'profile' ? [[item.email ?? '', item.id] as const] : [])),
  );
  return range(0, people).map((number) => byEmail.get(emailOf(number)) ?? '');
}

/**
 * Events at `rate` a second for `seconds`, `perCall` of them in each call, the callers in the same process and held up while
 * the system is behind: from the 202 until the workers of segments and of flows are done with them. `rate_per_second` is
 * what the callers came to.
 */
export async function lagAt(rate: number, seconds: number, perCall: number): Promise<Figures> {
  const { lags, left, functions: followed, send } = follow();
  const system = await busyAccount(followed, people);
  const ids = idsIn(system);
  const calls = (rate * seconds) / perCall;
  // Made beforehand: a caller elsewhere would not take of this process's time.
  const bodies = range(0, calls).map((call) => {
    const orders = range(people + call * perCall, perCall);
    const profiles = orders.map((order) => ids[order % people] ?? '');
    return { profiles, body: perCall === 1 ? eventOf(orders[0] ?? 0, people) : bulkOf(orders, people) };
  });
  const path = perCall === 1 ? '/api/events' : '/api/event-bulk-create-jobs';
  const started = performance.now();
  const sending: Promise<void>[] = [];
  while (sending.length < calls) {
    const due = Math.min(calls, Math.floor((((performance.now() - started) / 1000) * rate) / perCall));
    for (const { profiles, body } of bodies.slice(sending.length, due)) {
      sending.push(send(profiles, () => told(system, path, body)));
    }
    await setTimeout(1);
  }
  await Promise.all(sending);
  const took = (performance.now() - started) / 1000;
  await system.world.settle();
  await system.world.stop();
  if (left() > 0) throw new Error(`${left()} events were not followed to their end.`);
  return {
    rate_per_second: Math.round((calls * perCall) / took),
    p50_ms: percentile(lags, 0.5),
    p99_ms: percentile(lags, 0.99),
    most_ms: percentile(lags, 1),
  };
}

/** The rates that are offered: 1,500 a second one by one, 3,000 in bulk. */
export async function lags(seconds = 10): Promise<Rows> {
  return {
    'one by one': await lagAt(1500, seconds, 1),
    'in bulk jobs of 100': await lagAt(3000, seconds, 100),
    'in bulk jobs of 1,000': await lagAt(3000, seconds, 1000),
  };
}

if (import.meta.filename === process.argv[1]) console.log(await lags());
