// Price drops and low stock (behaviour 5.2): whom they let in, and to whom nothing is sent any more.
import { describe, expect, test } from 'vitest';
import { compoundId, updateVariant } from '../../../shared/domain/catalog/index.ts';
import { erase, forget, mergeProfiles } from '../../../shared/domain/identity/index.ts';
import type { Action, Definition } from '../../../shared/domain/flows/definition.ts';
import { day, hour, minute } from '../../../shared/kernel/time.ts';
import { delay, email } from './building.ts';
import { type StockedShop, openStockedShop } from './stock.ts';
import { account } from './world.ts';

const priceDrop = (rest: object = {}): Pick<Definition, 'triggers'> => ({
  triggers: [
    {
      type: 'price-drop',
      trigger_filter: null,
      price_drop_amount_value: 10,
      price_drop_amount_unit: 'percent',
      audience: ['viewed', 'checkout-started'],
      timeframe_days: 30,
      ...rest,
    },
  ],
});

const lowInventory = (rest: object = {}): Pick<Definition, 'triggers'> => ({
  triggers: [
    {
      type: 'low-inventory',
      product_level: 'variant',
      trigger_filter: null,
      inventory_count: 5,
      audience: ['viewed', 'added-to-cart'],
      timeframe_days: 30,
      ...rest,
    },
  ],
});

/** A shop with ten kettles at 40. */
async function openKettles(rest: Pick<Definition, 'triggers'>, actions: Action[] = [email('told', null)]) {
  const shop = await openStockedShop();
  await shop.changes({ inventory_quantity: 10 });
  await shop.catalogFlow(actions, rest);
  return shop;
}

const twice = [email('first', 'pause'), delay('pause', 'last'), email('last', null)];

const letIn = (shop: StockedShop) => shop.names(shop.enrolments().map(({ profile }) => profile));

