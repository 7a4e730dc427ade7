// Random calls of a store that follow one another.
import fc from 'fast-check';
import type { Check, Put, Query, Remove, Store, Write } from '../../shared/storage/store.ts';
import { bag, condition, indexKeys, key, type Make, range, rarely, value } from './store-arbitraries.ts';

export type Call =
  | { get: { pk: string; sk: string }; consistent: boolean }
  | { getMany: { pk: string; sk: string }[]; consistent: boolean }
  | { query: Query; walk: boolean }
  /** The page after the last one that was read: what lies there may have changed meanwhile. */
  | { goOn: true }
  | { write: Write }
  | { writeMany: (Put | Remove)[] }
  | { transact: (Write | Check)[] };

/** A store in the middle of a history: where its last page ended. */
export interface Reader {
  store: Store;
  last?: Query | undefined;
}

/** Runs a call. A walk goes through all pages; the tokens are part of the answer. */
export async function callsOn(reader: Reader, call: Call): Promise<unknown> {
  const { store } = reader;
  if ('get' in call) return store.get(call.get, { consistent: call.consistent });
  if ('getMany' in call) return store.getMany(call.getMany, { consistent: call.consistent });
  if ('write' in call) return store.write(call.write);
  if ('writeMany' in call) return store.writeMany(call.writeMany);
  if ('transact' in call) return store.transact(call.transact);
  const asked = 'query' in call ? call.query : reader.last;
  if (!asked) return undefined;
  const walk = 'query' in call && call.walk;
  const pages = [await store.query(asked)];
  const next = () => pages.at(-1)?.next;
  for (let after = next(); walk && after !== undefined; after = next())
    pages.push(await store.query({ ...asked, after }));
  const after = pages[0]?.next;
  reader.last = after === undefined ? undefined : { ...asked, after };
  return pages;
}

const conditional = fc.record({ if: condition }, { requiredKeys: [] });

const put: fc.Arbitrary<Make<Put>> = fc
  .tuple(key, bag, indexKeys)
  .map(([at, bag, keys]) => (prefix) => ({ put: { ...at(prefix), kind: 'probe', ...bag, ...keys(prefix) } }));

const added = fc.dictionary(
  fc.constantFrom('n', 'count'),
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(0.1, -0.25, 1e9) },
  ),
  { maxKeys: 1, noNullPrototype: true },
);

/** Rarely an update that changes a key, or nothing at all, or an attribute twice. */
const update: fc.Arbitrary<Make<Write>> = fc
  .tuple(
    key,
    bag,
    indexKeys,
    fc.uniqueArray(fc.constantFrom('text', 'gsk', 'lsk', 'm', 'expires'), { maxLength: 2 }),
    added,
    rarely(300, fc.constantFrom('twice' as const, 'key' as const)),
  )
  .map(([at, bag, keys, unset, add, wrong]) => (prefix) => {
    const every = { ...bag, ...keys(prefix) };
    if (wrong === 'key') return { update: at(prefix), set: { ...every, sk: 'other' } };
    if (wrong === 'twice') return { update: at(prefix), set: { ...every, m: 1 }, remove: ['m'] };
    const set = Object.fromEntries(Object.entries(every).filter(([name]) => !(name in add)));
    return { update: at(prefix), set, remove: unset.filter((name) => !(name in set) && !(name in add)), add };
  });

const remove: fc.Arbitrary<Make<Remove>> = key.map((at) => (prefix) => ({ remove: at(prefix) }));

const write: fc.Arbitrary<Make<Write>> = fc
  .tuple(fc.oneof<fc.Arbitrary<Make<Write>>[]>(put, update, remove), conditional)
  .map(([make, rest]) => (prefix) => ({ ...make(prefix), ...rest }));

const check: fc.Arbitrary<Make<Check>> = fc
  .tuple(key, condition)
  .map(([at, held]) => (prefix) => ({ check: at(prefix), if: held }));

