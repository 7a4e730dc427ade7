import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functions } from '../../functions/local/functions.ts';
import { type World, createWorld } from '../../functions/local/world.ts';
import { createAccount } from '../../shared/domain/account/index.ts';
import { addToList, suppressEmail, withdrawEmail } from '../../shared/domain/consent/index.ts';
import { grantEmail } from '../support/grant-email.ts';
import { removeFromList } from '../../shared/domain/consent/membership.ts';
import { eventItem } from '../../shared/domain/events/index.ts';
import { createProfile, forget, mergeProfiles, updateProfile } from '../../shared/domain/identity/index.ts';
import { createSegment, removeSegment, updateSegment } from '../../shared/domain/segments/store.ts';
import type { Definition } from '../../shared/domain/segments/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { hour, minute, second, sortable } from '../../shared/kernel/time.ts';
import type { Ports } from '../../shared/ports.ts';
import { definitionItem, writeDefinition } from '../../shared/storage/definitions.ts';
import { accountEntry, known } from '../../shared/storage/patterns.ts';
import { definitions, lists, metrics, singleDefinitions, start } from '../support/segment-arbitraries.ts';
import { type Facts, belongs } from '../support/segment-oracle.ts';

const account = accountId('acc001');
const how = { method: 'API' };

interface Person {
  id: string;
  facts: Facts;
}
interface Model {
  world: World;
  people: Person[];
  /** Counts people and events, so that none is like another. */
  told: { n: number };
  segments: Map<string, Definition>;
}

