// What every path through the system asks of the table, measured on the memory store, whose meter is the database's.
import { hour, minute } from '../../shared/kernel/time.ts';
import { seeded } from '../../functions/local/seed.ts';
import type { Definition } from '../../shared/domain/segments/index.ts';
import { createSegment } from '../../shared/domain/segments/store.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { FunctionName } from '../../shared/topology.ts';
import { type CountedWorld, countedWorld } from './consumption.ts';
import * as shop from './shop.ts';

/** One line of the page. */
export interface Measured {
  path: string;
  function: FunctionName;
  calls: number;
  read: number;
  write: number;
}

const account = accountId(seeded.account);

const rounded = (value: number) => Math.round(value * 100) / 100;

/** A world with a metric, and how its paths are measured. */
async function stage() {
  const counted = await countedWorld();
  const { world, call } = counted;
  const rows: Measured[] = [];
  /** Both functions know the caller, as they do for a minute after any call. */
  async function warm(): Promise<void> {
    await call('GET', '/api/metrics');
    await call('POST', '/api/events', shop.event({ email: shop.emailOf(0) }, 0));
    await world.settle();
  }
  await warm();
  /** Measures `work`, which is done `per` times, and keeps a row for every function that asked for anything. */
  async function measure(path: string, work: () => Promise<unknown>, per = 1): Promise<void> {
    for (const [name, { calls, read, write }] of Object.entries(await counted.consumedBy(work))) {
      const row = { calls: rounded(calls / per), read: rounded(read / per), write: rounded(write / per) };
      rows.push({ path, function: name as FunctionName, ...row });
    }
  }
  return {
    ...counted,
    rows,
    warm,
    measure,
    /** The same, with everything that follows measured apart. */
    measureBoth: async (path: string, work: () => Promise<unknown>, follows: string): Promise<void> => {
      await measure(path, work);
      await measure(follows, () => world.settle());
    },
    send: (profile: object, order: number, more?: Parameters<typeof shop.event>[2]) =>
      call('POST', '/api/events', shop.event(profile, order, more)),
  };
}

type Stage = Awaited<ReturnType<typeof stage>>;

/** The id of the metric with this name. */
export async function metricId({ call }: Pick<CountedWorld, 'call'>, name = 'Placed Order'): Promise<string> {
  const { data } = (await call('GET', '/api/metrics')) as unknown as { data: { id: string; attributes: object }[] };
  return data.find(({ attributes }) => 'name' in attributes && attributes.name === name)?.id ?? '';
}

async function accepting(on: Stage): Promise<void> {
  const { measure, send, world } = on;
  const known = { email: shop.emailOf(0) };
  await measure('accept an event: known profile, nothing told of it', () => send(known, 1));
  await measure('accept an event: an attribute that changes', () => send({ ...known, first_name: 'Ana' }, 2));
  await measure('accept an event: attributes that are known', () => send({ ...known, first_name: 'Ana' }, 3));
  await measure('accept an event: new profile', () => send({ email: shop.emailOf(1) }, 4));
  await measure('accept an event: sent before', () => send(known, 1));
  await measure('accept an event: first of its metric', () => send(known, 5, { metric: 'Uploaded' }));
  await measure('accept an event: 300 KB, into a file', () =>
    send(known, 6, { metric: 'Uploaded', notes: Array.from({ length: 3 }, () => 'x'.repeat(100_000)) }),
  );
  await world.settle();
}

async function handling(on: Stage): Promise<void> {
  const { call, measure, send, world } = on;
  const known = { email: shop.emailOf(0) };
  const metric = await metricId(on);
  await call('POST', '/api/segments', shop.segment(metric, 1));
  await call('POST', '/api/segments', shop.segment(metric, 3));
  // Ten who are in the one segment for good, and one step before the other.
  for (let order = 20; order < 30; order += 1) await send({ email: shop.emailOf(order) }, order);
  await world.advance(minute);
  await on.warm();
  for (let order = 40; order < 50; order += 1) await send({ email: shop.emailOf(order - 20) }, order);
  await measure('handle an event: no segment changes, ten profiles in a batch', () => world.settle(), 10);
  await world.advance(1000);
  for (let order = 60; order < 70; order += 1) await send(known, order);
  await world.settle();
  await world.advance(1000);
  for (let order = 80; order < 90; order += 1) await send(known, order);
  await measure('handle an event: no segment changes, ten of one profile in a batch', () => world.settle(), 10);
  await world.advance(1000);
  await send(known, 90);
  await measure('handle an event: no segment changes, alone', () => world.settle());
  await send({ email: shop.emailOf(20) }, 91);
  await measure('handle an event: one segment entered, alone', () => world.settle());
  await send(known, 92, { time: new Date(world.clock.now() - 30 * hour).toISOString() });
  await measure('handle a late event: its quarter of an hour is marked', () => world.settle());
  await measure('count a quarter of an hour anew', () => world.advance(2 * minute));
  await world.advance(hour);
  await measure('add up the counts of a metric over a year', () =>
    call('POST', '/api/metric-aggregates', shop.aggregate(metric)),
  );
}

