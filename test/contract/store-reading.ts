import { expect } from 'vitest';
import type { Query } from '../../shared/storage/store.ts';
import { everything, pagesOf } from '../../shared/storage/pages.ts';
import type { Bench, Probe, Tests } from './store.ts';
import { expectFault } from './store-writing.ts';

const sorts = async ({ store }: Bench, query: Query<Probe>) => (await everything(store, query)).map(({ sk }) => sk);

async function fill({ store, item }: Bench, names: readonly string[], attributes?: (sk: string) => object) {
  await store.writeMany(names.map((sk) => ({ put: item(sk, { ...attributes?.(sk) }) })));
}

async function pages({ store }: Bench, query: Query<Probe>): Promise<string[][]> {
  const found: string[][] = [];
  for await (const page of pagesOf(store, query)) found.push(page.items.map(({ sk }) => sk));
  return found;
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `n${String(n).padStart(4, '0')}`);

export const readingOfStore: Tests = {
  'gets any number of items in the order of the keys, also twice': async (bench) => {
    const { store, item, key } = bench;
    const names = numbered(230);
    await fill(bench, names);
    const wanted = [...names].reverse().concat('none', names[0]!);
    const found = await store.getMany(wanted.map((sk) => key(sk)));
    expect(found).toEqual(wanted.map((sk) => (sk === 'none' ? undefined : item(sk))));
    expect(await store.getMany([])).toEqual([]);
    expect(await store.getMany([key(names[0]!)], { consistent: false })).toHaveLength(1);
  },

  'gets many large items': async (bench) => {
    const names = numbered(50);
    for (const sk of names) await bench.store.write({ put: bench.item(sk, { body: 'x'.repeat(390_000) }) });
    const found = await bench.store.getMany(names.map((sk) => bench.key(sk)));
    expect(found.map((item) => item?.sk)).toEqual(names);
  },

  'reads a partition in order and nothing beside it': async (bench) => {
    const { store, item, partition } = bench;
    await fill(bench, ['b', 'a', 'c']);
    await store.write({ put: item('a', {}, 'other') });
    expect(await sorts(bench, { partition: partition() })).toEqual(['a', 'b', 'c']);
    expect(await sorts(bench, { partition: partition(), newestFirst: true })).toEqual(['c', 'b', 'a']);
    expect(await sorts(bench, { partition: partition('none') })).toEqual([]);
    expect(await sorts(bench, { partition: partition(), consistent: false })).toEqual(['a', 'b', 'c']);
  },

  'reads ranges that include both ends': async (bench) => {
    const partition = bench.partition();
    await fill(bench, ['a', 'b', 'c', 'd']);
    expect(await sorts(bench, { partition, from: 'b' })).toEqual(['b', 'c', 'd']);
    expect(await sorts(bench, { partition, to: 'b' })).toEqual(['a', 'b']);
    expect(await sorts(bench, { partition, from: 'b', to: 'c' })).toEqual(['b', 'c']);
    expect(await sorts(bench, { partition, from: 'bb', to: 'bz' })).toEqual([]);
    expect(await sorts(bench, { partition, from: 'b', to: 'c', newestFirst: true })).toEqual(['c', 'b']);
    expect(await bench.store.query({ partition, from: 'c', to: 'b' })).toEqual({ items: [] });
  },

  'reads what begins with a text': async (bench) => {
    const partition = bench.partition();
    await fill(bench, ['E', 'E#', 'E#1', 'E#2', 'E$', 'F#', '\u{10ffff}', '\u{10ffff}a']);
    expect(await sorts(bench, { partition, begins: 'E#' })).toEqual(['E#', 'E#1', 'E#2']);
    expect(await sorts(bench, { partition, begins: 'E#', newestFirst: true })).toEqual(['E#2', 'E#1', 'E#']);
    expect(await sorts(bench, { partition, begins: '\u{10ffff}' })).toEqual(['\u{10ffff}', '\u{10ffff}a']);
  },

  'sorts by UTF-8 bytes': async (bench) => {
    const names = [
      'Z',
      'a',
      'a\0',
      'aa',
      'é',
      'ﬀ',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{1f600}',
      '\u{10ffff}',
    ];
    await fill(bench, [...names].reverse());
    const expected = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await sorts(bench, { partition: bench.partition() })).toEqual(expected);
    expect(await sorts(bench, { partition: bench.partition(), from: '\uffff' })).toEqual(expected.slice(-4));
  },

  'pages by the limit and has no next page when nothing follows': async (bench) => {
    const partition = bench.partition();
    await fill(bench, ['a', 'b', 'c', 'd']);
    expect(await pages(bench, { partition, limit: 3 })).toEqual([['a', 'b', 'c'], ['d']]);
    expect(await pages(bench, { partition, limit: 2 })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(await pages(bench, { partition, limit: 3, newestFirst: true })).toEqual([['d', 'c', 'b'], ['a']]);
    expect(await pages(bench, { partition, limit: 1, from: 'b', to: 'c' })).toEqual([['b'], ['c']]);
    expect((await bench.store.query({ partition, limit: 4 })).next).toBeUndefined();
  },

  'keeps its place while items come and go': async (bench) => {
    const { store, item, key, partition } = bench;
    await fill(bench, ['b', 'd', 'f', 'h']);
    const first = await store.query<Probe>({ partition: partition(), limit: 2 });
    await store.write({ remove: key('d') });
    await fill(bench, ['a', 'c', 'e']);
    await store.write({ put: item('f', { changed: true }) });
    const rest = await sorts(bench, { partition: partition(), limit: 2, after: first.next! });
    expect(rest).toEqual(['e', 'f', 'h']);
  },

  'ends a page at 1 MB': async (bench) => {
    const names = numbered(30);
    await fill(bench, names, () => ({ body: 'x'.repeat(100_000) }));
    const found = await pages(bench, { partition: bench.partition() });
    expect(found.map((page) => page.length)).toEqual([10, 10, 10]);
    expect(found.flat()).toEqual(names);
    const limited = await pages(bench, { partition: bench.partition(), limit: 25 });
    expect(limited.flat()).toEqual(names);
    expect(limited[0]).toHaveLength(10);
  },

  'refuses queries that make no sense, and tokens of other queries': async (bench) => {
    const { store } = bench;
    const partition = bench.partition();
    await fill(bench, ['a', 'b', 'c'], () => ({ lsk: 'x' }));
    const { next } = await store.query({ partition, limit: 1 });
    await expectFault(store.query({ partition, begins: 'a', from: 'a' }));
    await expectFault(store.query({ partition, begins: '' }));
    await expectFault(store.query({ partition: '' }));
    await expectFault(store.query({ partition, limit: 0 }));
    await expectFault(store.query({ partition, limit: 1.5 }));
    await expectFault(store.query({ partition, after: 'nonsense' }));
    await expectFault(store.query({ partition, index: 'byMetricTime', after: next! }));
  },

  'reads a local index in its own order, with its keys and what it keeps': async (bench) => {
    const { store, item, partition } = bench;
    await store.write({ put: item('a', { lsk: '2', value: 5, body: 'x' }) });
    await store.write({ put: item('b', { lsk: '1', gpk: partition('g'), gsk: '1' }) });
    await store.write({ put: item('c') });
    const page = await store.query({ index: 'byMetricTime', partition: partition() });
    expect(page).toEqual({
      items: [
        { pk: partition(), sk: 'b', lsk: '1' },
        { pk: partition(), sk: 'a', lsk: '2', value: 5 },
      ],
    });
  },

  'reads a global index across partitions, with its keys and what it keeps': async (bench) => {
    const { store, item, partition } = bench;
    await store.write({ put: item('a', { gpk: partition('g'), gsk: '2', body: 'x', value: 1 }, 'one') });
    await store.write({ put: item('a', { gpk: partition('g'), gsk: '1', lsk: '1' }, 'two') });
    await store.write({ put: item('b', { gpk: partition('g') }, 'two') });
    await store.write({ put: item('c', { gsk: '1' }, 'two') });
    const page = await store.query({ index: 'feed', partition: partition('g') });
    expect(page).toEqual({
      items: [
        { pk: partition('two'), sk: 'a', gpk: partition('g'), gsk: '1' },
        { pk: partition('one'), sk: 'a', gpk: partition('g'), gsk: '2', value: 1 },
      ],
    });
    const newest = { index: 'feed', partition: partition('g'), newestFirst: true, limit: 1, consistent: true } as const;
    expect((await store.query<Probe>(newest)).items.map(({ pk }) => pk)).toEqual([partition('one')]);
  },

  'tells only where items stand when nothing else is asked for, in a page and after it': async (bench) => {
    const { store, item, partition } = bench;
    for (const sk of ['a', 'b'])
      await store.write({ put: item(sk, { gpk: partition('g'), gsk: sk, lsk: sk, value: 1, body: 'x' }) });
    const keys = { pk: partition(), sk: 'a' };
    const queries: [Query<Probe>, object][] = [
      [{ partition: partition() }, keys],
      [
        { index: 'byMetricTime', partition: partition() },
        { ...keys, lsk: 'a' },
      ],
      [
        { index: 'feed', partition: partition('g') },
        { ...keys, gpk: partition('g'), gsk: 'a' },
      ],
    ];
    for (const [query, first] of queries) {
      const page = await store.query({ ...query, limit: 1, keysOnly: true });
      expect(page.items).toEqual([first]);
      const rest = await store.query<Probe>({ ...query, keysOnly: true, ...(page.next && { after: page.next }) });
      expect(rest.items.map(({ sk }) => sk)).toEqual(['b']);
    }
  },

  'moves index entries along with their items': async (bench) => {
    const { store, item, key, partition } = bench;
    const feed = (name: string) => sorts(bench, { index: 'feed', partition: partition(name) });
    const local = () => sorts(bench, { index: 'byMetricTime', partition: partition() });
    await store.write({ put: item('a', { gpk: partition('g'), gsk: '1', lsk: '1' }) });
    await store.write({ put: item('b', { gpk: partition('g'), gsk: '2', lsk: '2' }) });
    await store.write({ update: key('a'), set: { gsk: '3', lsk: '3' } });
    expect([await feed('g'), await local()]).toEqual([['b', 'a'], ['b', 'a']]); // prettier-ignore
    await store.transact([{ update: key('a'), set: { gpk: partition('h') }, remove: ['lsk'] }]);
    expect([await feed('g'), await feed('h'), await local()]).toEqual([['b'], ['a'], ['b']]);
    await store.writeMany([{ remove: key('b') }, { put: item('a') }]);
    expect([await feed('g'), await feed('h'), await local()]).toEqual([[], [], []]);
  },

  'pages across equal index keys without repeating or leaving out': async (bench) => {
    const { store, item, partition } = bench;
    const names = numbered(20);
    const owners = ['one', 'two', 'three'];
    const attributes = (sk: string) => ({ gpk: partition('g'), gsk: sk < 'n0010' ? '1' : '2', lsk: 'same' });
    await store.writeMany(owners.flatMap((owner) => names.map((sk) => ({ put: item(sk, attributes(sk), owner) }))));
    for (const newestFirst of [false, true]) {
      const feed = await everything<Probe>(store, { index: 'feed', partition: partition('g'), limit: 7, newestFirst });
      expect(new Set(feed.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(60);
      expect(feed).toHaveLength(60);
      const local = { index: 'byMetricTime', partition: partition('one'), limit: 7, newestFirst } as const;
      expect((await sorts(bench, local)).sort()).toEqual(names);
    }
  },

  'reads ranges of an index': async (bench) => {
    const { partition } = bench;
    await fill(bench, ['a', 'b', 'c', 'd'], (sk) => ({ lsk: `M#${sk}`, gpk: partition('g'), gsk: `2026-${sk}` }));
    expect(await sorts(bench, { index: 'byMetricTime', partition: partition(), begins: 'M#', limit: 2 })).toHaveLength(
      4,
    );
    expect(await sorts(bench, { index: 'byMetricTime', partition: partition(), from: 'M#b', to: 'M#c' })).toEqual([
      'b',
      'c',
    ]);
    expect(await sorts(bench, { index: 'feed', partition: partition('g'), to: '2026-b' })).toEqual(['a', 'b']);
  },
};