const one = fc.nat({ max: 5 });
const definition = fc.oneof(singleDefinitions, definitions);
const word = fc.constantFrom('red', 'dark red', 'blue');
const steps = fc.oneof(
  fc.record({ do: fc.constant('create-profile' as const) }),
  fc.record({
    do: fc.constant('event' as const),
    one,
    metric: fc.constantFrom(...metrics),
    hours: fc.integer({ min: -30, max: 8 }),
    value: fc.constantFrom(0, 1, 1.5, 10),
    property: fc.option(word),
    // Enough for totals to be kept.
    count: fc.constantFrom(1, 1, 1, 1, 40),
  }),
  fc.record({
    do: fc.constant('property' as const),
    one,
    name: fc.constantFrom('a', 'b'),
    value: fc.oneof(word, fc.nat({ max: 3 })),
  }),
  fc.record({ do: fc.constant('list' as const), one, list: fc.constantFrom(...lists), on: fc.boolean() }),
  fc.record({
    do: fc.constant('consent' as const),
    one,
    how: fc.constantFrom('grant' as const, 'withdraw' as const, 'suppress' as const),
  }),
  fc.record({ do: fc.constant('merge' as const), one, other: one }),
  fc.record({ do: fc.constant('forget' as const), one }),
  fc.record({ do: fc.constant('create-segment' as const), definition }),
  fc.record({ do: fc.constant('edit-segment' as const), one, definition }),
  fc.record({ do: fc.constant('remove-segment' as const), one }),
  fc.record({ do: fc.constant('run' as const), pause: fc.constantFrom(0, second, minute, hour, 7 * hour) }),
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;
type Of<D extends Step['do']> = Extract<Step, { do: D }>;

/** The account, and the lists that the steps are about: nobody stays on one that is not there. */
async function modelOf(world: World): Promise<Model> {
  await createAccount(world.ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  // Not in the list of accounts: hundreds of hourly sweeps would take most of the time and find nothing.
  await world.ports.store.write({ remove: accountEntry(account) });
  const [created, updated] = [sortable(start), sortable(start)];
  for (const id of lists) {
    const outline = { id, version: 1, name: id, created, updated };
    const item = definitionItem(account, 'list', outline, { opt_in_process: 'single_opt_in' });
    await writeDefinition(world.ports.store, item);
  }
  return { world, people: [], told: { n: 0 }, segments: new Map() };
}

const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(from.length, 1)];
const emailOf = ({ facts }: Person) => String(facts.attributes['email']);

/** Suppressions of two, of each reason the first one's. */
const mostly = (own: Suppressions, other: Suppressions) => [
  ...own,
  ...other.filter(({ reason }) => !own.some((one) => one.reason === reason)),
];
type Suppressions = NonNullable<Facts['suppressions']>;

function emailOfFacts({ email: { said }, suppressions = [] }: Facts): Facts['email'] {
  const state = said?.state ?? null;
  return { state, suppressed: suppressions.length > 0 || state === 'UNSUBSCRIBED', ...(said && { said }) };
}

/** Two people are one: their own word counts, the other's completes it, and a withdrawal of either stays. */
function both(own: Facts, other: Facts): Facts {
  const withdrawn = other.email.state === 'UNSUBSCRIBED' && own.email.state !== 'UNSUBSCRIBED';
  const at = Math.max(own.email.said?.at ?? 0, other.email.said?.at ?? 0);
  const said = withdrawn && other.email.said ? { ...other.email.said, at } : own.email.said;
  const lists = Map.groupBy([...own.lists, ...other.lists], ({ id }) => id);
  const facts: Facts = {
    ...own,
    properties: { ...other.properties, ...own.properties },
    email: { ...own.email, ...(said && { said }) },
    suppressions: mostly(own.suppressions ?? [], other.suppressions ?? []),
    lists: [...lists].map(([id, all]) => ({ id, joined: Math.min(...all.map(({ joined }) => joined)) })),
    events: [...own.events, ...other.events],
  };
  return { ...facts, email: emailOfFacts(facts) };
}

const doing = {
  async 'create-profile'({ world: { ports }, people, told }) {
    const email = `p${(told.n += 1)}@example.com`;
    const { id } = await createProfile(ports, account, { identifiers: { email }, attributes: {} });
    const nothingKnown = { state: null, suppressed: false };
    people.push({
      id,
      facts: { attributes: { email }, location: {}, properties: {}, email: nothingKnown, lists: [], events: [] },
    });
  },
  async event({ world: { ports }, people, told }, { one: n, metric, hours, value, property, count }) {
    const person = pick(people, n);
    if (!person) return;
    const properties = property === null ? {} : { a: property };
    const last = Math.floor(ports.clock.now() / hour) * hour + hours * hour;
    for (let i = 0; i < count; i += 1) {
      const at = last - i * 20 * minute;
      const unique_id = String((told.n += 1));
      const item = eventItem(ports, account, person.id, metric, { time: at, value, properties, unique_id });
      await ports.store.write({ put: item, if: { absent: true } });
      person.facts.events.push({ metric, at, value, properties });
    }
  },
  async property({ world: { ports }, people }, { one: n, name, value }) {
    const person = pick(people, n);
    if (!person) return;
    await updateProfile(ports, account, person.id, { identifiers: {}, attributes: {}, properties: { [name]: value } });
    person.facts.properties[name] = value;
  },
  async list({ world: { ports }, people }, { one: n, list, on }) {
    const person = pick(people, n);
    if (!person) return;
    await (on ? addToList : removeFromList)(ports, account, list, [person.id]);
    const there = person.facts.lists.filter(({ id }) => id === list);
    const others = person.facts.lists.filter(({ id }) => id !== list);
    const joined = there.length > 0 ? there : [{ id: list, joined: ports.clock.now() }];
    person.facts.lists = on ? [...others, ...joined] : others;
  },
  async consent({ world: { ports, clock }, people }, { one: n, how: way }) {
    const person = pick(people, n);
    if (!person) return;
    // Two changes of consent at one instant are decided by rules of their own.
    clock.advance(second);
    const address = emailOf(person);
    const at = clock.now();
    if (way === 'suppress') {
      await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at, how });
      person.facts.suppressions = mostly(person.facts.suppressions ?? [], [{ reason: 'HARD_BOUNCE', at }]);
    } else {
      await (way === 'grant' ? grantEmail : withdrawEmail)(ports, account, { address, at, how });
      const state = way === 'grant' ? ('SUBSCRIBED' as const) : ('UNSUBSCRIBED' as const);
      person.facts.email.said = { state, at, method: 'API', detail: null, custom: null, double: false };
    }
    person.facts.email = emailOfFacts(person.facts);
  },
  async merge({ world: { ports }, people }, { one: n, other }) {
    const [person, source] = [pick(people, n), pick(people, other)];
    if (!person || !source || person === source) return;
    await mergeProfiles(ports, account, { source: source.id, destination: person.id });
    people.splice(people.indexOf(source), 1);
    person.facts = both(person.facts, source.facts);
  },
  async forget({ world: { ports }, people }, { one: n }) {
    const person = pick(people, n);
    if (!person) return;
    await forget(ports, account, person.id);
    people.splice(people.indexOf(person), 1);
  },
  async 'create-segment'({ world: { ports }, segments }, { definition }) {
    const { id } = await createSegment(ports, account, { name: 'Some', definition, starred: false });
    segments.set(id, definition);
  },
  async 'edit-segment'({ world: { ports }, segments }, { one: n, definition }) {
    const id = pick([...segments.keys()], n);
    if (id === undefined) return;
    await updateSegment(ports, account, id, { definition });
    segments.set(id, definition);
  },
  async 'remove-segment'({ world: { ports }, segments }, { one: n }) {
    const id = pick([...segments.keys()], n);
    if (id === undefined) return;
    await removeSegment(ports, account, id);
    segments.delete(id);
  },
  async run({ world }, { pause }) {
    await world.advance(pause);
  },
} as const satisfies { [D in Step['do']]: (model: Model, step: Of<D>) => Promise<void> };

