// Random keys, values, conditions and ranges: few, so that they meet, and some at the edges of what the database takes.
import fc from 'fast-check';
import type { Condition, Value } from '../../shared/storage/store.ts';

/** Makes something within a part of the store of its own. All prefixes of a run are equally long: sizes do not depend on it. */
export type Make<T> = (prefix: string) => T;

/** Undefined, but for one time in so many. */
export const rarely = <T>(oneIn: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const longText = (bytes: number) => 'a'.repeat(bytes);

/** Sort keys: prefixes of one another, of 1 to 4 bytes a character, and rarely as long as they may be or one longer. */
export const sort = fc.oneof(
  { weight: 600, arbitrary: fc.constantFrom('a', 'b', 'b#1', 'b#2', 'c', 'é', '\u{1f600}', '\uffee', 'b#') },
  { weight: 10, arbitrary: fc.constantFrom(longText(1024), `${longText(1022)}é`) },
  { weight: 1, arbitrary: fc.constantFrom(longText(1025), 'a\0') },
);

const partition = fc.oneof(
  { weight: 80, arbitrary: fc.constantFrom('p', 'q') },
  { weight: 1, arbitrary: fc.constantFrom('', 'p'.repeat(2039), 'p'.repeat(2040), 'p'.repeat(2041), 'p'.repeat(2042)) },
);

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, 2, -1, 1.25, 0.1, 0.2, -0.3, 10, 100, 1e3, 12_345.678_9),
  fc.constantFrom(
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    2 ** 53,
    1e-7,
    -1e-130,
    1e-131,
    1e15,
    NaN,
    Infinity,
  ),
  fc.integer(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);

const texts = fc.oneof(
  fc.constantFrom('x', 'y', 'z', 'é\u0301'),
  fc.constantFrom('x', '', 'é', '\u{1f600}', 'a\ud800b', '\u0000', 'e\u0301', '__proto__', '1'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer({ min: 0, max: 5000 }).map((length) => 'é'.repeat(length)),
);

const nested = fc.constantFrom<Value[]>([], [1, 'x'], {}, { a: 1 }, { a: { b: null } }, [[], {}], { é: [true, null] });

/** Anything that an attribute may hold, and numbers that none may. */
export const value: fc.Arbitrary<Value> = fc.oneof(numbers, texts, nested, fc.constantFrom(true, false, null));

const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('n', 'm', 'value', 'text') },
  { weight: 2, arbitrary: fc.constantFrom('size', 'a.b', '#x', ':y', 'with space', 'é', 'expires', 'n[0]') },
);

/** The attribute of the time to live: seconds, or something that is none. */
const expires = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom<Value[]>(9.5, 'soon', null, -1));

/** Attributes of an item, seldom near its largest size: 400 KB with everything that the item has besides. */
export const bag: fc.Arbitrary<Record<string, Value>> = fc
  .tuple(
    fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }),
    rarely(4, expires),
    rarely(250, fc.integer({ min: 409_480, max: 409_600 })),
  )
  .map(([attributes, ends, bytes]) => ({
    ...attributes,
    ...(ends !== undefined && { expires: ends }),
    ...(bytes !== undefined && { text: longText(bytes) }),
  }));

/** The keys of the indexes, each there or not. */
export const indexKeys: fc.Arbitrary<Make<Record<string, Value>>> = fc
  .record({ lsk: sort, gpk: fc.constantFrom('g', 'h'), gsk: sort }, { requiredKeys: [] })
  .map((keys) => (prefix) => ({ ...keys, ...(keys.gpk !== undefined && { gpk: `${prefix}#${keys.gpk}` }) }));

export const key: fc.Arbitrary<Make<{ pk: string; sk: string }>> = fc
  .record({ pk: partition, sk: sort })
  .map(({ pk, sk }) => (prefix) => ({ pk: pk === '' ? '' : `${prefix}#${pk}`, sk }));

const equals = fc.dictionary(name, fc.option(value, { nil: undefined }), { maxKeys: 2, noNullPrototype: true });

export const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Condition>({ absent: true }) },
  { weight: 4, arbitrary: fc.constant<Condition>({ present: true }) },
  { weight: 4, arbitrary: equals.map((equals) => ({ equals })) },
  { weight: 1, arbitrary: equals.map((equals): Condition => ({ present: true, equals })) },
  { weight: 1, arbitrary: equals.map((equals): Condition => ({ absent: true, equals })) },
);

/** What a query reads of its partition. */
export const range = fc.oneof(
  fc.constant({}),
  fc.record({ begins: sort }),
  fc.record({ from: sort, to: sort }, { requiredKeys: [] }),
);