describe('a price drop', () => {
  test('lets in who looked at the item lately, and nobody else, once', async () => {
    const shop = await openKettles(priceDrop());
    await shop.does('ana', 'Viewed Product');
    await shop.does('ana', 'Viewed Product');
    await shop.does('ben', 'Started Checkout', {
      Items: [{ ProductID: 'pot' }, { ProductID: 'kettle', ItemPrice: 40 }],
    });
    await shop.does('cleo', 'Added to Cart', { AddedItemProductID: 'kettle' });
    await shop.does('dora', 'Viewed Product', { ProductID: 'pot' });
    await shop.does('old', 'Viewed Product', { ProductID: 'kettle' }, shop.clock.now() - 31 * day);
    await shop.pass(minute);
    await shop.changes({ price: 35 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana', 'ben']);
    expect(shop.emails()).toHaveLength(2);
    // Once more on the same day is another drop.
    await shop.changes({ price: 30 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana', 'ana', 'ben', 'ben']);
  });

  test('is one where variants of an item fall one after the other, and two where one of them falls again', async () => {
    const shop = await openKettles(priceDrop());
    await shop.putsUpForSale(5, 'kettle-blue');
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    const blue = (price: number) =>
      updateVariant(shop.ports, account, {
        type: 'catalog-variant',
        id: compoundId('kettle-blue'),
        attributes: { price },
      });
    await shop.changes({ price: 30 });
    await shop.pass(minute);
    await blue(30);
    await shop.pass(minute);
    expect(letIn(shop)).toEqual(['ana']);
    await blue(20);
    await shop.pass(minute);
    expect(letIn(shop)).toEqual(['ana', 'ana']);
    // Long after the first, it is another one too.
    await shop.pass(hour);
    await shop.changes({ price: 10 });
    await shop.pass(minute);
    expect(letIn(shop)).toEqual(['ana', 'ana', 'ana']);
  });

  test('after the price rose again is another one', async () => {
    const shop = await openKettles(priceDrop());
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    for (const price of [36, 40, 36]) {
      await shop.changes({ price });
      await shop.pass(minute);
    }
    expect(letIn(shop)).toEqual(['ana', 'ana']);
    // A rise, and a fall of less than the percentage of what it was then, are none.
    for (const price of [37, 34]) {
      await shop.changes({ price });
      await shop.pass(minute);
    }
    expect(letIn(shop)).toHaveLength(2);
  });

  test.each([
    ['of less than the percentage', {}, 37, 0],
    ['of the percentage', {}, 36, 1],
    ['of less than the amount', { price_drop_amount_unit: 'currency' }, 31, 0],
    ['of the amount', { price_drop_amount_unit: 'currency' }, 30, 1],
    ['that is a rise', { price_drop_amount_value: 0 }, 41, 0],
  ])('%s', async (_, rest, price, people) => {
    const shop = await openKettles(priceDrop(rest));
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes({ price });
    await shop.pass(hour);
    expect(shop.enrolments()).toHaveLength(people);
  });

  test('does not concern who bought the item or has seen the lower price', async () => {
    const shop = await openKettles(priceDrop());
    await shop.does('buyer', 'Viewed Product');
    await shop.does('buyer', 'Ordered Product');
    await shop.does('knows', 'Viewed Product', { ProductID: 'kettle', Price: 30 });
    await shop.does('ana', 'Viewed Product', { ProductID: 'kettle', Price: '40.00' });
    await shop.pass(minute);
    await shop.changes({ price: 30 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana']);
  });

  test.each([
    ['is sold out', { inventory_quantity: 0 }],
    ['is not published', { published: false }],
  ])('of what %s lets nobody in', async (_, attributes) => {
    const shop = await openKettles(priceDrop());
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes(attributes);
    await shop.changes({ price: 20 });
    await shop.pass(hour);
    expect(shop.enrolments()).toEqual([]);
  });

  test.each([
    ['the price is up again', { price: 40 }, 'Catalog Item Unavailable'],
    ['nothing is left', { inventory_quantity: 0 }, 'Catalog Item Unavailable'],
    ['it is not published any more', { published: false }, 'Catalog Item Unavailable'],
  ])('is not written of any more when %s', async (_, attributes, reason) => {
    const shop = await openKettles(priceDrop(), twice);
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes({ price: 30 });
    await shop.pass(minute);
    await shop.changes(attributes);
    await shop.pass(2 * hour);
    expect(shop.emails()).toMatchObject([
      { action: 'first', status: 'QUEUED' },
      { action: 'last', reason },
    ]);
  });

  test('is not written of any more to who bought it meanwhile', async () => {
    const shop = await openKettles(priceDrop(), twice);
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes({ price: 30 });
    await shop.pass(minute);
    await shop.does('ana', 'Ordered Product');
    await shop.pass(2 * hour);
    expect(shop.emails()).toMatchObject([{ action: 'first' }, { action: 'last', reason: 'Fails Flow Filters' }]);
  });

  test('lets in by what its trigger filter asks of it', async () => {
    const filter = (value: number) => ({
      condition_groups: [
        {
          conditions: [
            {
              type: 'price-drop-property' as const,
              metric_id: null,
              field: 'PriceDropAmount',
              filter: { type: 'numeric' as const, operator: 'greater-than' as const, value },
            },
          ],
        },
      ],
    });
    for (const [value, people] of [
      [9, 1],
      [11, 0],
    ] as const) {
      const shop = await openKettles(priceDrop({ trigger_filter: filter(value) }));
      await shop.does('ana', 'Viewed Product');
      await shop.pass(minute);
      await shop.changes({ price: 30 });
      await shop.pass(hour);
      expect(shop.enrolments()).toHaveLength(people);
    }
  });

  test('finds people where merges took them, and nothing of who was deleted', async () => {
    const shop = await openKettles(priceDrop());
    const ana = await shop.does('ana', 'Viewed Product');
    const other = await shop.does('other', 'Viewed Product', { ProductID: 'pot' });
    const gone = await shop.does('gone', 'Viewed Product');
    await shop.pass(minute);
    await mergeProfiles(shop.ports, account, { source: ana.profile, destination: other.profile });
    await forget(shop.ports, account, gone.profile);
    await erase(shop.ports, account, gone.profile);
    await shop.changes({ price: 30 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['other']);
    expect(shop.store.dump().filter((item) => item.kind === 'touch' && item.pk.includes(gone.profile))).toEqual([]);
  });

  test('reads in proportion to who touched the item, however many touched others', async () => {
    const reads: number[] = [];
    for (const others of [5, 50]) {
      const shop = await openKettles(priceDrop());
      await shop.does('ana', 'Viewed Product');
      for (let n = 0; n < others; n += 1) await shop.does(`p${n}`, 'Viewed Product', { ProductID: 'pot' });
      await shop.pass(minute);
      const before = shop.unitsRead();
      await shop.changes({ price: 30 });
      await shop.pass(minute);
      reads.push(shop.unitsRead() - before);
    }
    expect(reads[1]).toBe(reads[0]);
  });
});

describe('low stock', () => {
  test('lets in who looked at the variant when it comes down to the count', async () => {
    const shop = await openKettles(lowInventory());
    await shop.does('ana', 'Added to Cart', { AddedItemProductID: 'kettle' });
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 6 });
    await shop.pass(hour);
    expect(shop.enrolments()).toEqual([]);
    await shop.changes({ inventory_quantity: 5 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana']);
    await shop.changes({ inventory_quantity: 4 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana']);
  });

  test('of a product is that of all its variants', async () => {
    const shop = await openKettles(lowInventory({ product_level: 'product', inventory_count: 8 }));
    await shop.putsUpForSale(5, 'kettle-blue');
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 6 });
    await shop.pass(hour);
    expect(shop.enrolments()).toEqual([]);
    await shop.changes({ inventory_quantity: 3 });
    await shop.pass(hour);
    expect(letIn(shop)).toEqual(['ana']);
  });

  test('is nothing left, or restocked: nobody is let in or written to', async () => {
    const shop = await openKettles(lowInventory(), twice);
    await shop.does('ana', 'Viewed Product');
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 0 });
    await shop.pass(hour);
    expect(shop.enrolments()).toEqual([]);
    await shop.changes({ inventory_quantity: 9 });
    await shop.changes({ inventory_quantity: 2 });
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 50 });
    await shop.pass(2 * hour);
    expect(shop.emails()).toMatchObject([
      { action: 'first', status: 'QUEUED' },
      { reason: 'Catalog Item Unavailable' },
    ]);
  });
});

test('however often and in whatever order it is delivered, everyone is let in once a drop', async () => {
  const shop = await openStockedShop(undefined, () => ({ times: 2, reversed: true }));
  await shop.changes({ inventory_quantity: 10 });
  await shop.catalogFlow([email('told', null)], priceDrop({ audience: ['viewed', 'checkout-started'] }));
  for (const name of ['ana', 'ben', 'cleo']) {
    await shop.does(name, 'Viewed Product');
    await shop.does(name, 'Started Checkout');
  }
  await shop.pass(minute);
  await shop.changes({ price: 30 });
  await shop.pass(hour);
  expect(letIn(shop)).toEqual(['ana', 'ben', 'cleo']);
  expect(shop.emails()).toHaveLength(3);
});
