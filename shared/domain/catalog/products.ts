// Which items of the catalog an event is about: pure. The properties of shop integrations (behaviour 5.2).
import { own } from '../../kernel/bag.ts';
import type { Touch } from '../../storage/items.ts';

type Bag = Readonly<Record<string, unknown>>;

const touches: ReadonlyMap<string, Touch> = new Map([
  ['Viewed Product', 'viewed'],
  ['Added to Cart', 'added-to-cart'],
  ['Started Checkout', 'checkout-started'],
  ['Ordered Product', 'ordered'],
]);

/** What an event of a metric of this name, of whatever service, says of its items; undefined: nothing. */
export const touchOf = (metric: string | undefined): Touch | undefined =>
  metric === undefined ? undefined : touches.get(metric);

const ids = ['ProductID', 'ProductId', 'Product ID', 'AddedItemProductID', 'AddedItemProductId'] as const;
const prices = ['Price', 'ItemPrice', 'AddedItemPrice'] as const;

/** More items than anybody has in a cart that was filled by hand. */
const mostProducts = 50;

/** The items, by the caller's own ids, each once, with what they cost. */
export function productsIn(properties: Bag): { item: string; price?: number }[] {
  const lines = own(properties, 'Items');
  const bags = [properties, ...(Array.isArray(lines) ? lines.filter(isBag) : [])];
  const found = new Map<string, number | undefined>();
  for (const bag of bags) {
    const item = idIn(bag);
    if (item !== undefined && !found.has(item) && found.size < mostProducts) found.set(item, priceIn(bag));
  }
  return [...found].map(([item, price]) => ({ item, ...(price !== undefined && { price }) }));
}

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);

function idIn(bag: Bag): string | undefined {
  for (const name of ids) {
    const value = own(bag, name);
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return String(value);
  }
  return undefined;
}

function priceIn(bag: Bag): number | undefined {
  const price = prices.map((name) => own(bag, name)).find((value) => value !== undefined);
  const number = typeof price === 'string' && price.trim() !== '' ? Number(price) : price;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
