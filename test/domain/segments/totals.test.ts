import { describe, expect, it } from 'vitest';
import type { Definition, ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { removeSegment, updateSegment } from '../../../shared/domain/segments/store.ts';
import { day, instantOf, minute, sortable } from '../../../shared/kernel/time.ts';
import { totalsKey } from '../../../shared/storage/patterns.ts';
import { isOn, listMember } from '../../support/list-member.ts';
import { account, setting, start } from './worker.ts';

const metric = 'Order1';

const timeframes = {
  alltime: { type: 'date', operator: 'alltime' },
  'in-the-last': { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
  after: { type: 'date', operator: 'after', date: '2025-12-01T00:00:00Z' },
  before: { type: 'date', operator: 'before', date: '2026-01-01T00:00:00Z' },
  'at-least': { type: 'date', operator: 'at-least', unit: 'day', quantity: 1 },
  between: { type: 'date', operator: 'between', unit: 'day', start: 1, end: 30 },
} as const satisfies Record<string, ProfileMetric['timeframe_filter']>;

type Rest = Partial<Pick<ProfileMetric, 'measurement' | 'measurement_filter' | 'metric_filters'>>;

function measuring(timeframe: keyof typeof timeframes, value: number, rest: Rest = {}): Definition {
  const condition: ProfileMetric = {
    type: 'profile-metric',
    metric_id: metric,
    measurement: 'sum',
    measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value },
    timeframe_filter: timeframes[timeframe],
    metric_filters: null,
    ...rest,
  };
  return { condition_groups: [{ conditions: [condition] }] };
}

/** People with a history of events a minute apart, of value 1 each, who have been looked at. */
async function withHistories(people: number, history: number, definitions: readonly Definition[]) {
  const all = setting();
  const segments: string[] = [];
  for (const definition of definitions) {
    const { id, edition } = await all.segment(definition);
    segments.push(id);
    await all.build(id, edition);
  }
  const persons = await Promise.all(Array.from({ length: people }, (_, n) => all.person(`p${n}`)));
  const tell = (at: number) => {
    const time = sortable(at);
    const fact = { metrics: [metric], newest: time, span: { from: time, to: time } };
    return all.deliver(...persons.map((p) => all.look(p, fact)));
  };
  for (const p of persons)
    for (let n = history; n > 0; n -= 1) await all.event(p, metric, start - n * minute, String(n), 1);
  expect(await tell(start)).toEqual([]);
  return { ...all, persons, segments, tell };
}

/** One of them. */
async function withHistory(history: number, definitions: readonly Definition[]) {
  const all = await withHistories(1, history, definitions);
  const [p = ''] = all.persons;
  return { ...all, p, totals: () => all.ports.store.get(totalsKey(account, p)) };
}

const mixture = [
  measuring('alltime', 1e9),
  measuring('in-the-last', 1e9),
  measuring('after', 1e9),
  measuring('in-the-last', 5, { measurement: 'count' }),
  measuring('alltime', 1, { measurement: 'count' }),
];

describe('what sums cost', () => {
  /** Units a person of each of so many events in order. */
  async function costsOf(people: number, events: number, history: number, definitions: readonly Definition[]) {
    const all = await withHistories(people, history, definitions);
    const { spent, clock, event, persons, tell } = all;
    const costs: { read: number; write: number }[] = [];
    for (let n = 0; n < events; n += 1) {
      clock.advance(minute);
      for (const p of persons) await event(p, metric, clock.now(), `new ${n}`, 1);
      [spent.read, spent.write] = [0, 0];
      await tell(clock.now());
      costs.push({ read: spent.read / people, write: spent.write / people });
    }
    const mean = (of: 'read' | 'write') => costs.reduce((sum, cost) => sum + cost[of], 0) / costs.length;
    return { ...all, costs, read: mean('read'), write: mean('write') };
  }

  it.each([
    ['sums and counts that new events can decide', mixture],
    ['sums of what is older than a day, or than a date', [measuring('at-least', 1e9), measuring('before', 1e9)]],
    ['a count of thousands', [measuring('in-the-last', 5000, { measurement: 'count' })]],
  ])('%s: 2.5 read units and 1 write unit, also when events are taken in', async (_, definitions) => {
    const { costs, read } = await costsOf(10, 32, 400, definitions);
    expect(read).toBeLessThanOrEqual(2.5);
    expect(Math.max(...costs.map(({ write }) => write))).toBeLessThanOrEqual(1);
  });

  it('what the state holds goes where the rest is after 512 events: a hundredth of a unit an event', async () => {
    const { costs, write, state, persons, ports, segments, member } = await costsOf(1, 560, 100, [
      measuring('alltime', 660),
      measuring('alltime', 661),
    ]);
    expect(write).toBeLessThanOrEqual(1.015);
    // The last one makes the person a member.
    expect(costs.slice(0, -1).filter((one) => one.write > 1)).toHaveLength(1);
    const [p = ''] = persons;
    const members = segments.map(async (segment) => (await member(p, segment)) !== undefined);
    expect(await Promise.all(members)).toEqual([true, false]);
    expect((await state(p))?.heads).toBeDefined();
    expect((await ports.store.get(totalsKey(account, p)))?.version).toBe(2);
  });
});

describe('a total', () => {
  it('is not kept of few events', async () => {
    const { totals } = await withHistory(20, mixture);
    expect(await totals()).toBeUndefined();
  });

  it.each([
    // A twelfth of 2,400 events of about 150 bytes, at 4 KB a unit, and the look itself; then a part of it, as the block was split.
    { history: 2400, first: 15, next: 7 },
    // Of a large block its pieces, and the events of one of them, some 40.
    { history: 9600, first: 9, next: 9 },
  ])('counts a late event among $history by reading what it lies in, and no more', async ({ history, first, next }) => {
    const { spent, event, tell, p, segments, member } = await withHistory(history, [measuring('alltime', history + 1)]);
    const [segment = ''] = segments;
    expect(await member(p, segment)).toBeUndefined();
    const late = start - (history / 2) * minute - 1;
    await event(p, metric, late, 'late', 1);
    [spent.read, spent.write] = [0, 0];
    await tell(late);
    expect(await member(p, segment)).toBeDefined();
    expect(spent.read).toBeLessThan(first);
    for (const n of [2, 3]) await event(p, metric, late + n * 1000, `late ${n}`, 1);
    await tell(late + 2000);
    [spent.read, spent.write] = [0, 0];
    await tell(late + 3000);
    expect(spent.read).toBeLessThan(next);
  });

  it('counts an event that is a little late anew in the state, which is written anyway', async () => {
    const { spent, clock, event, tell, p, state, segments, member, totals } = await withHistory(100, [
      measuring('alltime', 142),
    ]);
    const [segment = ''] = segments;
    for (let n = 0; n < 40; n += 1) {
      clock.advance(minute);
      await event(p, metric, clock.now(), `new ${n}`, 1);
      await tell(clock.now());
    }
    const [before, held] = [await totals(), (await state(p))?.heads];
    expect(held).toBeDefined();
    await event(p, metric, start + 5 * minute + 1, 'late', 1);
    [spent.read, spent.write] = [0, 0];
    await tell(start + 5 * minute + 1);
    // The definitions twice, the glance, what lies behind, and what is counted anew.
    expect(spent).toEqual({ read: 5, write: 1 });
    expect(await totals()).toEqual(before);
    expect((await state(p))?.heads).not.toBe(held);
    expect(await member(p, segment)).toBeUndefined();
    await event(p, metric, start + 6 * minute + 1, 'late too', 1);
    await tell(start + 6 * minute + 1);
    expect(await member(p, segment)).toBeDefined();
  });

  it('of a segment that was stopped is made anew when it goes on', async () => {
    const { ports, event, build, tell, p, segments, member, totals } = await withHistory(100, [
      measuring('alltime', 101),
      measuring('alltime', 1e9, { measurement: 'count' }),
    ]);
    const [segment = ''] = segments;
    const before = await totals();
    await updateSegment(ports, account, segment, { active: false });
    await event(p, metric, start - 50 * minute - 1, 'late', 1);
    await tell(start - 50 * minute - 1);
    const { edition } = await updateSegment(ports, account, segment, { active: true });
    await build(segment, edition);
    expect(await member(p, segment)).toBeDefined();
    expect((await totals())?.recounts).toBeGreaterThan(before?.recounts ?? 0);
  });

  describe('of a segment that asked for it, when nobody was told of a late event meanwhile', () => {
    const list = 'Friends';
    const sum = measuring('alltime', 101);
    const funnel: Definition = {
      condition_groups: [
        {
          conditions: [
            {
              type: 'profile-metric-funnel',
              timeframe_filter: timeframes['in-the-last'],
              completion_window_seconds: null,
              // So many events, each at an instant of its own, are there only with the late one.
              steps: [
                ...Array.from({ length: 9 }, () => ({ metric_id: 'Seen1', metric_exists: true })),
                { metric_id: metric, metric_exists: true },
              ],
            },
          ],
        },
      ],
    };
    /** Only of those on a list, to whom a build keeps. */
    const gated = ({ condition_groups }: Definition): Definition => ({
      condition_groups: [{ conditions: [isOn(list)] }, ...condition_groups],
    });

    async function withGated(definition: Definition) {
      const all = await withHistory(100, [gated(definition)]);
      const { ports, event, deliver, look, p, segments } = all;
      const [segment = ''] = segments;
      for (let n = 1; n < 9; n += 1) await event(p, 'Seen1', start - (60 + n) * minute, String(n));
      await deliver(look(p, { metrics: ['Seen1'] }));
      const late = start - 70 * minute - 1;
      /** The late event, which no segment mentions now; it stands before all of its kind. */
      const missed = async () => {
        await event(p, metric, late, 'late', 1);
        await event(p, 'Seen1', late, 'late');
        const time = sortable(late);
        await deliver(look(p, { metrics: [metric, 'Seen1'], newest: time, span: { from: time, to: time } }));
      };
      const join = async () => {
        await ports.store.write({ put: listMember(account, p, list, start) });
        await deliver(look(p, { lists: [list] }));
      };
      return { ...all, asking: segment, missed, join };
    }

    it.each([
      ['a total', sum],
      ['a trail', funnel],
    ])('%s is not believed when the segment goes on, though its build did not come by', async (_, definition) => {
      const { ports, asking, missed, build, join, member, p, totals } = await withGated(definition);
      expect(await totals()).toBeDefined();
      await updateSegment(ports, account, asking, { active: false });
      await missed();
      const { edition } = await updateSegment(ports, account, asking, { active: true });
      await build(asking, edition);
      await join();
      expect(await member(p, asking)).toBeDefined();
    });

    it.each([
      ['a total', sum],
      ['a trail', funnel],
    ])('%s is not believed when another segment asks for the same after it', async (_, definition) => {
      const all = await withGated(definition);
      await removeSegment(all.ports, account, all.asking);
      await all.missed();
      const { id, edition } = await all.segment(gated(definition));
      await all.build(id, edition);
      await all.join();
      expect(await all.member(all.p, id)).toBeDefined();
    });

    it('is counted once more, and then believed', async () => {
      const { ports, asking, build, join, tell, totals } = await withGated(sum);
      const { edition } = await updateSegment(ports, account, asking, {
        definition: gated(measuring('alltime', 102)),
      });
      await build(asking, edition);
      await join();
      const after = await totals();
      expect(after?.recounts).toBe(1);
      expect(after?.vouchers).toBe(`${asking} ${edition}`);
      await tell(start);
      expect(await totals()).toEqual(after);
    });
  });

  it('leaves with the profile', async () => {
    const { ports, store, deliver, look, p, totals } = await withHistory(9600, [measuring('alltime', 1)]);
    const kept = () =>
      new Set(store.dump().flatMap(({ kind }) => (kind === 'totals' || kind === 'pieces' ? kind : [])));
    expect(kept()).toEqual(new Set(['totals', 'pieces']));
    await ports.store.write({ remove: { pk: (await totals())!.pk, sk: 'A#PROFILE' } });
    await deliver(look(p, { properties: true }));
    expect(kept()).toEqual(new Set());
  });

  it('is one for all conditions that measure the same', async () => {
    const { totals } = await withHistory(100, [measuring('alltime', 1), measuring('alltime', 7)]);
    expect(Object.keys(JSON.parse((await totals())!.totals) as object)).toHaveLength(1);
  });

  it.each([100, 9600])('takes each of %i events out at the millisecond at which it leaves', async (history) => {
    const { clock, deliver, look, p, segments, member, state, spent, event, tell } = await withHistory(history, [
      measuring('in-the-last', 60),
    ]);
    const [segment = ''] = segments;
    const leaves = start - 60 * minute + 30 * day + 1;
    for (const n of [1, 2, 3]) {
      const late = start - (70 + ((history - 70) / 4) * n) * minute;
      await event(p, metric, late, `late ${n}`, 1);
      await tell(late);
    }
    let looks = 0;
    for (;;) {
      const timer = instantOf((await state(p))?.timer ?? '');
      clock.advance(timer - clock.now());
      spent.read = 0;
      await deliver(look(p, { due: sortable(timer) }));
      expect(spent.read).toBeLessThan(24);
      looks += 1;
      if (!(await member(p, segment))) break;
      expect(timer).toBeLessThan(leaves);
    }
    expect(clock.now()).toBe(leaves);
    // One for every sixteen that leave.
    expect(looks).toBeLessThan(6 + (history - 100) / 14);
  });
});
