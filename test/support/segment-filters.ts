// Filters in a small world: few names and round times, so that boundaries are hit often.
import fc from 'fast-check';

export const start = Date.UTC(2026, 0, 10);
const hour = 3_600_000;

export const metrics = ['Order1', 'Click1'];
export const lists = ['ListA1', 'ListB1'];

/** Whole hours around the start, sometimes a second off: where windows begin and end. */
export const time = fc
  .tuple(fc.integer({ min: -30, max: 8 }), fc.constantFrom(0, 0, 1, -1))
  .map(([hours, seconds]) => start + hours * hour + seconds * 1000);
export const date = time.map((at) => new Date(at).toISOString());
const unit = fc.constantFrom('hour' as const, 'hour' as const, 'hour' as const, 'day' as const, 'week' as const);
const quantity = fc.integer({ min: 1, max: 20 });
export const comparison = fc.constantFrom(
  'equals' as const,
  'not-equals' as const,
  'greater-than' as const,
  'greater-than-or-equal' as const,
  'less-than' as const,
  'less-than-or-equal' as const,
);

const ofDate = fc.constant('date' as const);
export const staticDate = fc.record({
  type: ofDate,
  operator: fc.constantFrom('after' as const, 'before' as const),
  date,
});
export const staticRange = fc.tuple(date, date).map(([a, b]) => ({
  type: 'date' as const,
  operator: 'between-static' as const,
  start: a < b ? a : b,
  end: a < b ? b : a,
}));
export const relative = <O extends 'at-least' | 'in-the-last' | 'in-the-next'>(...operators: O[]) =>
  fc.record({ type: ofDate, operator: fc.constantFrom(...operators), unit, quantity });
export const relativeRange = fc.tuple(fc.integer({ min: 0, max: 10 }), quantity, unit).map(([from, length, u]) => ({
  type: 'date' as const,
  operator: 'between' as const,
  start: from,
  end: from + length,
  unit: u,
}));
export const alltime = fc.record({ type: ofDate, operator: fc.constant('alltime' as const) });

export const word = fc.constantFrom('red', 'Red', 'dark red', 'blue', '');
export const small = fc.constantFrom(0, 1, 2, 3, 1.5);
const ofText = fc.constant('string' as const);
const patterns = fc.record({
  type: ofText,
  operator: fc.constantFrom('regex' as const, 'nregex' as const),
  value: fc.constantFrom('^red$', 'r.d', '(?i)RED', '^d[a-z]+ ', 'e{2}|blue?', '\\bred', ''),
});
const plainFilter = fc.record({
  type: ofText,
  operator: fc.constantFrom(
    'equals' as const,
    'not-equals' as const,
    'contains' as const,
    'not-contains' as const,
    'starts-with' as const,
    'not-starts-with' as const,
    'ends-with' as const,
    'not-ends-with' as const,
  ),
  value: fc.constantFrom('red', 'Red', 'dark', 'blue'),
});
export const textFilter = fc.oneof({ weight: 4, arbitrary: plainFilter }, patterns);
export const textInFilter = fc.record({
  type: ofText,
  operator: fc.constantFrom('in' as const, 'not-in' as const),
  value: fc.array(word, { maxLength: 2 }),
});
export const numericFilter = fc.record({ type: fc.constant('numeric' as const), operator: comparison, value: small });
export const booleanFilter = fc.record({
  type: fc.constant('boolean' as const),
  operator: fc.constant('equals' as const),
  value: fc.boolean(),
});
export const existenceFilter = fc.record({
  type: fc.constant('existence' as const),
  operator: fc.constantFrom('is-set' as const, 'not-set' as const),
});
export const listContains = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom('contains' as const, 'not-contains' as const),
  value: fc.constantFrom('red', 'blue', 1),
});
export const listLength = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom(
    'length-equals' as const,
    'length-greater-than' as const,
    'length-greater-than-or-equal' as const,
    'length-less-than' as const,
    'length-less-than-or-equal' as const,
  ),
  value: fc.integer({ min: 0, max: 2 }),
});

export const listSet = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom(
    'contains-all' as const,
    'contains-any' as const,
    'not-contains-all' as const,
    'not-contains-any' as const,
  ),
  value: fc.array(fc.constantFrom('red', 'blue'), { maxLength: 2 }),
});
export const listSubstring = fc.record({
  type: fc.constant('list' as const),
  operator: fc.constantFrom('contains-substring' as const, 'not-contains-substring' as const),
  value: fc.constantFrom('re', 'lu'),
});
export const phoneCountry = fc.record({
  type: ofText,
  operator: fc.constantFrom('phone-country-code-in' as const, 'phone-country-code-not-in' as const),
  value: fc.uniqueArray(fc.constantFrom('US', 'CA', 'GB', 'DE'), { maxLength: 2 }),
});

/** Also so long that every year has no gap. */
export const aroundAnniversary = fc.record({
  type: ofDate,
  operator: fc.constantFrom('anniversary-last' as const, 'anniversary-next' as const),
  unit,
  quantity: fc.oneof({ weight: 9, arbitrary: quantity }, fc.constantFrom(52, 53, 365, 366)),
});
const anniversary = fc.record({
  type: ofDate,
  operator: fc.constantFrom('anniversary' as const, 'anniversary-month' as const),
});
const calendarMonth = fc.record({
  type: ofDate,
  operator: fc.constant('calendar-month' as const),
  value: fc.constantFrom(1, 2, 12),
});

/** Every form that dates are compared in. */
export const dateFilter = fc.oneof(
  staticDate,
  staticRange,
  relative('at-least', 'in-the-last', 'in-the-next'),
  relativeRange,
  aroundAnniversary,
  anniversary,
  calendarMonth,
);
