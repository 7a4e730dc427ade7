// One seed: a world, random turns, random faults, then quiet, and everything is looked at.
import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { FunctionCall } from '../../functions/local/fragile.ts';
import type { World } from '../../functions/local/world.ts';
import { type Fate, faultsAt, numbersFrom, type StreamedChange, unruly } from '../../shared/adapters/memory/index.ts';
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { differences, metricIds } from './agreement.ts';
import { enrolled, type Expectation } from './enrolled.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import * as ask from './requests.ts';
import { stageOf } from './scenarios.ts';
import { simulated } from './system.ts';
import { dice, idOf, membership, type Run, type Turn, turns } from './workload.ts';

export interface Outcome {
  broken: string[];
  /** Of every call, its fate, and the table in the end. */
  hash: string;
  /** The turns taken, by number. */
  taken: string[];
  faults: Record<string, number>;
  calls: number;
}

/** Streams of one seed never meet: what one draws changes nothing in another. */
const stream = (seed: number, ...place: number[]) =>
  numbersFrom(place.reduce((mixed, one) => Math.imul(mixed ^ (one + 1), 0x9e3779b1), seed * 0x85ebca6b + 1));

const lot = { faults: 1, order: 2, queue: 3, choice: 4, turns: 5 };

/** Which faults a seed knows, and how often they come: few seeds know them all. */
function moodOf(seed: number) {
  const { oneOf, chance } = dice(stream(seed, lot.choice));
  const rate = () => oneOf([0, 0, 0.002, 0.01, 0.05]) ?? 0;
  const fates: Exclude<Fate, 'pass'>[] = ['crash-before', 'crash-after', 'throttled', 'contended', 'lost', 'twice'];
  return {
    rates: Object.fromEntries(fates.map((fate) => [fate, rate()])),
    overtaken: rate(),
    delivered: oneOf([0, 0, 0.05, 0.3]) ?? 0,
    delayed: oneOf([0, 0, 0.1, 0.5]) ?? 0,
    again: oneOf([0, 0, 0.05, 0.3]) ?? 0,
    parallel: oneOf([1, 1, 4]) ?? 1,
    hops: oneOf([0, 3, 10]) ?? 0,
    stalled: oneOf([0, 0.01, 0.1]) ?? 0,
    alongside: oneOf([0, 0.5]) ?? 0,
    minutes: oneOf([0, 2, 50]) ?? 0,
    without: new Set(Object.keys(turns).filter(() => chance(0.15))),
  };
}

const weighted = Object.entries(turns).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name as Turn),
);

