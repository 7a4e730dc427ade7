// Back in stock (behaviour 7): who is told of a restock, when, and how often.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { removeEntry } from '../../../shared/domain/catalog/entries.ts';
import { mergeProfiles } from '../../../shared/domain/identity/index.ts';
import { removeAction } from '../../../shared/domain/flows/edit.ts';
import { tellOn } from '../../../shared/domain/flows/restock.ts';
import { hour, instantOf, minute } from '../../../shared/kernel/time.ts';
import type { DueItem } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { email } from './building.ts';
import { type StockedShop, openStockedShop, restockDelay, variant } from './stock.ts';
import { type Mood, account } from './world.ts';

/** The names of who was told, in the order in which they went on. */
const told = (shop: StockedShop) =>
  shop
    .messages()
    .sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0))
    .map(({ profile }) =>
      shop.store.dump().find((item) => item.pk === profileKey(account, profile).pk && item.kind === 'profile'),
    )
    .map((profile) => (profile as { email?: string } | undefined)?.email?.split('@')[0] ?? '');

const several = async (shop: StockedShop, count: number) => {
  for (let n = 0; n < count; n += 1) await shop.asks(`p${n}`);
  await shop.pass(minute);
};

describe('a restock', () => {
  test('is told of oldest first, so many people a unit, in batches with a wait', async () => {
    const shop = await openStockedShop();
    await shop.restockFlow();
    await several(shop, 7);
    expect(told(shop)).toEqual([]);
    await shop.changes({ inventory_quantity: 2 });
    await shop.pass(minute);
    expect(told(shop).sort()).toEqual(['p0', 'p1', 'p2', 'p3']);
    // It is read again at the end of the wait, not before.
    await shop.changes({ inventory_quantity: 1 });
    await shop.pass(28 * minute);
    expect(told(shop)).toHaveLength(4);
    await shop.pass(2 * minute);
    expect(told(shop).slice(4).sort()).toEqual(['p4', 'p5']);
    await shop.pass(hour);
    expect(told(shop)).toHaveLength(7);
  });

  test('goes on although the host that its wait ends at has a clock that is behind', async () => {
    const shop = await openStockedShop({ minimum: 1, per_unit: 1, wait_minutes: 10 });
    await shop.restockFlow();
    await several(shop, 2);
    await shop.changes({ inventory_quantity: 1 });
    await shop.pass(minute);
    const [timer] = shop.store.dump().filter((item): item is DueItem => item.kind === 'due');
    const [run] = shop.restocks();
    expect(timer?.at).toBe(run?.until);
    // Its timer has come, and is gone.
    await shop.store.write({ remove: { pk: timer!.pk, sk: timer!.sk } });
    const clock = { now: () => instantOf(timer!.at) - 5 * minute };
    await tellOn({ ...shop.ports, clock }, account, [], { variant, restock: run!.restock, batch: 1 });
    await shop.pass(20 * minute);
    expect(told(shop)).toEqual(['p0', 'p1']);
  });

  test('ends when the stock is gone at the end of a wait; the next one goes on where it stopped', async () => {
    const shop = await openStockedShop({ minimum: 1, per_unit: 1, wait_minutes: 10 });
    await shop.restockFlow();
    await several(shop, 3);
    await shop.changes({ inventory_quantity: 1 });
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 0 });
    await shop.pass(hour);
    expect(told(shop)).toEqual(['p0']);
    expect(shop.restocks()).toMatchObject([{ status: 'over' }]);
    await shop.changes({ inventory_quantity: 5 });
    await shop.pass(minute);
    expect(told(shop).sort()).toEqual(['p0', 'p1', 'p2']);
  });

  test('below the least stock, or of what is not published, is none', async () => {
    const shop = await openStockedShop({ minimum: 5, per_unit: 1, wait_minutes: 10 });
    await shop.restockFlow();
    await several(shop, 1);
    await shop.changes({ inventory_quantity: 4 });
    await shop.changes({ published: false });
    await shop.changes({ inventory_quantity: 9 });
    await shop.pass(hour);
    expect(told(shop)).toEqual([]);
    await shop.changes({ published: true });
    await shop.pass(minute);
    expect(told(shop)).toEqual(['p0']);
  });

  test('is told of once to a person who asked more than once, and the next one again', async () => {
    const shop = await openStockedShop();
    await shop.restockFlow();
    for (const name of ['ana', 'ana', 'ben']) await shop.asks(name);
    await shop.pass(minute);
    await shop.changes({ inventory_quantity: 5 });
    await shop.pass(minute);
    expect(told(shop).sort()).toEqual(['ana', 'ben']);
    expect(shop.enrolments().filter(({ reason }) => reason === 'Told already')).toHaveLength(1);
    await shop.asks('ana');
    await shop.pass(minute);
    expect(told(shop)).toHaveLength(2);
    await shop.changes({ inventory_quantity: 0 });
    await shop.asks('ana');
    await shop.pass(hour);
    await shop.changes({ inventory_quantity: 1 });
    await shop.pass(minute);
    expect(told(shop).sort()).toEqual(['ana', 'ana', 'ben']);
  });

  test('is told of at once to who asks while there is stock, as far as the batch has room', async () => {
    const shop = await openStockedShop({ minimum: 1, per_unit: 1, wait_minutes: 10 });
    await shop.changes({ inventory_quantity: 2 });
    await shop.restockFlow();
    for (const name of ['ana', 'ben', 'cleo']) {
      await shop.asks(name);
      await shop.pass(minute);
    }
    expect(told(shop)).toEqual(['ana', 'ben']);
    await shop.pass(10 * minute);
    expect(told(shop)).toEqual(['ana', 'ben', 'cleo']);
  });

  test('is told of once to two who are one person by then', async () => {
    const shop = await openStockedShop();
    await shop.restockFlow();
    const [ana, ben] = [await shop.asks('ana'), await shop.asks('ben')];
    await shop.pass(minute);
    await mergeProfiles(shop.ports, account, { source: ben.profile, destination: ana.profile });
    await shop.changes({ inventory_quantity: 5 });
    await shop.pass(hour);
    expect(told(shop)).toEqual(['ana']);
    expect(
      shop
        .enrolments()
        .map(({ status, reason }) => reason ?? status)
        .sort(),
    ).toEqual(['Told already', 'finished']);
  });

  test('of a variant that was made anew is told to who waited for the one before', async () => {
    const shop = await openStockedShop();
    await shop.restockFlow();
    await several(shop, 1);
    await removeEntry(shop.ports, account, { kind: 'catalog-variant', id: variant });
    await shop.pass(minute);
    expect(shop.enrolments()).toMatchObject([{ status: 'active', waits: variant }]);
    await shop.putsUpForSale(1);
    await shop.pass(minute);
    expect(told(shop)).toEqual(['p0']);
  });

  test('reaches who stands at a delay that was taken out, and leads where it leads by then', async () => {
    const shop = await openStockedShop();
    const { id } = await shop.restockFlow([restockDelay('stock', 'told'), email('told', 'more'), email('more', null)]);
    await several(shop, 1);
    await removeAction(shop.ports, account, 'told');
    await removeAction(shop.ports, account, 'stock');
    await shop.changes({ inventory_quantity: 1 });
    await shop.pass(hour);
    expect(shop.emails()).toMatchObject([{ action: 'more' }]);
    expect(shop.enrolments()).toMatchObject([{ flow: id, status: 'finished' }]);
  });
});

