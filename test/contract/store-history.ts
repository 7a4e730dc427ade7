// Random calls of a store, few keys and few values, so that they meet.
import fc from 'fast-check';
import type { Check, Condition, Put, Query, Remove, Store, Value, Write } from '../../shared/storage/store.ts';

export type Call =
  | { get: { pk: string; sk: string }; consistent: boolean }
  | { getMany: { pk: string; sk: string }[] }
  | { query: Query; walk: boolean }
  | { write: Write }
  | { writeMany: (Put | Remove)[] }
  | { transact: (Write | Check)[] };

/** Makes a call within a part of the store of its own. */
type Make<T> = (prefix: string) => T;

/** Runs a call. A walk goes through all pages; the tokens are part of the answer. */
export async function callsOn(store: Store, call: Call): Promise<unknown> {
  if ('get' in call) return store.get(call.get, { consistent: call.consistent });
  if ('getMany' in call) return store.getMany(call.getMany);
  if ('write' in call) return store.write(call.write);
  if ('writeMany' in call) return store.writeMany(call.writeMany);
  if ('transact' in call) return store.transact(call.transact);
  const pages = [await store.query(call.query)];
  for (let after = pages[0]?.next; call.walk && after !== undefined; after = pages.at(-1)?.next) {
    pages.push(await store.query({ ...call.query, after }));
  }
  return pages;
}

const sort = fc.constantFrom('a', 'b', 'b#1', 'b#2', 'c', 'é', '\u{1f600}', '\uffee');
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value[]>(0, 1, 2, -1, 1.25, 'x', '', true, null, [], [1, 'x'], { a: 1 }, { a: { b: null } }),
  fc.integer({ min: 0, max: 5000 }).map((length) => 'é'.repeat(length)),
);
const name = fc.constantFrom('n', 'm', 'value', 'text');
const bag = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });

const indexKeys: fc.Arbitrary<Make<Record<string, Value>>> = fc
  .record({ lsk: sort, gpk: fc.constantFrom('g', 'h'), gsk: sort }, { requiredKeys: [] })
  .map((keys) => (prefix) => ({ ...keys, ...(keys.gpk !== undefined && { gpk: `${prefix}#${keys.gpk}` }) }));

const key: fc.Arbitrary<Make<{ pk: string; sk: string }>> = fc
  .record({ pk: fc.constantFrom('p', 'q'), sk: sort })
  .map(({ pk, sk }) => (prefix) => ({ pk: `${prefix}#${pk}`, sk }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ absent: true }),
  fc.constant<Condition>({ present: true }),
  fc
    .dictionary(name, fc.option(value, { nil: undefined }), { maxKeys: 2, noNullPrototype: true })
    .map((equals) => ({ equals })),
);
const conditional = fc.record({ if: condition }, { requiredKeys: [] });

const put: fc.Arbitrary<Make<Put>> = fc
  .tuple(key, bag, indexKeys)
  .map(([at, bag, keys]) => (prefix) => ({ put: { ...at(prefix), kind: 'probe', ...bag, ...keys(prefix) } }));

const update: fc.Arbitrary<Make<Write>> = fc
  .tuple(
    key,
    bag,
    indexKeys,
    fc.uniqueArray(fc.constantFrom('text', 'gsk', 'lsk', 'm'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('n', 'count'), fc.integer({ min: -3, max: 3 }), {
      maxKeys: 1,
      noNullPrototype: true,
    }),
  )
  .map(([at, bag, keys, unset, add]) => (prefix) => {
    const set = Object.fromEntries(Object.entries({ ...bag, ...keys(prefix) }).filter(([name]) => !(name in add)));
    // An attribute changed twice is malformed, which dynoxide overlooks within transactions.
    return { update: at(prefix), set, remove: unset.filter((name) => !(name in set) && !(name in add)), add };
  });

const remove: fc.Arbitrary<Make<Remove>> = key.map((at) => (prefix) => ({ remove: at(prefix) }));

const write: fc.Arbitrary<Make<Write>> = fc
  .tuple(fc.oneof<fc.Arbitrary<Make<Write>>[]>(put, update, remove), conditional)
  .map(([make, rest]) => (prefix) => ({ ...make(prefix), ...rest }));

const check: fc.Arbitrary<Make<Check>> = fc
  .tuple(key, condition)
  .map(([at, held]) => (prefix) => ({ check: at(prefix), if: held }));

const range = fc.oneof(
  fc.constant({}),
  fc.record({ begins: sort }),
  fc.record({ from: sort, to: sort }, { requiredKeys: [] }),
);
const query: fc.Arbitrary<Make<Query>> = fc
  .record({
    index: fc.constantFrom(undefined, 'byMetricTime' as const, 'feed' as const),
    main: fc.constantFrom('p', 'q'),
    feed: fc.constantFrom('g', 'h'),
    range,
    rest: fc.record(
      { newestFirst: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }), consistent: fc.boolean() },
      { requiredKeys: [] },
    ),
  })
  .map(({ index, main, feed, range, rest }) => (prefix) => ({
    ...(index && { index }),
    partition: `${prefix}#${index === 'feed' ? feed : main}`,
    ...range,
    ...rest,
  }));

const all = <T>(makes: readonly Make<T>[]) => (prefix: string) => makes.map((make) => make(prefix)); // prettier-ignore

const call: fc.Arbitrary<Make<Call>> = fc.oneof(
  { weight: 8, arbitrary: write.map((make) => (prefix: string): Call => ({ write: make(prefix) })) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof<fc.Arbitrary<Make<Write | Check>>[]>(write, check), { minLength: 1, maxLength: 4 })
      .map((makes) => (prefix: string): Call => ({ transact: all(makes)(prefix) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.oneof<fc.Arbitrary<Make<Put | Remove>>[]>(put, remove), { maxLength: 6 })
      .map((makes) => (prefix: string): Call => ({ writeMany: all(makes)(prefix) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(key, fc.boolean())
      .map(([at, consistent]) => (prefix: string): Call => ({ get: at(prefix), consistent })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(key, { maxLength: 5 })
      .map((makes) => (prefix: string): Call => ({ getMany: all(makes)(prefix) })),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(query, fc.boolean())
      .map(([make, walk]) => (prefix: string): Call => ({ query: make(prefix), walk })),
  },
);

/** Up to forty calls. */
export const history = fc.array(call, { minLength: 5, maxLength: 40 });
