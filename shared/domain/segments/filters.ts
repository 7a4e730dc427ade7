// A table: the filters that conditions are made of, as the API writes them. Grouped by what they compare, told apart by
// `type`, then `operator`.
import * as z from 'zod/mini';
import { anyOf, flag, integer, list, maybe, number, oneOf, text, timestamp } from '../../jsonapi/fields.ts';

/** The longest relative span: 100,000 weeks reach back before the year 200, further than any event. */
const span = integer({ min: 1, max: 100_000 });
const unit = oneOf('day', 'hour', 'week');

// --- texts ----------------------------------------------------------------------------------------------------------

const ofText = z.literal('string');

export const textFilter = z.strictObject({
  type: ofText,
  operator: oneOf(
    'contains',
    'ends-with',
    'equals',
    'not-contains',
    'not-ends-with',
    'not-equals',
    'not-starts-with',
    'nregex',
    'regex',
    'starts-with',
  ),
  value: z.nullable(text()),
});
export const textInFilter = z.strictObject({ type: ofText, operator: oneOf('in', 'not-in'), value: list(text()) });
const countryCodeFilter = z.strictObject({
  type: ofText,
  operator: oneOf('phone-country-code-in', 'phone-country-code-not-in'),
  value: list(text()),
});

// --- numbers, flags, existence --------------------------------------------------------------------------------------

const comparison = [
  'equals',
  'greater-than',
  'greater-than-or-equal',
  'less-than',
  'less-than-or-equal',
  'not-equals',
] as const;
export type Comparison = (typeof comparison)[number];

const ofNumber = z.literal('numeric');
const amount = anyOf(integer(), number());

export const numericFilter = z.strictObject({ type: ofNumber, operator: oneOf(...comparison), value: amount });
export const integerFilter = z.strictObject({ type: ofNumber, operator: oneOf(...comparison), value: integer() });
export const numericRangeFilter = z.strictObject({
  type: ofNumber,
  operator: z.literal('between'),
  start: amount,
  end: amount,
});
export const distanceFilter = z.discriminatedUnion('operator', [
  z.strictObject({ type: ofNumber, operator: z.literal('greater-than'), value: amount }),
  z.strictObject({ type: ofNumber, operator: z.literal('less-than'), value: amount }),
]);
export const booleanFilter = z.strictObject({
  type: z.literal('boolean'),
  operator: z.literal('equals'),
  value: flag(),
});
export const existenceFilter = z.strictObject({ type: z.literal('existence'), operator: oneOf('is-set', 'not-set') });
const isSetFilter = z.strictObject({ type: z.literal('existence'), operator: z.literal('is-set') });

// --- times ----------------------------------------------------------------------------------------------------------

const ofDate = z.literal('date');

const staticDate = z.strictObject({ type: ofDate, operator: oneOf('after', 'before'), date: timestamp() });
const staticRange = z.strictObject({
  type: ofDate,
  operator: z.literal('between-static'),
  start: timestamp(),
  end: timestamp(),
});
const relativeDate = z.strictObject({
  type: ofDate,
  operator: oneOf('at-least', 'in-the-last', 'in-the-next'),
  unit,
  quantity: span,
});
const relativeRange = z.strictObject({
  type: ofDate,
  operator: z.literal('between'),
  start: integer({ min: 0, max: 100_000 }),
  end: span,
  unit,
});
const relativeAnniversary = z.strictObject({
  type: ofDate,
  operator: oneOf('anniversary-last', 'anniversary-next'),
  unit,
  quantity: span,
});
const calendarMonth = z.strictObject({
  type: ofDate,
  operator: z.literal('calendar-month'),
  value: integer({ min: 1, max: 12 }),
});
const anniversary = z.strictObject({ type: ofDate, operator: oneOf('anniversary', 'anniversary-month') });
export const alltime = z.strictObject({ type: ofDate, operator: z.literal('alltime') });

/** When a profile joined a list. */
export const joinTimeframe = z.discriminatedUnion('operator', [staticDate, staticRange, relativeDate, relativeRange]);
/** When an event happened. */
export const metricTimeframe = z.discriminatedUnion('operator', [
  staticDate,
  staticRange,
  relativeDate,
  relativeAnniversary,
  relativeRange,
  alltime,
]);
export const funnelTimeframe = z.discriminatedUnion('operator', [staticRange, relativeRange, relativeDate]);

const dates = [
  staticDate,
  staticRange,
  relativeDate,
  relativeAnniversary,
  relativeRange,
  calendarMonth,
  anniversary,
] as const;
export const dateFilter = z.discriminatedUnion('operator', [...dates]);
export const dateOrSetFilter = z.discriminatedUnion('type', [dateFilter, isSetFilter]);

// --- lists ----------------------------------------------------------------------------------------------------------

const ofList = z.literal('list');

export const listContains = z.strictObject({
  type: ofList,
  operator: oneOf('contains', 'not-contains'),
  value: z.nullable(z.union([integer(), text()])),
});
const listLength = z.strictObject({
  type: ofList,
  operator: oneOf(
    'length-equals',
    'length-greater-than',
    'length-greater-than-or-equal',
    'length-less-than',
    'length-less-than-or-equal',
  ),
  value: integer(),
});
export const listFilter = z.discriminatedUnion('operator', [listContains, listLength]);
const listSet = z.strictObject({
  type: ofList,
  operator: oneOf('contains-all', 'contains-any', 'not-contains-all', 'not-contains-any'),
  value: list(text()),
});
export const listSubstring = z.strictObject({
  type: ofList,
  operator: oneOf('contains-substring', 'not-contains-substring'),
  value: z.nullable(text()),
});

// --- the filters of each kind of property ---------------------------------------------------------------------------

/** What a property of a profile is compared with. */
export const profileFilter = z.discriminatedUnion('type', [
  z.discriminatedUnion('operator', [textFilter, textInFilter, countryCodeFilter]),
  numericFilter,
  booleanFilter,
  dateFilter,
  listFilter,
  existenceFilter,
]);

/** What a property of an event is compared with: never a date. */
const eventFilter = z.discriminatedUnion('type', [
  z.discriminatedUnion('operator', [textFilter, textInFilter]),
  existenceFilter,
  z.discriminatedUnion('operator', [listSet, listLength, listSubstring]),
  booleanFilter,
  numericFilter,
]);

/** What a property of a custom object is compared with. */
export const objectFilter = z.discriminatedUnion('type', [
  z.discriminatedUnion('operator', [textFilter, textInFilter]),
  z.discriminatedUnion('operator', [numericFilter, numericRangeFilter]),
  booleanFilter,
  z.discriminatedUnion('operator', [staticDate, staticRange, relativeDate, relativeAnniversary, relativeRange]),
  listFilter,
  existenceFilter,
]);

/** All of these must hold of an event that counts. */
export const metricFilters = maybe(list(z.strictObject({ property: text(), filter: maybe(eventFilter) })));

export type ProfileFilter = z.infer<typeof profileFilter>;
export type EventFilter = z.infer<typeof eventFilter>;
export type AnyFilter = ProfileFilter | EventFilter;
export type DateFilter = z.infer<typeof dateFilter> | z.infer<typeof metricTimeframe>;
