import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemOf, marshal, unmarshal } from '../../shared/lambda/wire.ts';
import type { Value } from '../../shared/storage/store.ts';

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')), tie('value')),
  ),
})).value;

describe('items on the wire', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(value, (sent) => {
        const wire = JSON.parse(JSON.stringify(marshal({ sent }))) as ReturnType<typeof marshal>;
        expect(JSON.stringify(unmarshal(wire))).toBe(JSON.stringify({ sent }));
      }),
    );
  });

  it('keep names that mean something to JavaScript as plain names', () => {
    const named = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as Record<string, Value>;
    const back = unmarshal(marshal(named));
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect('polluted' in back).toBe(false);
  });

  it('leave out what is undefined', () => {
    expect(marshal({ a: undefined, b: 1 })).toEqual({ b: { N: '1' } });
  });

  it('are written as DynamoDB writes them', () => {
    expect(marshal({ s: 'x', n: 1.5, b: true, nil: null, l: ['x', 1], m: { in: 'x' } })).toEqual({
      s: { S: 'x' },
      n: { N: '1.5' },
      b: { BOOL: true },
      nil: { NULL: true },
      l: { L: [{ S: 'x' }, { N: '1' }] },
      m: { M: { in: { S: 'x' } } },
    });
  });

  it('are refused when they hold what the store never writes', () => {
    expect(() => itemOf({ set: { SS: ['a'] } })).toThrow('SS');
  });
});
