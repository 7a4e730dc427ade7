// Price drops and low stock: whom a change of a variant concerns, and whether it still holds (behaviour 5.2). Pure.
import { decimalSum } from '../../kernel/decimals.ts';
import { day, instantOf } from '../../kernel/time.ts';
import type { TouchItem } from '../../storage/items.ts';
import type { LowInventoryTrigger, PriceDropTrigger } from './definition.ts';

/** A variant as it is sold: how much of it can be bought is nothing when it is not published. */
export interface Sold {
  price: number;
  stock: number;
}

const hundred = 100;

/** What stands behind the digits of prices is of the arithmetic (1.2 - 1.1 is no 0.1). */
const rounded = (number: number): number => Number(number.toPrecision(12));

/** By how much a price fell, in the digits that prices are written in; below zero when it rose. */
export function fallOf(was: number, is: number): number {
  return decimalSum(was, -is);
}

/** True when the price fell as far as the trigger asks, of something that can be bought. */
export function isDrop(trigger: PriceDropTrigger, was: Sold | null, { price, stock }: Sold): boolean {
  if (was === null || stock <= 0) return false;
  const fall = fallOf(was.price, price);
  const { price_drop_amount_value: least, price_drop_amount_unit: unit } = trigger;
  return fall > 0 && (unit === 'percent' ? rounded(fall * hundred) >= rounded(least * was.price) : fall >= least);
}

/** True when the stock came down to what the trigger names, or below, and something is left. */
export function ranLow({ inventory_count: count }: LowInventoryTrigger, was: number, is: number): boolean {
  return was > count && is <= count && is > 0;
}

/** True for someone who did what the trigger asks within its time, did not buy, and has not seen the lower price. */
export function isConcerned(
  trigger: PriceDropTrigger | LowInventoryTrigger,
  touches: readonly TouchItem[],
  { at, price }: { at: string; price: number },
): boolean {
  const from = instantOf(at) - trigger.timeframe_days * day;
  const asked: ReadonlySet<string> = new Set(trigger.audience);
  const counted = touches.filter(({ how, at: then }) => asked.has(how) && instantOf(then) >= from);
  if (counted.length === 0 || hasBought(touches)) return false;
  return trigger.type !== 'price-drop' || !counted.some((touch) => touch.price !== undefined && touch.price <= price);
}

/** Whoever has it does not want to hear of it. */
export const hasBought = (touches: readonly TouchItem[]): boolean => touches.some(({ how }) => how === 'ordered');
