// Filters that take any value.
import { textOf } from '../text.ts';
import { numberOf, truthy } from '../values.ts';
import type { Filters } from './filter.ts';

export const otherFilters = {
  default: { argument: 'required', run: (value, _, use) => (truthy(value) ? use.input : use.given) },
  default_if_none: {
    argument: 'required',
    run: (value, _, use) => (value === undefined || value === null ? use.given : use.input),
  },
  /** Sums numbers, joins texts and lists. */
  add: {
    argument: 'required',
    run: (value, argument, { fuel }) => {
      const [left, right] = [numberOf(value), numberOf(argument)];
      if (left !== undefined && right !== undefined) return left + right;
      if (Array.isArray(value) && Array.isArray(argument)) return [...(value as unknown[]), ...(argument as unknown[])];
      return textOf(value, fuel) + textOf(argument, fuel);
    },
  },
} as const satisfies Filters;
