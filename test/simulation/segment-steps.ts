// What happens to people and segments when segments are held against brute force: as facts in the table and in the oracle.
import fc from 'fast-check';
import type { World } from '../../functions/local/world.ts';
import { createAccount } from '../../shared/domain/account/index.ts';
import { addToList, grant, suppressEmail, withdraw } from '../../shared/domain/consent/index.ts';
import { removeFromList } from '../../shared/domain/consent/membership.ts';
import { eventItem } from '../../shared/domain/events/index.ts';
import { createProfile, forget, mergeProfiles, updateProfile } from '../../shared/domain/identity/index.ts';
import type { Definition } from '../../shared/domain/segments/index.ts';
import { createSegment, removeSegment, updateSegment } from '../../shared/domain/segments/store.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { hour, minute, second, sortable } from '../../shared/kernel/time.ts';
import { definitionItem, writeDefinition } from '../../shared/storage/definitions.ts';
import {
  consentDefinitions,
  definitions,
  histories,
  lists,
  metricDefinitions,
  metrics,
  singleDefinitions,
} from '../support/segment-arbitraries.ts';
import { listMember } from '../support/list-member.ts';
import type { Facts, Said } from '../support/segment-oracle.ts';
import { type Person, both, emailOfFacts, isOptedIn, mostly } from './segment-facts.ts';

export const account = accountId('acc001');

export interface Model {
  world: World;
  people: Person[];
  /** Counts who came and what happened, so that none is like another. */
  told: { people: number; events: number };
  segments: Map<string, Definition>;
  /** Segments that are not active. */
  stopped: Set<string>;
}

/** The account, and the lists that the steps are about: nobody stays on one that is not there. */
export async function modelOf(world: World): Promise<Model> {
  await createAccount(world.ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const [created, updated] = [sortable(world.clock.now()), sortable(world.clock.now())];
  for (const id of lists) {
    const outline = { id, version: 1, name: id, created, updated };
    const item = definitionItem(account, 'list', outline, { opt_in_process: 'single_opt_in' });
    await writeDefinition(world.ports.store, item);
  }
  return { world, people: [], told: { people: 0, events: 0 }, segments: new Map(), stopped: new Set() };
}

const one = fc.nat({ max: 49 });
const word = fc.constantFrom('red', 'dark red', 'blue', '2026-01-10', '1992-02-29');
const definition = fc.oneof(definitions, metricDefinitions, singleDefinitions, consentDefinitions);
const places = fc.constantFrom({ country: 'US', zip: '10001' }, { country: 'DE', zip: '10115' }, { country: 'FR' });

const kinds = {
  arrive: fc.record({ do: fc.constant('arrive' as const), facts: histories }),
  event: fc.record({
    do: fc.constant('event' as const),
    one,
    metric: fc.constantFrom(...metrics),
    hours: fc.integer({ min: -30, max: 8 }),
    value: fc.constantFrom(0, 1, 1.5, 10),
    property: fc.option(fc.oneof(word, fc.constantFrom(0, 1, 3, true, ['red', 'blue']))),
    // Enough for totals to be kept.
    count: fc.constantFrom(1, 1, 1, 1, 1, 1, 40),
  }),
  property: fc.record({
    do: fc.constant('property' as const),
    one,
    name: fc.constantFrom('a', 'b'),
    value: fc.option(fc.oneof(word, fc.nat({ max: 3 })), { freq: 5 }),
  }),
  place: fc.record({ do: fc.constant('place' as const), one, place: places }),
  list: fc.record({ do: fc.constant('list' as const), one, list: fc.constantFrom(...lists), on: fc.boolean() }),
  consent: fc.record({
    do: fc.constant('consent' as const),
    one,
    how: fc.constantFrom('grant' as const, 'withdraw' as const, 'suppress' as const),
    channel: fc.constantFrom('email' as const, 'email' as const, 'sms' as const, 'push' as const),
  }),
  merge: fc.record({ do: fc.constant('merge' as const), one, other: one }),
  forget: fc.record({ do: fc.constant('forget' as const), one }),
  'create-segment': fc.record({ do: fc.constant('create-segment' as const), definition }),
  'edit-segment': fc.record({ do: fc.constant('edit-segment' as const), one, definition }),
  'remove-segment': fc.record({ do: fc.constant('remove-segment' as const), one }),
  'stop-segment': fc.record({ do: fc.constant('stop-segment' as const), one }),
  run: fc.record({ do: fc.constant('run' as const), pause: fc.constantFrom(0, second, minute, hour) }),
} as const;

/** One thing that happens. */
export type Step = {
  [K in keyof typeof kinds]: (typeof kinds)[K] extends fc.Arbitrary<infer S> ? S : never;
}[keyof typeof kinds];
type Of<D extends Step['do']> = Extract<Step, { do: D }>;

const some = (weights: Partial<Record<Step['do'], number>>): fc.Arbitrary<Step> =>
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: kinds[name as Step['do']] as fc.Arbitrary<Step>,
    })),
  );