test('whatever comes twice, late or not at all: no batch tells more than it may, nobody is told twice of one restock', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('ask' as const), who: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ does: fc.constant('stock' as const), quantity: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ does: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.infiniteStream(fc.record({ times: fc.integer({ min: 1, max: 2 }), reversed: fc.boolean() })),
      fc.infiniteStream(fc.boolean()),
      async (steps, moods, losses) => {
        let lost = 0;
        const loses = () => (lost += 1) < 40 && (losses.next().value as boolean);
        const moodOf = () => moods.next().value as Mood;
        const shop = await openStockedShop({ minimum: 1, per_unit: 1, wait_minutes: 10 }, moodOf, loses);
        await shop.restockFlow();
        // How much was there in every minute: a batch cannot have seen more.
        let rises = 0;
        let stock = 0;
        for (const one of steps) {
          if (one.does === 'ask') await shop.asks(`p${one.who}`);
          else if (one.does === 'pass') await shop.pass(one.minutes * minute);
          else {
            if (one.quantity > 0 && stock === 0) rises += 1;
            stock = one.quantity;
            await shop.changes({ inventory_quantity: stock });
          }
        }
        await shop.pass(3 * hour);
        const messages = shop.messages();
        for (const [, all] of Map.groupBy(messages, ({ profile }) => profile))
          expect(all.length).toBeLessThanOrEqual(rises);
        for (const { told: count, room = 0 } of shop.restocks()) expect(count).toBeLessThanOrEqual(room);
        const waiting = shop.enrolments().filter(({ status }) => status === 'active');
        // In stock, nobody is left: a batch of at least one every ten minutes reaches all five.
        if (stock > 0) expect(waiting).toEqual([]);
        for (const one of waiting) expect(one.waits).toBe(variant);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);
