import { expect } from 'vitest';
import type { Bench, Tests } from './store.ts';

const body = (bytes: number) => ({ body: 'x'.repeat(bytes) });
const feed = (bench: Bench, gsk: string) => ({ gpk: bench.partition('g'), gsk });

/** Expects the write units of one call. */
async function writes(bench: Bench, units: number, work: () => Promise<unknown>): Promise<void> {
  expect(await bench.cost(work)).toEqual({ read: 0, write: units });
}

/** Expects the read units of one call. */
async function reads(bench: Bench, units: number, work: () => Promise<unknown>): Promise<void> {
  expect(await bench.cost(work)).toEqual({ read: units, write: 0 });
}

export const capacityOfStore: Tests = {
  'charges a read by 4 KB, and half when it may be stale': async (bench) => {
    const { store, item, key } = bench;
    await store.write({ put: item('small', body(100)) });
    await store.write({ put: item('large', body(9000)) });
    await reads(bench, 1, () => store.get(key('small')));
    await reads(bench, 0.5, () => store.get(key('small'), { consistent: false }));
    await reads(bench, 3, () => store.get(key('large')));
    await reads(bench, 1, () => store.get(key('none')));
    await reads(bench, 0.5, () => store.get(key('none'), { consistent: false }));
  },

  'rounds each item of many': async (bench) => {
    const { store, item, key } = bench;
    await store.writeMany(['a', 'b', 'c'].map((sk) => ({ put: item(sk, body(100)) })));
    await store.write({ put: item('large', body(5000)) });
    const keys = ['a', 'b', 'c', 'large'].map((sk) => key(sk));
    await reads(bench, 5, () => store.getMany(keys));
    await reads(bench, 2.5, () => store.getMany(keys, { consistent: false }));
    await reads(bench, 5, () => store.getMany([...keys, ...keys]));
  },

  'rounds the sum of a query': async (bench) => {
    const { store, item, partition } = bench;
    await store.writeMany(
      ['a', 'b', 'c'].map((sk) => ({ put: item(sk, { ...body(2000), lsk: sk, ...feed(bench, sk) }) })),
    );
    await reads(bench, 2, () => store.query({ partition: partition() }));
    await reads(bench, 1, () => store.query({ partition: partition(), consistent: false }));
    await reads(bench, 1, () => store.query({ partition: partition(), limit: 1 }));
    await reads(bench, 1, () => store.query({ index: 'byMetricTime', partition: partition() }));
    await reads(bench, 0.5, () => store.query({ index: 'feed', partition: partition('g') }));
    await reads(bench, 1, () => store.query({ partition: partition('none') }));
    await reads(bench, 0.5, () => store.query({ index: 'feed', partition: partition('none') }));
  },

  'charges a write by KB of the larger image': async (bench) => {
    const { store, item, key } = bench;
    await writes(bench, 1, () => store.write({ put: item('a', body(100)) }));
    await writes(bench, 3, () => store.write({ put: item('a', body(2500)) }));
    await writes(bench, 3, () => store.write({ put: item('a', body(10)) }));
    await writes(bench, 3, () => store.write({ update: key('a'), set: body(2500) }));
    await writes(bench, 3, () => store.write({ update: key('a'), add: { n: 1 } }));
    await writes(bench, 3, () => store.write({ remove: key('a') }));
    await writes(bench, 1, () => store.write({ remove: key('a') }));
  },

  'charges an index entry that comes, changes, moves or goes': async (bench) => {
    const { store, item, key } = bench;
    await writes(bench, 3, () => store.write({ put: item('a', { lsk: '1', ...feed(bench, '1') }) }));
    await writes(bench, 1, () => store.write({ put: item('a', { lsk: '1', ...feed(bench, '1') }) }));
    await writes(bench, 1, () => store.write({ update: key('a'), set: { unseen: 1 } }));
    await writes(bench, 3, () => store.write({ update: key('a'), set: { value: 1 } }));
    await writes(bench, 3, () => store.write({ update: key('a'), set: { gsk: '2' } }));
    await writes(bench, 3, () => store.write({ update: key('a'), set: feed(bench, '3') }));
    await writes(bench, 2, () => store.write({ update: key('a'), remove: ['gsk'] }));
    await writes(bench, 2, () => store.write({ remove: key('a') }));
  },

  'charges index entries by their own size': async (bench) => {
    const { store, item, key } = bench;
    await writes(bench, 5, () => store.write({ put: item('a', { lsk: '1', value: 1, ...body(3500) }) }));
    await writes(bench, 7, () =>
      store.write({ update: key('a'), set: { value: 'x'.repeat(1500) } }).then(() => undefined),
    );
  },

  'charges a batch as its writes': async (bench) => {
    const { store, item, key } = bench;
    const puts = Array.from({ length: 30 }, (_, n) => ({ put: item(`n${n}`, { ...body(1500), ...feed(bench, 'x') }) }));
    await writes(bench, 90, () => store.writeMany(puts));
    await writes(bench, 4, () => store.writeMany([{ remove: key('n0') }, { remove: key('none') }]));
  },

  'charges a transaction twice in the table and once in the indexes': async (bench) => {
    const { store, item, key } = bench;
    await writes(bench, 2, () => store.transact([{ put: item('a', body(100)) }]));
    await writes(bench, 6, () =>
      store.transact([{ put: item('b', { lsk: '1', ...body(1500), ...feed(bench, '1') }) }]),
    );
    await writes(bench, 4, () =>
      store.transact([
        { update: key('a'), add: { n: 1 } },
        { remove: key('none') },
      ]),
    ); // prettier-ignore
    await writes(bench, 4, () => store.transact([{ check: key('b'), if: { present: true } }]));
    await writes(bench, 2, () => store.transact([{ check: key('none'), if: { absent: true } }]));
  },
};