/** What happens to people who are there. */
const changes = some({ event: 10, property: 3, place: 1, list: 3, consent: 3, merge: 2, forget: 1, run: 4 });
const upheavals = some({ 'edit-segment': 4, 'remove-segment': 1, 'stop-segment': 4 });

/** Steps in any order. */
const mixed = (parts: fc.Arbitrary<readonly Step[]>[]): fc.Arbitrary<Step[]> =>
  fc
    .tuple(...parts)
    .map((all) => all.flat())
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

const so = (step: fc.Arbitrary<Step>, count: number) => fc.array(step, { minLength: count, maxLength: count });

/** People who come, segments that are made and edited, and what happens meanwhile. */
export const story = ({ people, segments, steps }: { people: number; segments: number; steps: number }) =>
  mixed([
    so(kinds.arrive, people),
    so(kinds['create-segment'], segments),
    so(changes, steps),
    so(upheavals, Math.ceil(segments / 3)),
  ]);

/** What happens to people while the segments stay. */
export const sequel = (steps: number): fc.Arbitrary<Step[]> => so(changes, steps);

const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(from.length, 1)];

/** Words and suppressions are of the past: of later ones no caller could tell. */
const past = (at: number, now: number): number => (at > now - hour ? now - hour - (at % hour) : at);

const kept = (bag: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== null && value !== ''));

/** A number of their own, of the same country. */
const numbered = (number: unknown, n: number): string =>
  `${String(number).slice(0, -2)}${String(n % 100).padStart(2, '0')}`;

/** The facts as somebody of this number can have them. */
function factsOf(facts: Facts, n: number, now: number): Facts {
  const { email, phone_number: phone, ...texts } = kept(facts.attributes);
  const attributes = {
    ...texts,
    ...(email !== undefined && { email: `red${n}@example.com` }),
    ...(phone !== undefined && { phone_number: numbered(phone, n) }),
  };
  const was = <T extends { at: number }>(said: T): T => ({ ...said, at: past(said.at, now), recorded: now });
  const said = email !== undefined && facts.email.said ? was(facts.email.said) : undefined;
  const suppressions = email === undefined ? [] : (facts.suppressions ?? []).map(was);
  const others = Object.entries(facts.others ?? {}).filter(([kind]) => kind === 'push' || phone !== undefined);
  const own: Facts = {
    ...facts,
    attributes,
    location: kept(facts.location),
    properties: Object.fromEntries(Object.entries(facts.properties).filter(([, value]) => value !== null)),
    email: { state: null, suppressed: false, ...(said && { said }) },
    // A later subscription has lifted what was done by hand.
    suppressions: suppressions.filter(
      ({ reason, at }) => reason !== 'USER_SUPPRESSED' || said?.state !== 'SUBSCRIBED' || said.at <= at,
    ),
    others: Object.fromEntries(others.map(([kind, one]) => [kind, was(one)])),
    // Nothing is predicted of anybody yet.
    predicted: {},
    events: [],
  };
  return { ...own, email: emailOfFacts(own) };
}

/** Writes what was said on one channel. */
async function say({ world: { ports } }: Model, kind: Parameters<typeof grant>[2]['kind'], of: string, said: Said) {
  const { at, method, detail, custom: customDetail, double: doubleOptin } = said;
  const how = { method, detail, customDetail, doubleOptin };
  await (said.state === 'SUBSCRIBED' ? grant : withdraw)(ports, account, { kind, of, at, how });
}

/** Writes an event, which counts in the oracle from now on. */
async function happen({ world: { ports }, told }: Model, { id, facts }: Person, event: Facts['events'][number]) {
  const { metric, at, value, properties } = event;
  const unique_id = String((told.events += 1));
  const item = eventItem(ports, account, id, metric, { time: at, value, properties, unique_id });
  await ports.store.write({ put: item, if: { absent: true } });
  facts.events.push(event);
}

