// Workers of an earlier release know less of what is kept (`level.ts`): what they were told of an event that came late still counts.
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { BuiltCondition } from '../../../shared/domain/segments/index.ts';
import { minute, sortable } from '../../../shared/kernel/time.ts';
import { totalsKey } from '../../../shared/storage/patterns.ts';
import { levelOneFile, releaseBefore } from '../../simulation/release-before.ts';
import { account, setting, start } from './worker.ts';

const alltime = { type: 'date', operator: 'alltime' } as const;
const lastYear = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 365 } as const;
const lastWeeks = { type: 'date', operator: 'anniversary-last', unit: 'day', quantity: 30 } as const;
const reaching = (value: number) => ({ type: 'numeric', operator: 'greater-than-or-equal', value }) as const;
const order = { type: 'profile-metric', metric_id: 'Order1', metric_filters: null, measurement: 'sum' } as const;

const history = 100;
const newer = 40;

const conditions = {
  'a funnel': {
    type: 'profile-metric-funnel',
    timeframe_filter: lastYear,
    completion_window_seconds: null,
    steps: [
      { metric_id: 'Order1', metric_exists: true },
      { metric_id: 'Refund1', metric_exists: true },
    ],
  },
  'a sum of anniversaries': {
    ...order,
    timeframe_filter: lastWeeks,
    measurement_filter: reaching(history + newer + 2),
  },
  'a sum': { ...order, timeframe_filter: alltime, measurement_filter: reaching(history + newer + 2) },
} as const satisfies Record<string, BuiltCondition>;

describe('an event that comes late to a worker of an earlier release', () => {
  it.each(
    Object.entries(conditions).flatMap(([name, condition]) =>
      [history / 2, -newer / 2].map((ago) => ({ name, condition, ago })),
    ),
  )('counts in $name when today’s looks again: $ago minutes ago', async ({ condition, ago }) => {
    const { ports, clock, person, event, deliver, look, segment, member, state } = setting();
    const { id } = await segment({ condition_groups: [{ conditions: [condition] }] });
    const p = await person('p');
    const told = (metric: string, at: number) =>
      look(p, { metrics: [metric], newest: sortable(at), span: { from: sortable(at), to: sortable(at) } });
    for (let n = history; n > 0; n -= 1) await event(p, 'Order1', start - n * minute, `old ${n}`, 1);
    expect(await deliver(told('Order1', start))).toEqual([]);
    const happen = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        clock.advance(minute);
        await event(p, 'Order1', clock.now(), undefined, 1);
        expect(await deliver(told('Order1', clock.now()))).toEqual([]);
      }
    };
    await happen(newer);
    expect(await ports.store.get(totalsKey(account, p))).toBeDefined();
    expect(await member(p, id)).toBeUndefined();

    const old = (await releaseBefore(levelOneFile)).segments(ports);
    const late = start - ago * minute + 30_000;
    for (const metric of ['Refund1', 'Order1']) {
      await event(p, metric, late, `late ${metric}`, 1);
      const body = JSON.stringify(told(metric, late));
      expect(await old({ Records: [{ messageId: metric, body }] }, {} as Context)).toEqual({ batchItemFailures: [] });
    }
    const before = (await state(p))?.version;
    expect((await state(p))?.knows?.version).not.toBe(before);
    await happen(1);
    expect(await member(p, id)).toBeDefined();
    // Who knows everything wrote last: it need not be counted anew once more.
    const recounts = (await ports.store.get(totalsKey(account, p)))?.recounts;
    await happen(1);
    expect((await ports.store.get(totalsKey(account, p)))?.recounts).toBe(recounts);
    expect(await member(p, id)).toBeDefined();
  });
});

describe('a long history, large blocks of which lie in pieces', () => {
  const long = 9600;

  it.each([
    ['today’s', 'an earlier', 'today’s'],
    ['an earlier', 'today’s', 'an earlier'],
  ] as const)('is counted right when %s, %s and %s worker hear of late events', async (...turns) => {
    const { ports, person, event, deliver, look, segment, member, store } = setting();
    const reached = async (value: number) => {
      const condition = { ...order, timeframe_filter: alltime, measurement_filter: reaching(value) };
      return (await segment({ condition_groups: [{ conditions: [condition] }] })).id;
    };
    const values = [1, 2, 3, 4].map((more) => long + more);
    const ids = await Promise.all(values.map(reached));
    const p = await person('p');
    const told = (at: number) =>
      look(p, { metrics: ['Order1'], newest: sortable(at), span: { from: sortable(at), to: sortable(at) } });
    for (let n = long; n > 0; n -= 1) await event(p, 'Order1', start - n * minute, `old ${n}`, 1);
    expect(await deliver(told(start))).toEqual([]);
    expect(store.dump().some(({ kind }) => kind === 'pieces')).toBe(true);
    const old = (await releaseBefore()).segments(ports);
    const workers = {
      'an earlier': (body: unknown) =>
        old({ Records: [{ messageId: 'one', body: JSON.stringify(body) }] }, {} as Context),
      'today’s': async (body: ReturnType<typeof told>) => ({ batchItemFailures: await deliver(body) }),
    };
    for (const [n, worker] of turns.entries()) {
      const late = start - 4800 * minute + n * 20_000 + 1000;
      await event(p, 'Order1', late, `late ${n}`, 1);
      expect(await workers[worker](told(late))).toEqual({ batchItemFailures: [] });
      const members = await Promise.all(ids.map(async (id) => (await member(p, id)) !== undefined));
      expect(members).toEqual(values.map((value) => value <= long + n + 1));
    }
  });
});
