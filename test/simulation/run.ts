// One seed: a world, random turns, random faults, then quiet, and everything is looked at.
import { hash } from 'node:crypto';
import { functions } from '../../functions/local/functions.ts';
import type { Functions, World } from '../../functions/local/world.ts';
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import { day, hour, minute, second } from '../../shared/kernel/time.ts';
import { metricIds } from './agreement.ts';
import { enrolled, type Expectation } from './enrolled.ts';
import { itemsOf } from './invariants.ts';
import { look, putBack, queueNames, unfinished } from './judge.ts';
import { createMeeting } from './meeting.ts';
import { type Mood, moodOf } from './mood.ts';
import * as ask from './requests.ts';
import { secretMark } from './oracle.ts';
import { stageOf } from './scenarios.ts';
import { releaseBefore } from './release-before.ts';
import { dice, stream } from './streams.ts';
import { noSums, type Sums } from './sums.ts';
import { rivalOf, start, systemOf } from './system.ts';
import { type Told, unrulySystem, type Weather } from './unruly-system.ts';
import { watchClaims, watchFilters, watchIdentity } from './watch.ts';
import { type Turn, turns } from './turns.ts';
import { idOf, type Run, Unexpected } from './workload.ts';

export interface Outcome {
  broken: string[];
  /** Of every call, its fate, and after the last turn the table, the queues and the schedules. */
  hash: string;
  /** The turns taken, by number. */
  taken: string[];
  /** How often each fault happened and each rare state was met. */
  met: Partial<Record<Told, number>>;
  /** Requests and events that a function was given to work on, during the turns. */
  operations: number;
  /** Calls that could fail. */
  calls: number;
  /** Virtual time between the first turn and the end, milliseconds. */
  lasted: number;
  /** What was looked at, and what became of messages. */
  sums: Sums;
  /** How long after a withdrawal was answered messages were handed over that had been claimed before, milliseconds. */
  behind: number[];
  /** Virtual time from the end of the faults until nothing was left to do, milliseconds; not of a run that never was looked at. */
  rested?: number;
}

export interface RunOptions {
  /** Turns to leave out, by number. */
  skip?: ReadonlySet<number>;
  /** No faults. */
  calm?: boolean;
  /** Ends after so many operations, if that is before the last turn. */
  operations?: number;
  /** Ends with the turns: enough to see whether a seed takes the same way again. */
  turnsOnly?: boolean;
  /** Plants a defect, or leaves the functions as they are. */
  plant?: (functions: Functions) => Functions;
}

const weighted = Object.entries(turns).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name as Turn),
);

