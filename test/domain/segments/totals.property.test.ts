// Long histories: what totals say has to be what the events say, in whatever order these come.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentsWork } from '../../../functions/segments/work.ts';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { eventItem } from '../../../shared/domain/events/index.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import type { BuiltCondition, Definition, ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { createSegment, updateSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, hour, instantOf, minute, sortable } from '../../../shared/kernel/time.ts';
import type { Message } from '../../../shared/messages.ts';
import { listMemberKey, segmentMemberKey, stateKey, totalsKey } from '../../../shared/storage/patterns.ts';
import { isOn, listMember } from '../../support/list-member.ts';
import { type Facts, belongs, nothing } from '../../support/segment-oracle.ts';

const account = accountId('acc001');
const start = Date.UTC(2026, 2, 10);
const metric = 'Order1';
const seen = 'Seen1';

type Look = Extract<Message<'segments'>, { type: 'profile' }>;

const dates = [start - 3 * day, start - 9 * hour, start, start + 5 * hour].map((at) => new Date(at).toISOString());
const date = fc.constantFrom(...dates);
const timeframe: fc.Arbitrary<ProfileMetric['timeframe_filter']> = fc.oneof(
  fc.constant({ type: 'date' as const, operator: 'alltime' as const }),
  fc.record({
    type: fc.constant('date' as const),
    operator: fc.constantFrom('before' as const, 'after' as const),
    date,
  }),
  fc.constant({
    type: 'date' as const,
    operator: 'between-static' as const,
    start: dates[1] ?? '',
    end: dates[3] ?? '',
  }),
  fc.record({
    type: fc.constant('date' as const),
    operator: fc.constantFrom('in-the-last' as const, 'at-least' as const, 'in-the-next' as const),
    unit: fc.constantFrom('hour' as const, 'day' as const),
    quantity: fc.constantFrom(1, 5, 24),
  }),
  fc.record({
    type: fc.constant('date' as const),
    operator: fc.constant('between' as const),
    unit: fc.constant('hour' as const),
    start: fc.constantFrom(0, 2),
    end: fc.constantFrom(3, 30),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('date' as const),
      operator: fc.constantFrom('anniversary-last' as const, 'anniversary-next' as const),
      unit: fc.constantFrom('hour' as const, 'day' as const),
      quantity: fc.constantFrom(1, 5, 24, 364),
    }),
  },
);

const condition: fc.Arbitrary<ProfileMetric> = fc
  .record({
    measurement: fc.constantFrom('sum' as const, 'count' as const),
    operator: fc.constantFrom('greater-than-or-equal' as const, 'less-than' as const, 'equals' as const),
    value: fc.oneof(fc.constantFrom(0, 1, 2, 13, 20, 50, 70.5), fc.integer({ min: 20, max: 120 })),
    timeframe,
    filtered: fc.boolean(),
  })
  .map(({ measurement, operator, value, timeframe: timeframe_filter, filtered }) => ({
    type: 'profile-metric' as const,
    metric_id: metric,
    measurement,
    measurement_filter: { type: 'numeric' as const, operator, value },
    timeframe_filter,
    metric_filters: filtered
      ? [{ property: 'a', filter: { type: 'string' as const, operator: 'equals' as const, value: 'red' } }]
      : null,
  }));

const funnelTimeframe = timeframe.filter(
  (one): one is Extract<BuiltCondition, { type: 'profile-metric-funnel' }>['timeframe_filter'] =>
    !['alltime', 'before', 'after', 'anniversary-last', 'anniversary-next'].includes(one.operator),
);

const funnelStep = fc.record({
  metric_id: fc.constantFrom(metric, seen),
  metric_exists: fc.boolean(),
  metric_filters: fc
    .constantFrom('', '', 'red', 'green')
    .map((value) =>
      value === ''
        ? null
        : [{ property: 'a', filter: { type: 'string' as const, operator: 'equals' as const, value } }],
    ),
});

