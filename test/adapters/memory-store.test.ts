import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore, type StreamedChange } from '../../shared/adapters/memory/store.ts';
import { sizeOf } from '../../shared/storage/size.ts';
import type { Consumed, Item, Value } from '../../shared/storage/store.ts';
import { compareText } from '../../shared/storage/range.ts';

const item = (sk: string, attributes: Record<string, Value> = {}, pk = 'p') => ({
  pk,
  sk,
  kind: 'probe',
  ...attributes,
});
const at = (sk: string, pk = 'p') => ({ pk, sk });
const marked = (sk: string, gsk: string) => item(sk, { gpk: 'g', gsk });

function setUp(options: { lagging?: boolean } = {}) {
  const changes: StreamedChange[] = [];
  const spent: Consumed[] = [];
  const clock = { time: 1000, now: () => clock.time };
  const store = createMemoryStore({
    clock,
    onChange: (change) => changes.push(change),
    meter: (cost) => spent.push(cost),
    ...options,
  });
  const feed = async () =>
    (await store.query<Item>({ index: 'feed', partition: 'g' })).items.map(({ sk }) => sk).join(' ');
  return { store, changes, spent, clock, feed };
}

describe('the stream of the memory store', () => {
  it('tells of every change in order, with both images', async () => {
    const { store, changes, clock } = setUp();
    await store.write({ put: item('a', { n: 1 }) });
    clock.time = 2000;
    await store.write({ update: at('a'), add: { n: 1 } });
    await store.transact([{ remove: at('a') }, { put: item('b') }]);
    await store.writeMany([{ put: item('c') }, { put: item('d') }]);
    expect(changes).toEqual([
      { sequence: 1, at: 1000, after: item('a', { n: 1 }) },
      { sequence: 2, at: 2000, before: item('a', { n: 1 }), after: item('a', { n: 2 }) },
      { sequence: 3, at: 2000, before: item('a', { n: 2 }) },
      { sequence: 4, at: 2000, after: item('b') },
      { sequence: 5, at: 2000, after: item('c') },
      { sequence: 6, at: 2000, after: item('d') },
    ]);
  });

  it('says nothing of writes that change nothing', async () => {
    const { store, changes } = setUp();
    await store.write({ put: item('a', { map: { x: 1, y: [2] } }) });
    await store.write({ put: item('a', { map: { y: [2], x: 1 } }) });
    await store.write({ update: at('a'), set: { map: { x: 1, y: [2] } }, remove: ['none'], add: {} });
    await store.write({ remove: at('none') });
    await store.transact([{ check: at('a'), if: { present: true } }, { remove: at('none') }]);
    expect(changes).toHaveLength(1);
  });

  it('says nothing of what was refused', async () => {
    const { store, changes } = setUp();
    await expect(store.write({ put: item('a'), if: { present: true } })).rejects.toThrow();
    await expect(store.transact([{ put: item('a') }, { check: at('b'), if: { present: true } }])).rejects.toThrow();
    await expect(store.write({ put: item('a', { body: 'x'.repeat(410_000) }) })).rejects.toThrow();
    await expect(store.writeMany([{ put: item('a') }, { put: item('') }])).rejects.toThrow();
    expect(changes).toEqual([]);
  });

  it('shows the whole transaction done when it tells of its first change', async () => {
    const seen: unknown[] = [];
    const store = createMemoryStore({ clock: { now: () => 0 }, onChange: () => seen.push(store.dump().length) });
    await store.transact([{ put: item('a') }, { put: item('b') }]);
    expect(seen).toEqual([2, 2]);
  });

  it('gives images that stay as they were, whatever is written later', async () => {
    const { store, changes } = setUp();
    await store.write({ put: item('a', { list: [1] }) });
    await store.write({ update: at('a'), set: { list: [2] } });
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      [undefined, item('a', { list: [1] })],
      [item('a', { list: [1] }), item('a', { list: [2] })],
    ]);
  });
});

