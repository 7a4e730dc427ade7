// What goes with a coupon that was removed: its codes, and the notes of who was given them.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { pagesOf } from '../../storage/pages.ts';
import {
  codeIdOf,
  codesOfCoupon,
  couponCodeKey,
  couponGrantKey,
  couponPool,
  couponStockKey,
  everyShard,
} from '../../storage/patterns.ts';
import { removalOf } from '../../storage/store.ts';

/** Removes the codes of a coupon that is gone. By then the index has learned of those that were written before. */
export async function clearCoupon(ports: Ports, account: AccountId, uid: string): Promise<void> {
  await inParallel(everyShard, everyShard.length, async (shard) => {
    for await (const { items } of pagesOf(ports.store, codesOfCoupon(account, uid, shard)))
      await inParallel(items, 8, (mark) => removeOf(ports, account, uid, codeIdOf(mark)));
    for await (const { items } of pagesOf(ports.store, couponPool(account, uid, shard)))
      await ports.store.writeMany(items.map(removalOf));
  });
  await ports.store.writeMany([{ remove: couponStockKey(account, uid) }]);
}

/** A code goes in one transaction with the note of who was given it. What stands there by now may be of another coupon. */
async function removeOf(ports: Ports, account: AccountId, uid: string, id: string): Promise<void> {
  await untilWon(async () => {
    const code = await ports.store.get(couponCodeKey(account, id));
    if (code?.coupon_uid !== uid) return;
    const { version, profile, message } = code;
    await ports.store.transact([
      { remove: couponCodeKey(account, id), if: { equals: { version } } },
      ...(profile === undefined || message === undefined
        ? []
        : [{ remove: couponGrantKey(account, profile, uid, message) }]),
    ]);
  });
}
