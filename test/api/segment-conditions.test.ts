// Every condition and operator through HTTP: people are told what the golden cases say of them, and each rule's first case
// that holds and first that does not are asked for. One segment asks fifty people a question each: all of its conditions
// come in groups of two, "this is so, or it is somebody else".
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day, minute } from '../../shared/kernel/time.ts';
import { type Case, golden } from '../golden/segments/index.ts';
import { allChoices, choicesIn } from '../support/segment-choices.ts';
import { type Facts, type Said, belongs, nothing } from '../support/segment-oracle.ts';
import { segmentOf } from './specimens.ts';
import { type Stage, openStage } from './stage.ts';
import { targetName } from './target.ts';
import { owning } from '../support/segment-conditions.ts';

type Channel = 'email' | 'sms' | 'push' | 'whatsapp' | 'whatsapp_transactional';

interface Asked {
  n: number;
  rule: string;
  condition: object;
  facts: Facts;
  /** By channel. */
  said: (readonly [Channel, Said])[];
}

/** What the API can be told: a consent to it, or its withdrawal while the test lasts. */
const canSay = ({ state, at, method, detail, double }: Said, from: number, now: number) =>
  method === 'API' && detail === null && !double && at <= now && (state === 'SUBSCRIBED' || at >= from);

/** The facts of a case as far as the API can be told of them: no predictions, bounces, or consents by other ways. */
function tellable({ suppressions = [], others = {}, email, ...facts }: Facts, from: number, now: number): Facts {
  const isSuppressed = suppressions.every(({ reason }) => reason === 'USER_SUPPRESSED') ? suppressions : [];
  // Push is withdrawn by token, with no time of its own.
  const channels = Object.entries(others).filter(
    ([channel, said]) => canSay(said, from, now) && (channel !== 'push' || said.state === 'SUBSCRIBED'),
  );
  const said = email.said && canSay(email.said, from, now) ? email.said : undefined;
  const suppressed = isSuppressed.length > 0 || said?.state === 'UNSUBSCRIBED';
  return {
    ...facts,
    predicted: {},
    email: { state: said?.state ?? null, suppressed, ...(said && { said }) },
    suppressions: isSuppressed,
    others: Object.fromEntries(channels),
  };
}

/**
 * Of every rule one case that holds and one that does not, then all others; of these those that choose anything new, with
 * SWEEP=all the first ones in any case.
 */