/** Members as stored and as brute force has them, as `segment profile` texts. */
function compare({ world, people, segments }: Model) {
  const now = world.clock.now();
  const items = world.store.dump().map(known);
  const stored = items.flatMap((item) => (item.kind === 'segment-member' ? `${item.group} ${item.profile}` : []));
  const states = items.flatMap((item) =>
    item.kind === 'state' ? item.segments.map((id) => `${id} ${item.pk.split('#')[2]}`) : [],
  );
  const expected = [...segments].flatMap(([id, definition]) =>
    people.filter(({ facts }) => belongs(definition, facts, now)).map((person) => `${id} ${person.id}`),
  );
  return { stored: stored.sort(), states: states.sort(), expected: expected.sort() };
}

/** Runs the script; `check` is called whenever everything has had its time. */
async function play(model: Model, script: readonly Step[], check: () => void) {
  for (const step of script) {
    await (doing[step.do] as (model: Model, step: Step) => Promise<void>)(model, step);
    if (step.do !== 'run') continue;
    // Builds begin when the index has learned of everything.
    await model.world.advance(10 * second);
    check();
  }
}

/** Collects what the bus tells of memberships, in order. */
function hearing({ bus }: World) {
  const told = new Map<string, string[]>();
  bus.subscribe(({ type, detail }) => {
    if (type !== 'segment.entered' && type !== 'segment.left') return;
    const { segment, profile } = detail as { segment: string; profile: string };
    const name = `${segment} ${profile}`;
    told.set(name, [...(told.get(name) ?? []), type]);
  });
  return told;
}

/** Of each person and segment, who entered has left before entering again, and who is in has entered last. */
function expectAlternating(model: Model, told: ReadonlyMap<string, readonly string[]>) {
  const inside = new Set(compare(model).stored);
  for (const name of inside) expect(told.has(name), name).toBe(true);
  for (const [name, heard] of told) {
    const turns = heard.map((_, i) => (i % 2 === 0 ? 'segment.entered' : 'segment.left'));
    expect(heard, name).toEqual(turns);
    expect(heard.at(-1) === 'segment.entered', name).toBe(inside.has(name));
  }
}

function expectEqual(model: Model) {
  const { stored, states, expected } = compare(model);
  expect(stored).toEqual(expected);
  expect(states).toEqual(expected);
}

const scripts = fc.array(steps, { minLength: 5, maxLength: 50, size: 'max' });

test('at rest the members of every segment are those that brute force finds, whatever happened and however time passed', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const world = createWorld({ functions, start });
      const heard = hearing(world);
      const model = await modelOf(world);
      const check = () => {
        expectEqual(model);
        expectAlternating(model, heard);
      };
      await play(model, script, check);
      for (const pause of [10 * second, hour, 30 * hour, 300 * hour]) {
        await world.advance(pause);
        check();
      }
      expect(world.givenUp).toEqual([]);
      expect(world.deadLetters('segments')).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 120_000);

/** The same numbers for the same seed, from 0 to 1. */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ports whose every tenth call of store, queue or schedule fails: half of them before it took effect, half after. */
function failing(ports: Ports, next: () => number, armed: () => boolean): Ports {
  const faulty = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          const fate = armed() ? next() : 1;
          if (fate < 0.05) throw new Error('crash before');
          const answer: unknown = await Reflect.apply(method, target, given);
          if (fate < 0.1) throw new Error('crash after');
          return answer;
        };
      },
    });
  return { ...ports, store: faulty(ports.store), queue: faulty(ports.queue), schedule: faulty(ports.schedule) };
}

test('the same holds after calls have failed before and after they took effect', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.nat(), async (script, seed) => {
      let armed = true;
      const next = numbers(seed);
      const world = createWorld({
        functions,
        start,
        portsFor: (name, ports) => (name === 'segments' ? failing(ports, next, () => armed) : ports),
      });
      const heard = hearing(world);
      const model = await modelOf(world);
      await play(model, script, () => undefined);
      // Until whatever failed has been tried as often as the queue tries: a retry may itself have sent more.
      await world.advance(3 * hour);
      armed = false;
      world.redrive('segments');
      await world.advance(hour);
      expectEqual(model);
      expectAlternating(model, heard);
    }),
    { numRuns: 50 },
  );
}, 120_000);
