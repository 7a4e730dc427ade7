// Segments in the whole system under faults, held against brute force. A case is one definition over one history of up to 50
// people: what befell them and the definition while everything failed, and then every instant at which somebody comes or goes.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { functions } from '../../functions/local/functions.ts';
import { type Functions, createWorld } from '../../functions/local/world.ts';
import { day, hour, minute, second } from '../../shared/kernel/time.ts';
import { accountEntry, known } from '../../shared/storage/patterns.ts';
import { start } from '../support/segment-arbitraries.ts';
import { belongs } from '../support/segment-oracle.ts';
import { putBack, unfinished } from './judge.ts';
import { givenUpIn } from './invariants.ts';
import { type Mood, moodOf } from './mood.ts';
import { turnsAfter } from './segment-turns.ts';
import { createWatch } from './segment-watch.ts';
import { rarities } from './sometimes.ts';
import { type Model, type Step, account, goOn, modelOf, sequel, story, take } from './segment-steps.ts';
import { type Told, type Weather, unrulySystem } from './unruly-system.ts';

export interface Outcome {
  /** What does not hold; nothing else was looked at after it. */
  broken: string | undefined;
  /** Definitions that were held against the history. */
  cases: number;
  people: number;
  /** Instants at which somebody comes or goes by time alone, and how often all members were compared. */
  turns: number;
  looks: number;
  /** Calls that could fail, and those that did. */
  calls: number;
  failed: number;
}

interface Plan {
  /** What happens while calls fail; then while they do not; and while they do again, with time passing. */
  parts: readonly [Step[], Step[], Step[]];
  start: number;
}

/** Also before the ends of February of a year with and of one without a 29th, and before the end of a year. */
const starts = [
  start,
  start,
  start,
  start,
  start,
  start,
  start,
  start,
  start,
  Date.UTC(2027, 1, 27),
  Date.UTC(2028, 1, 28),
  Date.UTC(2026, 11, 31),
];

const plans: fc.Arbitrary<Plan> = fc
  .record({
    people: fc.constantFrom(1, 4, 12, 12, 25, 50),
    start: fc.constantFrom(...starts),
    minutes: fc.integer({ min: -20 * 60, max: 6 * 60 }),
  })
  .chain(({ people, start: day, minutes }) =>
    fc.record({
      parts: fc.tuple(story({ people, segments: 20, steps: 30 }), sequel(20), sequel(8)),
      start: fc.constant(day + minutes * minute + 7 * second),
    }),
  );

/** The steps of a seed; the same ones for the same seed. */
function planOf(seed: number): Plan {
  const [plan] = fc.sample(plans, { seed, numRuns: 1 });
  assert.ok(plan);
  return plan;
}

/** How late a membership may be because of what befell its timer: a schedule that never fires is made up for by a sweep. */
const latenessOf = ({ troubles }: Mood) =>
  (troubles['schedule-never'] ?? 0) + (troubles['schedule-late'] ?? 0) > 0 ? 4 * hour : second;

/** At so many turns the members are compared: of later ones at some. */
const mostTurns = 150;
const some = (turns: readonly number[]) => turns.filter((_, i) => i < mostTurns || i % 7 === 0);

/** One seed on its way. */
interface Run {
  model: Model;
  watch: ReturnType<typeof createWatch>;
  weather: Weather;
  unruly: ReturnType<typeof unrulySystem>;
  outcome: Outcome;
  /** So late may what time alone does be. */
  lateness: number;
}

/** Who belongs in what by brute force, as `segment profile` texts. */
function* expectedAt({ people, segments }: Model, now: number): Generator<string> {
  for (const [id, definition] of segments)
    for (const { id: profile, facts } of people) if (belongs(definition, facts, now)) yield `${id} ${profile}`;
}

class Broken extends Error {}

const differing = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  [...a].filter((one) => !b.has(one)).concat([...b].filter((one) => !a.has(one)));

/** Whether brute force says of a membership what is stored at some time of a stretch: looked at every minute. */
function wasSo(
  { model: { people, segments }, watch: { inside } }: Run,
  name: string,
  from: number,
  to: number,
): boolean {
  const [segment = '', profile] = name.split(' ');
  const [definition, person] = [segments.get(segment), people.find(({ id }) => id === profile)];
  if (!definition || !person) return false;
  for (let at = from; at < to; at += minute)
    if (belongs(definition, person.facts, at) === inside.has(name)) return true;
  return false;
}

/** Holds all members against brute force, as of now; where timers may be late, time alone may not have got to all of them. */
function compare(run: Run, when: string): void {
  const { model, watch, outcome, lateness } = run;
  const { inside } = watch;
  const now = model.world.clock.now();
  const expected = new Set(expectedAt(model, now));
  outcome.looks += 1;
  const wrong = differing(expected, inside).filter(
    (name) => lateness === second || !wasSo(run, name, now - lateness, now),
  );
  if (wrong.length === 0) return;
  const told = wrong.slice(0, 2).map((name) => {
    const [segment = '', profile] = name.split(' ');
    const facts = model.people.find(({ id }) => id === profile)?.facts;
    return `${expected.has(name) ? 'is missing' : 'is too much'}: ${JSON.stringify({ name, definition: model.segments.get(segment), facts })}`;
  });
  throw new Broken(`I8 ${when} at ${new Date(now).toISOString()}: ${wrong.length} differ, ${told.join('; ')}`);
}

