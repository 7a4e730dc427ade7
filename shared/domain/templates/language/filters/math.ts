// Filters on numbers. What is no number gives an empty text.
import { type Value, elementsOf, numberOf } from '../values.ts';
import { type Rounding, fixed, grouped, hasFraction } from './decimals.ts';
import type { Filter, Filters } from './filter.ts';

const finite = (number: number): Value => (Number.isFinite(number) ? clean(number) : '');

/** Sums of decimals without the dust of binary fractions: 0.1 + 0.2 is 0.3. */
const clean = (number: number) => Number(number.toPrecision(15));

const alone = (apply: (number: number) => Value): Filter => ({
  run: (value) => {
    const number = numberOf(value);
    return number === undefined ? '' : apply(number);
  },
});

const withNumber = (apply: (number: number, by: number) => Value): Filter => ({
  argument: 'required',
  run: (value, argument) => {
    const [number, by] = [numberOf(value), numberOf(argument)];
    return number === undefined || by === undefined ? '' : apply(number, by);
  },
});

const calculated = (apply: (number: number, by: number) => number) =>
  withNumber((number, by) => finite(apply(number, by)));

const placesOf = (argument: Value, standard: number) =>
  Math.min(20, Math.max(-20, Math.trunc(numberOf(argument) ?? standard)));

const rounded = (rounding: Rounding): Filter => ({
  argument: 'optional',
  run: (value, argument) => {
    const number = numberOf(value);
    return number === undefined ? '' : Number(fixed(number, Math.max(0, placesOf(argument, 0)), rounding));
  },
});

/** Django's floatformat: `n` digits; a negative n only when there is something to show; `g` groups thousands. */
function floatformat(value: Value, argument: Value): Value {
  const number = numberOf(value);
  if (number === undefined) return '';
  const wish = typeof argument === 'string' ? argument : '';
  const places = placesOf(wish === '' ? argument : wish.replaceAll(/[gu]/g, ''), -1);
  const shown = fixed(number, places < 0 && !hasFraction(number) ? 0 : Math.abs(places));
  return wish.includes('g') ? grouped(shown) : shown;
}

const plus = calculated((number, by) => number + by);
const minus = calculated((number, by) => number - by);
/** Python's modulo: the sign of the divisor. */
const modulo = calculated((number, by) => number - by * Math.floor(number / by));

export const mathFilters = {
  abs: alone(Math.abs),
  at_least: withNumber(Math.max),
  at_most: withNumber(Math.min),
  ceil: alone(Math.ceil),
  floor: alone(Math.floor),
  round: rounded('half-up'),
  round_up: rounded('up'),
  round_down: rounded('down'),
  divide: calculated((number, by) => number / by),
  divided_by: calculated((number, by) => number / by),
  multiply: calculated((number, by) => number * by),
  times: calculated((number, by) => number * by),
  plus,
  floatadd: plus,
  minus,
  floatsub: minus,
  modulo,
  remainder: modulo,
  floatformat: { argument: 'optional', safe: 'keeps', run: floatformat },
  percentize: {
    argument: 'optional',
    run: (value, argument) => {
      const number = numberOf(value);
      return number === undefined ? '' : `${fixed(clean(number * 100), Math.max(0, placesOf(argument, 0)))}%`;
    },
  },
  sum_list: {
    run: (value) => finite(elementsOf(value).reduce<number>((sum, one) => sum + (numberOf(one) ?? 0), 0)),
  },
  gt: withNumber((number, by) => number > by),
  gte: withNumber((number, by) => number >= by),
  lt: withNumber((number, by) => number < by),
  lte: withNumber((number, by) => number <= by),
  divisibleby: withNumber((number, by) => by !== 0 && number % by === 0),
} as const satisfies Filters;
