import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../shared/kernel/errors.ts';
import type { Filter, FilterSpec, Literal } from '../../shared/jsonapi/query/filter.ts';
import { parseFilter } from '../../shared/jsonapi/query/parse-filter.ts';

const spec: FilterSpec = {
  name: {
    operators: [
      'equals',
      'not-equals',
      'any',
      'contains',
      'contains-any',
      'contains-all',
      'starts-with',
      'ends-with',
      'has',
    ],
    type: 'string',
    nullable: true,
  },
  'a.deep-er.field': { operators: ['equals', 'any'], type: 'string' },
  "properties['the key']": { operators: ['equals'], type: 'string' },
  count: {
    operators: ['equals', 'any', 'greater-than', 'greater-or-equal', 'less-than', 'less-or-equal'],
    type: 'number',
  },
  flag: { operators: ['equals'], type: 'boolean' },
  created: { operators: ['equals', 'greater-than', 'less-than'], type: 'datetime' },
  status: { operators: ['equals', 'any'], type: 'string', values: ['live', 'draft'] },
};

function refusal(text: string): string {
  try {
    parseFilter(text, spec);
  } catch (error) {
    if (error instanceof ApiError) {
      expect(error.status).toBe(400);
      expect(error.faults[0].source).toEqual({ parameter: 'filter' });
      return error.message;
    }
    throw error;
  }
  throw new Error(`The filter was taken: ${text}`);
}

