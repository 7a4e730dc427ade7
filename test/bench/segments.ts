// What segments cost as histories, segments and accounts grow: the worker by itself, on the memory store.
import { segmentsWork } from '../../functions/segments/work.ts';
import { createClock, memoryPorts } from '../../shared/adapters/memory/index.ts';
import { createAccount } from '../../shared/domain/account/index.ts';
import { eventItem } from '../../shared/domain/events/index.ts';
import { createProfile } from '../../shared/domain/identity/index.ts';
import {
  type BuiltCondition,
  type Definition,
  type ProfileMetric,
  lookAt,
} from '../../shared/domain/segments/index.ts';
import { createSegment } from '../../shared/domain/segments/store.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { inParallel } from '../../shared/kernel/parallel.ts';
import { minute, sortable } from '../../shared/kernel/time.ts';
import type { Message } from '../../shared/messages.ts';
import { membersOfGroup } from '../../shared/storage/patterns.ts';
import { type Figures, type Rows, rounded } from './figures.ts';

const account = accountId('acc001');

/** Who did the metric at least so often in the last year: nobody has, or everybody, as the caller chooses. */
const did = (metric_id: string, value: number): Definition => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric',
          metric_id,
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value },
          timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 365 },
        },
      ],
    },
  ],
});

const longWindow = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 365 } as const;
const allTime = { type: 'date', operator: 'alltime' } as const;
const since = { type: 'date', operator: 'after', date: '2000-01-01T00:00:00Z' } as const;

/** Whose sum of the metric is beyond what anybody's is. */
const spent = (metric_id: string, timeframe_filter: ProfileMetric['timeframe_filter']): Definition => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric',
          metric_id,
          measurement: 'sum',
          measurement_filter: { type: 'numeric', operator: 'greater-than', value: 1e9 },
          timeframe_filter,
        },
      ],
    },
  ],
});

type Funnel = Extract<BuiltCondition, { type: 'profile-metric-funnel' }>;

/** Who ordered again and again, and then did (or did not) what nobody does. */
const went = (times: number, metric_exists: boolean, within: Funnel['completion_window_seconds']): Definition => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric-funnel',
          timeframe_filter: longWindow,
          completion_window_seconds: within,
          steps: [
            ...Array.from({ length: times }, () => ({ metric_id: 'Order1', metric_exists: true })),
            { metric_id: 'Refund1', metric_exists },
          ],
        },
      ],
    },
  ],
});

/** What mentions the metric: counts of one, two, three ... or three sums and two counts, five funnels, sums on anniversaries. */
const mentioning = {
  counts: [1, 2, 3, 4, 5].map((value) => did('Order1', value)),
  sums: [
    ...[allTime, longWindow, since].map((timeframe) => spent('Order1', timeframe)),
    did('Order1', 1),
    did('Order1', 3),
  ],
  funnels: [
    went(1, true, null),
    went(2, true, 'DAYS_30'),
    went(3, true, 'HOURS_1'),
    went(1, false, null),
    went(2, false, 'HOURS_1'),
  ],
  anniversaries: [
    ...(['anniversary-last', 'anniversary-next'] as const).map((operator) =>
      spent('Order1', { type: 'date', operator, unit: 'day', quantity: 30 }),
    ),
    did('Order1', 1),
  ],
  none: [],
} as const satisfies Record<string, readonly Definition[]>;

/** A store with its meter, and the worker on a queue of our own: what follows from a write is not delivered. */
async function worker() {
  const spent = { read: 0, write: 0 };
  const { ports, clock } = memoryPorts({
    clock: createClock(),
    meter: ({ read, write }) => {
      spent.read += read;
      spent.write += write;
    },
  });
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const waiting: Message<'segments'>[] = [];
  const queue: typeof ports.queue = {
    ...ports.queue,
    send: async (name, messages) => {
      if (name === 'segments') waiting.push(...messages.map(({ body }) => body as Message<'segments'>));
    },
  };
  const work = segmentsWork({ ...ports, queue });
  const person = async (n: number) => {
    const identifiers = { email: `p${n}@example.com` };
    return (await createProfile(ports, account, { identifiers, attributes: {} })).id;
  };
  const happen = async (profile: string, count: number) => {
    const now = ports.clock.now();
    for (let from = 0; from < count; from += 100) {
      const some = Array.from({ length: Math.min(100, count - from) }, (_, i) => {
        const time = now - (1 + from + i) * minute;
        return eventItem(ports, account, profile, 'Order1', {
          time,
          unique_id: String(from + i),
          value: 1,
          properties: {},
        });
      });
      await ports.store.writeMany(some.map((put) => ({ put })));
    }
  };
  const deliver = async (...bodies: Message<'segments'>[]) => {
    const failed = await work(bodies.map((body, i) => ({ id: String(i), body })));
    if (failed.length > 0) throw new Error('The worker gave up.');
  };
  const segment = (definition: Definition) =>
    createSegment(ports, account, { name: 'Some', definition, starred: false });
  return { ports, clock, spent, waiting, person, happen, deliver, segment };
}

/** That an event of the metric happened to somebody then. */
function told(profile: string, at: number): Message<'segments'> {
  const time = sortable(at);
  return lookAt(account, profile, { metrics: ['Order1'], newest: time, span: { from: time, to: time } });
}

