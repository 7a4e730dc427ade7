import { isAnniversary } from './anniversaries.ts';
import type { ProfileMetric } from './definition.ts';

/**
 * How many matching events decide the condition: more of them change nothing. Sums need all, and so do anniversaries,
 * where those that count longest are at neither end. Count at least 3 is decided by 3, equal to 3 by 4, less than 3 by 3.
 */
export function enoughFor({ measurement, measurement_filter, timeframe_filter }: ProfileMetric): number {
  if (measurement === 'sum' || isAnniversary(timeframe_filter.operator)) return Infinity;
  const { operator, value } = measurement_filter;
  return Math.max(0, deciding[operator](value));
}

const deciding = {
  'greater-than-or-equal': Math.ceil,
  'less-than': Math.ceil,
  'greater-than': (value) => Math.floor(value) + 1,
  'less-than-or-equal': (value) => Math.floor(value) + 1,
  equals: (value) => (Number.isInteger(value) ? value + 1 : 0),
  'not-equals': (value) => (Number.isInteger(value) ? value + 1 : 0),
} as const satisfies Record<ProfileMetric['measurement_filter']['operator'], (value: number) => number>;
