import { expect } from 'vitest';
import { ConditionFailed, isConflict, type Write } from '../../shared/storage/store.ts';
import type { Bench, Tests } from './store.ts';

/** What a promise was refused with. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have been refused'),
    (error: unknown) => error,
  );
}

/** Expects a fault: refused, and not because the world has changed. */
export async function expectFault(work: Promise<unknown>): Promise<void> {
  expect(isConflict(await refusal(work))).toBe(false);
}

async function expectFailed({ store }: Bench, write: Write, current: unknown): Promise<void> {
  const error = await refusal(store.write(write));
  expect(error).toBeInstanceOf(ConditionFailed);
  expect((error as ConditionFailed).current).toEqual(current);
}

const values = {
  text: 'x',
  empty: '',
  number: 1.5,
  negative: -3,
  yes: true,
  nothing: null,
  list: [1, 'two', [null], {}],
  map: { a: 1, 'b c': { d: [] }, toString: 'own' },
};

export const writingOfStore: Tests = {
  'returns what was put, to the last value': async ({ store, item, key }) => {
    await store.write({ put: item('a', values) });
    expect(await store.get(key('a'))).toEqual(item('a', values));
  },

  'has nothing at a key that was never written': async ({ store, key }) => {
    expect(await store.get(key('a'))).toBeUndefined();
  },

  'forgets undefined values, also within lists and maps': async ({ store, item, key }) => {
    const holes = { gone: undefined, map: { gone: undefined, kept: 1 }, list: [undefined, 1] };
    await store.write({ put: { ...item('a'), ...holes } });
    expect(await store.get(key('a'))).toEqual(item('a', { map: { kept: 1 }, list: [1] }));
    expect(Object.keys((await store.get(key('a')))!)).not.toContain('gone');
  },

  'replaces the whole item by a put': async ({ store, item, key }) => {
    await store.write({ put: item('a', { old: 1 }) });
    await store.write({ put: item('a', { new: 1 }) });
    expect(await store.get(key('a'))).toEqual(item('a', { new: 1 }));
  },

  'keeps what it was given when the giver changes it, and what it gave when the taker changes it': async (bench) => {
    const { store, item, key } = bench;
    const given = { list: [1], map: { deep: { n: 1 } } };
    await store.write({ put: item('a', given) });
    given.list.push(2);
    const taken = (await store.get(key('a')))!;
    (taken['map'] as typeof given.map).deep.n = 9;
    expect(await store.get(key('a'))).toEqual(item('a', { list: [1], map: { deep: { n: 1 } } }));
  },

  'refuses names that would poison a prototype instead of losing them': async ({ store, item, key }) => {
    for (const text of ['{"__proto__":{"polluted":true}}', '{"constructor":"Ferrari"}']) {
      await expectFault(store.write({ put: item('a', { map: JSON.parse(text) as never }) }));
      await expectFault(store.write({ put: { ...item('a'), [text]: 1, ...JSON.parse(text) } as never, if: {} }));
    }
    expect(await store.get(key('a'))).toBeUndefined();
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  },

  'refuses numbers that would not come back as they went in': async ({ store, item }) => {
    for (const number of [NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53), 1e300, 1e-131]) {
      await expectFault(store.write({ put: item('a', { number }) }));
    }
  },

  'refuses what is no value': async ({ store, item }) => {
    for (const value of [new Date(0), new Map(), () => 1, Symbol('s'), 1n]) {
      await expectFault(store.write({ put: item('a', { value: value as never }) }));
    }
  },

  'puts an absent item once': async (bench) => {
    const { store, item } = bench;
    await store.write({ put: item('a', { n: 1 }), if: { absent: true } });
    await expectFailed(bench, { put: item('a', { n: 2 }), if: { absent: true } }, item('a', { n: 1 }));
  },

  'changes a present item only': async (bench) => {
    const { store, item, key } = bench;
    await expectFailed(bench, { update: key('a'), set: { n: 1 }, if: { present: true } }, undefined);
    await expectFailed(bench, { remove: key('a'), if: { present: true } }, undefined);
    await store.write({ put: item('a') });
    await store.write({ update: key('a'), set: { n: 1 }, if: { present: true } });
    await store.write({ remove: key('a'), if: { present: true, equals: { n: 1 } } });
    expect(await store.get(key('a'))).toBeUndefined();
  },

  'compares attributes deeply and exactly': async (bench) => {
    const { store, item, key } = bench;
    await store.write({ put: item('a', values) });
    for (const [name, value] of Object.entries(values)) {
      await store.write({ update: key('a'), set: { seen: name }, if: { equals: { [name]: value } } });
    }
    const current = item('a', { ...values, seen: 'map' });
    const wrong = {
      text: 'X',
      number: '1.5',
      nothing: undefined,
      list: [1, 'two', [null]],
      map: { a: 1 },
      missing: null,
    };
    for (const [name, value] of Object.entries(wrong)) {
      await expectFailed(bench, { remove: key('a'), if: { equals: { [name]: value } } }, current);
    }
  },

  'takes undefined for an attribute that is not there': async (bench) => {
    const { store, item, key } = bench;
    await store.write({ put: item('a'), if: { equals: { version: undefined } } });
    await store.write({ put: item('a', { version: 1 }), if: { equals: { version: undefined, valueOf: undefined } } });
    const remove = { remove: key('a'), if: { equals: { version: undefined } } };
    await expectFailed(bench, remove, item('a', { version: 1 }));
  },

  'asks for all parts of a condition': async (bench) => {
    const { store, item, key } = bench;
    await store.write({ put: item('a', { x: 1, y: 2 }) });
    const condition = { present: true, equals: { x: 1, y: 3 } } as const;
    await expectFailed(bench, { remove: key('a'), if: condition }, item('a', { x: 1, y: 2 }));
    await expectFailed(bench, { remove: key('a'), if: { absent: true, present: true } }, item('a', { x: 1, y: 2 }));
  },

  'sets, removes and adds in one update': async ({ store, item, key }) => {
    await store.write({ put: item('a', { count: 1, old: 'x', same: true }) });
    await store.write({
      update: key('a'),
      set: { new: [1], skip: undefined },
      remove: ['old', 'none'],
      add: { count: 2 },
    });
    expect(await store.get(key('a'))).toEqual(item('a', { count: 3, same: true, new: [1] }));
  },

  'makes the item that an update does not find': async ({ store, item, key }) => {
    await store.write({ update: key('a'), set: { kind: 'probe' }, add: { count: -1 } });
    expect(await store.get(key('a'))).toEqual(item('a', { count: -1 }));
  },

  'adds in decimals': async ({ store, item, key }) => {
    await store.write({ put: item('a', { sum: 0.1, small: 1e-7 }) });
    await store.write({ update: key('a'), add: { sum: 0.2, small: 2 } });
    expect(await store.get(key('a'))).toEqual(item('a', { sum: 0.3, small: 2.0000001 }));
  },

  'adds the smallest numbers, and refuses sums of more than 38 digits': async ({ store, item, key }) => {
    await store.write({ put: item('a', { n: 1e-130 }) });
    await store.write({ update: key('a'), add: { n: 0 } });
    expect(await store.get(key('a'))).toEqual(item('a', { n: 1e-130 }));
    await expectFault(store.write({ update: key('a'), add: { n: 1 } }));
  },

  'refuses a condition on what cannot be stored, though another part of it fails already': async ({ store, key }) => {
    for (const n of [NaN, 2 ** 53, 1e-131]) {
      await expectFault(store.write({ remove: key('a'), if: { present: true, equals: { n } } }));
    }
  },

  'refuses updates that change nothing, the key, or an attribute twice': async ({ store, key }) => {
    await expectFault(store.write({ update: key('a') }));
    await expectFault(store.write({ update: key('a'), set: { x: undefined } }));
    await expectFault(store.write({ update: key('a'), set: { sk: 'b' } }));
    await expectFault(store.write({ update: key('a'), remove: ['pk'] }));
    await expectFault(store.write({ update: key('a'), set: { x: 1 }, remove: ['x'] }));
    await expectFault(store.write({ update: key('a'), set: { x: 1 }, add: { x: 1 } }));
    expect(await store.get(key('a'))).toBeUndefined();
  },

  'adds to numbers only': async ({ store, item, key }) => {
    await store.write({ put: item('a', { text: '1', nothing: null }) });
    await expectFault(store.write({ update: key('a'), add: { text: 1 } }));
    await expectFault(store.write({ update: key('a'), add: { nothing: 1 } }));
  },

  'removes what is there, and what is not': async ({ store, item, key }) => {
    await store.write({ put: item('a') });
    await store.write({ remove: key('a') });
    await store.write({ remove: key('a') });
    expect(await store.get(key('a'))).toBeUndefined();
  },

  'treats reserved and odd names as any other': async ({ store, item, key }) => {
    const odd = { size: 1, 'a.b': 2, 'c[0]': 3, '#d': 4, ':e': 5, 'ü ': 6 };
    await store.write({ put: item('a', odd), if: { equals: { name: undefined } } });
    await store.write({ update: key('a'), add: { 'a.b': 1 }, if: { equals: odd } });
    expect(await store.get(key('a'))).toEqual(item('a', { ...odd, 'a.b': 3 }));
  },

  'lets one of forty racers win': async ({ store, item, key }) => {
    const racers = Array.from({ length: 40 }, (_, n) => n);
    const results = await Promise.allSettled(
      racers.map((n) => store.write({ put: item('a', { n }), if: { absent: true } })),
    );
    const winners = racers.filter((n) => results[n]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await store.get(key('a'))).toEqual(item('a', { n: winners[0]! }));
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConditionFailed);
    }
  },

  'refuses items beyond 400 KB, counting UTF-8 bytes': async ({ store, item, key }) => {
    const room = 400 * 1024 - 200;
    await store.write({ put: item('a', { body: 'x'.repeat(room) }) });
    await expectFault(store.write({ put: item('a', { body: 'x'.repeat(room + 200) }) }));
    await store.write({ put: item('a', { body: 'ü'.repeat(room / 2) }) });
    await expectFault(store.write({ put: item('a', { body: 'ü'.repeat(room / 2 + 200) }) }));
    await expectFault(store.write({ update: key('a'), set: { more: 'x'.repeat(400) } }));
    expect(await store.get(key('a'))).toEqual(item('a', { body: 'ü'.repeat(room / 2) }));
  },

  'refuses keys that are empty, too long or no text': async ({ store, partition }) => {
    const put = (pk: unknown, sk: unknown) => store.write({ put: { kind: 'probe', pk, sk } as never });
    const filler = (length: number) => partition() + 'x'.repeat(length - partition().length);
    await put(filler(2048), 'x'.repeat(1024));
    await put(partition(), 'ü'.repeat(512));
    await expectFault(put(filler(2049), 'a'));
    await expectFault(put(partition(), 'x'.repeat(1025)));
    await expectFault(put(partition(), 'ü'.repeat(513)));
    await expectFault(put('', 'a'));
    await expectFault(put(partition(), ''));
    await expectFault(store.get({ pk: partition(), sk: '' }));
  },

  'refuses index keys that are empty or no text': async ({ store, item, partition }) => {
    await expectFault(store.write({ put: item('a', { gpk: partition(), gsk: '' }) }));
    await expectFault(store.write({ put: item('a', { lsk: '' }) }));
    await expectFault(store.write({ put: item('a', { gpk: 7, gsk: 'a' }) }));
    await expectFault(store.write({ put: item('a', { gpk: null, gsk: 'a' }) }));
  },

  'refuses index keys that are too long': async ({ store, item, partition }) => {
    await expectFault(store.write({ put: item('a', { gpk: partition(), gsk: 'x'.repeat(1025) }) }));
    await expectFault(store.write({ put: item('a', { lsk: 'ü'.repeat(513) }) }));
  },

  'writes any number of items at once, the last of each key winning': async ({ store, item, key }) => {
    const many = Array.from({ length: 60 }, (_, n) => ({ put: item(`n${n}`, { n }) }));
    await store.writeMany(many);
    await store.writeMany([
      { put: item('n0', { n: 'again' }) },
      { remove: key('n1') },
      { put: item('n1', { n: 'back' }) },
    ]);
    await store.writeMany([{ put: item('n2') }, { remove: key('n2') }]);
    await store.writeMany([]);
    const found = await store.getMany(many.map(({ put }) => key(put.sk)));
    const expected = many.map(({ put }) => put);
    expect(found).toEqual([item('n0', { n: 'again' }), item('n1', { n: 'back' }), undefined, ...expected.slice(3)]);
  },

  'refuses conditions in a batch': async ({ store, item }) => {
    await expectFault(store.writeMany([{ put: item('a'), if: { absent: true } }]));
  },
};