function questions(from: number, now: number): Asked[] {
  const met = new Set<string>();
  const isNew = ({ condition }: { condition: object }) => {
    const fresh = choicesIn(condition).filter((choice) => !met.has(choice));
    for (const choice of fresh) met.add(choice);
    return fresh.length > 0;
  };
  const rules = Object.entries(golden(now));
  const told = (rule: string, { condition, facts, holds }: Case) => ({
    rule: `${rule}: ${holds}`,
    condition,
    given: { ...nothing, ...facts },
  });
  const firsts = [true, false].flatMap((holds) =>
    rules.flatMap(([rule, cases]) => {
      const one = cases.find((it) => it.holds === holds);
      return one ? told(rule, one) : [];
    }),
  );
  const others = rules.flatMap(([rule, cases]) => cases.map((one) => told(rule, one)));
  const isSweep = process.env['SWEEP'] === 'all';
  const some = [...firsts.filter((one) => isNew(one) || isSweep), ...others.filter(isNew)];
  return some.map(({ rule, condition, given }, n) => {
    // When it was recorded is when it was told.
    const late = JSON.stringify(condition).includes('recorded_date') ? from : -Infinity;
    const told = tellable(given, from, now);
    const { others = {}, email } = told;
    const facts = { ...told, others: Object.fromEntries(Object.entries(others).filter(([, { at }]) => at >= late)) };
    const said = [...(email.said ? [['email', email.said] as const] : []), ...Object.entries(facts.others)];
    return { n, rule, condition, facts, said: said as Asked['said'] };
  });
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const post = async (path: string, body: object) => {
  const answer = await stage.send('POST', path, { body });
  expect(answer.status, `${path} ${answer.text}`).toBeLessThan(300);
  return answer;
};
const yes = { consent: 'SUBSCRIBED' };
const emailOf = ({ n }: Asked) => `q${n}@conditions.example`;
const phoneOf = ({ n }: Asked) => `+1415555${2000 + n}`;
const nameOf = ({ n }: Asked) => `question ${n}`;

/** What they are written to at; a condition on one channel does not look at the address of another. */
function addressesOf(one: Asked) {
  const channels = one.said.map(([channel]) => channel);
  const needsPhone = channels.some((channel) => channel !== 'email' && channel !== 'push');
  return {
    ...((one.facts.attributes['email'] !== undefined || channels.includes('push')) && { email: emailOf(one) }),
    ...(needsPhone && { phone_number: phoneOf(one) }),
  };
}

/** People as they are, all in one job; answers their ids. */
async function introduce(all: readonly Asked[]): Promise<Map<number, string>> {
  const data = all.map((one) => {
    const { attributes, location, properties } = one.facts;
    const own = { ...attributes, ...addressesOf(one) };
    return {
      type: 'profile',
      attributes: { ...own, external_id: nameOf(one), location, properties: { ...properties, case: one.n } },
    };
  });
  const type = 'profile-bulk-import-job';
  await post('/api/profile-bulk-import-jobs', { data: { type, attributes: { profiles: { data } } } });
  await stage.advance('10s');
  const ids = new Map<number, string>();
  let next: string | null | undefined = '/api/profiles?page[size]=100&fields[profile]=external_id';
  while (next) {
    const page = await stage.send('GET', next);
    for (const { id, attributes } of page.many) {
      const n = /^question (\d+)$/.exec(String(attributes['external_id']))?.[1];
      if (n !== undefined) ids.set(Number(n), id);
    }
    next = page.links.next;
  }
  return ids;
}

/** What they did, all in one job. */
async function happen(all: readonly Asked[], ids: ReadonlyMap<number, string>) {
  const data = all.flatMap(({ n, facts: { events } }) =>
    events.length === 0
      ? []
      : {
          type: 'event-bulk-create',
          attributes: {
            profile: { data: { type: 'profile', id: ids.get(n), attributes: {} } },
            events: {
              data: events.map(({ metric, at, value, properties }, i) => ({
                type: 'event',
                attributes: {
                  properties,
                  value,
                  time: new Date(at).toISOString(),
                  unique_id: `${n} ${i}`,
                  metric: { data: { type: 'metric', attributes: { name: metric } } },
                },
              })),
            },
          },
        },
  );
  const type = 'event-bulk-create-job';
  await post('/api/event-bulk-create-jobs', { data: { type, attributes: { 'events-bulk-create': { data } } } });
}

const subscriptionOf: Readonly<Record<Channel, (given: object) => object>> = {
  email: (given) => ({ email: { marketing: given } }),
  sms: (given) => ({ sms: { marketing: given } }),
  push: (given) => ({ push: { marketing: given } }),
  whatsapp: (given) => ({ whatsapp: { marketing: given } }),
  whatsapp_transactional: (given) => ({ whatsapp: { transactional: given } }),
};

/** One person's word on one channel: as of now, or of before the test began. */
async function say(one: Asked, [channel, { state, at, custom }]: Asked['said'][number], isLive: boolean) {
  const given =
    state === 'SUBSCRIBED'
      ? { ...yes, ...(!isLive && { consented_at: new Date(at).toISOString() }) }
      : { consent: state };
  const row = { type: 'profile', attributes: { ...addressesOf(one), subscriptions: subscriptionOf[channel](given) } };
  const way = state === 'SUBSCRIBED' ? 'create' : 'delete';
  const attributes = {
    profiles: { data: [row] },
    ...(custom !== null && { custom_source: custom }),
    ...(!isLive && { historical_import: true }),
  };
  const type = `profile-subscription-bulk-${way}-job`;
  await post(`/api/profile-subscription-bulk-${way}-jobs`, { data: { type, attributes } });
}

async function suppress(one: Asked) {
  const profiles = { data: [{ type: 'profile', attributes: { email: emailOf(one) } }] };
  const data = { type: 'profile-suppression-bulk-create-job', attributes: { profiles } };
  await post('/api/profile-suppression-bulk-create-jobs', { data });
}

const makeList = async (name: string) =>
  (await post('/api/lists', { data: { type: 'list', attributes: { name } } })).one.id;
const join = (list: string, ids: readonly string[]) =>
  post(`/api/lists/${list}/relationships/profiles`, { data: ids.map((id) => ({ type: 'profile', id })) });

/** A definition has at most a hundred conditions. */
const asking = 49;

/** One segment of those, among these people, of whom what they are asked is so; `on` is the list that they are on. */
const definitionOf = (some: readonly Asked[], on: string, named: (condition: object) => object) => ({
  condition_groups: [
    { conditions: [{ type: 'profile-group-membership', is_member: true, group_ids: [on] }] },
    ...some.map(({ n, condition }) => ({
      conditions: [
        named(condition),
        {
          type: 'profile-property',
          property: "properties['case']",
          filter: { type: 'numeric', operator: 'not-equals', value: n },
        },
      ],
    })),
  ],
});

/** What is done while the test lasts, in its order. */
interface Deed {
  at: number;
  run: () => Promise<unknown>;
}

function deedsOf(one: Asked, id: string, from: number, lists: ReadonlyMap<string, string>): Deed[] {
  const { lists: joined, suppressions = [] } = one.facts;
  return [
    ...joined.map(({ id: list, joined: at }) => ({ at, run: () => join(lists.get(list) ?? '', [id]) })),
    ...one.said.map((said) => {
      const isLive = said[1].at >= from;
      return { at: isLive ? said[1].at : from, run: () => say(one, said, isLive) };
    }),
    ...suppressions.map(({ at }) => ({ at, run: () => suppress(one) })),
  ];
}

const now = () => stage.registry.clock.now();
const until = (at: number) => stage.advance(`${at - now()}ms`);

// The rehearsal's clock runs by itself: nothing there happens at the very instant at which a window ends.
describe.skipIf(targetName !== 'memory')('every condition and operator', () => {
  it('through HTTP has the members that the golden cases have, at the very instant', async () => {
    // Events happen at whole seconds.
    const from = Math.ceil(now() / minute) * minute + 2 * minute;
    const then = from + 8 * day;
    const all = questions(from, then);
    const lists = new Map([['ListA1', await makeList('A')] as const, ['ListB1', await makeList('B')] as const]);
    const ids = await introduce(all);
    expect(ids.size).toBe(all.length);
    const idOf = ({ n }: Asked) => ids.get(n) ?? '';
    await happen(all, ids);
    await stage.settle();
    const metrics = (await stage.send('GET', '/api/metrics')).many.map(
      ({ id, attributes }) => [String(attributes['name']), id] as const,
    );
    const names = [...lists, ...metrics];
    const named = (condition: object) =>
      JSON.parse(
        names.reduce((text, [name, id]) => text.replaceAll(`"${name}"`, `"${id}"`), JSON.stringify(condition)),
      ) as object;
    const deeds = all.flatMap((one) => deedsOf(one, idOf(one), from, lists)).sort((a, b) => a.at - b.at);
    const asked = then - minute;
    const made: { id: string; some: Asked[]; definition: object }[] = [];
    const build = async () => {
      await until(asked);
      for (let first = 0; first < all.length; first += asking) {
        const some = all.slice(first, first + asking);
        const list = await makeList(`Asked ${first}`);
        await join(list, some.map(idOf));
        await stage.settle();
        const definition = definitionOf(some, list, named);
        const { one } = await post('/api/segments', segmentOf(`Asked ${first}`, definition));
        made.push({ id: one.id, some, definition });
        // At most five are built at a time.
        if (made.length % 5 === 0) await stage.advance('8s');
      }
    };
    for (const [at, due] of Map.groupBy(deeds, (one) => one.at)) {
      if (at > asked && made.length === 0) await build();
      await until(at);
      for (const { run } of due) await run();
      await stage.settle();
    }
    if (made.length === 0) await build();
    await until(then);

    const previewed = new Set<string>();
    for (const { id, some, definition } of made) {
      const answer = await stage.send('GET', `/api/segments/${id}/relationships/profiles?page[size]=100`);
      const members = new Set(answer.many.map((one) => one.id));
      const found = some.filter((one) => members.has(idOf(one))).map(({ rule }) => rule);
      const expected = some
        .filter(({ condition, facts }) => belongs({ condition_groups: [{ conditions: [condition] }] }, facts, then))
        .map(({ rule }) => rule);
      expect(found).toEqual(expected);
      expect([...members].every((member) => some.some((one) => idOf(one) === member))).toBe(true);
      const preview = { data: { type: 'segment-preview', attributes: { definition } } };
      const { one } = await post('/x/segments/preview', preview);
      const whole = { matching: expected.length, estimate: expected.length, complete: true };
      expect(one.attributes).toMatchObject(whole);
      expect((one.attributes['sample'] as string[]).every((member) => members.has(member))).toBe(true);
      for (const { condition } of some) previewed.add((condition as { type: string }).type);
    }
    // Of every kind but those on custom objects.
    expect(previewed.size).toBe(9);
    const driven = new Set(all.flatMap(({ condition }) => choicesIn(condition)));
    expect(allChoices.filter((choice) => !driven.has(choice))).toEqual([]);
  });
});

const timed = (operator: string, rest: object = {}) => ({ type: 'date', operator, ...rest });
const counted = (rest: object) => ({
  type: 'profile-metric',
  metric_id: 'AAAAAA',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
  timeframe_filter: timed('alltime'),
  ...rest,
});
const went = (rest: object, ...exist: boolean[]) => ({
  type: 'profile-metric-funnel',
  timeframe_filter: timed('in-the-last', { unit: 'day', quantity: 1 }),
  steps: exist.map((metric_exists) => ({ metric_id: 'AAAAAA', metric_exists })),
  ...rest,
});
const filteredBy = (property: string, filter: object, times = 1) =>
  counted({ metric_filters: Array.from({ length: times }, () => ({ property, filter })) });
const isSet = { type: 'existence', operator: 'is-set' };

describe('what cannot be a condition is refused at its place, and makes no segment:', () => {
  it.each([
    ['custom objects, which come later', owning, '/type'],
    ['a funnel that begins with what was not done', went({}, false, true), '/steps/0/metric_exists'],
    ['nested data of events', filteredBy('items[0].name', isSet), '/metric_filters/0/property'],
    [
      'dates in events',
      filteredBy('since', timed('after', { date: '2026-01-01T00:00:00Z' })),
      '/metric_filters/0/filter',
    ],
    ['more than ten filters of an event', filteredBy('a', isSet, 11), '/metric_filters'],
  ])('%s', async (_, condition, at) => {
    const definition = { condition_groups: [{ conditions: [condition] }] };
    const answer = await stage.send('POST', '/api/segments', { body: segmentOf('Refused', definition) });
    expect(answer.status).toBe(400);
    const pointer = `/data/attributes/definition/condition_groups/0/conditions/0${at}`;
    expect(
      answer.errors.some((one) => String(one.source.pointer).startsWith(pointer)),
      answer.text,
    ).toBe(true);
    const found = await stage.send('GET', '/api/segments?filter=equals(name,"Refused")');
    expect(found.many).toEqual([]);
  });
});