const doing = {
  async arrive(model, { facts: given }) {
    const { world, people, told } = model;
    const { ports } = world;
    const n = (told.people += 1);
    const facts = factsOf(given, n, world.clock.now());
    const { email, phone_number, ...attributes } = facts.attributes as Record<string, string>;
    const identifiers = { external_id: `x${n}`, ...(email && { email }), ...(phone_number && { phone_number }) };
    const { location, properties } = facts;
    const person = await createProfile(ports, account, { identifiers, attributes, location, properties });
    if (email && facts.email.said) await say(model, 'email', email, facts.email.said);
    for (const [kind, said] of Object.entries(facts.others ?? {}))
      await say(model, kind as 'sms', kind === 'push' ? person.id : (phone_number ?? ''), said);
    for (const { reason, at } of facts.suppressions ?? [])
      await suppressEmail(ports, account, {
        address: email ?? '',
        reason: reason as 'HARD_BOUNCE',
        at,
        how: { method: 'API' },
      });
    for (const { id: group, joined: at } of facts.lists) {
      await ports.store.write({ put: listMember(account, person.id, group, at) });
    }
    const one = { id: person.id, facts };
    people.push(one);
    for (const event of given.events) await happen(model, one, event);
  },
  async event(model, { one: n, metric, hours, value, property, count }) {
    const person = pick(model.people, n);
    if (!person) return;
    const properties = property === null ? {} : { a: property };
    const last = Math.floor(model.world.clock.now() / hour) * hour + hours * hour;
    for (let i = 0; i < count; i += 1)
      await happen(model, person, { metric, at: last - i * 20 * minute, value, properties });
  },
  async property({ world: { ports }, people }, { one: n, name, value }) {
    const person = pick(people, n);
    if (!person) return;
    const change = value === null ? { patch: { unset: [name] } } : { properties: { [name]: value } };
    await updateProfile(ports, account, person.id, { identifiers: {}, attributes: {}, ...change });
    const { [name]: _, ...others } = person.facts.properties;
    person.facts.properties = value === null ? others : { ...others, [name]: value };
  },
  async place({ world: { ports }, people }, { one: n, place: location }) {
    const person = pick(people, n);
    if (!person) return;
    await updateProfile(ports, account, person.id, { identifiers: {}, attributes: {}, location });
    person.facts.location = { ...person.facts.location, ...location };
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
  async consent(model, { one: n, how, channel }) {
    const { world, people } = model;
    const person = pick(people, n);
    const { email, phone_number: phone } = person?.facts.attributes ?? {};
    const of = { email, sms: phone, push: person?.id }[channel];
    if (!person || typeof of !== 'string') return;
    // Two changes of consent at one instant are decided by rules of their own.
    world.clock.advance(second);
    const at = world.clock.now();
    const { facts } = person;
    if (how === 'suppress') {
      if (channel !== 'email') return;
      const suppression = { address: of, reason: 'HARD_BOUNCE', at, how: { method: 'API' } } as const;
      await suppressEmail(world.ports, account, suppression);
      facts.suppressions = mostly(facts.suppressions ?? [], [{ reason: 'HARD_BOUNCE', at }]);
    } else {
      const state = how === 'grant' ? ('SUBSCRIBED' as const) : ('UNSUBSCRIBED' as const);
      const said: Said = { state, at, recorded: at, method: 'API', detail: null, custom: null, double: false };
      await say(model, channel, of, said);
      if (channel === 'email') facts.email.said = said;
      else facts.others = { ...facts.others, [channel]: said };
      if (channel === 'email' && how === 'grant')
        facts.suppressions = (facts.suppressions ?? []).filter(({ reason }) => reason !== 'USER_SUPPRESSED');
    }
    facts.email = emailOfFacts(facts);
  },
  async merge({ world: { ports }, people }, { one: n, other }) {
    const [a, b] = [pick(people, n), pick(people, other)];
    if (!a || !b || a === b) return;
    // Whoever has an address that is subscribed keeps it: which of two such is the primary one is decided elsewhere.
    const [person, source] = isOptedIn(b.facts) ? [b, a] : [a, b];
    if (isOptedIn(source.facts) && person.facts.attributes['email'] !== undefined) return;
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
  async 'remove-segment'({ world: { ports }, segments, stopped }, { one: n }) {
    const id = pick([...segments.keys()], n);
    if (id === undefined) return;
    await removeSegment(ports, account, id);
    segments.delete(id);
    stopped.delete(id);
  },
  async 'stop-segment'({ world: { ports }, segments, stopped }, { one: n }) {
    const id = pick([...segments.keys()], n);
    if (id === undefined) return;
    await updateSegment(ports, account, id, { active: stopped.has(id) });
    if (!stopped.delete(id)) stopped.add(id);
  },
  async run({ world }, { pause }) {
    await world.advance(pause);
  },
} as const satisfies { [D in Step['do']]: (model: Model, step: Of<D>) => Promise<void> };

/** Takes one step, in the table and in the oracle. */
export const take = (model: Model, step: Step): Promise<void> =>
  (doing[step.do] as (model: Model, step: Step) => Promise<void>)(model, step);

/** Makes all segments active that are not. */
export async function goOn({ world: { ports }, stopped }: Model): Promise<void> {
  for (const id of stopped) await updateSegment(ports, account, id, { active: true });
  stopped.clear();
}