const funnel: fc.Arbitrary<BuiltCondition> = fc
  .record({
    timeframe_filter: funnelTimeframe,
    completion_window_seconds: fc.constantFrom(null, 'HOURS_1' as const, 'DAYS_1' as const),
    steps: fc.array(funnelStep, { minLength: 1, maxLength: 4 }),
  })
  .map(({ steps: [first, ...more], ...rest }) => ({
    type: 'profile-metric-funnel' as const,
    ...rest,
    steps: first ? [{ ...first, metric_exists: true }, ...more] : [],
  }));

const measuring = fc.oneof({ weight: 3, arbitrary: condition }, { weight: 2, arbitrary: funnel });

const list = 'Friends';

/** Whoever it is true of; with a gate only those on the list, so that a build does not look at anybody else. */
const one = ([it, isGated]: readonly [BuiltCondition, boolean]): Definition => ({
  condition_groups: [{ conditions: [it] }, ...(isGated ? [{ conditions: [isOn(list)] }] : [])],
});

const conditionAndGate = fc.tuple(measuring, fc.boolean());

const times = fc.oneof(
  // At the pace of the clock, most of them.
  { weight: 3, arbitrary: fc.record({ from: fc.constant(0), apart: fc.constantFrom(0, minute, 10 * minute) }) },
  // To come.
  {
    weight: 1,
    arbitrary: fc.record({ from: fc.constantFrom(1, 5, 8, 26, 60), apart: fc.constantFrom(0, minute, 10 * minute) }),
  },
  // Around the same day of years before.
  {
    weight: 1,
    arbitrary: fc.record({
      from: fc
        .tuple(fc.constantFrom(-365, -366, -730, -731, -1095), fc.integer({ min: -8, max: 8 }))
        .map(([days, hours]) => days * 24 + hours),
      apart: fc.constantFrom(0, minute, 10 * minute),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ from: fc.integer({ min: -100, max: 6 }), apart: fc.constantFrom(0, minute, hour) }),
  },
);
const events = fc.record({ do: fc.constant('events' as const), times, count: fc.integer({ min: 1, max: 40 }) });
const late = fc.record({
  do: fc.constant('events' as const),
  times: fc.record({ from: fc.constantFrom(-1, -2, -5, -20), apart: fc.constantFrom(0, minute) }),
  count: fc.integer({ min: 1, max: 40 }),
});
const stop = fc.record({ do: fc.constant('stop' as const), nth: fc.nat({ max: 2 }) });
const step = fc.oneof(
  { weight: 5, arbitrary: events },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.constantFrom(0.5, 0.5, 1, 1, 3, 3, 26, 26, 26, 365 * 24 - 3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), condition: conditionAndGate }) },
  { weight: 1, arbitrary: stop },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const) }) },
);
/** Something happens while a segment is stopped, and again it goes on. */
const meanwhile = fc
  .tuple(stop, fc.oneof(events, late), fc.boolean())
  .map(([one, some, isListed]) => [one, some, one, ...(isListed ? [{ do: 'list' as const }] : [])]);
const script = fc
  .array(fc.oneof({ weight: 5, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: meanwhile }), {
    minLength: 5,
    maxLength: 25,
  })
  .map((parts) => parts.flat());

async function setting(start: number) {
  const { ports, clock } = memoryPorts({ start });
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const work = segmentsWork(ports);
  const { id } = await createProfile(ports, account, { identifiers: { email: 'p@example.com' }, attributes: {} });
  const deliver = async (...bodies: Message<'segments'>[]) => {
    expect(await work(bodies.map((body, n) => ({ id: String(n), body })))).toEqual([]);
  };
  const look = (rest: Partial<Look>): Look => ({
    ...{ type: 'profile', account, profile: id, metrics: [], lists: [], properties: false, consent: false },
    ...rest,
  });
  const state = () => ports.store.get(stateKey(account, id));
  return { ports, clock, id, deliver, look, state };
}