async function people(on: Stage): Promise<void> {
  const { call, measure, measureBoth, world } = on;
  const email = shop.emailOf(100);
  let id = '';
  const create = async () => {
    id = (await call('POST', '/api/profiles', shop.profile({ email, first_name: 'Ben' }))).data.id;
  };
  await measureBoth('create a profile', create, 'handle a new profile');
  // Time passes between two changes, so that each moves in the order of changes.
  await world.advance(1);
  await measureBoth(
    'update a profile',
    () => call('PATCH', `/api/profiles/${id}`, shop.profile({ first_name: 'Benno' }, id)),
    'handle a changed profile: no segment mentions what changed',
  );
  await world.advance(1);
  await measure('import a profile: known, something changes', () =>
    call('POST', '/api/profile-import', shop.profile({ email, first_name: 'Ben' })),
  );
  await measure('import a profile: known, nothing changes', () =>
    call('POST', '/api/profile-import', shop.profile({ email, first_name: 'Ben' })),
  );
  await measure('import a profile: new', () =>
    call('POST', '/api/profile-import', shop.profile({ email: shop.emailOf(101) })),
  );
  await world.settle();
  await measure('get a profile', () => call('GET', `/api/profiles/${id}`));
  await measure('find a profile by its email', () => call('GET', `/api/profiles?filter=equals(email,"${email}")`));
  for (let i = 200; i < 240; i += 1) await call('POST', '/api/profiles', shop.profile({ email: shop.emailOf(i) }));
  await world.settle();
  await measure('list profiles: a page of 20', () => call('GET', '/api/profiles?page[size]=20'));
  await measure('list events: a page of 50, read again because of one with a file', () =>
    call('GET', '/api/events?page[size]=50'),
  );
  const now = new Date(world.clock.now()).toISOString();
  await measure('poll profiles for changes: there are none', () =>
    call('GET', `/api/profiles?filter=greater-than(updated,${now})&sort=updated`),
  );
  await measure('register a push token for a known person', () =>
    call('POST', '/api/push-tokens', shop.pushToken('token', email)),
  );
  const metric = await metricId(on);
  await measure('list events of one metric: a page of 50', () =>
    call('GET', `/api/events?filter=equals(metric_id,"${metric}")&page[size]=50`),
  );

  const list = (await call('POST', '/api/lists', shop.list('Newsletter'))).data.id;
  const path = `/api/lists/${list}/relationships/profiles`;
  await measureBoth(
    'add a profile to a list',
    () => call('POST', path, shop.members(id)),
    'handle a list joined: no segment mentions it',
  );
  await measure('remove a profile from a list', () => call('DELETE', path, shop.members(id)));
  await world.settle();
  await measureBoth(
    'subscribe: accept a job of one known profile',
    () => call('POST', '/api/profile-subscription-bulk-create-jobs', shop.subscription(email, list)),
    'subscribe: the job and what follows',
  );
  await measureBoth(
    'unsubscribe: accept a job of one known profile',
    () => call('POST', '/api/profile-subscription-bulk-delete-jobs', shop.unsubscription(email, list)),
    'unsubscribe: the job and what follows',
  );
}

const rows = 1000;
const importCases = [
  ['new', 'Bo'],
  ['known, something changes', 'Ana'],
  ['known, nothing changes', 'Ana'],
] as const;

async function importing(on: Stage): Promise<void> {
  const { call, measure, warm, world } = on;
  for (const [what, name] of importCases) {
    const people = Array.from({ length: rows }, (_, i) =>
      shop.profile({ email: shop.emailOf(5000 + i), first_name: name }),
    );
    await call('POST', '/api/profile-bulk-import-jobs', shop.imports(people));
    await measure(`import profiles in bulk, per profile of ${rows}: ${what}`, () => world.settle(), rows);
    await world.advance(minute);
    await warm();
  }
}