describe('the time to live', () => {
  it('removes what has expired, tells of it, and charges nothing', async () => {
    const { store, changes, spent, feed } = setUp();
    await store.writeMany([
      { put: item('a', { expires: 100, gpk: 'g', gsk: '1' }) },
      { put: item('b', { expires: 101, gpk: 'g', gsk: '2' }) },
      { put: item('c', { expires: 'soon', gpk: 'g', gsk: '3' }) },
      { put: item('d') },
    ]);
    changes.length = spent.length = 0;
    expect(store.expire(99_999)).toBe(0);
    expect(store.expire(100_999)).toBe(1);
    expect(changes).toEqual([
      { sequence: 5, at: 1000, before: item('a', { expires: 100, gpk: 'g', gsk: '1' }), expired: true },
    ]);
    expect(spent).toEqual([]);
    expect(await feed()).toBe('b c');
    expect(store.expire(1e15)).toBe(1);
    expect(await feed()).toBe('c');
  });

  it('goes by the latest time that was written', async () => {
    const { store } = setUp();
    await store.write({ put: item('a', { expires: 100 }) });
    await store.write({ update: at('a'), set: { expires: 200 } });
    await store.write({ put: item('b', { expires: 100 }) });
    await store.write({ update: at('b'), remove: ['expires'] });
    await store.write({ put: item('c', { expires: 100 }) });
    await store.write({ remove: at('c') });
    expect(store.expire(150_000)).toBe(0);
    expect(store.expire(200_000)).toBe(1);
    expect(store.dump()).toEqual([item('b')]);
  });
});

describe('a lagging global index', () => {
  it('learns of changes in their order when it is told to', async () => {
    const { store, feed } = setUp({ lagging: true });
    await store.write({ put: marked('a', '1') });
    await store.write({ put: marked('b', '2') });
    await store.write({ update: at('a'), set: { gsk: '3' } });
    expect(await feed()).toBe('');
    expect(store.settle(1)).toBe(2);
    expect(await feed()).toBe('a');
    expect(store.settle(1)).toBe(1);
    expect(await feed()).toBe('a b');
    expect(store.settle()).toBe(0);
    expect(await feed()).toBe('b a');
  });

  it('shows what is gone until it is told', async () => {
    const { store, feed } = setUp({ lagging: true });
    await store.write({ put: marked('a', '1') });
    store.settle();
    await store.write({ remove: at('a') });
    expect(await feed()).toBe('a');
    expect(await store.get(at('a'))).toBeUndefined();
    store.lag(false);
    expect(await feed()).toBe('');
    await store.write({ put: marked('b', '1') });
    expect(await feed()).toBe('b');
  });

  it('does not hold up the local index', async () => {
    const { store } = setUp({ lagging: true });
    await store.write({ put: item('a', { lsk: '1' }) });
    expect((await store.query({ index: 'byMetricTime', partition: 'p' })).items).toHaveLength(1);
  });
});

describe('the meter of the memory store', () => {
  it('also counts writes whose condition failed, without their index entries', async () => {
    const { store, spent } = setUp();
    await store.write({ put: item('a', { body: 'x'.repeat(1500) }) });
    spent.length = 0;
    await expect(store.write({ put: marked('a', '1'), if: { absent: true } })).rejects.toThrow();
    const losing = { check: at('b'), if: { present: true } } as const;
    await expect(store.transact([{ update: at('a'), set: { gpk: 'g', gsk: '1' } }, losing])).rejects.toThrow();
    expect(spent.map(({ call, write }) => [call, write])).toEqual([
      ['write', 2],
      ['transact', 7],
    ]);
  });
});

describe('keeping data between runs', () => {
  it('loads what was dumped, with its indexes and times to live, and tells nobody', async () => {
    const first = setUp();
    await first.store.writeMany([
      { put: marked('b', '1') },
      { put: marked('a', '2') },
      { put: item('c', { expires: 9 }) },
    ]);
    const saved = JSON.parse(JSON.stringify(first.store.dump())) as Item[];
    const second = setUp();
    await second.store.write({ put: marked('old', '0') });
    second.changes.length = 0;
    second.store.load(saved);
    expect(second.store.dump()).toEqual(first.store.dump());
    expect(await second.feed()).toBe('b a');
    expect(second.changes).toEqual([]);
    expect(second.store.expire(9000)).toBe(1);
  });
});