const query: fc.Arbitrary<Make<Query>> = fc
  .record({
    index: fc.constantFrom(undefined, 'byMetricTime' as const, 'feed' as const),
    main: fc.constantFrom('p', 'q'),
    feed: fc.constantFrom('g', 'h'),
    range,
    rest: fc.record(
      {
        newestFirst: fc.boolean(),
        limit: fc.integer({ min: 1, max: 4 }),
        consistent: fc.boolean(),
        keysOnly: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ index, main, feed, range, rest }) => (prefix) => ({
    ...(index && { index }),
    partition: `${prefix}#${index === 'feed' ? feed : main}`,
    ...range,
    ...rest,
  }));

const several = <T>(
  make: fc.Arbitrary<Make<T>>,
  sizes: { minLength?: number; maxLength: number },
): fc.Arbitrary<Make<T[]>> => fc.array(make, sizes).map((makes) => (prefix) => makes.map((one) => one(prefix)));

/** More than fit into one batch of the database; most of the keys hold nothing. */
const manyKeys: fc.Arbitrary<Make<{ pk: string; sk: string }[]>> = fc
  .integer({ min: 95, max: 210 })
  .map(
    (count) => (prefix) =>
      Array.from({ length: count }, (_, n) => ({ pk: `${prefix}#p`, sk: n % 40 === 0 ? 'a' : `n${n}` })),
  );

const manyWrites: fc.Arbitrary<Make<(Put | Remove)[]>> = fc
  .tuple(fc.integer({ min: 24, max: 60 }), fc.boolean(), value)
  .map(
    ([count, gone, n]) =>
      (prefix) =>
        Array.from({ length: count }, (_, at) => {
          const place = { pk: `${prefix}#q`, sk: `n${at % 55}` };
          return gone ? { remove: place } : { put: { ...place, kind: 'probe', lsk: place.sk, n } };
        }),
  );

/** A partition of more than one page: it ends at 1 MB. */
const largeWrites: fc.Arbitrary<Make<(Put | Remove)[]>> = fc
  .tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 150_000, max: 262_144 }))
  .map(
    ([count, bytes]) =>
      (prefix) =>
        Array.from({ length: count }, (_, at) => ({
          put: { pk: `${prefix}#p`, sk: `b#${at}`, kind: 'probe', text: 'a'.repeat(bytes - 30), lsk: 'b' },
        })),
  );

/** Transactions of about 4 MB, or of about 100 actions. */
const largeTransact: fc.Arbitrary<Make<(Write | Check)[]>> = fc
  .constantFrom([11, 380_000], [10, 400_000], [99, 10], [100, 10], [101, 10], [0, 0])
  .map(
    ([count = 0, bytes = 0]) =>
      (prefix) =>
        Array.from({ length: count }, (_, at) => ({
          put: { pk: `${prefix}#q`, sk: `t${at}`, kind: 'probe', text: 'a'.repeat(bytes) },
        })),
  );

const weighted = <T>(weight: number, make: fc.Arbitrary<Make<T>>, call: (given: T) => Call) => ({
  weight,
  arbitrary: fc.tuple(make).map(
    ([one]): Make<Call> =>
      (prefix) =>
        call(one(prefix)),
  ),
});

const withFlag = <T>(make: fc.Arbitrary<Make<T>>): fc.Arbitrary<Make<[T, boolean]>> =>
  fc.tuple(make, fc.boolean()).map(([one, flag]) => (prefix) => [one(prefix), flag]);

const call: fc.Arbitrary<Make<Call>> = fc.oneof(
  weighted(400, write, (write) => ({ write })),
  weighted(
    200,
    several<Write | Check>(fc.oneof<fc.Arbitrary<Make<Write | Check>>[]>(write, check), { maxLength: 5 }),
    (transact) => ({ transact }),
  ),
  weighted(
    100,
    several<Put | Remove>(fc.oneof<fc.Arbitrary<Make<Put | Remove>>[]>(put, remove), { maxLength: 6 }),
    (writeMany) => ({ writeMany }),
  ),
  weighted(100, withFlag(key), ([get, consistent]) => ({ get, consistent })),
  weighted(60, withFlag(several(key, { maxLength: 5 })), ([getMany, consistent]) => ({ getMany, consistent })),
  weighted(300, withFlag(query), ([query, walk]) => ({ query, walk })),
  weighted(
    100,
    fc.constant<Make<undefined>>(() => undefined),
    () => ({ goOn: true }),
  ),
  weighted(4, withFlag(manyKeys), ([getMany, consistent]) => ({ getMany, consistent })),
  weighted(8, manyWrites, (writeMany) => ({ writeMany })),
  weighted(1, largeWrites, (writeMany) => ({ writeMany })),
  weighted(1, largeTransact, (transact) => ({ transact })),
);

/** Up to forty calls. */
export const history = fc.array(call, { minLength: 5, maxLength: 40 });