test('totals of long histories say what the events say: in order, late, told twice, as time passes, as segments change', async () => {
  let [kept, trails, held] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(conditionAndGate, { minLength: 1, maxLength: 3 }),
      script,
      fc.infiniteStream(
        fc.tuple(
          fc.constantFrom(0, 1, 1.5, -1),
          fc.constantFrom('red', 'red', 'red', 'blue', 'blue', 'blue', 'green'),
          fc.constantFrom(metric, metric, metric, seen),
        ),
      ),
      fc.constantFrom(start, start, Date.UTC(2027, 1, 27, 20), Date.UTC(2028, 1, 28, 20), Date.UTC(2027, 11, 31, 20)),
      async (conditions, script, said, begin) => {
        const { ports, clock, id, deliver, look, state } = await setting(begin);
        const facts: Facts = { ...nothing, events: [], lists: [] };
        const segments = new Map<string, { definition: Definition; active: boolean }>();
        for (const definition of conditions.map(one)) {
          const made = await createSegment(ports, account, { name: 'S', definition, starred: false });
          segments.set(made.id, { definition, active: true });
        }
        await deliver(look({ properties: true }));
        const told: Look[] = [];
        const build = async (segment: string) => {
          const item = (await updateSegment(ports, account, segment, {})).edition;
          await deliver({ type: 'build', account, segment, version: item });
          for (const shard of Array.from({ length: 16 }, (_, n) => n))
            await deliver({ type: 'build-shard', account, segment, version: item, shard });
        };
        let looksHeld = 0;
        const check = async () => {
          const { heads, legs } = (await state()) ?? {};
          looksHeld += heads !== undefined || legs !== undefined ? 1 : 0;
          for (const [segment, { definition, active }] of segments) {
            if (!active) continue;
            const member = (await ports.store.get(segmentMemberKey(account, id, segment))) !== undefined;
            expect(member, JSON.stringify(definition)).toBe(belongs(definition, facts, clock.now()));
          }
        };
        for (const step of script) {
          if (step.do === 'events') {
            const times = Array.from(
              { length: step.count },
              (_, n) => clock.now() + step.times.from * hour - n * step.times.apart,
            );
            const all = times.map((at) => {
              const [value, a, metric_id] = said.next().value as [number, string, string];
              const unique_id = String(facts.events.length);
              facts.events.push({ metric: metric_id, at, value, properties: { a } });
              return eventItem(ports, account, id, metric_id, { time: at, value, properties: { a }, unique_id });
            });
            await ports.store.writeMany(all.map((put) => ({ put })));
            const looks = times.map((at) => {
              const text = sortable(at);
              return look({ metrics: [metric, seen], newest: text, span: { from: text, to: text } });
            });
            told.push(...looks);
            for (let n = 0; n < looks.length; n += 7) await deliver(...looks.slice(n, n + 7));
          } else if (step.do === 'wait') {
            const until = clock.now() + step.hours * hour;
            for (;;) {
              const timer = (await state())?.timer;
              if (timer === undefined || instantOf(timer) > until) break;
              clock.advance(instantOf(timer) - clock.now());
              await deliver(look({ due: timer }));
              await check();
            }
            clock.advance(until - clock.now());
          } else if (step.do === 'again') await deliver(...told.slice(-3));
          else if (step.do === 'list') {
            if (facts.lists.length > 0) {
              await ports.store.write({ remove: listMemberKey(account, id, list) });
              facts.lists = [];
            } else {
              await ports.store.write({ put: listMember(account, id, list, clock.now()) });
              facts.lists = [{ id: list, joined: clock.now() }];
            }
            await deliver(look({ lists: [list] }));
          } else {
            const segment = [...segments.keys()][step.do === 'stop' ? step.nth % segments.size : 0];
            if (segment === undefined) continue;
            const before = segments.get(segment);
            if (step.do === 'edit') {
              const definition = one(step.condition);
              await updateSegment(ports, account, segment, { definition });
              segments.set(segment, { definition, active: before?.active ?? true });
            } else {
              await updateSegment(ports, account, segment, { active: before?.active !== true });
              segments.set(segment, { definition: before!.definition, active: before?.active !== true });
            }
            if (segments.get(segment)?.active) await build(segment);
          }
          await check();
        }
        const item = await ports.store.get(totalsKey(account, id));
        if (item) kept += 1;
        if (item?.trails !== undefined) trails += 1;
        if (looksHeld > 0) held += 1;
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  );
  expect(kept).toBeGreaterThan(20);
  expect(trails).toBeGreaterThan(10);
  expect(held).toBeGreaterThan(10);
}, 120_000);