describe('size arithmetic', () => {
  const size = (value: Value) => sizeOf({ a: value }) - 1;

  it.each<[Value, number]>([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['€', 3],
    ['😀', 4],
    [true, 1],
    [null, 1],
    [0, 1],
    [7, 2],
    [42, 2],
    [-42, 3],
    [100, 2],
    [12345, 4],
    [1.5, 3],
    [0.001, 2],
    [[], 3],
    [{}, 3],
    [['ab', 1], 3 + 2 + 2 + 2],
    [{ ab: 'cd' }, 3 + 1 + 2 + 2],
    [{ a: [null] }, 3 + 1 + 1 + 3 + 1 + 1],
  ])('of %j is %i bytes', (value, bytes) => {
    expect(size(value)).toBe(bytes);
  });

  it('counts names', () => {
    expect(sizeOf({ pk: 'p', sk: 's', naïve: 1 })).toBe(3 + 3 + 6 + 2);
  });

  it('lets an item with its local index entry reach 400 KB and no byte more', async () => {
    const { store } = setUp();
    const used =
      sizeOf({ pk: 'p', sk: 'a', kind: 'probe', lsk: '1', body: '' }) + sizeOf({ pk: 'p', sk: 'a', lsk: '1' });
    const body = 'x'.repeat(400 * 1024 - used);
    await store.write({ put: item('a', { lsk: '1', body }) });
    await expect(store.write({ put: item('a', { lsk: '1', body: `${body}x` }) })).rejects.toThrow(
      'maximum allowed size',
    );
  });
});

describe('the order of sort keys', () => {
  it('is that of their UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('partitions of any history', () => {
  it('stay sorted and hold what was written last', async () => {
    const sk = fc.integer({ min: 0, max: 30 }).map((n) => `n${n}`);
    const steps = fc.array(fc.record({ sk, gsk: fc.option(sk, { nil: undefined }), gone: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { store } = setUp();
        const model = new Map<string, string | undefined>();
        for (const { sk, gsk, gone } of history) {
          if (gone) model.delete(sk);
          else model.set(sk, gsk);
          await store.write(gone ? { remove: at(sk) } : { put: item(sk, gsk === undefined ? {} : { gpk: 'g', gsk }) });
        }
        const { items } = await store.query<Item>({ partition: 'p' });
        expect(items.map((found) => found.sk)).toEqual([...model.keys()].sort());
        const feed = await store.query<Item & { gsk: string }>({ index: 'feed', partition: 'g' });
        const marks = [...model].flatMap(([sk, gsk]) => (gsk === undefined ? [] : [[gsk, sk]]));
        expect(feed.items.map((found) => [found.gsk, found.sk])).toEqual(
          marks.sort(([g1 = '', s1 = ''], [g2 = '', s2 = '']) => compareText(g1, g2) || compareText(s1, s2)),
        );
      }),
    );
  });
});

describe('a long partition', () => {
  it('stays sorted while thousands come and go, and is read from anywhere in either direction', async () => {
    const { store } = setUp();
    const shuffled = Array.from({ length: 3000 }, (_, n) => String((n * 7919) % 3000).padStart(4, '0'));
    await store.writeMany(shuffled.map((sk) => ({ put: item(sk) })));
    const gone = (sk: string) => Number(sk) % 3 === 0 || (sk > '1000' && sk < '2000');
    await store.writeMany(shuffled.filter(gone).map((sk) => ({ remove: at(sk) })));
    const left = shuffled.filter((sk) => !gone(sk)).sort();
    const names = async (query: object) =>
      (await store.query<Item>({ partition: 'p', ...query })).items.map(({ sk }) => sk);
    expect(await names({})).toEqual(left);
    expect(await names({ newestFirst: true })).toEqual(left.toReversed());
    expect(await names({ from: '0500', to: '2500' })).toEqual(left.filter((sk) => sk >= '0500' && sk <= '2500'));
    expect(await names({ to: '1500', newestFirst: true, limit: 700 })).toEqual(
      left.filter((sk) => sk <= '1500').toReversed().slice(0, 700),
    ); // prettier-ignore
    await store.writeMany(left.map((sk) => ({ remove: at(sk) })));
    expect(store.dump()).toEqual([]);
  });
});