/** Runs a seed for so many turns. The same seed with the same options always takes the same way. */
export async function runSeed(seed: number, length: number, options: RunOptions = {}): Promise<Outcome> {
  const { skip = new Set(), calm = false, plant, turnsOnly = false, operations: most = Infinity } = options;
  const mood = moodOf(seed);
  const [order, clock] = [stream(seed, 'order', 1), stream(seed, 'clock')];
  const met: Outcome['met'] = {};
  const trace: string[] = [];
  const sums = noSums();
  let [operations, calls] = [0, 0];
  const weather: Weather = { armed: false, repeatable: false, degraded: false };
  const note = (what: Told) => (met[what] = (met[what] ?? 0) + 1);
  const meeting = createMeeting();
  const unruly = unrulySystem(plant?.(functions) ?? functions, {
    seed,
    mood,
    weather,
    ...(mood.mixed && { before: await releaseBefore() }),
    listener: {
      note,
      traced(line) {
        calls += 1;
        trace.push(line);
      },
      began(isRequest) {
        operations += Number(weather.armed);
        sums.answers += Number(isRequest);
      },
      arriving: meeting.arriving,
    },
  });
  const history = createHistory();
  const system = await systemOf({
    functions: unruly.functions,
    parallel: mood.parallel,
    // Not always at noon in summer: every season, weekday and hour, on the second or beside it.
    start: start + Math.floor(clock() * 365) * day + Math.floor(clock() * 24 * hour),
    seed: Math.floor(stream(seed, 'ids')() * 2 ** 31) + 1,
    onChange: (change) => {
      sums.changes += 1;
      history.see(change);
    },
    onQuiet: () => {
      history.rested();
      settled();
      if (rest.from !== undefined && !busy()) rest.until ??= world.clock.now();
    },
  });
  const { world } = system;
  const began = world.clock.now();
  unruly.attach(world);
  const stage = stageOf(system);
  const expectations: Expectation[] = [];
  const unsettled = new Set<Expectation>();
  let wasBusy = false;
  // When faults stopped, and when nothing was left to do after that.
  const rest: { from?: number; until?: number } = {};
  const settled = () => {
    // What lies among the dead letters will be taken up in the end.
    if (unfinished(world).length > 0) return;
    if (run.flowIsLive) for (const one of unsettled) one.word = 'must';
    unsettled.clear();
  };
  let secrets = 0;
  const busy = () =>
    !history.isQuiet() ||
    unruly.standing() > 0 ||
    unfinished(world).length > 0 ||
    queueNames.some((name) => world.queue.size(name) > 0);
  const schedulesFail = (mood.troubles['schedule-never'] ?? 0) + (mood.troubles['schedule-late'] ?? 0) > 0;
  const run: Run = {
    ...stage,
    skew: mood.skew,
    schedulesFail,
    flow: '',
    flowIsLive: false,
    unsure: new Set(),
    words: [],
    late: [],
    vague: new Set(),
    asked: new Set(),
    turnAt: 0,
    secret: () => `${secretMark}-${(secrets += 1)}-`,
    note,
    busy: () => wasBusy || busy(),
    metrics: new Map(),
    minutes: mood.minutes,
    meeting,
    replay: (some) => world.replay(history.last(some)),
    claimedAt: history.claimedAt,
    behind: new Map(),
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

  async function takeTurn(number: number): Promise<void> {
    const d = dice(stream(seed, 'workload', number));
    const pause = dice(stream(seed, 'clock', number)).oneOf(pauses) ?? second;
    const name = d.oneOf(weighted);
    if (name === undefined || skip.has(number) || mood.without.has(name)) return;
    taken.push(`${number} ${name}`);
    trace.push(name);
    world.clock.advance(pause);
    run.turnAt = world.clock.now();
    unruly.thaw();
    if (mood.redrive > 0 && order() < mood.redrive && operate()) note('redrive');
    weather.repeatable = turns[name].repeatable;
    wasBusy = busy();
    // Workers go on while the request is under way.
    const background = order() < mood.alongside ? world.settle() : undefined;
    await turns[name].run(run, d);
    await background;
    weather.repeatable = false;
    broken.push(...history.broken());
  }

  let parked = 0;

  /** Whether there were dead letters to put back. */
  function operate(): boolean {
    const { thrown, back } = putBack(world);
    parked += thrown;
    if (back > 0) note('dead letters were put back');
    return back > 0;
  }

  /** Faults stop, but one port may go on failing now and then: even so everything is worked off within hours. */
  async function settle(): Promise<void> {
    weather.armed = false;
    rest.from = world.clock.now();
    unruly.calm();
    weather.degraded = mood.degraded !== undefined && !calm;
    unruly.thaw(true);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      operate();
      await world.advance(hour);
    }
    if (weather.degraded && queueNames.every((name) => world.queue.size(name) === 0))
      note('a world came to rest with a port still failing');
    // A failing port makes dead letters until its end; what is tried just then is one when its visibility has ended (seed 2085 of
    // 500 operations).
    const wasDegraded = weather.degraded;
    weather.degraded = false;
    if (wasDegraded) await world.advance(hour);
    if (operate()) await world.advance(hour);
    operate();
    if ((met.poison ?? 0) !== parked) broken.push(`I17 of ${met.poison ?? 0} bad messages ${parked} were parked`);
    // Whoever waited (five hours at most) for a schedule that never fired is found by the sweep of the hour after.
    if (schedulesFail) await world.advance(7 * hour);
  }

  async function judge(): Promise<void> {
    await settle();
    broken.push(...history.broken(), ...(await looked()));
    broken.push(
      ...enrolled(world, expectations, (person) => idOf(run, person), {
        delay: mood.minutes * minute,
        skew: mood.skew,
      }),
    );
    await world.advance(6 * hour);
    broken.push(...(await looked()));
  }

  function looked(): Promise<string[]> {
    sums.items += itemsOf(world).length;
    return look(run);
  }

  /** Everything that was done, and everything that has come of it by now. */
  const wayOf = () =>
    hash('sha256', [...trace, JSON.stringify([itemsOf(world), world.schedule.pending(), waiting(world)])].join('\n'));

  const broken: string[] = [];
  const taken: string[] = [];
  let way = '';
  try {
    await prepare(run, mood);
    await withRival(run);
    weather.armed = !calm;
    const enough = () => broken.length > 0 || operations >= most;
    for (let number = 0; number < length && !enough(); number += 1) await takeTurn(number);
    way = wayOf();
    if (!turnsOnly) await judge();
  } catch (error) {
    broken.push(error instanceof Unexpected ? error.message : textOf(error));
  }
  noteStates(run, sums);
  return {
    broken,
    hash: way || wayOf(),
    taken,
    met,
    operations,
    calls,
    lasted: world.clock.now() - began,
    sums,
    behind: [...run.behind.values()],
    ...(rest.from !== undefined && rest.until !== undefined && { rested: rest.until - rest.from }),
  };
}

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const pauses = [second, second, second, 2 * second, 5 * second];