function quoted(text: string, quote: '"' | "'"): string {
  return quote === '"' ? JSON.stringify(text) : `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function print(value: Literal, quote: '"' | "'"): string {
  if (typeof value === 'string') return quoted(value, quote);
  if (typeof value === 'object' && value !== null) return new Date(value.instant).toISOString();
  return String(value);
}

const instants = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
const conditions: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    field: fc.constantFrom('name', 'a.deep-er.field'),
    operator: fc.constant<'equals'>('equals'),
    values: fc.tuple(fc.string({ unit: 'binary' })),
  }),
  fc.record({
    field: fc.constantFrom('name'),
    operator: fc.constantFrom('any', 'contains-any', 'contains-all'),
    values: fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    field: fc.constant('count'),
    operator: fc.constant<'less-than'>('less-than'),
    values: fc.tuple(fc.integer()),
  }),
  fc.record({ field: fc.constant('flag'), operator: fc.constant<'equals'>('equals'), values: fc.tuple(fc.boolean()) }),
  fc.record({ field: fc.constant('name'), operator: fc.constant<'has'>('has'), values: fc.constant([]) }),
  fc.record({
    field: fc.constant('created'),
    operator: fc.constant<'greater-than'>('greater-than'),
    values: fc.tuple(instants.map((date) => ({ instant: date.getTime() }))),
  }),
);

describe('filters that are understood', () => {
  it('come back from any spelling as they were meant', () => {
    const spellings = fc.record({
      quote: fc.constantFrom<'"' | "'">('"', "'"),
      brackets: fc.constantFrom('[]', '()'),
      gap: fc.constantFrom('', ' ', '  '),
      and: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(conditions, { minLength: 1, maxLength: 6 }),
        spellings,
        (filters, { quote, brackets, gap, and }) => {
          const texts = filters.map(({ field, operator, values }) => {
            const printed = values.map((value) => print(value, quote));
            const many = /any|all/.test(operator);
            const args = many ? [`${brackets[0]!}${printed.join(`,${gap}`)}${brackets[1]!}`] : printed;
            return `${operator}(${[field, ...args].join(`,${gap}`)})`;
          });
          const text = texts.join(`${gap},`);
          expect(parseFilter(and ? `and(${text})` : text, spec)).toEqual(filters);
        },
      ),
    );
  });

  it('may nest and(...) as long as it can be flattened', () => {
    const filters = parseFilter('and(and(equals(name,"a"),equals(count,1)),equals(flag,true)),has(name)', spec);
    expect(filters.map(({ field }) => field)).toEqual(['name', 'count', 'flag', 'name']);
  });

  it('take datetimes bare or quoted, with Z, an offset, a lost plus, or a date alone', () => {
    const instant = Date.parse('2026-03-01T10:00:00Z');
    for (const spelling of [
      '2026-03-01T10:00:00Z',
      '2026-03-01T10:00:00.000Z',
      '2026-03-01T12:00:00+02:00',
      '2026-03-01T12:00:00 02:00',
      '"2026-03-01T10:00:00Z"',
      '2026-03-01T10:00:00',
    ])
      expect(parseFilter(`greater-than(created,${spelling})`, spec)[0]?.values).toEqual([{ instant }]);
    expect(parseFilter('less-than(created,2026-03-01)', spec)[0]?.values).toEqual([
      { instant: Date.parse('2026-03-01T00:00:00Z') },
    ]);
  });

  it('name custom properties in either kind of quotes', () => {
    for (const name of ["properties['the key']", 'properties["the key"]'])
      expect(parseFilter(`equals(${name},"x")`, spec)[0]?.field).toBe("properties['the key']");
  });

  it('compare with null where the field may be null', () => {
    expect(parseFilter('equals(name,null)', spec)[0]?.values).toEqual([null]);
    expect(refusal('equals(flag,null)')).toContain('true or false');
  });

  it('hold a hundred addresses', () => {
    const addresses = Array.from(
      { length: 100 },
      (_, index) => `somebody.with.a.long.name${index}@a-long-domain.example.com`,
    );
    expect(parseFilter(`any(name,${JSON.stringify(addresses)})`, spec)[0]?.values).toEqual(addresses);
  });
});

describe('filters that are refused', () => {
  it.each([
    ['equals(name', "Expected ',' or ')' where the filter ends"],
    ['equals(name,"a"', "Expected ',' or ')' where the filter ends"],
    ['equals(name,"a")x', "',' or the end of the filter at position 17, found 'x'"],
    ['equals', "Expected '(' after 'equals' where the filter ends"],
    ['equals(name,"a"),', 'Expected an operator such as equals where the filter ends'],
    ['equals(name,"a', 'position 13 has no closing "'],
    ['(name)', "Expected an operator such as equals at position 1, found '('"],
    ['any(name,["a" "b"])', "Expected ',' or ']' at position 15"],
    ['', 'Expected an operator such as equals where the filter ends'],
  ])('%s: the detail says what was expected and where', (text, detail) => {
    expect(refusal(text)).toContain(detail);
  });

  it.each([
    ['like(name,"a")', "'like' at position 1 is not a filter operator. Use one of 'any', 'contains'"],
    ['equals(nam,"a")', "'nam' is not a field that can be filtered. Use one of 'name', 'a.deep-er.field'"],
    ['contains(count,1)', "'count' does not take the operator 'contains'. Use one of 'equals', 'any'"],
    ['equals(status,"paused")', "'paused' is not a value of 'status'. Use one of 'live', 'draft'"],
    ['any(status,["live","paused"])', "'paused' is not a value of 'status'"],
    ['equals(count,"1")', "'count' is compared with a number, not with 1 (position 14)"],
    ['equals(name,a)', "'name' is compared with a string in quotes, not with a"],
    ['greater-than(created,"yesterday")', 'a datetime such as 2026-01-31T09:30:00Z'],
    ['greater-than(created,2026-02-30)', 'a datetime such as'],
    ['equals(name,"a","b")', 'exactly one value'],
    ['any(name,"a")', 'a list such as ["a","b"]'],
    ['any(name,[])', 'a list such as'],
    ['has(name,"x")', 'no value'],
    ['equals("name","x")', 'must name a field first'],
    ['or(equals(name,"a"),equals(name,"b"))', 'or(...) at position 1 is not supported here'],
    ['and(not(equals(name,"a")))', 'not(...) at position 5 is not supported here'],
    ['and()', 'and(...) at position 1 must hold conditions'],
    ['equals(constructor,"x")', "'constructor' is not a field"],
    ['toString(name)', "'toString' at position 1 is not a filter operator"],
  ])('%s', (text, detail) => {
    expect(refusal(text)).toContain(detail);
  });

  it('are too long, too many or too deep', () => {
    expect(refusal(`equals(name,"${'x'.repeat(20_000)}")`)).toContain('at most 16384');
    expect(refusal(Array(101).fill('has(name)').join(','))).toContain('more than 100 conditions');
    expect(refusal('and('.repeat(3000))).toContain('at most 8 levels');
  });

  it('never cost more than a refusal, whatever the text', () => {
    const pieces = fc.constantFrom(
      'and(',
      'equals(',
      'name',
      ',',
      '"',
      "'",
      '\\',
      '[',
      ']',
      '(',
      ')',
      'any(',
      'null',
      ' ',
      'properties[',
      '1e9',
      'é',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        try {
          parseFilter(parts.join(''), spec);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });

  it('blame the pointer when the filter stands in a body', () => {
    expect(() => parseFilter('x', spec, '/data/attributes/filter')).toThrow(
      expect.objectContaining({
        faults: [expect.objectContaining({ source: { pointer: '/data/attributes/filter' } })],
      }),
    );
  });
});
