// How far a price fell (behaviour 5.2): to the cent, whatever binary fractions make of prices.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PriceDropTrigger } from '../../../shared/domain/flows/definition.ts';
import { fallOf, isDrop } from '../../../shared/domain/flows/offer.ts';

const trigger = (
  price_drop_amount_value: number,
  price_drop_amount_unit: 'currency' | 'percent',
): PriceDropTrigger => ({
  type: 'price-drop',
  trigger_filter: null,
  price_drop_amount_value,
  price_drop_amount_unit,
  audience: ['viewed'],
  timeframe_days: 30,
});
const drops = (of: PriceDropTrigger, was: number, is: number) =>
  isDrop(of, { price: was, stock: 1 }, { price: is, stock: 1 });

const cents = fc.integer({ min: 1, max: 100_000_000 });

test('a fall of exactly the amount is one, a cent less is none', () => {
  const prices = fc.tuple(cents, cents).filter(([a, b]) => a > b);
  fc.assert(
    fc.property(prices, ([was, is]) => {
      expect(fallOf(was / 100, is / 100)).toBe((was - is) / 100);
      expect(drops(trigger((was - is) / 100, 'currency'), was / 100, is / 100)).toBe(true);
      expect(drops(trigger((was - is + 1) / 100, 'currency'), was / 100, is / 100)).toBe(false);
    }),
  );
});

test('a fall of exactly the percentage is one, a cent less is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 99 }), (hundredths, percent) => {
      const was = hundredths / 10;
      const is = (hundredths * (100 - percent)) / 1000;
      expect(drops(trigger(percent, 'percent'), was, is)).toBe(true);
      expect(drops(trigger(percent, 'percent'), was, (hundredths * (100 - percent) + 10) / 1000)).toBe(false);
    }),
  );
});

test.each([
  [19.99, 17.991, 1.999],
  [1.2, 1.1, 0.1],
  [29.99, 19.99, 10],
  [1e-7, 1e-8, 9e-8],
  [1e21, 1, 1e21],
  [10, 12.5, -2.5],
])('from %d to %d is a fall of %d', (was, is, fall) => {
  expect(fallOf(was, is)).toBe(fall);
});