/** What lies in the queues. */
const waiting = ({ queue }: World) => queueNames.map((name) => [queue.counts(name), queue.dueAt(name)]);

/** The latest changes of the table, and what must hold at every one of them. */
function createHistory() {
  const changes: StreamedChange[] = [];
  const claims = watchClaims();
  const watches = [watchIdentity(), claims, watchFilters()];
  let quiet = true;
  return {
    see(change: StreamedChange): void {
      quiet = false;
      changes.push(change);
      if (changes.length > 100) changes.shift();
      for (const watch of watches) watch.see(change);
    },
    rested: () => void (quiet = true),
    isQuiet: () => quiet,
    last: (some: number) => changes.slice(-some),
    claimedAt: claims.claimedAt,
    broken: () => watches.flatMap((watch) => watch.broken()),
  };
}

/** Both metrics, and the flow. */
async function prepare(run: Run, { minutes }: Mood): Promise<void> {
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

/** A second account in the same world, with lists of both kinds. */
async function withRival(run: Run): Promise<void> {
  const rival: Run = {
    ...run,
    ...stageOf(await rivalOf(run)),
    unsure: new Set(),
    words: [],
    late: [],
    vague: new Set(),
    asked: new Set(),
    accepted: () => undefined,
    first: run,
  };
  for (const optIn of ['single_opt_in', 'double_opt_in']) {
    const id = await rival.make('POST', '/api/lists', ask.list('Mine', optIn));
    rival.oracle.lists.add(id);
    if (optIn === 'double_opt_in') rival.oracle.doubleLists.add(id);
  }
  run.rival = rival;
}

/** Rare ends of messages, and of rows of campaigns; and how many there were. */
function noteStates({ world, note, words, rival }: Run, sums: Sums): void {
  sums.withdrawals = [...words, ...(rival?.words ?? [])].filter(({ granted }) => !granted).length;
  for (const item of itemsOf(world)) {
    if (item.kind === 'recipient' && item.status === 'cancelled')
      note('a campaign was cancelled with rows that waited');
    if (item.kind === 'recipient' && (item.status === 'failed' || item.status === 'skipped'))
      note('a campaign reached everyone but some');
    if (item.kind !== 'message') continue;
    sums.messages += 1;
    if (item.status === 'SKIPPED') note('a message was skipped');
    if (item.status === 'UNKNOWN') note('a message ended without an answer of the provider');
  }
}