const people = 10;
/** So many events follow on each other: what the state holds of totals goes where the rest is after 512. */
const successive = 528;

/** Mean units of a new event of a person with such a history, when the metric is mentioned like this by some of the segments. */
async function unitsOf(history: number, segments: number, kind: keyof typeof mentioning): Promise<Figures> {
  const { ports, clock, spent: units, person, happen, deliver, segment } = await worker();
  for (const definition of mentioning[kind]) await segment(definition);
  for (let n = mentioning[kind].length; n < segments; n += 1) await segment(did(`Other${n}`, 1));
  const ids = await Promise.all(Array.from({ length: people }, (_, n) => person(n)));
  for (const id of ids) await happen(id, history);
  const looks = () => ids.map((id) => told(id, ports.clock.now()));
  await deliver(...looks());
  const total = { read: 0, write: 0, took: 0 };
  for (let n = 0; n < successive; n += 1) {
    clock.advance(minute);
    const time = ports.clock.now();
    const puts = ids.map((id) => ({
      put: eventItem(ports, account, id, 'Order1', { time, unique_id: `new ${n}`, value: 1, properties: {} }),
    }));
    await ports.store.writeMany(puts);
    [units.read, units.write] = [0, 0];
    const started = performance.now();
    await deliver(...looks());
    total.took += performance.now() - started;
    total.read += units.read;
    total.write += units.write;
  }
  return {
    read_units: rounded(total.read / people / successive),
    write_units: rounded(total.write / people / successive),
    milliseconds: rounded(total.took / people / successive),
  };
}

/** So many late events, each where none came before. */
const places = 16;

/** Mean units of an event that comes late, somewhere in such a history of which three sums are kept. */
async function unitsOfLate(history: number): Promise<Figures> {
  const { ports, spent: units, person, happen, deliver, segment } = await worker();
  for (const definition of mentioning.sums) await segment(definition);
  const id = await person(0);
  await happen(id, history);
  await deliver(told(id, ports.clock.now()));
  const total = { read: 0, write: 0, took: 0 };
  for (let n = 0; n < places; n += 1) {
    const time = ports.clock.now() - Math.floor(((n + 0.5) / places) * history) * minute - 1;
    const put = eventItem(ports, account, id, 'Order1', { time, unique_id: `late ${n}`, value: 1, properties: {} });
    await ports.store.write({ put });
    [units.read, units.write] = [0, 0];
    const started = performance.now();
    await deliver(told(id, time));
    total.took += performance.now() - started;
    total.read += units.read;
    total.write += units.write;
  }
  return {
    read_units: rounded(total.read / places),
    write_units: rounded(total.write / places),
    milliseconds: rounded(total.took / places),
  };
}

/** As histories grow. */
export async function lateUnits(): Promise<Rows> {
  const rows: Record<string, Figures> = {};
  for (const history of [100, 1000, 10_000, 100_000, 1_000_000])
    rows[`${history} events before it`] = await unitsOfLate(history);
  return rows;
}

/** As histories and segments grow. */
export async function segmentUnits(): Promise<Rows> {
  const rows: Record<string, Figures> = {};
  const scales = [
    [10, 10, 'counts'],
    [100, 1000, 'counts'],
    [100_000, 1000, 'counts'],
    [10, 10, 'sums'],
    [100, 1000, 'sums'],
    [1000, 1000, 'sums'],
    [10_000, 1000, 'sums'],
    [100_000, 1000, 'sums'],
    [100, 1000, 'funnels'],
    [1000, 1000, 'funnels'],
    [10_000, 1000, 'funnels'],
    [100_000, 1000, 'funnels'],
    [1000, 1000, 'anniversaries'],
    [100_000, 1000, 'anniversaries'],
    [1000, 1000, 'none'],
  ] as const;
  for (const [history, segments, kind] of scales) {
    rows[`history ${history}, segments ${segments}, of the metric ${kind}`] = await unitsOf(history, segments, kind);
  }
  return rows;
}

const eventsEach = 10;
const abreast = 4;

/** Seconds to build a segment of one condition over all of them. */
async function buildOver(profiles: number): Promise<Figures> {
  const { ports, spent, waiting, person, happen, deliver, segment } = await worker();
  const numbers = Array.from({ length: profiles }, (_, n) => n);
  await inParallel(numbers, 50, async (n) => happen(await person(n), eventsEach));
  const { id } = await segment(did('Order1', 1));
  [spent.read, spent.write] = [0, 0];
  const started = performance.now();
  const before = process.cpuUsage();
  await deliver({ type: 'build', account, segment: id, version: 1 });
  while (waiting.length > 0) await inParallel(waiting.splice(0), abreast, (body) => deliver(body));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const members = await ports.store.query(membersOfGroup(account, id, 0));
  if (members.items.length === 0) throw new Error('The segment was not built.');
  return {
    seconds: rounded(seconds),
    cpu_seconds: rounded((user + system) / 1e6),
    profiles_per_second: Math.round(profiles / seconds),
    read_units: rounded(spent.read / profiles),
    write_units: rounded(spent.write / profiles),
  };
}

/** As the account grows, ten events each. */
export async function segmentBuilds(sizes: readonly number[] = [1000, 10_000, 100_000]): Promise<Rows> {
  const rows: Record<string, Figures> = {};
  for (const size of sizes) rows[`${size} profiles`] = await buildOver(size);
  return rows;
}