/** Runs a seed for so many turns, leaving out some of them. The same seed always takes the same way. */
export async function runSeed(seed: number, length: number, skip: ReadonlySet<number> = new Set()): Promise<Outcome> {
  const mood = moodOf(seed);
  const plan = faultsAt(() => mood.rates, stream(seed, lot.faults));
  const [order, queue] = [stream(seed, lot.order), stream(seed, lot.queue)];
  const faults: Record<string, number> = {};
  const trace: string[] = [];
  const changes: StreamedChange[] = [];
  let armed = false;
  let repeatable = false;
  let inside = false;
  let quiet = true;
  let wasBusy = false;
  const count = (what: string) => (faults[what] = (faults[what] ?? 0) + 1);

  async function fate(call: FunctionCall): Promise<Fate> {
    if (!armed) return 'pass';
    for (let hops = Math.floor(order() * mood.hops); hops > 0; hops -= 1) await Promise.resolve();
    if (order() < mood.stalled) for (let turn = Math.floor(order() * 6); turn >= 0; turn -= 1) await setImmediate();
    const decided = await plan(call);
    const overtaken = order() < mood.overtaken && !inside && (repeatable || !isHttp.has(call.function));
    trace.push(`${call.function} ${call.port}.${call.method} ${decided}${overtaken ? ' overtaken' : ''}`);
    if (decided !== 'pass') count(decided);
    if (overtaken) {
      count('overtaken');
      inside = true;
      await call.deliverAgain();
      inside = false;
    }
    return decided;
  }

  const system = await simulated(
    {
      fate,
      twice: (name) => armed && order() < mood.delivered && (repeatable || !isHttp.has(name)),
    },
    {
      parallel: mood.parallel,
      onChange: (change) => {
        quiet = false;
        changes.push(change);
        if (changes.length > 100) changes.shift();
      },
      onQuiet: () => {
        quiet = true;
        settled();
      },
      portsFor: (_, ports) => ({
        ...ports,
        queue: unruly(ports.queue, {
          delay: () => (armed && queue() < mood.delayed ? Math.floor(queue() * 20) : 0),
          again: () => (armed && queue() < mood.again ? Math.floor(queue() * 600) : undefined),
        }),
      }),
    },
  );
  const { world } = system;
  const stage = stageOf(system);
  const expectations: Expectation[] = [];
  const unsettled = new Set<Expectation>();
  const settled = () => {
    // What lies among the dead letters will be taken up in the end.
    if (queues.some((name) => world.deadLetters(name).length > 0)) return;
    if (run.flowIsLive) for (const one of unsettled) one.word = 'must';
    unsettled.clear();
  };
  const busy = () => !quiet || queues.some((name) => world.queue.size(name) + world.deadLetters(name).length > 0);
  const run: Run = {
    ...stage,
    flow: '',
    flowIsLive: false,
    unsure: new Set(),
    words: [],
    busy: () => wasBusy || busy(),
    metrics: new Map(),
    replay: (some) => world.replay(changes.slice(-some)),
    accepted(person, event) {
      const one: Expectation = { person, event, word: run.flowIsLive ? 'may' : 'not' };
      expectations.push(one);
      unsettled.add(one);
    },
    toggling() {
      // A late delivery of an old event meets the flow as it is by then.
      for (const one of expectations) if (one.word === 'not') one.word = 'may';
      unsettled.clear();
    },
  };

  const broken: string[] = [];
  const taken: string[] = [];
  try {
    await prepare(run, mood.minutes);
    armed = true;
    for (let number = 0; number < length; number += 1) {
      const d = dice(stream(seed, lot.turns, number));
      const name = d.oneOf(weighted);
      if (name === undefined || skip.has(number) || mood.without.has(name)) continue;
      taken.push(`${number} ${name}`);
      trace.push(name);
      world.clock.advance(second);
      repeatable = turns[name].repeatable;
      wasBusy = busy();
      // Workers go on while the request is under way.
      const background = order() < mood.alongside ? world.settle() : undefined;
      await turns[name].run(run, d);
      await background;
      repeatable = false;
    }
    armed = false;
    for (let rounds = 0; rounds < 3; rounds += 1) {
      for (const name of queues) world.redrive(name);
      await world.advance(hour);
    }
    broken.push(...(await look(run)));
    broken.push(...enrolled(world, expectations, (person) => idOf(run, person), mood.minutes * minute));
    await world.advance(6 * hour);
    broken.push(...(await look(run)));
  } catch (error) {
    broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const table = JSON.stringify(world.store.dump());
  return { broken, hash: hash('sha256', [...trace, table].join('\n')), taken, faults, calls: trace.length };
}

const isHttp: ReadonlySet<string> = new Set(['api', 'events', 'client', 'pages']);
const queues = ['segments', 'flows', 'messages', 'jobs', 'feedback'] as const;

/** Both metrics, and the flow. */
async function prepare(run: Run, minutes: number): Promise<void> {
  await run.happens({ email: 'first@example.org' }, { metric: 'Order', unique_id: 'first' });
  await run.happens({ email: 'first@example.org' }, { metric: 'Viewed', unique_id: 'first' });
  await run.world.advance(10 * second);
  run.metrics = await metricIds(run);
  const template = await run.make('POST', '/api/templates', ask.template('<p>Thanks. {% unsubscribe %}</p>'));
  run.flow = await run.make('POST', '/api/flows', ask.flow(run.metrics.get('Order') ?? '', template, minutes));
  await run.make('PATCH', `/api/flows/${run.flow}`, ask.flowStatus(run.flow, 'live'));
  run.flowIsLive = true;
  await run.world.advance(10 * second);
}

const isHeld = (world: World) => queues.some((name) => world.queue.size(name) > 0);

/** Everything that can be looked at in a world at rest. */
async function look(run: Run): Promise<string[]> {
  const { world, oracle } = run;
  // What falls due within this minute is on its way already.
  for (let minutes = 0; minutes < 5 && isHeld(world); minutes += 1) await world.advance(minute);
  // Who came first is told by the table, where the oracle cannot know.
  const members = new Set(
    itemsOf(world).flatMap((item) => (item.kind === 'list-member' ? `${item.group} ${item.profile}` : [])),
  );
  for (const list of oracle.lists) {
    for (const person of oracle.people) {
      if (!run.unsure.has(membership(person, list))) continue;
      if (members.has(`${list} ${idOf(run, person) ?? ''}`)) person.lists.add(list);
      else person.lists.delete(list);
    }
  }
  return [...brokenIn(world), ...givenUpIn(world, ['wake']), ...(await differences(run, oracle)), ...unwanted(run)];
}

/** Nothing is handed over after a withdrawal on a page, unless a grant came after it. */
function unwanted({ world, words }: Run): string[] {
  return world.inbox.flatMap(({ to, at }) => {
    const last = words.findLast((word) => word.email === to && word.at < at);
    return last?.granted === false ? [`${to} was written to at ${at} after a withdrawal at ${last.at}`] : [];
  });
}
