// What callers ask of aggregates: the schema of the request, and what it means.
import * as z from 'zod/mini';
import { integer, list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { type Filter, instantOfFilter } from '../../jsonapi/query/filter.ts';
import { parseFilter } from '../../jsonapi/query/parse-filter.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Instant, day } from '../../kernel/time.ts';
import { instantOfWall, isZone } from '../../kernel/zone.ts';
import { dimensions } from '../events/index.ts';
import type { Question } from './aggregate.ts';
import { measurements } from './aggregate-rows.ts';
import { intervals } from './buckets.ts';

const sortable = [...dimensions, ...measurements].flatMap((name) => [name, `-${name}` as const]);

export const aggregateAttributes = z.strictObject({
  metric_id: text(),
  page_cursor: z.optional(text()),
  measurements: list(oneOf(...measurements), { min: 1 }),
  interval: maybe(oneOf(...intervals)),
  page_size: maybe(integer({ min: 1, max: 10_000 })),
  by: maybe(list(oneOf(...dimensions))),
  return_fields: maybe(list(text())),
  filter: list(text(), { max: 100 }),
  timezone: maybe(text()),
  sort: z.optional(z.enum(sortable as [string, ...string[]])),
});
export type AggregateAttributes = z.infer<typeof aggregateAttributes>;

const at = '/data/attributes';

const spec = {
  datetime: { operators: ['greater-or-equal', 'less-than'], type: 'datetime' },
  ...Object.fromEntries(
    dimensions.map((name) => [name, { operators: ['any', 'equals', 'not-equals'], type: 'string' } as const]),
  ),
} as const;

/** What the request means; refuses what cannot be answered, with the place. */
export function questionOf(asked: AggregateAttributes): Question {
  const zone = zoneIn(asked.timezone ?? 'UTC');
  if ((asked.return_fields ?? []).length > 0) {
    throw refuse('not_allowed', 'return_fields are not built yet; name the measurements.', `${at}/return_fields`);
  }
  const conditions = asked.filter.map((text, i) => conditionIn(text, zone, `${at}/filter/${i}`));
  const others = conditions.filter(({ filter }) => filter.field !== 'datetime').map(({ filter }) => filter);
  return {
    metric: asked.metric_id,
    range: rangeIn(conditions),
    interval: asked.interval ?? 'day',
    zone,
    measurements: [...new Set(asked.measurements)],
    by: [...new Set(asked.by ?? [])],
    ...(others.length > 0 && { counts: (value) => others.every((one) => holds(one, value(one.field))) }),
  };
}

function zoneIn(name: string): string {
  if (/^[A-Z]/.test(name) && isZone(name)) return name;
  throw refuse('invalid', 'The timezone is a name of the IANA database such as America/New_York.', `${at}/timezone`);
}

interface Condition {
  filter: Filter;
  /** What a condition on `datetime` compares with. */
  instant?: Instant;
}

/** A datetime without an offset is what clocks in the zone show. */
function conditionIn(text: string, zone: string, pointer: string): Condition {
  const [filter, ...more] = parseFilter(text, spec, pointer);
  if (filter === undefined || more.length > 0) {
    throw refuse('invalid', 'Each entry is one condition, such as less-than(datetime,2026-02-01).', pointer);
  }
  if (filter.field !== 'datetime') return { filter };
  const instant = instantOfFilter(filter);
  const hasOffset = /(?:Z|[+-]\d\d:?\d\d)\s*\)\s*$/i.test(text);
  return { filter, instant: hasOffset ? instant : instantOfWall(instant, zone) };
}

const longestRange = 366 * day;

function rangeIn(conditions: readonly Condition[]): Question['range'] {
  const bounds = (operator: string) =>
    conditions.flatMap(({ filter, instant }) => (filter.operator === operator ? (instant ?? []) : []));
  const from = Math.max(...bounds('greater-or-equal'));
  const to = Math.min(...bounds('less-than'));
  const fault = faultOf(from, to);
  if (fault !== undefined) throw refuse('invalid', fault, `${at}/filter`);
  return { from, to };
}

function faultOf(from: Instant, to: Instant): string | undefined {
  if (!Number.isFinite(from) || !Number.isFinite(to)) {
    return 'The filter names its time range: greater-or-equal(datetime,…) and less-than(datetime,…).';
  }
  if (from >= to) return 'The time range ends before it begins.';
  return to - from > longestRange ? 'The time range is at most a year.' : undefined;
}

function holds({ operator, values }: Filter, value: string): boolean {
  return values.includes(value) === (operator !== 'not-equals');
}