/** Memberships as people's states have them say the same. */
function compareStates({ model: { world }, watch: { inside } }: Run): void {
  const states = world.store.dump().flatMap((item) => {
    const one = known(item);
    return one.kind === 'state' ? one.segments.map((id) => `${id} ${one.pk.split('#')[2]}`) : [];
  });
  const wrong = differing(new Set(states), inside);
  if (wrong.length > 0) throw new Broken(`I8 states differ from members: ${wrong.slice(0, 3).join()}`);
}

/** Faults end, and everything that failed is worked off. */
async function toRest({ model: { world }, weather, unruly, lateness }: Run): Promise<void> {
  weather.armed = false;
  unruly.thaw(true);
  for (let rounds = 0; rounds < 3; rounds += 1) {
    putBack(world);
    await world.advance(hour / 2);
  }
  if (lateness > second) await world.advance(lateness);
}

/** Turns the clock to a second before and a second behind every turn, and compares where none is too near to be known. */
async function walk(run: Run, turns: readonly number[]): Promise<void> {
  const { lateness } = run;
  const { world } = run.model;
  const isNear = (at: number) => turns.some((turn) => turn > at - lateness && turn <= at);
  const places = turns.flatMap((turn) => [turn - second, turn + lateness]).sort((a, b) => a - b);
  for (const at of new Set(places)) {
    if (at <= world.clock.now() || isNear(at)) continue;
    await world.advance(at - world.clock.now());
    compare(run, 'as time passes');
  }
}

const isFault = (what: Told) => !(rarities as readonly string[]).includes(what);

/** Counts of events by the hour know nothing of segments, and would take half of the time. */
const withoutTallies: Functions = { ...functions, tallies: () => async () => ({ batchItemFailures: [] }) };

/** The system of a seed, in which nothing fails yet. */
async function begin(seed: number, mood: Mood, { at, lateness }: { at: number; lateness: number }): Promise<Run> {
  const outcome: Outcome = { broken: undefined, cases: 0, people: 0, turns: 0, looks: 0, calls: 0, failed: 0 };
  const weather: Weather = { armed: false, repeatable: false, degraded: false };
  const listener = {
    note: (what: Told) => (outcome.failed += isFault(what) ? 1 : 0),
    traced: () => (outcome.calls += 1),
  };
  const unruly = unrulySystem(withoutTallies, { seed, mood, weather, listener });
  const watch = createWatch();
  const world = createWorld({
    functions: unruly.functions,
    parallel: mood.parallel,
    start: at,
    seed: seed + 1,
    onChange: (change) => {
      watch.see(change);
    },
  });
  unruly.attach(world);
  world.bus.subscribe((event) => {
    if (event.type === 'segment.entered' || event.type === 'segment.left') watch.hear(event);
  });
  return { model: await modelOf(world), watch, weather, unruly, outcome, lateness };
}

/** Runs a seed. One of five knows no faults: in it the bus tells everything exactly once. */
export async function runCases(seed: number): Promise<Outcome> {
  const plan = planOf(seed);
  const calm = seed % 5 === 4;
  const mood = moodOf(seed);
  const lateness = calm ? second : latenessOf(mood);
  const run = await begin(seed, mood, { at: plan.start, lateness });
  const { model, weather, outcome } = run;
  const { world } = model;
  const defined = new Set<string>();
  async function play(steps: readonly Step[], each: () => Promise<void>): Promise<void> {
    for (const step of steps) {
      await take(model, step);
      await each();
    }
    for (const [id, definition] of model.segments) defined.add(`${id} ${JSON.stringify(definition)}`);
    outcome.people = Math.max(outcome.people, model.people.length);
  }
  const compareAll = (when: string) => {
    compare(run, when);
    compareStates(run);
  };
  try {
    weather.armed = !calm;
    const [before, between, behind] = plan.parts;
    await play(before, () => world.settle());
    await goOn(model);
    await toRest(run);
    compareAll('after faults');
    await play(between, async () => undefined);
    await world.advance(minute);
    compareAll('after changes');
    const turns = turnsAfter(model, lateness);
    outcome.turns = turns.length;
    const soon = world.clock.now() + 20 * day;
    await walk(run, some(turns.filter((at) => at < soon)));
    weather.armed = !calm;
    await play(behind, () => world.advance(hour));
    await toRest(run);
    compareAll('after time passed with faults');
    const later = turnsAfter(model, lateness);
    outcome.turns += later.length;
    // Nothing is left that only a sweep finds.
    if (lateness === second) await world.ports.store.write({ remove: accountEntry(account) });
    await walk(run, some(later));
    compareAll('in the end');
    const wrong = [
      ...run.watch.broken(calm),
      ...givenUpIn(world, ['wake']),
      ...unfinished(world).map((name) => `dead letters of ${name}`),
    ];
    if (wrong.length > 0) throw new Broken(wrong.slice(0, 3).join('; '));
    outcome.cases = defined.size;
  } catch (error) {
    outcome.broken = error instanceof Broken ? error.message : textOf(error);
  }
  return outcome;
}

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
