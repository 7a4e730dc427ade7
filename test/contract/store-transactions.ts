import { expect } from 'vitest';
import { TransactionRefused } from '../../shared/storage/store.ts';
import type { Tests } from './store.ts';
import { expectFault, refusal } from './store-writing.ts';

export const transactionsOfStore: Tests = {
  'makes all of its changes': async ({ store, item, key }) => {
    await store.write({ put: item('b', { n: 1 }) });
    await store.write({ put: item('c') });
    await store.write({ put: item('d') });
    await store.transact([
      { put: item('a'), if: { absent: true } },
      { update: key('b'), add: { n: 1 }, if: { equals: { n: 1 } } },
      { remove: key('c') },
      { check: key('d'), if: { present: true } },
    ]);
    const found = await store.getMany([key('a'), key('b'), key('c'), key('d')]);
    expect(found).toEqual([item('a'), item('b', { n: 2 }), undefined, item('d')]);
  },

  'makes none of its changes when a condition does not hold, and says which': async ({ store, item, key }) => {
    await store.write({ put: item('b', { n: 1 }) });
    const error = await refusal(
      store.transact([
        { put: item('a') },
        { update: key('b'), set: { n: 3 }, if: { equals: { n: 2 } } },
        { check: key('c'), if: { present: true } },
        { remove: key('d'), if: { absent: true } },
      ]),
    );
    expect(error).toBeInstanceOf(TransactionRefused);
    expect((error as TransactionRefused).contended).toBe(false);
    expect((error as TransactionRefused).refusals).toEqual([
      { failed: false },
      { failed: true, current: item('b', { n: 1 }) },
      { failed: true, current: undefined },
      { failed: false },
    ]);
    expect(await store.getMany([key('a'), key('b')])).toEqual([undefined, item('b', { n: 1 })]);
  },

  'makes none of its changes when one is malformed': async ({ store, item, key }) => {
    await store.write({ put: item('b', { n: 'text' }) });
    await expectFault(store.transact([{ put: item('a') }, { update: key('b'), add: { n: 1 } }]));
    await expectFault(store.transact([{ put: item('a') }, { put: item('', {}) }]));
    await expectFault(store.transact([{ put: item('a') }, { update: key('b'), set: { x: 'x'.repeat(410_000) } }]));
    expect(await store.get(key('a'))).toBeUndefined();
  },

  'takes 100 actions and not one more, and not none': async ({ store, item, key }) => {
    const actions = Array.from({ length: 101 }, (_, n) => ({ put: item(`n${n}`) }));
    await expectFault(store.transact(actions));
    await expectFault(store.transact([]));
    await store.transact(actions.slice(0, 100));
    expect(await store.get(key('n99'))).toEqual(item('n99'));
  },

  'refuses two actions on one item': async ({ store, item, key }) => {
    await expectFault(store.transact([{ put: item('a') }, { check: key('a'), if: { absent: true } }]));
  },

  'refuses a check that checks nothing': async ({ store, key }) => {
    await expectFault(store.transact([{ check: key('a'), if: {} }]));
  },

  'refuses more than 4 MB': async ({ store, item, key }) => {
    const actions = Array.from({ length: 11 }, (_, n) => ({ put: item(`n${n}`, { body: 'x'.repeat(400_000) }) }));
    await expectFault(store.transact(actions));
    await store.transact(actions.slice(0, 10));
    expect((await store.get(key('n9')))?.kind).toBe('probe');
  },

  'keeps a sum through concurrent transfers': async ({ store, item, key }) => {
    const accounts = ['a', 'b', 'c', 'd'];
    await store.writeMany(accounts.map((sk) => ({ put: item(sk, { n: 10 }) })));
    const transfers = Array.from(
      { length: 40 },
      (_, n) => [accounts[n % 4]!, accounts[(n + 1 + (n % 3)) % 4]!] as const,
    );
    const results = await Promise.allSettled(
      transfers.map(async ([from, to]) => {
        const held = (await store.get(key(from)))!['n'] as number;
        await store.transact([
          { update: key(from), add: { n: -1 }, if: { equals: { n: held } } },
          { update: key(to), add: { n: 1 } },
        ]);
      }),
    );
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    const items = await store.getMany(accounts.map((sk) => key(sk)));
    expect(items.reduce((sum, found) => sum + (found!['n'] as number), 0)).toBe(40);
  },

  'lets one of forty racers win': async ({ store, item, key }) => {
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        store.transact([{ put: item('claim', { n }), if: { absent: true } }, { put: item(`of${n}`) }]),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const written = await store.getMany(results.map((_, n) => key(`of${n}`)));
    expect(written.filter((found) => found !== undefined)).toHaveLength(1);
  },
};