const built = 400;

async function building(on: Stage): Promise<void> {
  const { call, measure, send, world } = on;
  for (let i = 0; i < built; i += 1) await send({ email: shop.emailOf(1000 + i) }, 1000 + i, { metric: 'Visited' });
  await world.advance(minute);
  await on.warm();
  const metric = await metricId(on, 'Visited');
  await call('POST', '/api/segments', shop.segment(metric, 2));
  await measure(
    `build a segment, per profile of ${built}: its metric's feed, nobody enters`,
    () => world.advance(10_000),
    built,
  );
  await call('POST', '/api/segments', shop.segment(metric, 1));
  await measure(
    `build a segment, per profile of ${built}: its metric's feed, all enter`,
    () => world.advance(10_000),
    built,
  );
}

async function flowing(on: Stage): Promise<void> {
  const { call, measure, send, warm, world } = on;
  const buyer = { email: shop.emailOf(100), first_name: 'Ben' };
  await send(buyer, 40, { metric: 'Checked Out' });
  await world.settle();
  const list = (await call('POST', '/api/lists', shop.list('Buyers'))).data.id;
  await call('POST', '/api/profile-subscription-bulk-create-jobs', shop.subscription(buyer.email, list));
  const text = (await call('POST', '/api/templates', shop.template('<p>Order {{ event.OrderId }}</p>'))).data.id;
  const made = await call('POST', '/api/flows', shop.flow(await metricId(on, 'Checked Out'), text));
  await call('PATCH', `/api/flows/${made.data.id}`, shop.live(made.data.id));
  // Half a minute past a minute, with the definitions known to all workers.
  await world.advance(minute + 30_000 - (world.clock.now() % minute));
  await warm();
  await send({ email: shop.emailOf(101) }, 41, { metric: 'Checked Out' });
  await world.advance(2 * minute);
  await warm();
  await send(buyer, 42, { metric: 'Checked Out' });
  await measure('an event enters a flow and waits at its delay', () => world.settle());
  await world.advance(hour - 31_000);
  await measure('wake a minute: one item in it', () => world.advance(1000));
  await world.advance(29_000);
  await measure('the wait is over: split, send-email; the message is claimed and sent', () => world.advance(1000));
}

async function waking({ measure, world }: Stage): Promise<void> {
  await world.advance(2 * hour - (world.clock.now() % hour) - 1000);
  await measure('sweep an hour of an account: nothing left behind', () => world.advance(1000));
}

async function knowing({ call, measure, world }: Stage): Promise<void> {
  await world.advance(2 * minute);
  await measure('list metrics, with the key and its account read', () => call('GET', '/api/metrics'));
  await measure('list metrics', () => call('GET', '/api/metrics'));
}

/** Every row of the page, in its order. */
export async function measurePaths(): Promise<readonly Measured[]> {
  const on = await stage();
  for (const paths of [accepting, handling, people, building, flowing, importing, waking, knowing]) await paths(on);
  return on.rows;
}

/**
 * Units of an event that changes no segment, ten profiles in a batch, when each has `history` events of the metric
 * already and `others` segments are about another metric.
 */
export async function unitsPerEvent({ history, others }: { history: number; others: number }) {
  const { call, consumedBy, send, world } = await stage();
  const people = Array.from({ length: 10 }, (_, i) => ({ email: shop.emailOf(i) }));
  await send({ email: shop.emailOf(0) }, 1, { metric: 'Viewed Product' });
  await call('POST', '/api/segments', shop.segment(await metricId({ call })));
  const other = await metricId({ call }, 'Viewed Product');
  // More than the API makes at a time.
  for (let i = 0; i < others; i += 1) {
    const { name, definition } = shop.segment(other, i + 2).data.attributes;
    await createSegment(world.ports, account, { name, definition: definition as Definition, starred: false });
  }
  for (let i = 0; i < history; i += 1) for (const person of people) await send(person, 1000 + i);
  await world.advance(10_000);
  const accepted = await consumedBy(async () => {
    for (const person of people) await send(person, 200);
  });
  const handled = Object.values(await consumedBy(() => world.settle()));
  const perEvent = (all: readonly { read: number; write: number }[]) => ({
    read: rounded(all.reduce((sum, each) => sum + each.read, 0) / people.length),
    write: rounded(all.reduce((sum, each) => sum + each.write, 0) / people.length),
  });
  return { accept: perEvent(Object.values(accepted)), handle: perEvent(handled) };
}
